/**
 * The total score of each feasible node, by the shortest way: what identical Pods have in common is taken from their table.
 * Gives the same numbers as the sum over `scoreNodes`.
 */
import { scoreNodes } from "./cycle.ts";
import { type AnyPlugin, type Prepared, type Profile, SKIP } from "./framework.ts";
import type { NodeInfo } from "./node-info.ts";
import type { ShapeTable } from "./shape-table.ts";

interface Scorer {
  readonly plugin: AnyPlugin;
  readonly weight: number;
  readonly state: unknown;
}

/** One column of the table for the sum of the local scores that are not normalised; one for each that is. */
const SUM = 0;

/** How many columns a table needs. */
export function columnsOf({ plugins }: Profile): number {
  return 1 + plugins.filter(({ plugin, weight }) => plugin.local && plugin.normalize && weight > 0).length;
}

export function totalsOf(profile: Profile, prepared: Prepared, feasible: readonly NodeInfo[]): Float64Array {
  const { table, context } = prepared;
  if (!table) return scoreNodes(profile, context, feasible).totals;
  const summed: Scorer[] = [];
  const normalized: Scorer[] = [];
  const far: Scorer[] = [];
  for (const { plugin, weight } of profile.plugins) {
    if (!plugin.score || weight === 0) continue;
    const state: unknown = plugin.preScore ? plugin.preScore(context, feasible) : undefined;
    if (state === SKIP) continue;
    (plugin.local ? (plugin.normalize ? normalized : summed) : far).push({ plugin, weight, state });
  }
  refresh(table, prepared, feasible, summed, normalized);
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

/** Makes the rows of nodes that changed since. */
function refresh(
  table: ShapeTable,
  { context }: Prepared,
  feasible: readonly NodeInfo[],
  summed: readonly Scorer[],
  normalized: readonly Scorer[],
): void {
  const sums = table.scores(SUM);
  for (let i = 0; i < feasible.length; i++) {
    const node = feasible[i]!;
    if (table.hasScores(node)) continue;
    let sum = 0;
    for (const { plugin, weight, state } of summed) sum += weight * plugin.score!(state, context.pod, node, context);
    sums[node.slot] = sum;
    normalized.forEach(({ plugin, state }, column) => {
      table.scores(SUM + 1 + column)[node.slot] = plugin.score!(state, context.pod, node, context);
    });
  }
}
