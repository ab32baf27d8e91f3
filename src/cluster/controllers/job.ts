/**
 * Jobs: Pods that run to their end, counted.
 * @see kubernetes pkg/controller/job/job_controller.go, pkg/controller/ttlafterfinished
 */
import type { Job, JobCondition, JobStatus, Pod, PodTemplateSpec } from "../../../generated/v1.36/model.ts";
import { JOB, POD } from "../../api/kinds.ts";
import { controllerOf, keyIn, keyOf } from "../../api/object.ts";
import { changed } from "../../lib/changed.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { matchesSelector } from "../../lib/labels.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { conditionOf } from "./conditions.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { compareActivePods } from "./deletion-order.ts";
import {
  absoluteFailureCount,
  formatIndexes,
  hasValidIndex,
  indexedGenerateName,
  indexedTemplate,
  indexOf,
  isIndexed,
  nextFailureCounts,
  parseIndexes,
  pendingIndexes,
} from "./job-indexes.ts";
import {
  backoffLeftMs,
  type Failures,
  failedIndexes,
  failuresAfter,
  isFailed,
  type Verdict,
  verdictOf,
  wantedActive,
} from "./job-policy.ts";
import { isSteady } from "./job-steady.ts";
import { countsAsFailure, countsNow, delayedPods, isTracked, mayBeUntracked, TRACKING_FINALIZER } from "./job-tracking.ts";
import { claim, indexOrphans } from "./owned.ts";
import { createPod, deletePod, podFromTemplate } from "./pod-control.ts";
import { isPodActive, isPodReady, isPodTerminating } from "./pods.ts";
import { slowStart } from "./slow-start.ts";

const NAME = "job-controller";
/** Changes of Pods are gathered for so long, in milliseconds. */
const BATCH_MS = 1000;
/** Pods made or deleted in one round at most. */
const BURST = 500;

function finishedCondition(job: Job): JobCondition | undefined {
  return job.status?.conditions?.find((c) => (c.type === "Complete" || c.type === "Failed") && c.status === "True");
}

function untrack(context: ComponentContext, pod: Pod): boolean {
  const left = (pod.metadata.finalizers ?? []).filter((f) => f !== TRACKING_FINALIZER);
  const patch = { metadata: { finalizers: left.length > 0 ? left : null } };
  return !mustRetry(context.client.patch(POD, pod.metadata.name, pod.metadata.namespace, patch));
}

/**
 * When a Pod ended, in virtual milliseconds: with its last container; else since when it is not ready; else when it was deleted; else its beginning.
 * @see kubernetes pkg/controller/job/backoff_utils.go (getFinishedTime)
 */
function endedMs({ loop }: ComponentContext, { metadata, spec, status }: Pod): number {
  const sidecars = new Set(spec.initContainers?.filter((c) => c.restartPolicy === "Always").map((c) => c.name));
  const containers = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? []).filter((s) => sidecars.has(s.name))];
  const ended = containers.map((s) => s.state?.terminated?.finishedAt);
  const unready = status?.conditions?.find((c) => c.type === "Ready" && c.status === "False")?.lastTransitionTime;
  const latest = ended.length > 0 && ended.every((time) => time !== undefined) ? ended.sort().at(-1) : unready;
  if (latest !== undefined) return loop.instantOf(latest);
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = metadata;
  if (deletionTimestamp !== undefined) return loop.instantOf(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
  return loop.instantOf(creationTimestamp ?? loop.timestamp());
}

/** What one reconcile works on. */
interface Round {
  readonly context: ComponentContext;
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly succeeded: number;
  readonly succeededIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number>;
  readonly failures: Failures;
  /** By index, with a limit per index: the failed Pod that waits for its successor. */
  readonly delayed: ReadonlyMap<number, Pod>;
  lookAgainMs: number | undefined;
}

function lookAgain(round: Round, ms: number): void {
  round.lookAgainMs = Math.min(round.lookAgainMs ?? ms, ms);
}

/** What became of the Pods: how many there are now, how many of them are ready, and whether all went well. */
interface Managed {
  readonly active: number;
  readonly ready: number;
  readonly ok: boolean;
}

