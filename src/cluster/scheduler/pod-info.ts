/**
 * A Pod as the scheduler sees it. What identical Pods (those of one template) have in common is worked out once and shared: its shape.
 */
import type {
  Container,
  NodeSelector,
  OwnerReference,
  Pod,
  PreferredSchedulingTerm,
  Toleration,
  TopologySpreadConstraint,
  Volume,
} from "../../../generated/v1.36/model.ts";
import { controllerOf, keyOf } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import type { Labels } from "../../lib/labels.ts";
import { type HostPort, hostPortsOf } from "./host-ports.ts";
import { podRequests, type Requests } from "./requests.ts";
import { type AffinityTerm, affinityTerm } from "./selectors.ts";

/** What Pods of one spec have in common, whatever their labels and owners: each Job gives its Pods labels of their own. */
interface PodMould {
  /** Equal exactly for Pods whose namespace and spec the scheduler cannot tell apart: what concerns a node alone is the same for them. */
  readonly mould: number;
  readonly namespace: string;
  readonly spreadConstraints: readonly TopologySpreadConstraint[];
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

export interface PodShape extends PodMould {
  /** Equal exactly for Pods that the scheduler cannot tell apart by their spec, labels and owner. */
  readonly id: number;
  readonly labels: Labels;
  readonly owner: OwnerReference | undefined;
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
const SHAPES_MAX = 10_000;

/** The shapes of one scheduler. */
export class PodShapes {
  readonly #known = new Map<string, PodShape>();
  readonly #moulds = new Map<string, PodMould>();
  #nextId = 1;
  #nextMould = 1;
  /** The one asked for last: most Pods come in runs of one template. */
  #last: { readonly mould: PodMould; readonly spec: Pod["spec"] } | undefined;
  /** By uid of the Job: the one asked for last. */
  readonly #inJobs = new Map<string, PodShape>();

  infoOf(pod: Pod, before?: PodInfo): PodInfo {
    const same =
      before && sameSpec(before.pod.spec, pod.spec) && before.pod.metadata.labels === pod.metadata.labels && sameResize(before.pod, pod);
    return {
      key: keyOf(pod),
      pod,
      shape: same ? before.shape : this.#shapeOf(pod),
      priority: pod.spec.priority ?? 0,
      terminating: pod.metadata.deletionTimestamp !== undefined,
    };
  }

