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
  ServiceSpec,
} from "../../../../generated/v1.36/model.ts";
import { change, each, fill } from "./fill.ts";
import { podTemplateSpec } from "./pod.ts";
import { type ResourceList, resourceList, resourceRequirements } from "./resources.ts";
import { persistentVolumeSource } from "./volumes.ts";

/** Seconds that a client's address sticks to one endpoint: three hours. */
const CLIENT_IP_TIMEOUT_SECONDS = 10_800;

export function service(given: Service): Service {
  return change(given, "spec", serviceSpec);
}

function serviceSpec(given: ServiceSpec): ServiceSpec {
  let s = fill(given, { sessionAffinity: "None", type: "ClusterIP" });
  if (s.sessionAffinity === "None" && s.sessionAffinityConfig !== undefined) s = { ...s, sessionAffinityConfig: undefined };
  if (s.sessionAffinity === "ClientIP" && s.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    s = { ...s, sessionAffinityConfig: { clientIP: { timeoutSeconds: CLIENT_IP_TIMEOUT_SECONDS } } };
  }
  s = change(
    s,
    "ports",
    each((p) =>
      fill(p.targetPort === 0 || p.targetPort === "" ? { ...p, targetPort: p.port } : p, { protocol: "TCP", targetPort: p.port }),
    ),
  );
  const balanced = s.type === "LoadBalancer";
  const reachedFromOutside = balanced || s.type === "NodePort" || (s.type === "ClusterIP" && (s.externalIPs?.length ?? 0) > 0);
  const hasAddress = balanced || s.type === "NodePort" || s.type === "ClusterIP";
  return fill(s, {
    ...(reachedFromOutside ? { externalTrafficPolicy: "Cluster" } : {}),
    ...(hasAddress ? { internalTrafficPolicy: "Cluster" } : {}),
    ...(balanced ? { allocateLoadBalancerNodePorts: true } : {}),
  });
}

/** A controller without selector selects its template's labels, and carries them itself when it has none. */
export function replicationController(given: ReplicationController): ReplicationController {
  const labels = given.spec?.template?.metadata?.labels;
  let rc = given;
  if (labels && Object.keys(labels).length > 0) {
    rc = change(rc, "spec", (s) => fill(s, { selector: labels }));
    rc = change(rc, "metadata", (m) => fill(m, { labels }));
  }
  return change(rc, "spec", (s) => change(fill(s, { replicas: 1 }), "template", podTemplateSpec));
}

export function podTemplate(given: PodTemplate): PodTemplate {
  return change(given, "template", podTemplateSpec);
}

export function namespace(given: Namespace): Namespace {
  const { name } = given.metadata;
  if (!name || given.metadata.labels?.[NAME_LABEL] === name) return given;
  return { ...given, metadata: { ...given.metadata, labels: { ...given.metadata.labels, [NAME_LABEL]: name } } };
}
const NAME_LABEL = "kubernetes.io/metadata.name";

export function node(given: Node): Node {
  return change(given, "status", (status) => {
    const s = change(status, "capacity", resourceList);
    return change(fill(s, { allocatable: s.capacity }), "allocatable", resourceList);
  });
}

/** `stringData` is write-only: what is kept is `data`. @see kubernetes pkg/apis/core/v1/conversion.go (Convert_v1_Secret_To_core_Secret) */
export function secret(given: Secret): Secret {
  if (given.stringData === undefined) return fill(given, { type: "Opaque" });
  const { stringData, ...kept } = given;
  const typed = fill(kept, { type: "Opaque" });
  const encoded = Object.fromEntries(Object.entries(stringData).map(([key, text]) => [key, encodeBase64(text)]));
  return { ...typed, data: { ...typed.data, ...encoded } };
}

function encodeBase64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

export function resourceQuota(given: ResourceQuota): ResourceQuota {
  const quota = change(given, "spec", (s) => change(s, "hard", resourceList));
  return change(quota, "status", (s) => change(change(s, "hard", resourceList), "used", resourceList));
}

export function limitRange(given: LimitRange): LimitRange {
  return change(given, "spec", (s) => change(s, "limits", each(limitRangeItem)));
}

/** For containers: the default limit is the maximum, the default request the default limit, else the minimum. */
function limitRangeItem(given: LimitRangeItem): LimitRangeItem {
  let item = given;
  for (const list of ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const) item = change(item, list, resourceList);
  if (item.type !== "Container") return item;
  const limits = under(item.max, item.default);
  const requests = under(item.min, under(limits, item.defaultRequest));
  return { ...item, ...present("default", limits), ...present("defaultRequest", requests) };
}

function under(base: ResourceList | undefined, over: ResourceList | undefined): ResourceList {
  return { ...base, ...over };
}
function present(name: string, list: ResourceList): Record<string, ResourceList> {
  return Object.keys(list).length === 0 ? {} : { [name]: list };
}

export function persistentVolume(given: PersistentVolume): PersistentVolume {
  const pv = fill(given, { status: {} });
  const withPhase = change(pv, "status", (s) => fill(s, { phase: "Pending" }));
  return change(withPhase, "spec", (s) =>
    change(
      persistentVolumeSource(fill(s, { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" })),
      "capacity",
      resourceList,
    ),
  );
}

export function persistentVolumeClaim(given: PersistentVolumeClaim): PersistentVolumeClaim {
  const claim = change(fill(given, { status: {} }), "status", (s) => fill(s, { phase: "Pending" }));
  return change(claim, "spec", (s) => change(fill(s, { volumeMode: "Filesystem" }), "resources", resourceRequirements));
}

export function endpoints(given: Endpoints): Endpoints {
  return change(
    given,
    "subsets",
    each((s) =>
      change(
        s,
        "ports",
        each((p) => fill(p, { protocol: "TCP" })),
      ),
    ),
  );
}
