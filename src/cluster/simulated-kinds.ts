/** Which kinds a simulation acts on, which only hold data, and which are kept without anything acting on them yet. */
import { SIMULATED_KINDS } from "./controllers/index.ts";

/** Acted on by the scheduler, the kubelets, the network and the API server itself. */
const BY_OTHER_ROOMS = [
  "v1 Pod",
  "v1 Node",
  "v1 Service",
  "v1 Endpoints",
  "admissionregistration.k8s.io/v1 MutatingAdmissionPolicy",
  "admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding",
  "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy",
  "admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding",
  "apiextensions.k8s.io/v1 CustomResourceDefinition",
];

/** Data and rules that nothing has to act on: the API server and the components read them. */
const PASSIVE = [
  "v1 ConfigMap",
  "v1 Secret",
  "v1 ServiceAccount",
  "v1 Namespace",
  "v1 LimitRange",
  "v1 ResourceQuota",
  "v1 PodTemplate",
  "v1 Event",
  "events.k8s.io/v1 Event",
  "apps/v1 ControllerRevision",
  "coordination.k8s.io/v1 Lease",
  "discovery.k8s.io/v1 EndpointSlice",
  "scheduling.k8s.io/v1 PriorityClass",
  "storage.k8s.io/v1 StorageClass",
  "storage.k8s.io/v1 CSIDriver",
  "storage.k8s.io/v1 CSINode",
  "storage.k8s.io/v1 CSIStorageCapacity",
  "storage.k8s.io/v1 VolumeAttributesClass",
  "node.k8s.io/v1 RuntimeClass",
  "networking.k8s.io/v1 IngressClass",
  "rbac.authorization.k8s.io/v1 Role",
  "rbac.authorization.k8s.io/v1 RoleBinding",
  "rbac.authorization.k8s.io/v1 ClusterRole",
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding",
];

const KNOWN: ReadonlySet<string> = new Set([...SIMULATED_KINDS, ...BY_OTHER_ROOMS, ...PASSIVE]);

/** Whether objects of the kind are kept by the API server with nothing here acting on them: the report says so. */
export function isNotSimulated(object: { readonly apiVersion: string; readonly kind: string }): boolean {
  return !KNOWN.has(`${object.apiVersion} ${object.kind}`);
}