/** Deletes some of the running Pods. Those that are too many, or suspended, are not counted as failed: they are untracked before. */
function deletePods(round: Round, pods: readonly Pod[], uncounted: boolean): Managed {
  const { context, job, active } = round;
  const gone = new Set(
    pods.filter((pod) => (!uncounted || !isTracked(pod) || untrack(context, pod)) && deletePod(context, NAME, job, pod) === undefined),
  );
  const left = active.filter((pod) => !gone.has(pod));
  return { active: left.length, ready: left.filter(isPodReady).length, ok: gone.size === pods.length };
}

/** Those of indexes that are none or that another Pod has, then in the order in which a Job shrinks. */
function superfluous(round: Round, count: number): readonly Pod[] {
  const { job, active, context } = round;
  const { loop } = context;
  const instantOf = loop.instantOf.bind(loop);
  const sorted = [...active].sort((a, b) => compareActivePods(a, b, instantOf));
  if (!isIndexed(job)) return sorted.slice(0, count);
  const seen = new Set<number>();
  const extra = new Set<Pod>();
  for (const pod of [...sorted].reverse()) {
    const index = indexOf(pod);
    if (index < 0 || index >= (job.spec.completions ?? 0) || seen.has(index)) extra.add(pod);
    seen.add(index);
  }
  for (const pod of sorted) if (extra.size < count) extra.add(pod);
  return [...extra];
}

/** Brings the number of running Pods to what is wanted. */
function manage(round: Round): Managed {
  const { job, context } = round;
  const active = round.active.length;
  const ready = round.active.filter(isPodReady).length;
  const wanted = wantedActive(job, active, round.succeeded);
  const remove = active > wanted || isIndexed(job) ? superfluous(round, Math.max(0, active - wanted)).slice(0, BURST) : [];
  if (remove.length > 0) return deletePods(round, remove, true);
  const terminating = job.spec.podReplacementPolicy === "Failed" ? round.pods.filter(isPodTerminating).length : 0;
  let missing = Math.min(wanted - terminating - active, BURST);
  if (missing <= 0) return { active, ready, ok: true };
  const perIndex = job.spec.backoffLimitPerIndex !== undefined;
  const wait = perIndex ? 0 : backoffLeftMs(round.failures, context.loop.now());
  if (wait > 0) {
    lookAgain(round, wait);
    return { active, ready, ok: true };
  }
  const indexes = isIndexed(job) ? indexesToMake(round, missing) : [];
  if (isIndexed(job)) missing = indexes.length;
  let made = 0;
  const refusal = slowStart(missing, (i) => {
    const failure = createPod(context, NAME, job, jobPod(round, indexes[i]));
    if (!failure) made++;
    return failure;
  });
  return { active: active + made, ready, ok: refusal === undefined };
}

/** Indexes whose turn it is; one that failed waits for its own back-off. */
function indexesToMake(round: Round, count: number): readonly number[] {
  const { job, context } = round;
  const done = { has: (i: number) => round.succeededIndexes.has(i) || round.failedIndexes.has(i) };
  const taken = new Set(round.active.map(indexOf));
  if (job.spec.podReplacementPolicy === "Failed") for (const p of round.pods.filter(isPodTerminating)) taken.add(indexOf(p));
  const indexes = pendingIndexes(job.spec.completions ?? 0, done, taken, count);
  if (job.spec.backoffLimitPerIndex === undefined) return indexes;
  return indexes.filter((index) => {
    const last = round.delayed.get(index);
    const failures = last && { inARow: absoluteFailureCount(last) + 1, lastMs: endedMs(context, last) };
    const wait = failures ? backoffLeftMs(failures, context.loop.now()) : 0;
    if (wait > 0) lookAgain(round, wait);
    return wait === 0;
  });
}

