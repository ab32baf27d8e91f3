/** Defaults by kind: what the API server fills in after decoding, before admission. A kind that is not listed has none. */
import type { KubeObject } from "../../../api/object.ts";
import {
  mutatingAdmissionPolicy,
  mutatingWebhookConfiguration,
  policyBinding,
  validatingAdmissionPolicy,
  validatingWebhookConfiguration,
} from "./admissionregistration.ts";
import { apiService, customResourceDefinition } from "./apiextensions.ts";
import { daemonSet, deployment, replicaSet, statefulSet } from "./apps.ts";
import { horizontalPodAutoscaler, horizontalPodAutoscalerV1 } from "./autoscaling.ts";
import { cronJob, job } from "./batch.ts";
import {
  endpoints,
  limitRange,
  namespace,
  node,
  persistentVolume,
  persistentVolumeClaim,
  podTemplate,
  replicationController,
  resourceQuota,
  secret,
  service,
} from "./core.ts";
import { fill } from "./fill.ts";
import { flowSchema, priorityLevelConfiguration } from "./flowcontrol.ts";
import { endpointSlice, ingressClass, networkPolicy } from "./networking.ts";
import { pod } from "./pod.ts";
import { binding } from "./rbac.ts";
import { resourceClaim, resourceClaimTemplate } from "./resource-claims.ts";
import { csiDriver, storageClass } from "./storage.ts";

type Defaulter = (object: never) => KubeObject;

const DEFAULTERS: Readonly<Record<string, Defaulter>> = {
  "v1 Endpoints": endpoints,
  "v1 LimitRange": limitRange,
  "v1 Namespace": namespace,
  "v1 Node": node,
  "v1 PersistentVolume": persistentVolume,
  "v1 PersistentVolumeClaim": persistentVolumeClaim,
  "v1 Pod": pod,
  "v1 PodTemplate": podTemplate,
  "v1 ReplicationController": replicationController,
  "v1 ResourceQuota": resourceQuota,
  "v1 Secret": secret,
  "v1 Service": service,
  "apps/v1 DaemonSet": daemonSet,
  "apps/v1 Deployment": deployment,
  "apps/v1 ReplicaSet": replicaSet,
  "apps/v1 StatefulSet": statefulSet,
  "batch/v1 CronJob": cronJob,
  "batch/v1 Job": job,
  "autoscaling/v1 HorizontalPodAutoscaler": horizontalPodAutoscalerV1,
  "autoscaling/v2 HorizontalPodAutoscaler": horizontalPodAutoscaler,
  "networking.k8s.io/v1 IngressClass": ingressClass,
  "networking.k8s.io/v1 NetworkPolicy": networkPolicy,
  "discovery.k8s.io/v1 EndpointSlice": endpointSlice,
  "storage.k8s.io/v1 CSIDriver": csiDriver,
  "storage.k8s.io/v1 StorageClass": storageClass,
  "scheduling.k8s.io/v1 PriorityClass": (object: KubeObject) =>
    fill(object, { preemptionPolicy: "PreemptLowerPriority" } as Partial<KubeObject>),
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding": binding,
  "rbac.authorization.k8s.io/v1 RoleBinding": binding,
  "admissionregistration.k8s.io/v1 MutatingAdmissionPolicy": mutatingAdmissionPolicy,
  "admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding": policyBinding,
  "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration": mutatingWebhookConfiguration,
  "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy": validatingAdmissionPolicy,
  "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding": policyBinding,
  "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration": validatingWebhookConfiguration,
  "apiextensions.k8s.io/v1 CustomResourceDefinition": customResourceDefinition,
  "apiregistration.k8s.io/v1 APIService": apiService,
  "resource.k8s.io/v1 ResourceClaim": resourceClaim,
  "resource.k8s.io/v1 ResourceClaimTemplate": resourceClaimTemplate,
  "flowcontrol.apiserver.k8s.io/v1 FlowSchema": flowSchema,
  "flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration": priorityLevelConfiguration,
};

/** The object with its kind's defaults; the same object when it needs none. */
export function applyDefaults(object: KubeObject): KubeObject {
  const defaulter = DEFAULTERS[`${object.apiVersion} ${object.kind}`];
  return defaulter ? defaulter(object as never) : object;
}
