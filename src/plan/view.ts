/** A snapshot with the indexes that every part of the report reads it by. */
import type { EndpointSlice, Node, Pod } from "../../generated/v1.36/model.ts";
import { controllerOf, groupOf, type KubeObject } from "../api/object.ts";
import type { Snapshot } from "../cluster/snapshot.ts";
import type { ClusterEvent } from "../sim/recorder.ts";
import { WORKLOAD_KINDS } from "./health/index.ts";
import type { ObjectRef } from "./schema.ts";

export interface View {
  readonly snapshot: Snapshot;
  readonly byIdentity: ReadonlyMap<string, KubeObject>;
  /** By `group/Kind`, whatever the version. */
  readonly byKind: ReadonlyMap<string, readonly KubeObject[]>;
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>;
  readonly podsByNamespace: ReadonlyMap<string, readonly Pod[]>;
  /** By the identity of the workload they belong to. */
  readonly podsByWorkload: ReadonlyMap<string, readonly Pod[]>;
  /** Objects of the kinds that make Pods and that no other workload made, with the bare Pods. */
  readonly workloads: readonly KubeObject[];
  /** The objects that create a workload's Pods (a Deployment's ReplicaSets, a Job itself), by the identity of the workload. */
  readonly makersByWorkload: ReadonlyMap<string, readonly KubeObject[]>;
  /** By `namespace/service`. */
  readonly slicesByService: ReadonlyMap<string, readonly EndpointSlice[]>;
  /** By `Kind namespace/name`. */
  readonly eventsByObject: ReadonlyMap<string, readonly ClusterEvent[]>;
}

/** An owner chain longer than this is a circle. */
const OWNERS_MAX = 16;

/** Group, kind, namespace and name: what makes two manifests the same object, also across versions. */
export function identityOf(object: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string | undefined };
}): string {
  return `${groupOf(object.apiVersion)}/${object.kind}\n${object.metadata.namespace ?? ""}\n${object.metadata.name ?? ""}`;
}

export function refOf(object: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string | undefined };
}): ObjectRef {
  const { name = "", namespace } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, ...(namespace ? { namespace } : {}), name };
}

export function identityOfRef(ref: ObjectRef): string {
  return `${groupOf(ref.apiVersion)}/${ref.kind}\n${ref.namespace ?? ""}\n${ref.name}`;
}

/** By namespace (cluster-scoped first), kind and name; in order of UTF-16 code units, never of a locale. */
export function compareRefs(a: ObjectRef, b: ObjectRef): number {
  return (
    compareText(a.namespace ?? "", b.namespace ?? "") ||
    compareText(a.kind, b.kind) ||
    compareText(a.name, b.name) ||
    compareText(a.apiVersion, b.apiVersion)
  );
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function viewOf(snapshot: Snapshot): View {
  const byIdentity = new Map<string, KubeObject>();
  const byKind = new Map<string, KubeObject[]>();
  for (const object of snapshot.objects) {
    byIdentity.set(identityOf(object), object);
    push(byKind, `${groupOf(object.apiVersion)}/${object.kind}`, object);
  }
  const pods = (byKind.get("/Pod") ?? []) as unknown as readonly Pod[];
  const nodes = (byKind.get("/Node") ?? []) as unknown as readonly Node[];
  const podsByNode = new Map<string, Pod[]>();
  const podsByNamespace = new Map<string, Pod[]>();
  const podsByWorkload = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (pod.spec.nodeName) push(podsByNode, pod.spec.nodeName, pod);
    push(podsByNamespace, pod.metadata.namespace ?? "", pod);
    push(podsByWorkload, identityOf(workloadOf(byIdentity, pod)), pod);
  }
  const workloads: KubeObject[] = [];
  const makersByWorkload = new Map<string, KubeObject[]>();
  for (const kind of WORKLOAD_KINDS) {
    for (const object of byKind.get(kind) ?? []) {
      const workload = workloadOf(byIdentity, object);
      if (workload === object) workloads.push(object);
      if (kind !== "/Pod" && kind !== "apps/Deployment") push(makersByWorkload, identityOf(workload), object);
    }
  }
  const slicesByService = new Map<string, EndpointSlice[]>();
  for (const slice of (byKind.get("discovery.k8s.io/EndpointSlice") ?? []) as unknown as readonly EndpointSlice[]) {
    const service = slice.metadata.labels?.["kubernetes.io/service-name"];
    if (service) push(slicesByService, `${slice.metadata.namespace ?? ""}/${service}`, slice);
  }
  const eventsByObject = new Map<string, ClusterEvent[]>();
  for (const event of snapshot.events) push(eventsByObject, event.object, event);
  return {
    snapshot,
    byIdentity,
    byKind,
    nodes,
    pods,
    podsByNode,
    podsByNamespace,
    podsByWorkload,
    workloads,
    makersByWorkload,
    slicesByService,
    eventsByObject,
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The workload that an object belongs to: the last in the chain of controllers that is of a kind that makes Pods; itself when nothing owns it. */
export function workloadOf(byIdentity: ReadonlyMap<string, KubeObject>, object: KubeObject): KubeObject {
  let top = object;
  for (let i = 0; i < OWNERS_MAX; i++) {
    const ref = controllerOf(top);
    if (!ref || !WORKLOAD_KINDS.includes(`${groupOf(ref.apiVersion)}/${ref.kind}`)) return top;
    const owner = byIdentity.get(identityOf({ ...ref, metadata: { name: ref.name, namespace: top.metadata.namespace } }));
    if (!owner || (ref.uid && owner.metadata.uid && ref.uid !== owner.metadata.uid)) return top;
    top = owner;
  }
  return top;
}

/** Whether the Pod takes up room on its node: it has neither succeeded nor failed. */
export function isActive(pod: Pod): boolean {
  return pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed";
}
