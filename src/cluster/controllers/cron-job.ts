/**
 * CronJobs: a Job at each time of a schedule.
 * @see kubernetes pkg/controller/cronjob/cronjob_controllerv2.go, utils.go
 */
import type { CronJob, CronJobStatus, Job } from "../../../generated/v1.36/model.ts";
import { CRON_JOB, JOB } from "../../api/kinds.ts";
import { controllerOf, controllerRef, keyIn, keyOf } from "../../api/object.ts";
import { changed } from "../../lib/changed.ts";
import { type CronSchedule, isTimeZone, nextCron, parseCron, zoneOffsetMs } from "../../lib/cron.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { Loop } from "../../sim/loop.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor, refusedByTerminatingNamespace } from "./controller.ts";

const NAME = "cronjob-controller";
const SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";
/** A Job is made so long after its time, so that the time has certainly come, in milliseconds. */
const DELTA_MS = 100;
/** More missed times than this are worth a warning. */
const MISSED_MAX = 100;

function isOver(job: Job): "Complete" | "Failed" | undefined {
  for (const { type, status } of job.status?.conditions ?? [])
    if ((type === "Complete" || type === "Failed") && status === "True") return type;
  return undefined;
}

interface Due {
  readonly zone: string | undefined;
  readonly afterMs: number;
  readonly dueMs: number;
}

/** What a schedule was last asked: until then it will say the same. */
const dues = new WeakMap<CronSchedule, Due>();

/** As `nextCron`, looked for once as long as it lies ahead. */
function nextDue(schedule: CronSchedule, afterMs: number, zone: string | undefined): number | undefined {
  const known = dues.get(schedule);
  if (known && known.zone === zone && known.afterMs <= afterMs && afterMs < known.dueMs) return known.dueMs;
  const dueMs = nextCron(schedule, afterMs, zone);
  if (dueMs !== undefined && schedule.everyMs === undefined) dues.set(schedule, { zone, afterMs, dueMs });
  return dueMs;
}

/** The latest time of a schedule in (earliest, now], and whether too many before it were missed; all as Unix time in milliseconds. */
export function latestTime(
  schedule: CronSchedule,
  earliestMs: number,
  nowMs: number,
  zone?: string,
): { readonly atMs: number | undefined; readonly missed: number } {
  const first = nextDue(schedule, earliestMs, zone);
  if (first === undefined || nowMs < first) return { atMs: undefined, missed: 0 };
  const second = nextDue(schedule, first, zone);
  if (second === undefined || nowMs < second) return { atMs: first, missed: 0 };
  const between = Math.round((second - first) / 1000) * 1000;
  const times = Math.floor((nowMs - first) / between) + 1;
  // The distance may not be always the same: the last steps are taken one by one.
  let latest = first;
  let at: number | undefined = nextCron(schedule, Math.max(first, first + (times - 3) * between) - 1, zone);
  for (let i = 0; at !== undefined && at <= nowMs && i < MISSED_MAX; i++) {
    latest = at;
    at = nextCron(schedule, at, zone);
  }
  return { atMs: latest, missed: times - 1 };
}

