/** The way that each rollout takes, over virtual time. */
import type { RolloutReport } from "../../schema.ts";
import { rolloutsToShow } from "../selection.ts";
import { virtualTime } from "../timeline.ts";
import { plural, rolloutWords, showName, showRef, showSource } from "../words.ts";
import { clipText, type Html, html, NOTHING } from "./element.ts";
import { gantt, type Span } from "./gantt.ts";
import { fitting, type Page, rendered, type Section } from "./page.ts";
import { chartLegend, rolloutChart } from "./rollout-chart.ts";

/** Rollouts at most, and those with a picture. */
const ROWS_MAX = 200;
const CHARTS_MAX = 24;
const SPANS_MAX = 40;

export function rollouts(page: Page): Section | undefined {
  const { shown, complete } = rolloutsToShow(page.plan);
  if (shown.length + complete.length === 0) return undefined;
  let charts = 0;
  const rows = shown.map((r, i) => {
    const chart = r.steps.length > 1 && charts < CHARTS_MAX;
    if (chart) charts++;
    return rolloutItem(r, chart ? rolloutChart(r, `${page.prefix}rollout-${i}`) : NOTHING);
  });
  const list = fitting(rows, ROWS_MAX, "rollout");
  const slowest = complete.reduce((most, r) => Math.max(most, r.seconds), 0);
  return {
    id: "rollouts",
    title: "Rollouts",
    count: page.plan.rollouts.length,
    body: [
      charts > 0 ? chartLegend() : NOTHING,
      list.shown.length > 0 ? html`<div class="rollouts">${list.shown}</div>` : NOTHING,
      list.more,
      complete.length > 0
        ? gantt("First rollouts over virtual time", complete.slice(0, SPANS_MAX).map(spanOf), `${page.prefix}rollouts-gantt`)
        : NOTHING,
      complete.length > 0
        ? html`<p>${plural(complete.length, "first rollout completes", "first rollouts complete")} within ${slowest} s.</p>`
        : NOTHING,
    ],
  };
}

function spanOf(r: RolloutReport): Span {
  return {
    label: showName(r.object),
    fromSeconds: r.steps[0]?.atSeconds ?? 0,
    toSeconds: r.seconds,
    end: "done",
    note: `${r.at} of ${r.desired} ready after ${virtualTime(r.seconds)}`,
  };
}

function rolloutItem(r: RolloutReport, chart: Html): Html {
  const source = showSource(r.source);
  const bounds =
    !r.first && r.steps.length > 1
      ? html` <span class="soft">at least ${r.availableMin} available, at most ${r.podsMax} pods</span>`
      : NOTHING;
  return html`<figure class="${r.outcome}"><figcaption><code>${clipText(showRef(r.object), 300)}</code> ${rendered(rolloutWords(r))}${bounds}${source === "" ? NOTHING : html` <code class="place">${clipText(source, 300)}</code>`}</figcaption>${chart}</figure>
`;
}
