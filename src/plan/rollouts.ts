/** What each rollout does on its way, and whether it gets there. */
import type { Deployment, StatefulSet } from "../../generated/v1.36/model.ts";
import type { KubeObject } from "../api/object.ts";
import type { Rollout, RolloutStep } from "../cluster/snapshot.ts";
import { conditionOf } from "./health/health.ts";
import type { RolloutReport } from "./schema.ts";
import { compareRefs, type View } from "./view.ts";
import type { Workload } from "./workloads.ts";

/** Kinds that roll out; a Job or a bare Pod does not. */
const ROLLING: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/** Those that moved, and those that are not where they should be. */
export function rolloutReports(before: View, after: View, workloads: readonly Workload[]): readonly RolloutReport[] {
  const moved = new Map(after.snapshot.rollouts.map((r) => [`${r.kind} ${r.namespace}/${r.name}`, r]));
  const reports = workloads.flatMap((w): readonly RolloutReport[] => {
    if (!ROLLING.has(w.object.kind)) return [];
    const rollout = moved.get(`${w.object.kind} ${w.object.metadata.namespace ?? ""}/${w.object.metadata.name}`);
    const healthy = w.state.status === "healthy";
    if (healthy && (rollout?.steps.length ?? 0) === 0) return [];
    return [report(w, rollout, before.snapshot.atMs)];
  });
  return reports.sort((a, b) => compareRefs(a.object, b.object));
}

/** `startMs`: when the change was applied; the first step may be older, it is the state that the change met. */
function report(w: Workload, rollout: Rollout | undefined, startMs: number): RolloutReport {
  const steps = rollout?.steps ?? [];
  const end = steps.at(-1) ?? stepOf(w);
  const secondsAt = (atMs: number): number => Math.max(0, Math.round((atMs - startMs) / 1000));
  const tenthsAt = (atMs: number): number => Math.max(0, Math.round((atMs - startMs) / 100) / 10);
  const outcome = w.state.status === "healthy" ? "completes" : w.state.status === "suspended" ? "paused" : "waits";
  const { desired } = w.state;
  return {
    object: w.state.object,
    source: w.state.source,
    outcome,
    first: w.state.before === null,
    at: outcome === "completes" ? desired : Math.max(0, Math.min(end.updated, end.available - end.old, desired)),
    desired,
    seconds: secondsAt(end.atMs),
    availableMin: Math.min(...(steps.length > 0 ? steps : [end]).map((s) => s.available)),
    podsMax: Math.max(...(steps.length > 0 ? steps : [end]).map((s) => s.updated + s.old)),
    deadline: outcome === "waits" ? deadlineOf(w.object) : { kind: "none" },
    steps: steps.map((s) => ({
      atSeconds: tenthsAt(s.atMs),
      updated: s.updated,
      old: s.old,
      ready: s.ready,
      available: s.available,
    })),
  };
}

/** The end of a rollout of which no step was seen, out of the status. */
function stepOf(w: Workload): RolloutStep {
  const status = (w.object as Deployment | StatefulSet).status;
  const {
    updatedReplicas: updated = 0,
    replicas = 0,
    readyReplicas: ready = w.state.ready,
    availableReplicas: available = ready,
  } = status ?? {};
  return {
    atMs: 0,
    desired: w.state.desired,
    updated: w.object.kind === "DaemonSet" ? w.state.ready : updated,
    old: Math.max(0, replicas - updated),
    ready,
    available,
  };
}

/**
 * What ends the wait. The deadline of a Deployment counts while it makes progress towards a new revision; once that was complete, a scale-up
 * never times out.
 * @see kubernetes pkg/controller/deployment/progress.go
 */
function deadlineOf(object: KubeObject): RolloutReport["deadline"] {
  if (object.kind !== "Deployment") return { kind: "never" };
  const { spec, status } = object as Deployment;
  const progressing = conditionOf(status?.conditions, "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded") return { kind: "exceeded" };
  if (!progressing || progressing.reason === "NewReplicaSetAvailable") return { kind: "never" };
  const seconds = spec.progressDeadlineSeconds ?? 600;
  return seconds >= 2_147_483_647 ? { kind: "never" } : { kind: "after", seconds };
}
