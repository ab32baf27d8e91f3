/** The controllers of the simulated control plane: a new one is a file, and a line here. */

import { attachDetachController } from "./attach-detach.ts";
import { certificateSigningRequestController } from "./certificate-signing-request.ts";
import { cloudNodeController } from "./cloud-node.ts";
import { clusterRoleAggregationController } from "./cluster-role-aggregation.ts";
import type { Controller } from "./controller.ts";
import { cronJobController } from "./cron-job.ts";
import { daemonSetController } from "./daemon-set.ts";
import { deploymentController } from "./deployment.ts";
import { deviceTaintEvictionController } from "./device-taint-eviction.ts";
import { disruptionController } from "./disruption.ts";
import { endpointSliceController } from "./endpoint-slice.ts";
import { endpointSliceMirroringController } from "./endpoint-slice-mirroring.ts";
import { endpointsController } from "./endpoints.ts";
import { ephemeralVolumeController } from "./ephemeral-volume.ts";
import { externalAttacher } from "./external-attacher.ts";
import { externalModifier } from "./external-modifier.ts";
import { externalResizer } from "./external-resizer.ts";
import { garbageCollector } from "./garbage-collector.ts";
import { horizontalPodAutoscalerController } from "./horizontal-pod-autoscaler.ts";
import { jobController } from "./job.ts";
import { namespaceController } from "./namespace.ts";
import { nodeHealthController } from "./node-health.ts";
import { nodeIpamController } from "./node-ipam.ts";
import { nodeLifecycleController } from "./node-lifecycle.ts";
import { nodeTtlController } from "./node-ttl.ts";
import { persistentVolumeController } from "./persistent-volume.ts";
import { podGarbageCollector } from "./pod-gc.ts";
import { replicaSetController, replicationController } from "./replica-set.ts";
import { resourceClaimController } from "./resource-claim.ts";
import { resourceQuotaController } from "./resource-quota.ts";
import { rootCaController } from "./root-ca.ts";
import { routeController } from "./route.ts";
import { serviceAccountController } from "./service-account.ts";
import { serviceAccountTokenController } from "./service-account-token.ts";
import { serviceCidrController } from "./service-cidr.ts";
import { serviceLoadBalancerController } from "./service-load-balancer.ts";
import { statefulSetController } from "./stateful-set.ts";
import { taintEvictionController } from "./taint-eviction.ts";
import { validatingAdmissionPolicyStatusController } from "./validating-admission-policy-status.ts";
import { volumeExpandController } from "./volume-expand.ts";
import { volumeProtectionController } from "./volume-protection.ts";
import { volumeProvisioner } from "./volume-provisioner.ts";

/** In the order in which they start. */
export const CONTROLLERS: readonly Controller[] = [
  namespaceController,
  serviceAccountController,
  serviceAccountTokenController,
  rootCaController,
  nodeIpamController,
  nodeTtlController,
  nodeLifecycleController,
  nodeHealthController,
  cloudNodeController,
  routeController,
  taintEvictionController,
  podGarbageCollector,
  deploymentController,
  replicaSetController,
  replicationController,
  statefulSetController,
  daemonSetController,
  jobController,
  cronJobController,
  endpointSliceController,
  endpointsController,
  endpointSliceMirroringController,
  serviceLoadBalancerController,
  serviceCidrController,
  resourceQuotaController,
  disruptionController,
  horizontalPodAutoscalerController,
  ephemeralVolumeController,
  persistentVolumeController,
  volumeProvisioner,
  attachDetachController,
  externalAttacher,
  volumeExpandController,
  externalResizer,
  externalModifier,
  volumeProtectionController,
  resourceClaimController,
  deviceTaintEvictionController,
  clusterRoleAggregationController,
  certificateSigningRequestController,
  validatingAdmissionPolicyStatusController,
  garbageCollector,
];

/** What the controllers act on: "apiVersion kind". A workload that is missing here is kept by the API server, and nothing comes of it. */
export const SIMULATED_KINDS: ReadonlySet<string> = new Set([
  "v1 Endpoints",
  "v1 Namespace",
  "v1 Node",
  "v1 PersistentVolume",
  "v1 PersistentVolumeClaim",
  "v1 ReplicationController",
  "v1 ResourceQuota",
  "v1 Service",
  "v1 ServiceAccount",
  "apps/v1 DaemonSet",
  "apps/v1 Deployment",
  "apps/v1 ReplicaSet",
  "apps/v1 StatefulSet",
  "autoscaling/v2 HorizontalPodAutoscaler",
  "autoscaling/v1 HorizontalPodAutoscaler",
  "batch/v1 CronJob",
  "batch/v1 Job",
  "certificates.k8s.io/v1 CertificateSigningRequest",
  "discovery.k8s.io/v1 EndpointSlice",
  "networking.k8s.io/v1 ServiceCIDR",
  "policy/v1 PodDisruptionBudget",
  "resource.k8s.io/v1 DeviceClass",
  "resource.k8s.io/v1 ResourceClaim",
  "resource.k8s.io/v1 ResourceClaimTemplate",
  "resource.k8s.io/v1 ResourceSlice",
  "storage.k8s.io/v1 VolumeAttachment",
]);