function jobPod(round: Round, index: number | undefined): ReturnType<typeof podFromTemplate> {
  const { job } = round;
  const { template: given } = job.spec;
  const finalizers = [...(given.metadata?.finalizers ?? []).filter((f) => f !== TRACKING_FINALIZER), TRACKING_FINALIZER];
  const metadata = Object.assign({}, given.metadata, { finalizers }) as PodTemplateSpec["metadata"];
  const template = changed<PodTemplateSpec>(given, { metadata });
  if (index === undefined) return podFromTemplate(template, job);
  const last = round.delayed.get(index);
  const failures =
    job.spec.backoffLimitPerIndex === undefined ? undefined : nextFailureCounts(last, last !== undefined && countsAsFailure(job, last));
  const pod = podFromTemplate(indexedTemplate(job, template, index, failures), job) as { metadata: object };
  return { ...pod, metadata: { ...pod.metadata, generateName: indexedGenerateName(job.metadata.name, index) } };
}

function withJobCondition(
  conditions: readonly JobCondition[],
  verdict: Verdict,
  status: string,
  timestamp: string,
): readonly JobCondition[] {
  const known = conditionOf(conditions, verdict.type);
  if (known && known.status === status && known.reason === verdict.reason && known.message === verdict.message) return conditions;
  const { type, reason, message } = verdict;
  const next = { type, reason, message, status, lastProbeTime: timestamp, lastTransitionTime: timestamp } as JobCondition;
  return known ? conditions.map((c) => (c === known ? next : c)) : [...conditions, next];
}

