/** Jobs and CronJobs in words and small pictures. */
import type { CronJobReport, JobReport, Plan } from "../schema.ts";
import { workLine } from "../timeline.ts";
import { virtualTime } from "./timeline.ts";
import { code, type Parts, plural, strong } from "./words.ts";

/** `completes after 4.2 s`, `fails after 3 failed pods, at 70 s`. */
export function jobWords(j: JobReport): Parts {
  const done = j.completions === null ? `${j.succeeded} succeeded` : `${j.succeeded} of ${j.completions}`;
  switch (j.outcome) {
    case "completes":
      return [`completes after ${virtualTime(j.seconds)}`];
    case "fails":
      return [strong("fails"), ` after ${virtualTime(j.seconds)}: ${done}, ${plural(j.failed, "failed pod")}`];
    case "suspended":
      return [strong("suspended"), `: ${done}`];
    case "waits":
      return [strong(`waits at ${done}`), ` with ${plural(j.active, "pod")} at work`, ...(j.failed > 0 ? [`, ${j.failed} failed`] : [])];
  }
}

/** `runs at 0 3 * * * (Europe/Berlin): none falls due meanwhile`. */
export function cronJobWords(c: CronJobReport): Parts {
  const when: Parts = ["runs at ", code(c.schedule), ...(c.timeZone === null ? [] : [" (", code(c.timeZone), ")"]), ": "];
  if (c.suspended) return [...when, strong("suspended")];
  if (c.runs === 0) return [...when, "none falls due meanwhile"];
  const rest = c.runs - c.complete - c.failed;
  return [
    ...when,
    `${plural(c.runs, "run")} meanwhile, ${c.complete} complete`,
    ...(c.failed > 0 ? [", ", strong(`${c.failed} failed`)] : []),
    ...(rest > 0 ? [`, ${rest} not at ${rest === 1 ? "its" : "their"} end`] : []),
  ];
}

/** Jobs that do not complete, and CronJobs of which a run falls due or that are few: the rest is counted. */
export function jobsToShow(plan: Plan): {
  readonly jobs: readonly JobReport[];
  readonly complete: readonly JobReport[];
  readonly cronJobs: readonly CronJobReport[];
  readonly idle: number;
} {
  const few = plan.cronJobs.length <= CRON_JOBS_FEW;
  const cronJobs = plan.cronJobs.filter((c) => few || c.failed > 0);
  return {
    jobs: plan.jobs.filter((j) => j.outcome !== "completes"),
    complete: plan.jobs.filter((j) => j.outcome === "completes"),
    cronJobs,
    idle: plan.cronJobs.length - cronJobs.length,
  };
}

const CRON_JOBS_FEW = 5;

/** All Jobs over the time of the plan: when they have Pods at work, and where one fails. */
export function jobPictures(plan: Plan, columns: number): readonly { readonly job: JobReport; readonly blocks: string }[] {
  const toMs = Math.max(1, plan.timeline.seconds * 1100);
  return plan.jobs.map((job) => {
    const steps = job.steps.map((s) => ({ atMs: s.atSeconds * 1000, active: s.active }));
    return { job, blocks: workLine([{ steps, outcome: OUTCOMES[job.outcome] }], 0, toMs, columns) };
  });
}

const OUTCOMES = { completes: "complete", fails: "failed", waits: "running", suspended: "suspended" } as const;
