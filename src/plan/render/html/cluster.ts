/** A picture of the cluster after the change: nodes by zone and pool, and in them what runs there. */
import { addQuantity, formatQuantity, parseQuantity, type Quantity, ZERO } from "../../../lib/quantity.ts";
import { percentOf } from "../../nodes.ts";
import type { Amount, NodeUse, Plan } from "../../schema.ts";
import { plural } from "../words.ts";
import { clipText, type Html, html, NOTHING } from "./element.ts";
import { fullness, heatLegend, heatMap } from "./heat-map.ts";
import { nodeCard } from "./node-card.ts";
import { bar, fitting, heading, type Page, type Section, useRow } from "./page.ts";
import { type Palette, paletteOf } from "./palette.ts";

/** Up to so many nodes each is a box with its Pods; of more, those worth a look are, and all are cells of a map. */
const CARDS_MAX = 60;
const TELLING_MAX = 24;
const CELLS_MAX = 6000;
const GROUPS_MAX = 60;
const NAME_MAX = 120;

interface Group {
  readonly zone: string | null;
  readonly pool: string | null;
  readonly nodes: readonly NodeUse[];
}

export function cluster(page: Page): Section | undefined {
  const { plan } = page;
  if (plan.nodes.length === 0) return undefined;
  const palette = paletteOf(plan);
  const groups = groupsOf(plan.nodes);
  const total = html`<div class="uses total">${useRow("CPU", plan.capacity.cpu)}
${useRow("Memory", plan.capacity.memory)}
${podsRow(plan)}</div>
${barLegend()}`;
  const body = plan.nodes.length <= CARDS_MAX ? everyNode(page, groups, palette) : manyNodes(page, groups, palette);
  return { id: "cluster", title: "Cluster after the change", count: plan.nodes.filter((n) => n.exists).length, body: [total, ...body] };
}

function podsRow(plan: Plan): Html {
  const there = plan.nodes.filter((n) => n.exists);
  const sum = (of: (n: NodeUse) => number): number => there.reduce((total, n) => total + of(n), 0);
  const [room, before, after] = [sum((n) => n.pods.allocatable), sum((n) => n.pods.before), sum((n) => n.pods.after)];
  const percent = (n: number): number => (room > 0 ? Math.floor((100 * n) / room) : 0);
  const words = `${before === after ? "" : `${before} → `}${after} of ${room}`;
  return html`<span class="name">Pods</span>${bar(`Pods: ${words}, ${percent(after)}%`, percent(before), percent(after))}<span class="num">${words}</span><span class="num">${percent(after)}%</span>`;
}

function barLegend(): Html {
  return html`<ul class="legend"><li><i class="swatch kept"></i>requested before</li><li><i class="swatch came"></i>added</li><li><i class="swatch went"></i>freed</li><li><i class="swatch free"></i>free</li></ul>`;
}

function everyNode(page: Page, groups: readonly Group[], palette: Palette): readonly Html[] {
  const cards = groups.map((g) => {
    const title = groupName(g);
    const list = html`<ul class="nodes">${g.nodes.map((n) => nodeCard(page, n, palette))}</ul>`;
    if (title === "" && groups.length === 1) return list;
    const about = html`${title === "" ? "Other nodes" : title} <span class="soft">${plural(g.nodes.length, "node")}</span>`;
    return html`<div class="group"${widthOf(g.nodes.length)}>${heading(page, 2, about)}
${list}</div>
`;
  });
  return [podLegend(palette), html`<div class="groups">${cards}</div>`];
}

/** As wide as its nodes beside each other, up to four of them. */
function widthOf(nodes: number): Html {
  const columns = Math.min(4, nodes);
  return html` style="flex:${columns} 1 ${columns * 300}px;max-width:${nodes > 3 ? "100%" : `${nodes * 420}px`}"`;
}

