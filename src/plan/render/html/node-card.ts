/** One node as a box: what is requested of it, and its Pods as wide as the share of the node that they ask for. */
import { parseQuantity } from "../../../lib/quantity.ts";
import type { NodeLoad, NodeUse } from "../../schema.ts";
import { shortAmount } from "../amounts.ts";
import { nodeState } from "../selection.ts";
import { plural } from "../words.ts";
import { clipText, type Html, html, NOTHING } from "./element.ts";
import { bar, heading, type Page, useRow } from "./page.ts";
import type { Palette } from "./palette.ts";

/** A box narrower than this share of its node has no room for a name; its title has it. */
const NAMED_SHARE_MIN = 14;
/** Up to so many boxes are at least as wide as their names. */
const FEW = 12;
/** Boxes in one node at most, and Pods of one kind that each get a box of their own. */
const BOXES_MAX = 40;
const SINGLE_MAX = 8;
const NAMED_MAX = 8;
const NAME_MAX = 120;

interface Box {
  readonly load: NodeLoad;
  readonly pods: number;
  readonly added: boolean;
  /** Of the node, in percent: the larger of the shares of CPU and memory. */
  readonly share: number;
}

export function nodeCard(page: Page, n: NodeUse, palette: Palette): Html {
  const state = nodeState(n);
  const pods = n.pods.before === n.pods.after ? String(n.pods.after) : `${n.pods.before} → ${n.pods.after}`;
  const percent = (count: number): number => (n.pods.allocatable > 0 ? Math.floor((100 * count) / n.pods.allocatable) : 0);
  const words = `${pods} of ${n.pods.allocatable}`;
  const label = `Pods: ${words}`;
  const classes = ["node", ...(n.closed === "" ? [] : ["closed"]), ...(n.existed ? [] : ["new"]), ...(n.exists ? [] : ["gone"])].join(" ");
  return html`<li class="${classes}">${heading(page, 3, [clipText(n.name, NAME_MAX), state === "" ? NOTHING : html` <span class="badge">${clipText(state, NAME_MAX)}</span>`])}
<div class="uses">${useRow("CPU", n.cpu)}
${useRow("Memory", n.memory)}
<span class="name">Pods</span>${bar(label, percent(n.pods.before), percent(n.pods.after))}<span class="num">${words}</span><span class="num">${percent(n.pods.after)}%</span></div>
${deck(n, palette)}</li>
`;
}

function deck(n: NodeUse, palette: Palette): Html {
  const boxes = n.workloads.flatMap((load) => boxesOf(n, load)).sort((a, b) => b.share * b.pods - a.share * a.pods);
  if (boxes.length === 0) return html`<div class="deck empty">no pods</div>`;
  const shown = boxes.slice(0, BOXES_MAX);
  const rest = boxes.slice(BOXES_MAX).reduce((sum, b) => sum + b.pods, 0);
  return html`<div class="deck" role="img" aria-label="${deckWords(n)}">${shown.map((b) => boxOf(b, palette, boxes.length <= FEW))}${rest > 0 ? html`<span class="box wx">+${rest}</span>` : NOTHING}</div>`;
}

/** Old and new Pods apart; few of a kind each by itself, many as one box. */
function boxesOf(n: NodeUse, load: NodeLoad): readonly Box[] {
  const share = Math.max(shareOf(load.cpu, n.cpu.allocatable), shareOf(load.memory, n.memory.allocatable));
  const some = (pods: number, added: boolean): readonly Box[] => {
    if (pods <= 0) return [];
    if (pods > SINGLE_MAX) return [{ load, pods, added, share }];
    return Array.from({ length: pods }, () => ({ load, pods: 1, added, share }));
  };
  return [...some(load.pods - load.added, false), ...some(load.added, true)];
}

function shareOf(part: string, total: string): number {
  const [p, t] = [parseQuantity(part), parseQuantity(total)];
  return p && t && t.nano > 0n ? Number((p.nano * 1000n) / t.nano) / 10 : 0;
}

function boxOf({ load, pods, added, share }: Box, palette: Palette, few: boolean): Html {
  const name = load.workload.slice(load.workload.indexOf("/") + 1);
  const title = `${load.workload}${pods > 1 ? ` × ${pods}` : ""}: ${requestWords(load)}${added ? "; new" : ""}`;
  const width = Math.min(100, share * pods);
  return html`<span class="box ${palette.classOf(load.workload)}${few ? " named" : ""}${added && palette.marksNew ? " added" : ""}" style="flex-basis:${Math.round(width * 10) / 10}%" title="${clipText(title, 300)}">${pods > 1 ? `${pods}× ` : ""}${width >= NAMED_SHARE_MIN || pods > 1 || few ? clipText(name, 60) : ""}</span>`;
}

function requestWords({ cpu, memory }: NodeLoad): string {
  if (cpu === "0" && memory === "0") return "requests nothing";
  return `${cpu === "0" ? "no" : shortAmount(cpu)} CPU, ${memory === "0" ? "no" : shortAmount(memory)} memory each`;
}

function deckWords(n: NodeUse): string {
  const counts = new Map<string, number>();
  for (const { workload, pods } of n.workloads) counts.set(workload, (counts.get(workload) ?? 0) + pods);
  const named = [...counts].slice(0, NAMED_MAX).map(([workload, pods]) => `${pods} of ${clipText(workload, NAME_MAX)}`);
  const rest = counts.size - named.length;
  return `Pods on ${clipText(n.name, NAME_MAX)}: ${named.join(", ")}${rest > 0 ? ` and of ${plural(rest, "other workload")}` : ""}`;
}