  #shapeOf(pod: Pod): PodShape {
    const { namespace = "default", labels = {} } = pod.metadata;
    const owner = controllerOf(pod);
    const mould = this.#mouldOf(pod, namespace);
    if (owner?.kind === "Job") return this.#shapeInJob(mould, labels, owner);
    const key = `${mould.mould} ${owner?.uid} ${JSON.stringify(labels)}`;
    let shape = this.#known.get(key);
    if (!shape) {
      if (this.#known.size >= SHAPES_MAX) this.#known.clear();
      shape = shapeOf(mould, this.#nextId++, labels, owner);
      this.#known.set(key, shape);
    }
    return shape;
  }

  /** Each Job has labels of its own, and its Pods share them: they need not be compared. */
  #shapeInJob(mould: PodMould, labels: Labels, owner: OwnerReference): PodShape {
    const known = this.#inJobs.get(owner.uid);
    if (known && known.mould === mould.mould && known.labels === labels) return known;
    if (this.#inJobs.size >= SHAPES_MAX) this.#inJobs.clear();
    const shape = shapeOf(mould, this.#nextId++, labels, owner);
    this.#inJobs.set(owner.uid, shape);
    return shape;
  }

  #mouldOf(pod: Pod, namespace: string): PodMould {
    const last = this.#last;
    const resize = resizeOf(pod);
    if (last && !resize && last.mould.namespace === namespace && surelyAlike(last.spec, pod.spec)) return last.mould;
    const mould = this.#mouldByText(pod, namespace, resize);
    if (!resize) this.#last = { mould, spec: pod.spec };
    return mould;
  }

  #mouldByText(pod: Pod, namespace: string, resize: readonly unknown[] | undefined): PodMould {
    const key = JSON.stringify([namespace, whatMatters(pod.spec), resize]);
    let mould = this.#moulds.get(key);
    if (!mould) {
      if (this.#moulds.size >= SHAPES_MAX) this.#moulds.clear();
      mould = makeMould(this.#nextMould++, pod, namespace);
      this.#moulds.set(key, mould);
    }
    return mould;
  }
}

/** What plugins look at, and nothing else: the shorter, the faster Pods are told apart. */
function whatMatters(spec: Pod["spec"]): readonly unknown[] {
  return [
    spec.schedulerName,
    spec.containers.map(containerPart),
    spec.initContainers?.map(containerPart),
    spec.priority,
    spec.preemptionPolicy,
    spec.tolerations,
    spec.nodeSelector,
    spec.affinity,
    spec.topologySpreadConstraints,
    spec.overhead,
    spec.resources,
    spec.resourceClaims,
    spec.hostNetwork && spec.hostUsers,
    spec.schedulingGates,
    spec.volumes?.filter(volumeMatters),
  ];
}

function volumeMatters(v: Volume): boolean {
  return Boolean(v.persistentVolumeClaim ?? v.ephemeral ?? v.image ?? v.gcePersistentDisk ?? v.awsElasticBlockStore ?? v.iscsi ?? v.rbd);
}

/** Whether what matters is the same, found out without writing it down; false also where that would take long. */
function surelyAlike(a: Pod["spec"], b: Pod["spec"]): boolean {
  if (a.initContainers || b.initContainers || a.containers.length !== b.containers.length) return false;
  if (a.volumes?.some(volumeMatters) || b.volumes?.some(volumeMatters) || (a.volumes === undefined) !== (b.volumes === undefined))
    return false;
  for (let i = 0; i < a.containers.length; i++) if (!surelyAlikeContainers(a.containers[i]!, b.containers[i]!)) return false;
  return (
    a.schedulerName === b.schedulerName &&
    a.priority === b.priority &&
    a.preemptionPolicy === b.preemptionPolicy &&
    a.hostNetwork === b.hostNetwork &&
    a.hostUsers === b.hostUsers &&
    deepEqual(a.tolerations, b.tolerations) &&
    deepEqual(a.nodeSelector, b.nodeSelector) &&
    deepEqual(a.affinity, b.affinity) &&
    deepEqual(a.topologySpreadConstraints, b.topologySpreadConstraints) &&
    deepEqual(a.overhead, b.overhead) &&
    deepEqual(a.resources, b.resources) &&
    deepEqual(a.resourceClaims, b.resourceClaims) &&
    deepEqual(a.schedulingGates, b.schedulingGates)
  );
}

function surelyAlikeContainers(a: Container, b: Container): boolean {
  return (
    a === b ||
    (a.name === b.name &&
      a.image === b.image &&
      a.restartPolicy === b.restartPolicy &&
      deepEqual(a.resources?.requests, b.resources?.requests) &&
      deepEqual(a.ports, b.ports) &&
      deepEqual(a.restartPolicyRules, b.restartPolicyRules))
  );
}

function containerPart(c: Container): unknown {
  return [c.name, c.image, c.resources?.requests, c.restartPolicy, c.ports?.filter((p) => p.hostPort), c.restartPolicyRules];
}

/** Whether all but the node is shared: stored objects share what did not change. */
function sameSpec(a: Pod["spec"], b: Pod["spec"]): boolean {
  if (a === b) return true;
  for (const key in b) if (key !== "nodeName" && a[key as keyof Pod["spec"]] !== b[key as keyof Pod["spec"]]) return false;
  for (const key in a) if (!(key in b) && key !== "nodeName") return false;
  return true;
}

function sameResize(a: Pod, b: Pod): boolean {
  if (a.status === b.status) return true;
  const [before, after] = [resizeOf(a), resizeOf(b)];
  return before === after || JSON.stringify(before) === JSON.stringify(after);
}

/** What is allocated to containers, or in effect, where it is not what they ask for: they are being resized. */
function resizeOf({ spec, status }: Pod): readonly unknown[] | undefined {
  let resize: unknown[] | undefined;
  for (const s of [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]) {
    if (!s.resources) continue;
    const asked = allContainers(spec).find((c) => c.name === s.name)?.resources?.requests;
    if (sameAmounts(asked, s.resources.requests) && (!s.allocatedResources || sameAmounts(asked, s.allocatedResources))) continue;
    resize ??= [isInfeasible(status)];
    resize.push([s.name, s.resources.requests, s.allocatedResources]);
  }
  const asked = spec.resources?.requests;
  const { resources, allocatedResources } = status ?? {};
  if (asked && resources && !(sameAmounts(asked, resources.requests) && sameAmounts(asked, allocatedResources ?? asked))) {
    resize ??= [isInfeasible(status)];
    resize.push(resources.requests, allocatedResources);
  }
  return resize;
}

const isInfeasible = (status: Pod["status"]): boolean =>
  status?.conditions?.find((c) => c.type === "PodResizePending")?.reason === "Infeasible";

function sameAmounts(a: Readonly<Record<string, string | number>> | undefined, b: typeof a): boolean {
  if (a === b) return true;
  const names = Object.keys(a ?? {});
  return names.length === Object.keys(b ?? {}).length && names.every((name) => a?.[name] === b?.[name]);
}

/** Member by member: a spread would give each shape a class of its own. */
function shapeOf(of: PodMould, id: number, labels: Labels, owner: OwnerReference | undefined): PodShape {
  return {
    mould: of.mould,
    namespace: of.namespace,
    spreadConstraints: of.spreadConstraints,
    requests: of.requests,
    hostPorts: of.hostPorts,
    tolerations: of.tolerations,
    nodeSelector: of.nodeSelector,
    requiredNodes: of.requiredNodes,
    preferredNodes: of.preferredNodes,
    requiredAffinity: of.requiredAffinity,
    requiredAntiAffinity: of.requiredAntiAffinity,
    preferredAffinity: of.preferredAffinity,
    preferredAntiAffinity: of.preferredAntiAffinity,
    hasAffinity: of.hasAffinity,
    id,
    labels,
    owner,
  };
}

function makeMould(mould: number, pod: Pod, namespace: string): PodMould {
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
    mould,
    namespace,
    spreadConstraints: spec.topologySpreadConstraints ?? [],
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
