/** What Jobs do on their way, and which runs of CronJobs fall due meanwhile. */
import type { CronJob } from "../../generated/v1.36/model.ts";
import type { JobRun } from "../cluster/job-log.ts";
import type { Changes } from "./changes.ts";
import type { CronJobReport, JobReport } from "./schema.ts";
import { compareRefs, identityOf, refOf, type View } from "./view.ts";

/** Jobs that were written and that moved, or are not where they should be. */
export function jobReports(before: View, after: View, changes: Changes): readonly JobReport[] {
  const startMs = before.snapshot.atMs;
  const reports = after.snapshot.jobs.flatMap((run): readonly JobReport[] => {
    const [first, last] = [run.steps[0], run.steps.at(-1)];
    if (run.cronJob !== null || !first || !last) return [];
    const object = { apiVersion: "batch/v1", kind: "Job", metadata: { name: run.name, namespace: run.namespace } };
    const desired = changes.next.get(identityOf(object));
    const moved = run.steps.length > 1 || first.atMs >= startMs;
    if (!moved && !(desired && run.outcome === "running")) return [];
    const { active, succeeded, failed } = last;
    return [
      {
        object: refOf(object),
        source: desired?.source ?? null,
        outcome: OUTCOMES[run.outcome],
        startSeconds: tenths(first.atMs - startMs),
        seconds: tenths(last.atMs - startMs),
        completions: run.completions,
        active,
        succeeded,
        failed,
        steps: run.steps.map((s) => ({ atSeconds: tenths(s.atMs - startMs), active: s.active, succeeded: s.succeeded, failed: s.failed })),
      },
    ];
  });
  return reports.sort((a, b) => compareRefs(a.object, b.object));
}

const OUTCOMES = { complete: "completes", failed: "fails", running: "waits", suspended: "suspended" } as const;

/** Those of the entry, and those of which a run falls due. */
export function cronJobReports(before: View, after: View, changes: Changes): readonly CronJobReport[] {
  const runs = new Map<string, JobRun[]>();
  for (const run of after.snapshot.jobs) {
    if (run.cronJob === null || (run.steps[0]?.atMs ?? 0) < before.snapshot.atMs) continue;
    const id = `${run.namespace}/${run.cronJob}`;
    runs.set(id, [...(runs.get(id) ?? []), run]);
  }
  const cronJobs = (after.byKind.get("batch/CronJob") ?? []) as unknown as readonly CronJob[];
  const reports = cronJobs.flatMap((cronJob): readonly CronJobReport[] => {
    const { metadata, spec } = cronJob;
    const desired = changes.next.get(identityOf(cronJob));
    const own = runs.get(`${metadata.namespace ?? ""}/${metadata.name}`) ?? [];
    if (!desired && own.length === 0) return [];
    const count = (outcome: JobRun["outcome"]): number => own.filter((r) => r.outcome === outcome).length;
    return [
      {
        object: refOf(cronJob),
        source: desired?.source ?? null,
        schedule: spec?.schedule ?? "",
        timeZone: spec?.timeZone ?? null,
        suspended: spec?.suspend === true,
        runs: own.length,
        complete: count("complete"),
        failed: count("failed"),
      },
    ];
  });
  return reports.sort((a, b) => compareRefs(a.object, b.object));
}

function tenths(ms: number): number {
  return Math.max(0, Math.round(ms / 100) / 10);
}
