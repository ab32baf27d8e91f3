/** Jobs in the timeline of a played scenario: each by itself, the runs of a CronJob together. */
import type { JobRun } from "../cluster/job-log.ts";
import { clock } from "./simulate-clock.ts";

export interface JobLine {
  /** `Job shop/migrate`, `CronJob shop/report`. */
  readonly name: string;
  readonly runs: readonly JobRun[];
  /** `3 of 3 succeeded`, `5 runs: 4 complete, 1 failed`. */
  readonly outcome: string;
}

/** Something that happened, and when. */
export interface Moment {
  readonly atMs: number;
  readonly text: string;
}

/** In the order of the runs: written Jobs and CronJobs by namespace and name. */
export function jobLines(jobs: readonly JobRun[]): readonly JobLine[] {
  const lines = new Map<string, JobRun[]>();
  for (const run of jobs) {
    const name = run.cronJob === null ? `Job ${run.namespace}/${run.name}` : `CronJob ${run.namespace}/${run.cronJob}`;
    lines.set(name, [...(lines.get(name) ?? []), run]);
  }
  return [...lines].map(([name, runs]) => ({ name, runs, outcome: runs[0]?.cronJob === null ? outcomeOf(runs.at(-1)!) : runsWords(runs) }));
}

function outcomeOf({ completions, outcome, steps }: JobRun): string {
  const { succeeded = 0, failed = 0 } = steps.at(-1) ?? {};
  const done = completions === null ? `${succeeded} succeeded` : `${succeeded} of ${completions} succeeded`;
  return [done, ...(failed > 0 ? [`${failed} failed`] : []), ...(outcome === "complete" ? [] : [outcome])].join(", ");
}

function runsWords(runs: readonly JobRun[]): string {
  const count = (outcome: JobRun["outcome"]): number => runs.filter((r) => r.outcome === outcome).length;
  const parts = (["complete", "failed", "running", "suspended"] as const).flatMap((o) => (count(o) > 0 ? [`${count(o)} ${o}`] : []));
  return `${runs.length} ${runs.length === 1 ? "run" : "runs"}: ${parts.join(", ")}`;
}

/** Of a Job, how it ended; of a CronJob, all its runs at the time of the first. */
export function jobMoments(jobs: readonly JobRun[]): readonly Moment[] {
  return jobLines(jobs).flatMap(({ name, runs, outcome }): readonly Moment[] => {
    if (runs[0]?.cronJob === null) return runs.map((run) => ({ atMs: startOf(run), text: `${name}: ${endWords(run)}` }));
    const longest = runs.reduce((most, run) => (over(run) ? Math.max(most, endOf(run) - startOf(run)) : most), 0);
    const until = runs.length > 1 ? ` (the last one at ${clock(startOf(runs.at(-1)!) / 1000)})` : "";
    const took = longest > 0 ? `, ${clock(longest / 1000)} at the longest` : "";
    return [{ atMs: startOf(runs[0]!), text: `${name}: ${outcome}${took}${until}` }];
  });
}

function endWords(run: JobRun): string {
  const took = clock((endOf(run) - startOf(run)) / 1000);
  const { failed = 0 } = run.steps.at(-1) ?? {};
  const tries = failed > 0 ? ` with ${failed} failed ${failed === 1 ? "pod" : "pods"}` : "";
  if (run.outcome === "complete") return `complete after ${took}${tries}`;
  if (run.outcome === "failed") return `failed after ${took}${tries}`;
  return `${run.outcome === "suspended" ? "suspended" : "never complete"}: ${outcomeOf(run)}`;
}

function over({ outcome }: JobRun): boolean {
  return outcome === "complete" || outcome === "failed";
}

function startOf({ steps }: JobRun): number {
  return steps[0]!.atMs;
}

function endOf({ steps }: JobRun): number {
  return steps.at(-1)!.atMs;
}