/** Those that change, and the fullest; a map of all. */
function manyNodes(page: Page, groups: readonly Group[], palette: Palette): readonly Html[] {
  const { plan } = page;
  const shown = groups.slice(0, GROUPS_MAX);
  let cells = CELLS_MAX;
  const maps = shown.map((g) => {
    const map = heatMap(g.nodes, Math.max(0, cells));
    cells -= g.nodes.length;
    const title = groupName(g);
    return html`<div class="group" style="flex:1 1 380px">${heading(page, 2, html`${title === "" ? "Nodes" : title} <span class="soft">${plural(g.nodes.length, "node")}, ${plural(podsOn(g), "pod")}</span>`)}
<div class="uses">${useRow(
      "CPU",
      sumOf(g.nodes, (n) => n.cpu),
    )}
${useRow(
  "Memory",
  sumOf(g.nodes, (n) => n.memory),
)}</div>
${map}</div>`;
  });
  const hidden = groups.slice(GROUPS_MAX).reduce((n, g) => n + g.nodes.length, 0);
  const telling = new Set([...plan.nodes].sort((a, b) => changed(b) - changed(a) || fullness(b) - fullness(a)).slice(0, TELLING_MAX));
  const cards = fitting(
    plan.nodes.filter((n) => telling.has(n)).map((n) => nodeCard(page, n, palette)),
    TELLING_MAX,
    "node",
  );
  return [
    heatLegend(),
    html`<div class="groups">${maps}</div>`,
    hidden > 0 ? html`<p class="soft">and ${plural(hidden, "node")} in other zones and pools</p>` : NOTHING,
    heading(page, 2, html`Nodes to look at <span class="soft">those that come or go, then the fullest</span>`),
    podLegend(palette),
    html`<ul class="nodes">${cards.shown}</ul>`,
    cards.more,
  ];
}

function changed(n: NodeUse): number {
  return n.existed && n.exists ? 0 : 1;
}

function podsOn(g: Group): number {
  return g.nodes.reduce((sum, n) => sum + n.pods.after, 0);
}

/** Entries of the legend at most. */
const LEGEND_MAX = 24;

function podLegend({ entries, byNamespace, marksNew }: Palette): Html {
  if (entries.length === 0) return NOTHING;
  const items = entries
    .slice(0, LEGEND_MAX)
    .map(
      (e) =>
        html`<li><i class="swatch ${e.color}"></i>${clipText(e.name === "" ? "(no namespace)" : e.name, NAME_MAX)} <span class="soft">${e.pods}</span></li>`,
    );
  const rest = entries.length - LEGEND_MAX;
  return html`<ul class="legend" aria-label="${byNamespace ? "Colors of namespaces" : "Colors of workloads"}">${items}${rest > 0 ? html`<li class="soft">and ${rest} more</li>` : NOTHING}${marksNew ? html`<li><i class="swatch added"></i>new with this change</li>` : NOTHING}</ul>
<p class="soft">A pod is as wide as its share of the node (of CPU or of memory, whichever is larger), and where they are few at least as wide as its name.</p>`;
}

/** In order of zone and pool; what has neither comes last. */
function groupsOf(nodes: readonly NodeUse[]): readonly Group[] {
  const groups = new Map<string, Group & { readonly nodes: NodeUse[] }>();
  for (const node of nodes) {
    const { zone, pool } = node;
    const id = JSON.stringify([zone, pool]);
    const group = groups.get(id) ?? { zone, pool, nodes: [] };
    group.nodes.push(node);
    groups.set(id, group);
  }
  const key = (g: Group): string => `${g.zone === null ? "\uffff" : g.zone}\n${g.pool === null ? "\uffff" : g.pool}`;
  return [...groups.values()].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function groupName({ zone, pool }: Group): string {
  return [
    ...(zone === null ? [] : [`Zone ${clipText(zone, NAME_MAX)}`]),
    ...(pool === null ? [] : [`pool ${clipText(pool, NAME_MAX)}`]),
  ].join(" · ");
}

function sumOf(nodes: readonly NodeUse[], of: (n: NodeUse) => Amount): Amount {
  const total = (pick: (a: Amount) => string): string =>
    formatQuantity(nodes.reduce<Quantity>((sum, n) => addQuantity(sum, parseQuantity(pick(of(n))) ?? ZERO), ZERO));
  const [allocatable, before, after] = [total((a) => a.allocatable), total((a) => a.before), total((a) => a.after)];
  return { allocatable, before, after, percentBefore: percentOf(before, allocatable), percentAfter: percentOf(after, allocatable) };
}
