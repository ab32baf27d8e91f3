/**
 * A Pod as the scheduler sees it. What identical Pods (those of one template) have in common is worked out once and shared: its shape.
 */
import type { Container, NodeSelector, OwnerReference, Pod, PreferredSchedulingTerm, Toleration } from "../../../generated/v1.36/model.ts";
import { controllerOf, keyOf } from "../../api/object.ts";
import type { Labels } from "../../lib/labels.ts";
import { type HostPort, hostPortsOf } from "./host-ports.ts";
import { podRequests, type Requests } from "./requests.ts";
import { type AffinityTerm, affinityTerm } from "./selectors.ts";

export interface PodShape {
  /** Equal exactly for Pods that the scheduler cannot tell apart by their spec, labels and owner. */
  readonly id: number;
  readonly namespace: string;
  readonly labels: Labels;
  readonly owner: OwnerReference | undefined;
  readonly spec: Pod["spec"];
  readonly requests: Requests;
  readonly hostPorts: readonly HostPort[];
  readonly tolerations: readonly Toleration[];
  readonly nodeSelector: Labels | undefined;
  readonly requiredNodes: NodeSelector | undefined;
  readonly preferredNodes: readonly PreferredSchedulingTerm[];
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly AffinityTerm[];
  readonly preferredAntiAffinity: readonly AffinityTerm[];
  /** Any of the four above: the Pod is of interest to others' placement. */
  readonly hasAffinity: boolean;
}

export interface PodInfo {
  /** `namespace/name`. */
  readonly key: string;
  readonly pod: Pod;
  readonly shape: PodShape;
  readonly priority: number;
  /** Being deleted: still takes room, but is not counted for spreading. */
  readonly terminating: boolean;
}

/** Shapes remembered at most; beyond, all are forgotten and made anew (ids are never used twice). */
const SHAPES_MAX = 100_000;

/** The shapes of one scheduler. */
export class PodShapes {
  readonly #known = new Map<string, PodShape>();
  #nextId = 1;

  infoOf(pod: Pod, before?: PodInfo): PodInfo {
    const same = before && before.pod.spec === pod.spec && before.pod.metadata.labels === pod.metadata.labels && !resizes(pod);
    return {
      key: keyOf(pod),
      pod,
      shape: same ? before.shape : this.#shapeOf(pod),
      priority: pod.spec.priority ?? 0,
      terminating: pod.metadata.deletionTimestamp !== undefined,
    };
  }

  #shapeOf(pod: Pod): PodShape {
    const { nodeName: _, hostname: _h, subdomain: _s, ...spec } = pod.spec;
    const { namespace = "default", labels = {} } = pod.metadata;
    const owner = controllerOf(pod);
    const key = JSON.stringify([namespace, labels, owner?.uid, spec, resizes(pod) ? pod.status : undefined]);
    let shape = this.#known.get(key);
    if (!shape) {
      if (this.#known.size >= SHAPES_MAX) this.#known.clear();
      shape = makeShape(this.#nextId++, pod, namespace, labels, owner);
      this.#known.set(key, shape);
    }
    return shape;
  }
}

/** Whether container statuses carry resources: then they count for the requests. */
function resizes(pod: Pod): boolean {
  for (const s of pod.status?.containerStatuses ?? []) if (s.resources) return true;
  for (const s of pod.status?.initContainerStatuses ?? []) if (s.resources) return true;
  return false;
}

function makeShape(id: number, pod: Pod, namespace: string, labels: Labels, owner: OwnerReference | undefined): PodShape {
  const { spec } = pod;
  const { nodeAffinity, podAffinity, podAntiAffinity } = spec.affinity ?? {};
  const required = (terms: NonNullable<typeof podAffinity>["requiredDuringSchedulingIgnoredDuringExecution"]): AffinityTerm[] =>
    (terms ?? []).map((t) => affinityTerm(t, namespace, 0));
  const preferred = (terms: NonNullable<typeof podAffinity>["preferredDuringSchedulingIgnoredDuringExecution"]): AffinityTerm[] =>
    (terms ?? []).map((t) => affinityTerm(t.podAffinityTerm, namespace, t.weight));
  const requiredAffinity = required(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution);
  const requiredAntiAffinity = required(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution);
  const preferredAffinity = preferred(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution);
  const preferredAntiAffinity = preferred(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution);
  return {
    id,
    namespace,
    labels,
    owner,
    spec,
    requests: podRequests(pod),
    hostPorts: hostPortsOf(spec),
    tolerations: spec.tolerations ?? [],
    nodeSelector: spec.nodeSelector && Object.keys(spec.nodeSelector).length > 0 ? spec.nodeSelector : undefined,
    requiredNodes: nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution,
    preferredNodes: nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [],
    requiredAffinity,
    requiredAntiAffinity,
    preferredAffinity,
    preferredAntiAffinity,
    hasAffinity: requiredAffinity.length + requiredAntiAffinity.length + preferredAffinity.length + preferredAntiAffinity.length > 0,
  };
}

/** Init containers first, as they run. */
export function allContainers(spec: Pod["spec"]): readonly Container[] {
  return spec.initContainers ? [...spec.initContainers, ...spec.containers] : spec.containers;
}
