/**
 * The total score of each feasible node, by the shortest way: what identical Pods have in common is taken from their table.
 * Gives the same numbers as the sum over `scoreNodes`.
 */
import { scoreNodes } from "./cycle.ts";
import { type AnyPlugin, type CycleContext, type Prepared, type Profile, SKIP } from "./framework.ts";
import type { NodeInfo } from "./node-info.ts";
import type { ShapeTable } from "./shape-table.ts";

interface Scorer {
  readonly plugin: AnyPlugin;
  readonly weight: number;
  readonly state: unknown;
}

/** One column of the table for the sum of the local scores that are not normalised; one for each that is. */
export const SUM = 0;

/** How many columns a table needs. */
export function columnsOf({ plugins }: Profile): number {
  return 1 + plugins.filter(({ plugin, weight }) => plugin.local && plugin.normalize && weight > 0).length;
}

/** The plugins that have something to say about the Pod. */
export interface Scorers {
  /** Local, and taken as they are. */
  readonly summed: readonly Scorer[];
  /** Local, and brought to 0..100 by what the others get. */
  readonly normalized: readonly Scorer[];
  /** Those that look beyond the node. */
  readonly far: readonly Scorer[];
}

export function scorersOf(profile: Profile, context: CycleContext, feasible: readonly NodeInfo[]): Scorers {
  const summed: Scorer[] = [];
  const normalized: Scorer[] = [];
  const far: Scorer[] = [];
  for (const { plugin, weight } of profile.plugins) {
    if (!plugin.score || weight === 0) continue;
    const state: unknown = plugin.preScore ? plugin.preScore(context, feasible) : undefined;
    if (state === SKIP) continue;
    (plugin.local ? (plugin.normalize ? normalized : summed) : far).push({ plugin, weight, state });
  }
  return { summed, normalized, far };
}

export function totalsOf(profile: Profile, prepared: Prepared, feasible: readonly NodeInfo[]): Float64Array {
  const { table, context } = prepared;
  if (!table) return scoreNodes(profile, context, feasible).totals;
  const scorers = scorersOf(profile, context, feasible);
  const { normalized, far } = scorers;
  table.ranking.applies = far.length === 0;
  for (let i = 0; i < feasible.length; i++) refreshRow(table, context, feasible[i]!, scorers);
  const count = feasible.length;
  const totals = new Float64Array(count);
  const sums = table.scores(SUM);
  for (let i = 0; i < count; i++) totals[i] = sums[feasible[i]!.slot]!;
  if (normalized.length + far.length === 0) return totals;
  const scores = new Float64Array(count);
  const add = ({ plugin, weight, state }: Scorer): void => {
    plugin.normalize?.(scores, feasible, state);
    for (let i = 0; i < count; i++) totals[i]! += scores[i]! * weight;
  };
  normalized.forEach((scorer, column) => {
    const raw = table.scores(SUM + 1 + column);
    for (let i = 0; i < count; i++) scores[i] = raw[feasible[i]!.slot]!;
    add(scorer);
  });
  for (const scorer of far) {
    const { plugin, state } = scorer;
    for (let i = 0; i < count; i++) scores[i] = plugin.score!(state, context.pod, feasible[i]!, context);
    add(scorer);
  }
  return totals;
}

/** Makes the row of a node that changed since. */
export function refreshRow(table: ShapeTable, context: CycleContext, node: NodeInfo, { summed, normalized }: Scorers): void {
  if (table.hasScores(node)) return;
  let sum = 0;
  for (const { plugin, weight, state } of summed) sum += weight * plugin.score!(state, context.pod, node, context);
  table.scores(SUM)[node.slot] = sum;
  for (let i = 0; i < normalized.length; i++) {
    const { plugin, state } = normalized[i]!;
    table.scores(SUM + 1 + i)[node.slot] = plugin.score!(state, context.pod, node, context);
  }
}
