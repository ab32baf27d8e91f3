/** An explanation for a terminal. */
import { visible, wrap } from "../../lib/display-width.ts";
import type { Explanation, Lack, NodeExplanation } from "../explanation.ts";
import { inOneUnit } from "./amounts.ts";
import { fixQuota, fixReady, fixWords } from "./fix-words.ts";
import { type Paint, painter } from "./paint.ts";
import { type Cell, table } from "./table.ts";
import { type Parts, plural, showName, showRef } from "./words.ts";

export interface ExplanationOptions {
  readonly colors: boolean;
  readonly columns: number;
}

/** Nodes listed that will do, and reasons listed for those that will not. */
const NODES_MAX = 30;
const NAMES_MAX = 6;

export function renderExplanation(e: Explanation, { colors, columns }: ExplanationOptions): string {
  const paint = painter(colors);
  const sections = [
    head(e, paint, columns),
    feasible(e, paint, columns),
    refused(e, paint, columns),
    nearest(e, paint),
    fixes(e, paint, columns),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function head(e: Explanation, paint: Paint, columns: number): readonly string[] {
  const owner = e.owner ? ` of ${showRef(e.owner)}` : "";
  const what = visible(e.state === "template" ? `A pod${owner} (its template; it has none)` : `Pod ${showName(e.pod)}${owner}`);
  const scheduler = e.schedulerName === "default-scheduler" ? [] : [`  scheduler ${visible(e.schedulerName)}`];
  return [paint("bold", what), ...verdict(e).flatMap((line) => wrap(line, columns - 2).map((l) => `  ${l}`)), ...scheduler];
}

function verdict(e: Explanation): readonly string[] {
  const { choice, node, tieWhenPlaced } = e;
  const ties = (size: number): string => `${size} nodes had the best total: a real cluster may choose another of them`;
  if (node !== null) {
    const lines = [`is on ${visible(node)}`];
    if (tieWhenPlaced !== null && tieWhenPlaced > 1) lines.push(`a tie when it was placed: ${ties(tieWhenPlaced)}`);
    if (choice && choice.node !== node) {
      const here = e.nodes.find((n) => n.name === node);
      if (here?.total === choice.total)
        lines.push(`as the cluster is now, ${visible(choice.node)} would do as well: ${choice.tie} nodes have the best total`);
      else lines.push(`as the cluster is now, ${visible(choice.node)} would be chosen: other pods have come since`);
    }
    return lines;
  }
  if (choice && e.gates.length > 0)
    return [`waits for its scheduling gates: ${visible(e.gates.join(", "))}; without them it would go to ${visible(choice.node)}`];
  if (choice) {
    const tie = choice.tie > 1 ? `; a tie: ${ties(choice.tie)}` : "";
    return [`${e.state === "pending" ? "waits, and" : ""} would go to ${visible(choice.node)} with ${choice.total} points${tie}`.trim()];
  }
  return [`${e.state === "pending" ? "stays" : "would stay"} Pending: ${visible(e.message ?? "no scheduler has looked at it")}`];
}

function feasible(e: Explanation, paint: Paint, columns: number): readonly string[] {
  const nodes = e.nodes.filter((n) => n.total !== null);
  if (nodes.length === 0) return [];
  const shown = nodes.slice(0, NODES_MAX);
  // A plugin that says the same of all nodes decides nothing.
  const plugins = Object.keys(nodes[0]?.scores ?? {});
  const telling = plugins.filter((p) => nodes.some((n) => n.scores[p] !== nodes[0]?.scores[p]));
  const same = plugins.filter((p) => !telling.includes(p));
  const header: readonly Cell[] = ["NODE", "TOTAL", ...telling].map((text, i) => ({ text, right: i > 0, paint: (t) => paint("dim", t) }));
  const rows = shown.map((n): readonly Cell[] => {
    const marked = n.name === (e.node ?? e.choice?.node);
    return [
      { text: visible(n.name), ...(marked ? { paint: (t: string) => paint("green", t) } : {}) },
      { text: String(n.total), right: true },
      ...telling.map((p): Cell => ({ text: String(n.scores[p] ?? 0), right: true })),
    ];
  });
  const rest = nodes.length - shown.length;
  const equal =
    same.length === 0 ? [] : wrap(`the same everywhere: ${same.map((p) => `${p} ${nodes[0]?.scores[p]}`).join(", ")}`, columns - 2);
  return [
    paint("bold", `${plural(nodes.length, "node")} will do (weighted scores)`),
    ...table([header, ...rows], columns, "  "),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
    ...equal.map((line) => `  ${paint("dim", line)}`),
  ];
}

/** Nodes with the same reason and the same lack in one line. */
function refused(e: Explanation, paint: Paint, columns: number): readonly string[] {
  const nodes = e.nodes.filter((n) => n.total === null);
  if (nodes.length === 0) return [];
  const groups = new Map<string, NodeExplanation[]>();
  for (const n of nodes) {
    const key = JSON.stringify([n.plugin, n.reasons, n.lacks]);
    groups.set(key, [...(groups.get(key) ?? []), n]);
  }
  const lines = [...groups.values()].slice(0, NODES_MAX).flatMap((members) => {
    const first = members[0] as NodeExplanation;
    const names = members
      .slice(0, NAMES_MAX)
      .map((n) => visible(n.name))
      .join(", ");
    const more = members.length > NAMES_MAX ? ` and ${members.length - NAMES_MAX} more` : "";
    const lacks = first.lacks.length > 0 ? `: ${first.lacks.map(lackWords).join(", ")}` : "";
    return [
      ...wrap(`${names}${more}`, columns - 2).map((l) => `  ${l}`),
      ...wrap(`${first.plugin ?? ""}: ${visible(first.reasons.join(", "))}${lacks}`, columns - 4).map((l) => `    ${paint("dim", l)}`),
    ];
  });
  const rest = groups.size - NODES_MAX;
  return [paint("bold", `${plural(nodes.length, "node")} will not do`), ...lines, ...(rest > 0 ? [`  … and ${rest} more reasons`] : [])];
}

function nearest({ nearest: miss }: Explanation, paint: Paint): readonly string[] {
  if (!miss) return [];
  return [paint("bold", "Nearest miss"), `  node ${visible(miss.node)} ${miss.lacks.map(lackSentence).join(" and ")}`];
}

function lackWords(lack: Lack): string {
  switch (lack.kind) {
    case "resource": {
      const [request = "", free = "", short = ""] = inOneUnit([lack.request, lack.free, lack.short]);
      return lack.resource === "pods"
        ? "no place for one more pod"
        : `${visible(lack.resource)} short by ${short} (${request} requested, ${free} free)`;
    }
    case "taint":
      return `taint ${visible(taintWords(lack))}`;
    case "label":
      return visible(`label ${lack.key} is ${lack.has === null ? "missing" : lack.has}, not ${lack.value}`);
    case "cordon":
      return "cordoned";
  }
}

/** `is short by 50m CPU`. */
function lackSentence(lack: Lack): string {
  switch (lack.kind) {
    case "resource":
      return lack.resource === "pods"
        ? "is full: it takes no more pods"
        : `is short by ${lack.short} ${lack.resource === "cpu" ? "CPU" : visible(lack.resource)}`;
    case "taint":
      return `has the taint ${visible(taintWords(lack))}, which the pod does not tolerate`;
    case "label":
      return visible(
        `has ${lack.has === null ? `no label ${lack.key}` : `the label ${lack.key}=${lack.has}`} where the pod wants ${lack.value}`,
      );
    case "cordon":
      return "is cordoned";
  }
}

function taintWords({ key, value, effect }: Lack & { readonly kind: "taint" }): string {
  return `${key}${value === "" ? "" : `=${value}`}:${effect}`;
}

function fixes({ fixes: list }: Explanation, paint: Paint, columns: number): readonly string[] {
  if (list.length === 0) return [];
  const rows = list.map((f): readonly Cell[] => [
    { text: plain(fixWords(f)) },
    { text: `${fixReady(f)} ready`, paint: (t) => paint("green", t) },
    { text: f.quotaPercent === null ? "" : `quota ${fixQuota(f)}` },
  ]);
  return [paint("bold", "Fixes (each tried in the simulation)"), ...table(rows, columns, "  ")];
}

function plain(parts: Parts): string {
  return visible(parts.map((p) => (typeof p === "string" ? p : Object.values(p).join(""))).join(""));
}
