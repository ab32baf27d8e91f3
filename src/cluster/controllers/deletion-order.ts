/**
 * Which Pods of a ReplicaSet go first when it shrinks.
 * @see kubernetes pkg/controller/controller_utils.go (ActivePodsWithRanks)
 */
import type { Pod } from "../../../generated/v1.36/model.ts";
import { isPodReady, readySince } from "./pods.ts";

const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const PHASE_ORDER: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

export interface RankedPod {
  readonly pod: Pod;
  /** How many active Pods of the same family run on its node. */
  readonly rank: number;
}

/**
 * Negative when `a` goes before `b`. The first difference decides; first goes who
 * 1. has no node, 2. is Pending before Unknown before Running, 3. is not ready, 4. costs less to delete (annotation),
 * 5. shares its node with more of the family, 6. is ready for a shorter time (in powers of two, then by uid),
 * 7. restarted more often, 8. was created later (in powers of two, then by uid).
 */
export function compareForDeletion(a: RankedPod, b: RankedPod, nowMs: number, instantOf: (rfc3339: string) => number): number {
  const p = a.pod;
  const q = b.pod;
  const byState = compareStates(p, q);
  if (byState !== 0) return byState;
  const costs = deletionCost(p) - deletionCost(q);
  if (costs !== 0) return costs;
  if (a.rank !== b.rank) return b.rank - a.rank;
  if (isPodReady(p)) {
    const since = readySince(p, instantOf);
    const other = readySince(q, instantOf);
    if (since !== other) {
      const byAge = compareAges(since, other, nowMs);
      return byAge !== 0 ? byAge : compareUids(p, q);
    }
  }
  const byRestarts = compareRestarts(p, q);
  if (byRestarts !== 0) return byRestarts;
  const created = instantOrUndefined(p.metadata.creationTimestamp, instantOf);
  const other = instantOrUndefined(q.metadata.creationTimestamp, instantOf);
  if (created === other) return 0;
  const byAge = compareAges(created, other, nowMs);
  return byAge !== 0 ? byAge : compareUids(p, q);
}

/**
 * The same for the Pods of a Job, which knows neither costs nor families, and compares times as they are. The first difference decides; first goes who
 * 1. has no node, 2. is Pending before Unknown before Running, 3. is not ready, 4. is ready for a shorter time, 5. restarted more often, 6. is younger.
 * @see kubernetes pkg/controller/controller_utils.go (ActivePods)
 */
export function compareActivePods(p: Pod, q: Pod, instantOf: (rfc3339: string) => number): number {
  const youngerFirst = (a: number | undefined, b: number | undefined): number =>
    a === b ? 0 : a === undefined || (b !== undefined && a > b) ? -1 : 1;
  return (
    compareStates(p, q) ||
    (isPodReady(p) ? youngerFirst(readySince(p, instantOf), readySince(q, instantOf)) : 0) ||
    compareRestarts(p, q) ||
    youngerFirst(instantOrUndefined(p.metadata.creationTimestamp, instantOf), instantOrUndefined(q.metadata.creationTimestamp, instantOf))
  );
}

/** No node, then Pending, Unknown, Running, then readiness. */
function compareStates(p: Pod, q: Pod): number {
  const nodeOf = (pod: Pod): number => (pod.spec.nodeName ? 1 : 0);
  const phase = (pod: Pod): number => PHASE_ORDER[pod.status?.phase ?? "Pending"] ?? 0;
  return nodeOf(p) - nodeOf(q) || phase(p) - phase(q) || Number(isPodReady(p)) - Number(isPodReady(q));
}

function compareRestarts(p: Pod, q: Pod): number {
  return restartsMax(q, false) - restartsMax(p, false) || restartsMax(q, true) - restartsMax(p, true);
}

function instantOrUndefined(time: string | undefined, instantOf: (rfc3339: string) => number): number | undefined {
  return time === undefined ? undefined : instantOf(time);
}

/** The younger first, by the whole part of log₂ of the age in nanoseconds; an unknown time is younger than any. */
function compareAges(a: number | undefined, b: number | undefined, nowMs: number): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  return ageClass(nowMs - a) - ageClass(nowMs - b);
}

function ageClass(ageMs: number): number {
  return ageMs <= 0 ? Number.NEGATIVE_INFINITY : Math.trunc(Math.log2(ageMs * 1e6));
}

function compareUids(p: Pod, q: Pod): number {
  const a = p.metadata.uid ?? "";
  const b = q.metadata.uid ?? "";
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The annotation's value, an integer of 32 bits; anything else counts as 0. */
function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[DELETION_COST];
  if (text === undefined || !/^(0|-?[1-9]\d*)$/.test(text)) return 0;
  const cost = Number(text);
  return cost >= -(2 ** 31) && cost < 2 ** 31 ? cost : 0;
}

/** The most restarts of a container of its own, or of a restartable init container. */
function restartsMax(pod: Pod, sidecars: boolean): number {
  const names = new Set((pod.spec.initContainers ?? []).filter((c) => c.restartPolicy === "Always").map((c) => c.name));
  const statuses = sidecars
    ? (pod.status?.initContainerStatuses ?? []).filter((s) => names.has(s.name))
    : (pod.status?.containerStatuses ?? []);
  return statuses.reduce((most, s) => Math.max(most, s.restartCount), 0);
}
