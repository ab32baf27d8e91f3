/** A rollout over virtual time as SVG: Pods of the new and the old revision on each other, and how many are available. */
import type { RolloutReport, RolloutReportStep } from "../../schema.ts";
import { virtualTime } from "../timeline.ts";
import { rolloutSteps, showRef } from "../words.ts";
import { clipText, type Html, html } from "./element.ts";

const WIDTH = 640;
const HEIGHT = 150;
const LEFT = 34;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 24;
/** States drawn at most: one per two units of width. */
const COLUMNS = 300;

export function rolloutChart(r: RolloutReport, id: string): Html {
  const first = r.steps[0]!.atSeconds;
  const end = Math.max(first + 1, (r.steps.at(-1)?.atSeconds ?? 0) * 1.08);
  const most = Math.max(1, r.desired, r.podsMax, ...r.steps.map((s) => s.ready));
  const x = (seconds: number): number => round(LEFT + ((seconds - first) / (end - first)) * (WIDTH - LEFT - RIGHT));
  const y = (pods: number): number => round(TOP + (1 - pods / most) * (HEIGHT - TOP - BOTTOM));
  const steps = thinned(r.steps, end);
  const stairs = (of: (s: RolloutReportStep) => number): string =>
    `${steps.map((s, i) => `${i === 0 ? "M" : "H"}${x(s.atSeconds)}${i === 0 ? ` ${y(of(s))}` : ` V${y(of(s))}`}`).join(" ")} H${x(end)}`;
  const area = (of: (s: RolloutReportStep) => number): string => `${stairs(of)} V${y(0)} H${x(first)} Z`;
  const words = rolloutSteps(r);
  const about = `${r.desired} wanted, at least ${r.availableMin} available and at most ${r.podsMax} pods on the way, ${r.at} updated and available at the end.${words === "" ? "" : ` New and old pods: ${words}.`}`;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-t ${id}-d"><title id="${id}-t">Rollout of ${clipText(showRef(r.object), 200)}</title><desc id="${id}-d">${about}</desc>
<path class="old" d="${area((s) => s.updated + s.old)}"/><path class="updated" d="${area((s) => s.updated)}"/>
<path class="wanted" d="M${LEFT} ${y(r.desired)} H${WIDTH - RIGHT}"/><path class="available" d="${stairs((s) => s.available)}"/>
<path class="axis" d="M${LEFT} ${TOP} V${y(0)} H${WIDTH - RIGHT}"/>
<text x="${LEFT - 5}" y="${y(0)}" text-anchor="end">0</text><text x="${LEFT - 5}" y="${y(r.desired) + 4}" text-anchor="end">${r.desired}</text>
<text x="${LEFT}" y="${HEIGHT - 6}">${virtualTime(first)}</text><text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">${virtualTime(Math.round(end * 10) / 10)}</text></svg>`;
}

export function chartLegend(): Html {
  return html`<ul class="legend"><li><i class="swatch updated"></i>pods of the new revision</li><li><i class="swatch old"></i>of old ones</li><li><i class="swatch available"></i>available</li><li><i class="swatch wanted"></i>wanted</li></ul>`;
}

/** The last state of each column. */
function thinned(steps: readonly RolloutReportStep[], end: number): readonly RolloutReportStep[] {
  if (steps.length <= COLUMNS) return steps;
  const last = new Map<number, RolloutReportStep>();
  for (const s of steps) last.set(Math.floor((s.atSeconds / end) * COLUMNS), s);
  return [steps[0]!, ...last.values()];
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
