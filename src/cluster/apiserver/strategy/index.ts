/** The strategies, by group and kind. A kind that is not named here has the common one. */
import type { CertificateSigningRequest } from "../../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../../api/object.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import type { Registered } from "../registry.ts";
import { claimStrategy, namespaceStrategy, nodeStrategy, volumeStrategy } from "./core.ts";
import { definitionStrategy } from "./custom-resources.ts";
import { podStrategy } from "./pod.ts";
import { serviceStrategy } from "./service.ts";
import type { Strategy } from "./strategy.ts";
import { daemonSetStrategy, deploymentStrategy, jobStrategy, statefulSetStrategy } from "./workloads.ts";

const PLAIN: Strategy = {};
const COUNTED: Strategy = { generation: "counted" };
/** Labels count, too: they say whose slice it is. */
const SLICE: Strategy = { ...COUNTED, changes: (slice, old) => !semanticEqual(slice.metadata.labels, old.metadata.labels) };
/** Whoever replaces one must say which it was. */
const VERSIONED: Strategy = { needsResourceVersion: true };
const CUSTOM: Strategy = { generation: "counted", needsResourceVersion: true };

const of = <T extends KubeObject>(strategy: Strategy<T>): Strategy => strategy as unknown as Strategy;

const STRATEGIES: Readonly<Record<string, Strategy>> = {
  "/LimitRange": { namesNameless: true },
  "/Namespace": of(namespaceStrategy),
  "/Node": of(nodeStrategy),
  "/PersistentVolume": of(volumeStrategy),
  "/PersistentVolumeClaim": of(claimStrategy),
  "/Pod": of(podStrategy),
  "/PodTemplate": COUNTED,
  "/ReplicationController": { ...COUNTED, orphansByDefault: true },
  "/Service": of(serviceStrategy),
  "admissionregistration.k8s.io/MutatingAdmissionPolicy": { ...COUNTED, needsResourceVersion: true },
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding": { ...COUNTED, needsResourceVersion: true },
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": { ...COUNTED, needsResourceVersion: true },
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy": { ...COUNTED, needsResourceVersion: true },
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": { ...COUNTED, needsResourceVersion: true },
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": { ...COUNTED, needsResourceVersion: true },
  "apiextensions.k8s.io/CustomResourceDefinition": of(definitionStrategy),
  "apps/DaemonSet": of(daemonSetStrategy),
  "apps/Deployment": of(deploymentStrategy),
  "apps/ReplicaSet": COUNTED,
  "apps/StatefulSet": of(statefulSetStrategy),
  "batch/CronJob": COUNTED,
  "batch/Job": of(jobStrategy),
  // Who asks for a certificate cannot ask for another later.
  "certificates.k8s.io/CertificateSigningRequest": of<CertificateSigningRequest>({
    prepareForUpdate: (request, old) => ({ ...request, spec: old.spec }),
  }),
  "coordination.k8s.io/Lease": VERSIONED,
  "discovery.k8s.io/EndpointSlice": SLICE,
  "flowcontrol.apiserver.k8s.io/FlowSchema": COUNTED,
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration": COUNTED,
  "networking.k8s.io/Ingress": COUNTED,
  "networking.k8s.io/IngressClass": COUNTED,
  "networking.k8s.io/NetworkPolicy": COUNTED,
  "node.k8s.io/RuntimeClass": VERSIONED,
  "policy/PodDisruptionBudget": { ...COUNTED, needsResourceVersion: true },
  "resource.k8s.io/DeviceClass": COUNTED,
  "resource.k8s.io/ResourceSlice": COUNTED,
  "scheduling.k8s.io/PriorityClass": { generation: "fixed" },
  "storage.k8s.io/CSIDriver": { generation: "changes", needsResourceVersion: true },
  "storage.k8s.io/CSINode": VERSIONED,
  "storage.k8s.io/CSIStorageCapacity": VERSIONED,
  "storage.k8s.io/VolumeAttachment": VERSIONED,
};

export function strategyOf(registered: Registered): Strategy {
  return STRATEGIES[registered.id] ?? (registered.custom ? CUSTOM : PLAIN);
}
