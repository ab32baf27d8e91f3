/**
 * Two settled clusters, for a plan: the base, and the same cluster after the change.
 * A real cluster meets a change in the state it has: so the change is applied on top of the settled base, and rollouts show.
 */
import type { KubeObject, Unchecked } from "../api/object.ts";
import { groupOf } from "../api/object.ts";
import type { SourceLocation } from "../api/source-location.ts";
import { type Answer, isRefused } from "../sim/answer.ts";
import { type Cluster, type ClusterOptions, createCluster } from "./cluster.ts";
import { JobLog } from "./job-log.ts";
import { RolloutLog } from "./rollout-log.ts";
import { REQUEST_SECONDS } from "./scenario.ts";
import { isNotSimulated } from "./simulated-kinds.ts";
import type { RefusedObject, Snapshot } from "./snapshot.ts";

/** An object that somebody wants in the cluster, and where it was written. */
export interface WantedObject {
  readonly object: unknown;
  readonly source: SourceLocation | undefined;
}

export interface PlanInput extends Pick<ClusterOptions, "version" | "pods" | "scheduler" | "cloud"> {
  /** The cluster as it is: nodes, and whatever else a snapshot of it holds (status, uids, owners and bound Pods are kept). */
  readonly cluster: readonly WantedObject[];
  /** What is there before the change; undefined: nothing but `cluster`. */
  readonly base?: readonly WantedObject[];
  /** What is wanted. Objects of the base that are missing here are deleted. */
  readonly next: readonly WantedObject[];
  /** Progress, now and then: which part of the work, and how many tasks or objects it has done. */
  readonly onProgress?: (part: "cluster" | "base" | "change", done: number) => void;
}

export interface PlanSnapshots {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** The cluster itself, as it is after the change. */
  readonly cluster: Cluster;
}

/** Quiet for so long: what goes on by itself has come to its end, unless something waits. */
const QUIET_SECONDS = 15;
/** While a workload is not complete: how long without any change until nothing more is expected. Longer than the default progress deadline of 600 s. */
const PATIENCE_SECONDS = 660;
/** Virtual seconds that a state may take to settle at most. */
const SETTLE_SECONDS_MAX = 7200;
/** How often what was refused is tried again, since what it needs may come later in the same apply (a Namespace, a CRD, a PriorityClass). */
const PASSES_MAX = 4;

/** Settles the base, then the change on top of it. */
export function simulatePlan(input: PlanInput): PlanSnapshots {
  const { version, pods, scheduler, cloud = false } = input;
  const cluster = createCluster({ cloud, ...(version ? { version } : {}), ...(pods ? { pods } : {}), ...(scheduler ? { scheduler } : {}) });
  const log: Logs = { rollouts: new RolloutLog(cluster.informers, cluster.loop), jobs: new JobLog(cluster.informers, cluster.loop) };
  const progress = (part: "cluster" | "base" | "change") => (done: number) => input.onProgress?.(part, done);
  cluster.settle();
  const unloaded = loadCluster(cluster, input.cluster);
  settleAll(cluster, log, progress("cluster"));
  const base = input.base ? applyAll(cluster, input.base, progress("base")) : NOTHING;
  if (input.base) settleAll(cluster, log, progress("base"));
  const before = snapshot(cluster, log, { ...base, refused: [...unloaded, ...base.refused] }, [...input.cluster, ...(input.base ?? [])]);
  log.rollouts.restart();
  log.jobs.restart();
  const applied = applyAll(cluster, input.next, progress("change"));
  prune(cluster, input.base ?? [], input.next);
  settleAll(cluster, log, progress("change"));
  const after = snapshot(cluster, log, { ...applied, refused: [...unloaded, ...applied.refused] }, [...input.cluster, ...input.next]);
  return { before, after, cluster };
}

/** Quiet for so long, in virtual seconds, a simulation that goes on has come to its end: longer than any wait of the scheduler. */
const RESUMED_QUIET_SECONDS = 60;

/**
 * Goes on from a settled cluster: its objects are loaded as they are at that instant, and these are applied. What was reported before is not
 * there, only what happens from then on.
 */
export function resumeSimulation(
  input: Pick<PlanInput, "version" | "pods" | "scheduler" | "cloud">,
  from: { readonly objects: readonly KubeObject[]; readonly atMs: number; readonly apply: readonly WantedObject[] },
): Snapshot {
  const { version, pods, scheduler, cloud = false } = input;
  const cluster = createCluster({
    cloud,
    tracksFields: false,
    startsAtSecond: Math.ceil(from.atMs / 1000),
    ...(version ? { version } : {}),
    ...(pods ? { pods } : {}),
    ...(scheduler ? { scheduler } : {}),
  });
  const log: Logs = { rollouts: new RolloutLog(cluster.informers, cluster.loop), jobs: new JobLog(cluster.informers, cluster.loop) };
  const definitions = from.objects.filter((o) => o.kind === "CustomResourceDefinition");
  const rest = from.objects.filter((o) => o.kind !== "CustomResourceDefinition");
  for (const object of [...definitions, ...rest]) cluster.server.load(object as unknown as Unchecked);
  const applied = applyAll(cluster, from.apply, () => {});
  cluster.settle({ quietSeconds: RESUMED_QUIET_SECONDS, maxSeconds: SETTLE_SECONDS_MAX });
  return snapshot(cluster, log, applied, from.apply);
}

