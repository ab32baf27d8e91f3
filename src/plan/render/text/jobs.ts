/** Jobs that do not get to their end, and what CronJobs do meanwhile. */
import { visible, wrap } from "../../../lib/display-width.ts";
import { cronJobWords, jobsToShow, jobWords } from "../job-words.ts";
import { virtualTime } from "../timeline.ts";
import { plural, showRef } from "../words.ts";
import { more, type Page, plain, ROWS_MAX, title } from "./page.ts";

export function jobs(page: Page): readonly string[] {
  const { jobs: list, complete, cronJobs, idle } = jobsToShow(page.plan);
  if (list.length + complete.length + cronJobs.length + idle === 0) return [];
  const lines = [
    ...list.map((j) => `${visible(showRef(j.object))}  ${plain(jobWords(j))}`),
    ...cronJobs.map((c) => `${visible(showRef(c.object))}  ${plain(cronJobWords(c))}`),
  ];
  const slowest = complete.reduce((most, j) => Math.max(most, j.seconds), 0);
  return [
    title(page, "Jobs"),
    ...lines.slice(0, ROWS_MAX).flatMap((line) => wrap(line, page.columns - 4).map((l, i) => `${i === 0 ? "  " : "      "}${l}`)),
    ...more(page, lines.length - ROWS_MAX, "job"),
    ...(complete.length > 0 ? [`  ${plural(complete.length, "job completes", "jobs complete")} within ${virtualTime(slowest)}`] : []),
    ...(idle > 0 ? [`  ${plural(idle, "more cron job")}, no run failed meanwhile`] : []),
  ];
}
