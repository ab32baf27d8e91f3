/** Many nodes at once: a cell for each, darker the more is requested of it. */
import type { NodeUse } from "../../schema.ts";
import { plural } from "../words.ts";
import { clipText, type Html, html, NOTHING } from "./element.ts";

/** From so many percent on, of CPU or memory, whichever is more. */
export const HEAT_LEVELS: readonly { readonly min: number; readonly words: string }[] = [
  { min: 0, words: "nothing" },
  { min: 1, words: "below 25%" },
  { min: 25, words: "from 25%" },
  { min: 50, words: "from 50%" },
  { min: 75, words: "from 75%" },
  { min: 90, words: "from 90%" },
];

const NAME_MAX = 80;

export function fullness(n: NodeUse): number {
  return Math.max(n.cpu.percentAfter, n.memory.percentAfter);
}

function levelOf(n: NodeUse): number {
  return HEAT_LEVELS.reduce((level, { min }, i) => (fullness(n) >= min ? i : level), 0);
}

/** Cells of up to so many nodes; the rest is in the words alone. */
export function heatMap(nodes: readonly NodeUse[], cellsMax: number): Html {
  const counts = HEAT_LEVELS.map((_, level) => nodes.filter((n) => levelOf(n) === level).length);
  const words = HEAT_LEVELS.flatMap((l, i) => (counts[i]! > 0 ? [`${counts[i]} ${l.words}`] : [])).join(", ");
  const left = nodes.length - cellsMax;
  return html`<div class="heat" role="img" aria-label="Nodes by what is requested of them: ${words}">${nodes.slice(0, cellsMax).map(cell)}</div>${left > 0 ? html`<p class="soft">and ${plural(left, "more node")}</p>` : NOTHING}`;
}

function cell(n: NodeUse): Html {
  const mark = n.exists ? (n.existed ? (n.closed === "" ? "" : " closed") : " new") : " gone";
  const title = `${clipText(n.name, NAME_MAX)}: ${plural(n.pods.after, "pod")}, CPU ${n.cpu.percentAfter}%, memory ${n.memory.percentAfter}%`;
  return html`<i class="f${levelOf(n)}${mark}" title="${title}"></i>`;
}

export function heatLegend(): Html {
  return html`<ul class="legend">${HEAT_LEVELS.map((l, i) => html`<li><i class="swatch f${i}"></i>${l.words}</li>`)}<li class="soft">(the larger share of CPU and memory requested)</li></ul>`;
}