interface Logs {
  readonly rollouts: RolloutLog;
  readonly jobs: JobLog;
}

interface Applied {
  readonly refused: readonly RefusedObject[];
  readonly warnings: Snapshot["warnings"];
}
const NOTHING: Applied = { refused: [], warnings: [] };

/** Puts a cluster's objects in as they are. */
function loadCluster(cluster: Cluster, objects: readonly WantedObject[]): readonly RefusedObject[] {
  return objects.flatMap((wanted) => {
    const answer = cluster.server.load(wanted.object as Unchecked);
    return isRefused(answer) ? [{ object: wanted.object as KubeObject, answer, source: wanted.source }] : [];
  });
}

/** Applies in the given order; what was refused is tried again as long as that helps. */
function applyAll(cluster: Cluster, objects: readonly WantedObject[], onProgress: (done: number) => void): Applied {
  let waiting = objects;
  let refused: RefusedObject[] = [];
  const warnings: Snapshot["warnings"][number][] = [];
  let done = 0;
  for (let pass = 0; pass < PASSES_MAX && waiting.length > 0; pass++) {
    refused = [];
    const again: WantedObject[] = [];
    for (const wanted of waiting) {
      const answer: Answer = cluster.server.applyAsKubectl(wanted.object as Unchecked, { force: true, fieldManager: "seatrial" });
      cluster.advance(REQUEST_SECONDS);
      if (isRefused(answer)) {
        refused.push({ object: wanted.object as KubeObject, answer, source: wanted.source });
        again.push(wanted);
      } else {
        for (const message of answer.warnings ?? []) warnings.push({ object: wanted.object as KubeObject, message, source: wanted.source });
        onProgress(++done);
      }
    }
    if (again.length === waiting.length) break;
    waiting = again;
  }
  return { refused, warnings };
}

/** Deletes what the base wanted and the change no longer does, the last first. */
function prune(cluster: Cluster, base: readonly WantedObject[], next: readonly WantedObject[]): void {
  const kept = new Set(next.map((w) => identity(w.object as KubeObject)));
  for (const wanted of [...base].reverse()) {
    const object = wanted.object as KubeObject;
    if (kept.has(identity(object))) continue;
    const kind = cluster.server.resolveKind(`${object.kind}.${groupOf(object.apiVersion)}`);
    const { name, namespace = "default" }: { name?: unknown; namespace?: unknown } = object.metadata ?? {};
    if (!kind || typeof name !== "string" || typeof namespace !== "string" || name === "") continue; // never stored
    cluster.server.delete(kind.kind, name, kind.namespaced ? namespace : undefined, { cascade: "background" });
    cluster.advance(REQUEST_SECONDS);
  }
}

function identity(object: KubeObject): string {
  return `${groupOf(object.apiVersion ?? "")} ${object.kind} ${object.metadata?.namespace ?? "default"}/${object.metadata?.name}`;
}

/**
 * Until all workloads are complete and all is quiet; or, while some are not, until none of them has moved for longer than a progress deadline.
 * What goes on for ever beside them (a CronJob, a restart that is tried again) does not keep it.
 */
function settleAll(cluster: Cluster, { rollouts, jobs }: Logs, onTasks: (tasks: number) => void): void {
  const startMs = cluster.loop.now();
  cluster.settle({ quietSeconds: QUIET_SECONDS, maxSeconds: SETTLE_SECONDS_MAX, onProgress: onTasks });
  for (;;) {
    const waiting = [rollouts.lastStepOfWaitingMs(), jobs.lastStepOfWaitingMs()].filter((ms) => ms !== undefined);
    const nowMs = cluster.loop.now();
    const untilMs = Math.min(startMs + SETTLE_SECONDS_MAX * 1000, Math.max(startMs, ...waiting) + PATIENCE_SECONDS * 1000);
    if (waiting.length === 0 || nowMs >= untilMs || cluster.limitReached) return;
    const seconds = (untilMs - nowMs) / 1000;
    cluster.settle({ quietSeconds: seconds, maxSeconds: seconds, onProgress: onTasks });
  }
}

function snapshot(cluster: Cluster, log: Logs, applied: Applied, wanted: readonly WantedObject[]): Snapshot {
  const kinds = new Set<string>();
  const refused = new Set<unknown>(applied.refused.map((r) => r.object));
  for (const { object } of wanted) {
    const { apiVersion, kind } = object as KubeObject;
    if (!refused.has(object) && isNotSimulated({ apiVersion, kind })) kinds.add(`${apiVersion} ${kind}`);
  }
  return {
    atMs: cluster.loop.now(),
    settled: !cluster.limitReached,
    objects: cluster.everything(),
    events: cluster.events(),
    rollouts: log.rollouts.rollouts(),
    jobs: log.jobs.runs(),
    refused: applied.refused,
    warnings: applied.warnings,
    ties: cluster.scheduler?.ties() ?? [],
    ...(cluster.scheduler?.extendersNotAsked.length ? { extendersNotAsked: cluster.scheduler.extendersNotAsked } : {}),
    notSimulated: [...kinds].sort(),
    ...(cluster.assumesCloud ? { assumesCloud: true } : {}),
  };
}
