/** The way of rollouts and Jobs. */
import type { Plan } from "../../schema.ts";
import { cronJobWords, jobsToShow, jobWords } from "../job-words.ts";
import { row } from "../markdown-escape.ts";
import { rolloutsToShow } from "../selection.ts";
import { virtualTime } from "../timeline.ts";
import { plural, rolloutSteps, rolloutWords, showRef } from "../words.ts";
import { type Block, details, rendered, span } from "./block.ts";

export function rollouts(plan: Plan): Block {
  const { shown, complete } = rolloutsToShow(plan);
  const slowest = complete.reduce((most, r) => Math.max(most, r.seconds), 0);
  const rows = shown.map((r) =>
    row([
      span(showRef(r.object)),
      rendered(rolloutWords(r)),
      !r.first && r.steps.length > 1 ? String(r.availableMin) : "",
      !r.first && r.steps.length > 1 ? String(r.podsMax) : "",
      rolloutSteps(r),
    ]),
  );
  const rest = complete.length > 0 ? [row([plural(complete.length, "first rollout"), `complete within ${slowest} s`, "", "", ""])] : [];
  return details(
    "Rollouts",
    "rollouts",
    ["Workload", "Outcome", "Available at least", "Pods at most", "New+old pods on the way"],
    [...rows, ...rest],
    40,
  );
}

export function jobs(plan: Plan): Block {
  const { jobs: list, complete, cronJobs, idle } = jobsToShow(plan);
  const slowest = complete.reduce((most, j) => Math.max(most, j.seconds), 0);
  const rows = [
    ...list.map((j) => row([span(showRef(j.object)), rendered(jobWords(j))])),
    ...cronJobs.map((c) => row([span(showRef(c.object)), rendered(cronJobWords(c))])),
    ...(complete.length > 0 ? [row([plural(complete.length, "job"), `complete within ${virtualTime(slowest)}`])] : []),
    ...(idle > 0 ? [row([plural(idle, "more cron job"), "no run failed meanwhile"])] : []),
  ];
  return details("Jobs", "jobs", ["Job", "Outcome"], rows, 40);
}
