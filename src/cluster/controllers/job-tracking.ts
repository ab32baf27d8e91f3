/**
 * Which Pods of a Job are still to be counted. A Pod is tracked by a finalizer until the Job's status has taken note of its end.
 * @see kubernetes pkg/controller/job/job_controller.go (getValidPodsWithFilter, canRemoveFinalizer), indexed_job_utils.go
 */
import type { Job, Pod } from "../../../generated/v1.36/model.ts";
import { absoluteFailureCount, hasValidIndex, indexOf, isIndexed } from "./job-indexes.ts";
import { isFailed, matchFailurePolicy, type Verdict } from "./job-policy.ts";

export const TRACKING_FINALIZER = "batch.kubernetes.io/job-tracking";

export function isTracked(pod: Pod): boolean {
  return pod.metadata.finalizers?.includes(TRACKING_FINALIZER) === true;
}

/** A failed Pod counts unless a rule of the failure policy says to ignore it. */
export function countsAsFailure(job: Job, pod: Pod): boolean {
  return matchFailurePolicy(job, pod)?.action !== "Ignore";
}

/** What is known of the indexes. */
export interface Indexes {
  readonly succeeded: ReadonlySet<number>;
  readonly failed: ReadonlySet<number>;
  /** Those that a running Pod has. */
  readonly active: ReadonlySet<number>;
}

/**
 * With a limit per index, the last failed Pod of each index that will be tried again. It stays tracked, and uncounted, until its successor is made, who
 * takes its number of failures over.
 */
export function delayedPods(job: Job, pods: readonly Pod[], indexes: Indexes, endedMs: (pod: Pod) => number): ReadonlyMap<number, Pod> {
  const delayed = new Map<number, Pod>();
  if (job.spec.backoffLimitPerIndex === undefined) return delayed;
  for (const pod of pods) {
    const index = indexOf(pod);
    if (!isTracked(pod) || !hasValidIndex(job, pod) || !isFailed(job, pod)) continue;
    if (indexes.succeeded.has(index) || indexes.failed.has(index) || indexes.active.has(index)) continue;
    const known = delayed.get(index);
    if (!known || (absoluteFailureCount(known) <= absoluteFailureCount(pod) && endedMs(pod) >= endedMs(known))) delayed.set(index, pod);
  }
  return delayed;
}

/** Whether a Pod need not be tracked any longer: it has ended, or the Job has (or is about to go). */
export function mayBeUntracked(job: Job, pod: Pod, verdict: Verdict | undefined, delayed: ReadonlyMap<number, Pod>): boolean {
  if (job.metadata.deletionTimestamp !== undefined || verdict || pod.status?.phase === "Succeeded") return true;
  return isFailed(job, pod) && delayed.get(indexOf(pod)) !== pod;
}

/** Whether a Pod that is untracked now counts as failed: also one that still runs, when its Job has failed. */
export function countsNow(job: Job, pod: Pod, verdict: Verdict | undefined): boolean {
  if (pod.status?.phase === "Succeeded" || (isIndexed(job) && !hasValidIndex(job, pod))) return false;
  return (isFailed(job, pod) || verdict?.type === "FailureTarget") && countsAsFailure(job, pod);
}
