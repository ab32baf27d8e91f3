/** Colors for workloads: the same workload has the same color on every node. */
import type { Plan } from "../../schema.ts";
import { showRef } from "../words.ts";

/** Colors that can be told apart; what comes after is grey. */
export const COLORS_MAX = 24;

export interface Palette {
  /** The CSS class of a workload (`Kind namespace/name`). */
  classOf(workload: string): string;
  /** What is colored, with the number of Pods on nodes; the entry's own first, then the ones with most Pods. */
  readonly entries: readonly { readonly name: string; readonly pods: number; readonly color: string }[];
  /** Whether colors stand for namespaces, because there are too many workloads. */
  readonly byNamespace: boolean;
  /** Whether new Pods are marked: where all are, it tells nothing. */
  readonly marksNew: boolean;
}

export function paletteOf(plan: Plan): Palette {
  const pods = new Map<string, number>();
  for (const n of plan.nodes) for (const w of n.workloads) pods.set(w.workload, (pods.get(w.workload) ?? 0) + w.pods);
  const byNamespace = pods.size > COLORS_MAX;
  const keyOf = byNamespace ? namespaceOf : (workload: string): string => workload;
  const counts = new Map<string, number>();
  for (const [workload, n] of pods) counts.set(keyOf(workload), (counts.get(keyOf(workload)) ?? 0) + n);
  const own = new Set(plan.workloads.filter((w) => w.source !== null).map((w) => keyOf(showRef(w.object))));
  const keys = [...counts.keys()].sort(
    (a, b) => Number(own.has(b)) - Number(own.has(a)) || counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1),
  );
  const colors = new Map(keys.map((key, i) => [key, i < COLORS_MAX ? `w${i}` : "wx"]));
  return {
    byNamespace,
    marksNew: plan.nodes.some((n) => n.workloads.some((w) => w.added < w.pods)),
    classOf: (workload) => colors.get(keyOf(workload)) ?? "wx",
    entries: keys.map((key) => ({ name: key, pods: counts.get(key)!, color: colors.get(key)! })),
  };
}

/** `shop` of `Deployment shop/checkout`. */
function namespaceOf(workload: string): string {
  return workload.slice(workload.indexOf(" ") + 1, workload.indexOf("/"));
}

/** Angles of a color wheel, by the golden angle, so that neighbours in the list are far apart. */
export function hues(): readonly number[] {
  return Array.from({ length: COLORS_MAX }, (_, i) => Math.round(212 + i * 137.508) % 360);
}