function reconcile(context: ComponentContext, job: Job, key: string, backoffs: Map<string, Failures>): ReconcileResult {
  const { client, informers, loop, recorder } = context;
  if (job.spec.managedBy !== undefined && job.spec.managedBy !== "kubernetes.io/job-controller") return;
  const finished = finishedCondition(job);
  if (finished) return afterwards(context, job, finished);
  const { owned: pods, retry } = claim(context, informers.for(POD), POD, job, (p) => matchesSelector(job.spec.selector, p.metadata.labels));
  if (retry) return "retry";
  if (isSteady(job, pods)) return;
  const before = job.status ?? {};
  const counted = countedIn(before);
  const uncounted = pods.filter((p) => isTracked(p) && !counted.has(p.metadata.uid ?? ""));
  const fresh = isIndexed(job) ? uncounted.filter((p) => hasValidIndex(job, p)) : uncounted;
  const completions = job.spec.completions ?? 0;
  const doneBefore = parseIndexes(before.completedIndexes, completions);
  const newSucceeded = fresh.filter((p) => p.status?.phase === "Succeeded");
  const newFailed = fresh.filter((p) => isFailed(job, p));
  const ended = [...newSucceeded, ...newFailed].map((p, i) => ({ failed: i >= newSucceeded.length, atMs: endedMs(context, p) }));
  const failures = failuresAfter(backoffs.get(key) ?? NO_FAILURES, ended);
  const succeededIndexes: ReadonlySet<number> = isIndexed(job) ? new Set([...doneBefore, ...newSucceeded.map(indexOf)]) : NONE;
  const activePods = pods.filter(isPodActive);
  const failedNow = failedIndexes(job, pods);
  const activeIndexes: ReadonlySet<number> = isIndexed(job) ? new Set(activePods.map(indexOf)) : NONE;
  const indexes = { succeeded: succeededIndexes, failed: failedNow, active: activeIndexes };
  const round: Round = {
    context,
    job,
    pods,
    active: activePods,
    succeeded: isIndexed(job) ? succeededIndexes.size : (before.succeeded ?? 0) + newSucceeded.length,
    succeededIndexes,
    failedIndexes: failedNow,
    failures,
    delayed: delayedPods(job, pods, indexes, (pod) => endedMs(context, pod)),
    lookAgainMs: undefined,
  };
  const suspended = job.spec.suspend === true;
  const timestamp = loop.timestamp();
  let startTime = before.startTime ?? (suspended ? undefined : timestamp);
  const activeMs = suspended || startTime === undefined ? undefined : loop.now() - loop.instantOf(startTime);
  const failedSoFar = (before.failed ?? 0) + newFailed.filter((p) => countsAsFailure(job, p)).length;
  let verdict = verdictOf(job, { pods, failed: failedSoFar, succeededIndexes, failedIndexes: failedNow, activeMs });
  let conditions = before.conditions ?? [];
  let managed: Managed = { active: activePods.length, ready: activePods.filter(isPodReady).length, ok: true };
  if (verdict) {
    managed = deletePods(round, activePods, false);
    // Some are left: the end is declared when they are gone.
    if (!managed.ok) verdict = undefined;
  } else {
    if (job.metadata.deletionTimestamp === undefined) managed = manage(round);
    const enough = job.spec.completions === undefined ? round.succeeded > 0 : round.succeeded >= completions;
    if (enough && managed.active === 0)
      verdict = { type: "SuccessCriteriaMet", reason: "CompletionsReached", message: "Reached expected number of succeeded pods" };
    else if (suspended !== (conditionOf(conditions, "Suspended")?.status === "True")) {
      const [reason, message, event] = suspended
        ? ["JobSuspended", "Job suspended", "Suspended"]
        : ["JobResumed", "Job resumed", "Resumed"];
      conditions = withJobCondition(conditions, { type: "Suspended", reason, message }, suspended ? "True" : "False", timestamp);
      recorder.report(NAME, job, "Normal", event ?? "", message ?? "");
      startTime = suspended ? undefined : timestamp;
    }
    const { activeDeadlineSeconds } = job.spec;
    if (activeDeadlineSeconds !== undefined && activeMs !== undefined && !verdict)
      lookAgain(round, activeDeadlineSeconds * 1000 - activeMs);
  }
  if (verdict) conditions = withJobCondition(conditions, verdict, "True", timestamp);
  const terminating = informers
    .for(POD)
    .controlledBy(job.metadata.uid ?? "")
    .filter(isPodTerminating).length;
  const untracked = uncounted.filter((p) => mayBeUntracked(job, p, verdict, round.delayed));
  const newCounted = untracked.filter((p) => countsNow(job, p, verdict));
  const failed = (before.failed ?? 0) + newCounted.length;
  const toUntrack =
    counted.size === 0 ? untracked : [...untracked, ...pods.filter((p) => isTracked(p) && counted.has(p.metadata.uid ?? ""))];
  const { active, ready } = managed;
  let { ok } = managed;
  const over = verdict !== undefined && active === 0 && terminating === 0 && toUntrack.length === 0;
  // Member by member: spreads of what is there at times are dear, and Jobs have many rounds.
  const status: { -readonly [K in keyof JobStatus]: JobStatus[K] } = {};
  if (active > 0) status.active = active;
  if (isIndexed(job) && succeededIndexes.size > 0) status.completedIndexes = formatIndexes(succeededIndexes);
  if (over && verdict?.type === "SuccessCriteriaMet") status.completionTime = timestamp;
  if (conditions.length > 0) status.conditions = over && verdict ? withFinal(conditions, verdict, timestamp) : conditions;
  if (failed > 0) status.failed = failed;
  if (job.spec.backoffLimitPerIndex !== undefined) status.failedIndexes = formatIndexes(round.failedIndexes);
  status.ready = ready;
  if (startTime !== undefined) status.startTime = startTime;
  if (round.succeeded > 0) status.succeeded = round.succeeded;
  status.terminating = terminating;
  status.uncountedTerminatedPods = uncountedOf(uidsOf(newSucceeded), uidsOf(newCounted));
  if (!deepEqual(status, before) && mustRetry(client.updateStatus(changed(job, { status })))) return "retry";
  backoffs.set(key, failures);
  if (over && verdict) reportEnd(context, job, verdict, round.succeeded);
  if (!toUntrack.every((pod) => untrack(context, pod))) ok = false;
  if (!ok) return "retry";
  if (round.lookAgainMs !== undefined) return { afterMs: round.lookAgainMs };
}

type Uncounted = NonNullable<JobStatus["uncountedTerminatedPods"]>;
const NONE: ReadonlySet<never> = new Set();
const NO_FAILURES: Failures = { inARow: 0, lastMs: 0 };

