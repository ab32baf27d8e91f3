/** What each node carries. */
import type { Amount, Plan } from "../../schema.ts";
import { shortAmount } from "../amounts.ts";
import { barOf, showBar } from "../bar.ts";
import { row } from "../markdown-escape.ts";
import { moved, nodeState, nodesMatter, nodesToShow } from "../selection.ts";
import { plural } from "../words.ts";
import { type Block, details, quoted, span } from "./block.ts";

const NODES_MAX = 200;
const NO_NODES = { shown: [], leftOut: 0, empty: 0 } as const;

export function nodes(plan: Plan): Block {
  const { shown, leftOut, empty } = nodesMatter(plan) ? nodesToShow(plan, NODES_MAX) : NO_NODES;
  const use = (a: Amount): string => {
    const change = a.before === a.after ? "" : `${shortAmount(a.before)} → `;
    return `${span(showBar(barOf(a.percentBefore, a.percentAfter, 10)))} ${change}${shortAmount(a.after)} / ${shortAmount(a.allocatable)} (${a.percentAfter}%)`;
  };
  const all =
    shown.length > 0 && plan.nodes.length > 1
      ? [row([`all ${plan.nodes.length}`, "", use(plan.capacity.cpu), use(plan.capacity.memory)])]
      : [];
  const rows = shown.map((n) => {
    const state = nodeState(n);
    return row([
      `${span(n.name)}${state === "" ? "" : ` ${quoted(state)}`}`,
      moved(n.pods.before, n.pods.after),
      use(n.cpu),
      use(n.memory),
    ]);
  });
  const rest = [
    ...(leftOut > 0 ? [row([`${plural(leftOut, "node")} more, none fuller`, "", "", ""])] : []),
    ...(empty > 0 ? [row([`${plural(empty, "node")} without a pod`, "0", "", ""])] : []),
  ];
  return details("Nodes (requested / allocatable)", "nodes", ["Node", "Pods", "CPU", "Memory"], [...all, ...rows, ...rest], 70);
}
