/** Defaults by kind: what the API server fills in after decoding, before admission. A kind that is not listed has none. */
import type { PriorityClass } from "../../../../generated/v1.36/model.ts";
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
import type { Draft } from "./fill.ts";
import { flowSchema, priorityLevelConfiguration } from "./flowcontrol.ts";
import { endpointSlice, ingressClass, networkPolicy } from "./networking.ts";
import { pod } from "./pod.ts";
import { binding } from "./rbac.ts";
import { resourceClaim, resourceClaimTemplate } from "./resource-claims.ts";
import { csiDriver, storageClass } from "./storage.ts";

/** Fills the object in, in place. */
type Defaulter = (own: never) => void;

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
  "scheduling.k8s.io/v1 PriorityClass": (own: Draft<PriorityClass>) => {
    own.preemptionPolicy ??= "PreemptLowerPriority";
  },
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

/** By kind, then apiVersion: no text is put together to look one up. */
const BY_KIND = new Map<string, Map<string, Defaulter>>();
for (const [name, defaulter] of Object.entries(DEFAULTERS)) {
  const [apiVersion = "", kind = ""] = name.split(" ");
  BY_KIND.set(kind, (BY_KIND.get(kind) ?? new Map<string, Defaulter>()).set(apiVersion, defaulter));
}

const defaulterOf = ({ apiVersion, kind }: KubeObject): Defaulter | undefined => BY_KIND.get(kind)?.get(apiVersion);

/** Gives an object that nobody else has, as one from the decoder, its kind's defaults: in place. */
export function fillDefaults(own: KubeObject): KubeObject {
  defaulterOf(own)?.(own as never);
  return own;
}

/** The object with its kind's defaults; what needs none is shared with it, and may be all of it. */
export function applyDefaults(object: KubeObject): KubeObject {
  return defaulterOf(object) ? (sharing(fillDefaults(copyOf(object) as KubeObject), object) as KubeObject) : object;
}

type Members = Record<string, unknown>;

function copyOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const out: Members = {};
  for (const key of Object.keys(value)) setMember(out, key, copyOf((value as Members)[key]));
  return out;
}

/** `own`, with the parts that are as in `shared` taken from there. */
function sharing(own: unknown, shared: unknown): unknown {
  if (typeof own !== "object" || own === null || typeof shared !== "object" || shared === null) return own;
  const keys = Object.keys(own);
  let same = keys.length === Object.keys(shared).length && Array.isArray(own) === Array.isArray(shared);
  for (const key of keys) {
    const before = Object.hasOwn(shared, key) ? (shared as Members)[key] : undefined;
    const member = sharing((own as Members)[key], before);
    if (member === before) setMember(own as Members, key, member);
    else same = false;
  }
  return same ? shared : own;
}

/** Also of a key named `__proto__`. */
function setMember(own: Members, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(own, key, { value, enumerable: true, writable: true, configurable: true });
  else own[key] = value;
}
