/** The numbers behind the picture, for those who cannot see it and those who copy. */
import { shortAmount } from "../amounts.ts";
import { nodeState, nodesToShow } from "../selection.ts";
import { plural } from "../words.ts";
import { clipText, html, NOTHING } from "./element.ts";
import { fitting, type Page, row, type Section, table } from "./page.ts";

const ROWS_MAX = 500;

export function nodeTable({ plan }: Page): Section | undefined {
  if (plan.nodes.length === 0) return undefined;
  const { shown, leftOut, empty } = nodesToShow(plan, ROWS_MAX);
  const amount = (a: {
    readonly before: string;
    readonly after: string;
    readonly allocatable: string;
    readonly percentAfter: number;
  }): string =>
    `${a.before === a.after ? "" : `${shortAmount(a.before)} → `}${shortAmount(a.after)} of ${shortAmount(a.allocatable)} (${a.percentAfter}%)`;
  const rows = shown.map((n) =>
    row([
      clipText(n.name, 300),
      n.zone === null ? "" : clipText(n.zone, 120),
      n.pool === null ? "" : clipText(n.pool, 120),
      n.pods.before === n.pods.after ? n.pods.after : `${n.pods.before} → ${n.pods.after}`,
      amount(n.cpu),
      amount(n.memory),
      clipText(nodeState(n), 200),
    ]),
  );
  const list = fitting(rows, ROWS_MAX, "node");
  const body = html`<details><summary>${plural(plan.nodes.length, "node")} in numbers</summary>
${table("Nodes", ["Node", "Zone", "Pool", "Pods", "CPU requested", "Memory requested", ""], list.shown)}${list.more}${leftOut > 0 ? html`<p class="soft">and ${plural(leftOut, "node")} more, none fuller</p>` : NOTHING}${empty > 0 ? html`<p class="soft">and ${plural(empty, "node")} without a pod</p>` : NOTHING}</details>`;
  return { id: "nodes", title: "Nodes in numbers", body: [body] };
}
