/** The choice for one of many identical Pods, without a walk over the nodes: the same that `search`, `totalsOf` and `choose` make. */
import { judgeOf } from "./cycle.ts";
import type { Prepared, Profile } from "./framework.ts";
import type { NodeInfo } from "./node-info.ts";
import type { Nominator } from "./nominator.ts";
import { WINDOW_MIN } from "./ranking.ts";
import type { ShapeTable } from "./shape-table.ts";
import { refreshRow, SUM, scorersOf } from "./totals.ts";

export interface QuickChoice {
  readonly node: NodeInfo;
  /** How many nodes had the best total. */
  readonly size: number;
  /** How many nodes the search would have looked at. */
  readonly processed: number;
}

/** `undefined`: the nodes are to be walked over, because no node will do, or more counts than each node by itself. */
export function chooseQuickly(
  profile: Profile,
  prepared: Prepared,
  nominator: Nominator,
  start: number,
  wanted: number,
): QuickChoice | undefined {
  const { table, context, filters } = prepared;
  const { cache, pod } = context;
  if (wanted < WINDOW_MIN || !table?.ranking.applies || prepared.refusal || prepared.only) return undefined;
  if (nominator.nodeOf(pod.key) !== undefined || filters.some(({ plugin }) => !plugin.local)) return undefined;
  const scorers = scorersOf(profile, context, []);
  if (scorers.far.length > 0) return undefined;
  const order = cache.order();
  const places = cache.places();
  const judge = judgeOf(prepared, nominator);
  const rank = (place: number): number | undefined => {
    const node = order[place]!;
    if (judge(node)) return undefined;
    refreshRow(table, context, node, scorers);
    return isEven(table, node, scorers.normalized.length) ? table.scores(SUM)[node.slot]! : Number.NaN;
  };
  const standings = table.ranking.current(order.length, wanted, cache.changes, (slot) => places[slot] ?? -1, rank);
  if (!standings) return undefined;
  const { place, size, processed } = standings.choose(start % order.length, wanted);
  const node = order[place];
  return node && { node, size, processed };
}

/** Scores of 0 stay equal, whatever the others get: `normalize` gives equal scores to equal ones. */
function isEven(table: ShapeTable, node: NodeInfo, columns: number): boolean {
  for (let column = 1; column <= columns; column++) if (table.scores(SUM + column)[node.slot] !== 0) return false;
  return true;
}