/** RFC 3339, with the offset of the zone. */
function zonedTime(loop: Loop, unixMs: number, zone?: string): string {
  const offset = zoneOffsetMs(zone, unixMs) / 60_000;
  if (offset === 0) return loop.timestamp(unixMs - loop.unixMs(0));
  const local = new Date(unixMs + offset * 60_000).toISOString().slice(0, 19);
  const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");
  return `${local}${offset < 0 ? "-" : "+"}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
}

/** Notes which Jobs have ended; the status after that. */
function noteEnded(context: ComponentContext, cron: CronJob, jobs: readonly Job[]): CronJobStatus {
  const { recorder, loop } = context;
  const before = cron.status ?? {};
  let { active = NO_REFERENCES, lastSuccessfulTime } = before;
  for (const job of jobs) {
    const { name, uid } = job.metadata;
    const listed = active.some((r) => r.uid === uid);
    const over = isOver(job);
    if (!listed && !over)
      recorder.report(NAME, cron, "Warning", "UnexpectedJob", `Saw a job that the controller did not create or forgot: ${name}`);
    else if (listed && over) {
      active = active.filter((r) => r.uid !== uid);
      recorder.report(NAME, cron, "Normal", "SawCompletedJob", `Saw completed job: ${name}, condition: ${over}`);
    }
    const ended = over === "Complete" ? job.status?.completionTime : undefined;
    if (ended === lastSuccessfulTime) continue;
    if (ended !== undefined && (lastSuccessfulTime === undefined || loop.instantOf(ended) > loop.instantOf(lastSuccessfulTime)))
      lastSuccessfulTime = ended;
  }
  for (const ref of active) {
    if (jobs.some((j) => j.metadata.uid === ref.uid)) continue;
    active = active.filter((r) => r !== ref);
    recorder.report(NAME, cron, "Normal", "MissingJob", `Active job went missing: ${ref.name}`);
  }
  if (active === (before.active ?? NO_REFERENCES) && lastSuccessfulTime === before.lastSuccessfulTime) return before;
  const { lastScheduleTime } = before;
  const status: { -readonly [K in keyof CronJobStatus]: CronJobStatus[K] } = {};
  if (active.length > 0) status.active = active;
  if (lastScheduleTime !== undefined) status.lastScheduleTime = lastScheduleTime;
  if (lastSuccessfulTime !== undefined) status.lastSuccessfulTime = lastSuccessfulTime;
  return status;
}

const NO_REFERENCES: NonNullable<CronJobStatus["active"]> = [];

function deleteJob(context: ComponentContext, cron: CronJob, job: { readonly name?: string | undefined }): boolean {
  const { client, recorder } = context;
  const name = job.name ?? "";
  const answer = client.delete(JOB, name, cron.metadata.namespace, { cascade: "background" });
  if (isRefused(answer) && answer.reason !== "NotFound") {
    recorder.report(NAME, cron, "Warning", "FailedDelete", `Deleted job: ${answer.message}`);
    return false;
  }
  recorder.report(NAME, cron, "Normal", "SuccessfulDelete", `Deleted job ${name}`);
  return true;
}

/** Deletes the oldest Jobs that have ended, beyond the histories of the two kinds of end. */
function cleanUp(context: ComponentContext, cron: CronJob, jobs: readonly Job[]): void {
  let complete = 0;
  let failed = 0;
  for (const job of jobs) {
    const over = isOver(job);
    if (over === "Complete") complete++;
    else if (over === "Failed") failed++;
  }
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cron.spec;
  if (complete > successfulJobsHistoryLimit) deleteOldest(context, cron, jobs, "Complete", complete - successfulJobsHistoryLimit);
  if (failed > failedJobsHistoryLimit) deleteOldest(context, cron, jobs, "Failed", failed - failedJobsHistoryLimit);
}

function deleteOldest(context: ComponentContext, cron: CronJob, jobs: readonly Job[], end: "Complete" | "Failed", count: number): void {
  const started = (j: Job): string => `${j.status?.startTime ?? "~"} ${j.metadata.name}`;
  const ended = jobs.filter((j) => isOver(j) === end);
  ended.sort((a, b) => (started(a) < started(b) ? -1 : 1));
  for (let i = 0; i < count; i++) deleteJob(context, cron, ended[i]!.metadata);
}

function reconcile(context: ComponentContext, given: CronJob): ReconcileResult {
  const { client, informers } = context;
  const jobs = informers.for(JOB).controlledBy(given.metadata.uid ?? "");
  let cron = given;
  const write = (status: CronJobStatus): boolean => {
    if (status === cron.status || deepEqual(status, cron.status ?? {})) return true;
    const answer = client.updateStatus(changed(cron, { status }));
    if (!isRefused(answer)) cron = answer.object;
    return !mustRetry(answer);
  };
  if (!write(noteEnded(context, cron, jobs))) return "retry";
  cleanUp(context, cron, jobs);
  if (cron.metadata.deletionTimestamp !== undefined || cron.spec.suspend === true) return;
  return schedule(context, cron, write);
}

/** Read once for as long as the CronJob's spec stays the same. */
const schedules = new WeakMap<CronJob["spec"], CronSchedule | null>();

function scheduleOf({ spec }: CronJob): CronSchedule | undefined {
  let parsed = schedules.get(spec);
  if (parsed === undefined) {
    parsed = parseCron(spec.schedule) ?? null;
    schedules.set(spec, parsed);
  }
  return parsed ?? undefined;
}

/** Makes the Job whose time has come, and says when to look again. */
function schedule(context: ComponentContext, cron: CronJob, write: (status: CronJobStatus) => boolean): ReconcileResult {
  const { loop, recorder, client } = context;
  const warn = (reason: string, message: string): void => recorder.report(NAME, cron, "Warning", reason, message);
  const { timeZone, concurrencyPolicy, startingDeadlineSeconds } = cron.spec;
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    warn("UnknownTimeZone", `invalid timeZone: "${timeZone}": unknown time zone ${timeZone}`);
    return;
  }
  const parsed = scheduleOf(cron);
  if (!parsed) {
    warn("UnparseableSchedule", `unparseable schedule: "${cron.spec.schedule}"`);
    return;
  }
  const nowMs = loop.unixMs();
  const next = nextDue(parsed, nowMs, timeZone);
  const later: ReconcileResult = next === undefined ? undefined : { afterMs: next - nowMs + DELTA_MS };
  const since = loop.unixMs(loop.instantOf(cron.status?.lastScheduleTime ?? cron.metadata.creationTimestamp ?? loop.timestamp()));
  const deadlineMs = startingDeadlineSeconds === undefined ? undefined : nowMs - startingDeadlineSeconds * 1000;
  const { atMs, missed } = latestTime(parsed, Math.max(since, deadlineMs ?? since), nowMs, timeZone);
  if (missed > MISSED_MAX)
    warn("TooManyMissedTimes", "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew");
  if (atMs === undefined) return later;
  const active = cron.status?.active ?? [];
  const name = `${cron.metadata.name}-${Math.floor(atMs / 60_000)}`;
  if (active.some((r) => r.name === name) || cron.status?.lastScheduleTime === zonedTime(loop, atMs)) return later;
  if (concurrencyPolicy === "Forbid" && active.length > 0) {
    const message = "Not starting job because prior execution is running and concurrency policy is Forbid";
    recorder.report(NAME, cron, "Normal", "JobAlreadyActive", message);
    return later;
  }
  if (concurrencyPolicy === "Replace" && !active.every((ref) => deleteJob(context, cron, ref))) return "retry";
  const { metadata, spec } = cron.spec.jobTemplate;
  const own = {
    annotations: changed<Record<string, string>>(metadata?.annotations ?? {}, { [SCHEDULED]: zonedTime(loop, atMs, timeZone) }),
    name,
    namespace: cron.metadata.namespace,
    ownerReferences: [controllerRef(cron)],
  };
  const job = { apiVersion: "batch/v1", kind: "Job", metadata: metadata?.labels ? { labels: metadata.labels, ...own } : own, spec };
  const answer = client.create<Job>(job, { namespace: cron.metadata.namespace ?? "" });
  if (isRefused(answer)) {
    if (refusedByTerminatingNamespace(answer)) return;
    if (answer.reason === "AlreadyExists") return later;
    warn("FailedCreate", `Error creating job: ${answer.message}`);
    return "retry";
  }
  recorder.report(NAME, cron, "Normal", "SuccessfulCreate", `Created job ${name}`);
  const { uid, resourceVersion, namespace } = answer.object.metadata;
  const ref = { apiVersion: "batch/v1", kind: "Job", name, namespace, resourceVersion, uid };
  const kept = concurrencyPolicy === "Replace" ? [] : active;
  const status = changed<CronJobStatus>(cron.status ?? {}, { active: [...kept, ref], lastScheduleTime: zonedTime(loop, atMs) });
  return write(status) ? later : "retry";
}

export const cronJobController: Controller = {
  name: NAME,
  start(context) {
    const crons = context.informers.for(CRON_JOB);
    const queue = queueFor(context, crons, (cron) => reconcile(context, cron));
    crons.on((_type, cron) => queue.add(keyOf(cron)));
    context.informers.for(JOB).on((_type, job) => {
      const manager = controllerOf(job);
      if (manager?.kind === "CronJob") queue.add(keyIn(job.metadata.namespace ?? "", manager.name));
    });
  },
};
