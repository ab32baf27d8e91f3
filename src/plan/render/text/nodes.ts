/** What each node carries. */
import { visible } from "../../../lib/display-width.ts";
import type { Amount } from "../../schema.ts";
import { shortAmount } from "../amounts.ts";
import { BAR_CELLS, barOf } from "../bar.ts";
import type { Color } from "../paint.ts";
import { moved, nodeState, nodesMatter, nodesToShow } from "../selection.ts";
import { type Cell, table } from "../table.ts";
import { plural } from "../words.ts";
import { type Page, title } from "./page.ts";

/** Nodes at most; the fullest are kept. */
const NODES_MAX = 30;

export function nodes(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  if (!nodesMatter(plan)) return [];
  const { shown, leftOut, empty } = nodesToShow(plan, NODES_MAX);
  const cells = columns >= 110 ? 20 : columns >= 90 ? 14 : 10;
  const bars = (before: number, after: number): Cell => {
    const bar = barOf(before, after, cells);
    const color: Color = after >= 95 ? "red" : after >= 80 ? "yellow" : "green";
    const text =
      BAR_CELLS.kept.repeat(bar.kept) +
      BAR_CELLS.added.repeat(bar.added) +
      BAR_CELLS.freed.repeat(bar.freed) +
      BAR_CELLS.free.repeat(bar.free);
    return { text, paint: (t) => paint(color, t) };
  };
  const amount = (a: {
    readonly before: string;
    readonly after: string;
    readonly allocatable: string;
    readonly percentAfter: number;
  }): Cell => ({
    text: `${a.before === a.after ? "" : `${shortAmount(a.before)}→`}${shortAmount(a.after)}/${shortAmount(a.allocatable)} ${a.percentAfter}%`,
  });
  const header: readonly Cell[] = ["NODE", "PODS", "CPU", "", "MEMORY", "", ""].map((text) => ({ text, paint: (t) => paint("dim", t) }));
  const useCells = (cpu: Amount, memory: Amount): readonly Cell[] => [
    bars(cpu.percentBefore, cpu.percentAfter),
    amount(cpu),
    bars(memory.percentBefore, memory.percentAfter),
    amount(memory),
  ];
  const rows = shown.map((n): readonly Cell[] => [
    { text: visible(n.name) },
    { text: moved(n.pods.before, n.pods.after) },
    ...useCells(n.cpu, n.memory),
    { text: visible(nodeState(n)), paint: (t) => paint("yellow", t) },
  ]);
  if (plan.nodes.length > 1)
    rows.push([{ text: `all ${plan.nodes.length}` }, { text: "" }, ...useCells(plan.capacity.cpu, plan.capacity.memory)]);
  const legend = `  ${paint("dim", `${BAR_CELLS.kept} before  ${BAR_CELLS.added} added  ${BAR_CELLS.freed} freed  ${BAR_CELLS.free} free (requested of allocatable)`)}`;
  return [
    title(page, "Nodes"),
    ...table([header, ...rows], columns, "  "),
    ...(leftOut > 0 ? [`  ${paint("dim", `… and ${plural(leftOut, "node")} more, none fuller (--format json has all)`)}`] : []),
    ...(empty > 0 ? [`  ${plural(empty, "node")} without a pod`] : []),
    legend,
  ];
}
