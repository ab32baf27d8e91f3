/** The core group. @see kubernetes pkg/apis/core/v1/defaults.go */
import type {
  Endpoints,
  LimitRange,
  LimitRangeItem,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  PodTemplate,
  ReplicationController,
  ResourceQuota,
  Secret,
  Service,
  Volume,
} from "../../../../generated/v1.36/model.ts";
import { type Draft, fill } from "./fill.ts";
import { podTemplateSpec } from "./pod.ts";
import { resourceList, resourceRequirements } from "./resources.ts";
import { volumeSource } from "./volumes.ts";

/** Seconds that a client's address sticks to one endpoint: three hours. */
const CLIENT_IP_TIMEOUT_SECONDS = 10_800;

export function service({ spec: s }: Draft<Service>): void {
  if (!s) return;
  s.sessionAffinity ??= "None";
  s.type ??= "ClusterIP";
  if (s.sessionAffinity === "None" && s.sessionAffinityConfig !== undefined) delete s.sessionAffinityConfig;
  if (s.sessionAffinity === "ClientIP" && s.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined)
    s.sessionAffinityConfig = { clientIP: { timeoutSeconds: CLIENT_IP_TIMEOUT_SECONDS } };
  for (const p of s.ports ?? []) {
    p.protocol ??= "TCP";
    if (!p.targetPort) p.targetPort = p.port;
  }
  const balanced = s.type === "LoadBalancer";
  const reachedFromOutside = balanced || s.type === "NodePort" || (s.type === "ClusterIP" && (s.externalIPs?.length ?? 0) > 0);
  const hasAddress = balanced || s.type === "NodePort" || s.type === "ClusterIP";
  if (reachedFromOutside) s.externalTrafficPolicy ??= "Cluster";
  if (hasAddress) s.internalTrafficPolicy ??= "Cluster";
  if (balanced) s.allocateLoadBalancerNodePorts ??= true;
}

/** A controller without selector selects its template's labels, and carries them itself when it has none. */
export function replicationController({ metadata, spec: s }: Draft<ReplicationController>): void {
  const labels = s?.template?.metadata?.labels;
  if (labels && Object.keys(labels).length > 0) {
    s.selector ??= { ...labels };
    metadata.labels ??= { ...labels };
  }
  if (!s) return;
  s.replicas ??= 1;
  if (s.template) podTemplateSpec(s.template);
}

export function podTemplate({ template }: Draft<PodTemplate>): void {
  if (template) podTemplateSpec(template);
}

export function namespace({ metadata }: Draft<Namespace>): void {
  const { name } = metadata;
  if (!name || metadata.labels?.[NAME_LABEL] === name) return;
  metadata.labels ??= {};
  metadata.labels[NAME_LABEL] = name;
}
const NAME_LABEL = "kubernetes.io/metadata.name";

export function node({ status }: Draft<Node>): void {
  if (!status) return;
  if (status.capacity) {
    resourceList(status.capacity);
    status.allocatable ??= { ...status.capacity };
  }
  if (status.allocatable) resourceList(status.allocatable);
}

/** `stringData` is write-only: what is kept is `data`. @see kubernetes pkg/apis/core/v1/conversion.go (Convert_v1_Secret_To_core_Secret) */
export function secret(own: Draft<Secret>): void {
  own.type ??= "Opaque";
  const { stringData } = own;
  if (stringData === undefined) return;
  delete own.stringData;
  // Not by assignment: a key may be named `__proto__`.
  own.data = { ...own.data, ...Object.fromEntries(Object.entries(stringData).map(([key, text]) => [key, encodeBase64(text)])) };
}

function encodeBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

export function resourceQuota({ spec, status }: Draft<ResourceQuota>): void {
  if (spec?.hard) resourceList(spec.hard);
  if (status?.hard) resourceList(status.hard);
  if (status?.used) resourceList(status.used);
}

export function limitRange({ spec }: Draft<LimitRange>): void {
  spec?.limits?.forEach(limitRangeItem);
}

/** For containers: the default limit is the maximum, the default request the default limit, else the minimum. */
function limitRangeItem(item: Draft<LimitRangeItem>): void {
  for (const list of ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const) {
    const amounts = item[list];
    if (amounts) resourceList(amounts);
  }
  if (item.type !== "Container") return;
  const limits = { ...item.max, ...item.default };
  const requests = { ...item.min, ...limits, ...item.defaultRequest };
  if (Object.keys(limits).length > 0) item.default = limits;
  if (Object.keys(requests).length > 0) item.defaultRequest = requests;
}

export function persistentVolume(own: Draft<PersistentVolume>): void {
  own.status ??= {};
  own.status.phase ??= "Pending";
  const { spec } = own;
  if (!spec) return;
  fill(spec, { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" });
  volumeSource(spec as Draft<Volume>);
  if (spec.capacity) resourceList(spec.capacity);
}

export function persistentVolumeClaim(own: Draft<PersistentVolumeClaim>): void {
  own.status ??= {};
  own.status.phase ??= "Pending";
  const { spec } = own;
  if (!spec) return;
  spec.volumeMode ??= "Filesystem";
  if (spec.resources) resourceRequirements(spec.resources);
}

export function endpoints({ subsets }: Draft<Endpoints>): void {
  for (const subset of subsets ?? []) for (const port of subset.ports ?? []) port.protocol ??= "TCP";
}