/** Uids of Pods that were counted, and may still be tracked. */
function countedIn({ uncountedTerminatedPods }: JobStatus): ReadonlySet<string> {
  const { succeeded = [], failed = [] } = uncountedTerminatedPods ?? {};
  return succeeded.length + failed.length === 0 ? NONE : new Set([...succeeded, ...failed]);
}

function uncountedOf(succeeded: readonly string[], failed: readonly string[]): Uncounted {
  if (failed.length === 0) return succeeded.length === 0 ? {} : { succeeded };
  return succeeded.length === 0 ? { failed } : { succeeded, failed };
}

function uidsOf(pods: readonly Pod[]): readonly string[] {
  return pods.map((p) => p.metadata.uid ?? "");
}

/** The Job is over: the condition for good beside the one that announced it. */
function withFinal(conditions: readonly JobCondition[], verdict: Verdict, timestamp: string): readonly JobCondition[] {
  const type = verdict.type === "FailureTarget" ? "Failed" : "Complete";
  return withJobCondition(conditions, { type, reason: verdict.reason, message: verdict.message }, "True", timestamp);
}

function reportEnd({ recorder }: ComponentContext, job: Job, verdict: Verdict, succeeded: number): void {
  if (verdict.type === "SuccessCriteriaMet") {
    if (succeeded > (job.spec.completions ?? succeeded))
      recorder.report(NAME, job, "Warning", "TooManySucceededPods", "Too many succeeded pods running after completion count reached");
    recorder.report(NAME, job, "Normal", "Completed", "Job completed");
  } else recorder.report(NAME, job, "Warning", verdict.reason ?? "", verdict.message ?? "");
}

/** A Job that is over is deleted after its time to live. */
function afterwards(context: ComponentContext, job: Job, finished: JobCondition): ReconcileResult {
  const { client, loop } = context;
  const ttl = job.spec.ttlSecondsAfterFinished;
  if (ttl === undefined || job.metadata.deletionTimestamp !== undefined) return;
  const leftMs = loop.instantOf(finished.lastTransitionTime ?? loop.timestamp()) + ttl * 1000 - loop.now();
  if (leftMs > 0) return { afterMs: leftMs };
  if (mustRetry(client.delete(JOB, job.metadata.name, job.metadata.namespace, { cascade: "foreground" }))) return "retry";
}

export const jobController: Controller = {
  name: NAME,
  start(context) {
    const jobs = context.informers.for(JOB);
    const pods = context.informers.for(POD);
    indexOrphans(pods);
    const backoffs = new Map<string, Failures>();
    const queue = queueFor(
      context,
      jobs,
      (job, key) => reconcile(context, job, key, backoffs),
      (key) => {
        backoffs.delete(key);
      },
    );
    /** A Pod whose Job is gone or over is tracked no longer. */
    const orphans = queueFor(context, pods, (pod): ReconcileResult => {
      const manager = controllerOf(pod);
      const job = manager && jobs.get(keyIn(pod.metadata.namespace ?? "", manager.name));
      const counts = job && job.metadata.uid === manager.uid && !finishedCondition(job);
      if (isTracked(pod) && !counts && !untrack(context, pod)) return "retry";
    });
    jobs.on((type, job) => {
      queue.add(keyOf(job));
      if (type === "DELETED" || finishedCondition(job))
        for (const pod of pods.controlledBy(job.metadata.uid ?? "")) if (isTracked(pod)) orphans.add(keyOf(pod));
    });
    pods.on((type, pod) => {
      const manager = controllerOf(pod);
      if (manager?.kind === "Job") {
        const key = keyIn(pod.metadata.namespace ?? "", manager.name);
        queue.addAfter(key, BATCH_MS);
        const known = jobs.get(key);
        if (type !== "DELETED" && isTracked(pod) && known?.metadata.uid !== manager.uid) orphans.add(keyOf(pod));
      } else if (!manager && type !== "DELETED") {
        if (isTracked(pod)) orphans.add(keyOf(pod));
        for (const job of jobs.inNamespace(pod.metadata.namespace ?? ""))
          if (matchesSelector(job.spec.selector, pod.metadata.labels)) queue.addAfter(keyOf(job), BATCH_MS);
      }
    });
  },
};
