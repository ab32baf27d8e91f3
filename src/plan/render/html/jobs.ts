/** Jobs over virtual time, and what CronJobs do meanwhile. */
import { cronJobWords, jobsToShow, jobWords } from "../job-words.ts";
import { virtualTime } from "../timeline.ts";
import { plural, showName, showRef, showSource } from "../words.ts";
import { clipText, type Html, html, NOTHING } from "./element.ts";
import { gantt } from "./gantt.ts";
import { fitting, type Page, rendered, type Section } from "./page.ts";

const ROWS_MAX = 200;
const SPANS_MAX = 40;

const ENDS = { completes: "done", fails: "failed", waits: "open", suspended: "open" } as const;

export function jobs(page: Page): Section | undefined {
  const { plan } = page;
  const { jobs: list, complete, cronJobs, idle } = jobsToShow(plan);
  if (plan.jobs.length + plan.cronJobs.length === 0) return undefined;
  const shown = [...list, ...complete].slice(0, SPANS_MAX);
  const spans = shown.map((j) => ({
    label: showName(j.object),
    fromSeconds: j.startSeconds,
    toSeconds: j.seconds,
    end: ENDS[j.outcome],
    note: `${j.succeeded} of ${j.completions ?? 1} done${j.failed > 0 ? `, ${j.failed} failed` : ""}`,
  }));
  const slowest = complete.reduce((most, j) => Math.max(most, j.seconds), 0);
  const items = fitting(
    [
      ...list.map((j) => item(showRef(j.object), rendered(jobWords(j)), showSource(j.source))),
      ...cronJobs.map((c) => item(showRef(c.object), rendered(cronJobWords(c)), showSource(c.source))),
    ],
    ROWS_MAX,
    "job",
  );
  return {
    id: "jobs",
    title: "Jobs",
    count: plan.jobs.length + plan.cronJobs.length,
    body: [
      spans.length > 0 ? gantt("Jobs over virtual time", spans, `${page.prefix}jobs-gantt`) : NOTHING,
      items.shown.length > 0 ? html`<ul class="plain">${items.shown}</ul>` : NOTHING,
      items.more,
      complete.length > 0
        ? html`<p>${plural(complete.length, "job completes", "jobs complete")} within ${virtualTime(slowest)}.</p>`
        : NOTHING,
      idle > 0 ? html`<p>${plural(idle, "more cron job")}, no run failed meanwhile.</p>` : NOTHING,
    ],
  };
}

function item(name: string, words: Html, source: string): Html {
  return html`<li><code>${clipText(name, 300)}</code> ${words}${source === "" ? NOTHING : html` <code class="place">${clipText(source, 300)}</code>`}</li>
`;
}
