/**
 * One scheduling cycle: which nodes are looked at, which will do, which is best.
 * @see kubernetes pkg/scheduler/schedule_one.go
 */
import {
  type AnyPlugin,
  type CycleContext,
  type Diagnosis,
  type PreBinding,
  type Prepared,
  type Profile,
  type Refusal,
  SKIP,
} from "./framework.ts";
import type { NodeInfo } from "./node-info.ts";
import type { Nominator } from "./nominator.ts";
import type { PodInfo } from "./pod-info.ts";
import { NodeRefusals } from "./shape-table.ts";

/** Runs preFilter. `columns`: of the table that identical Pods share; 0: none is used. */
export function prepare(profile: Profile, context: CycleContext, columns = 0): Prepared {
  const filters: { plugin: AnyPlugin; state: unknown }[] = [];
  let names: ReadonlySet<string> | undefined;
  const namers: string[] = [];
  const asked = new Set<string>();
  let refusal: Refusal | undefined;
  let shared = columns > 0;
  for (const { plugin } of profile.plugins) {
    if (!plugin.filter && !plugin.preFilter) continue;
    asked.add(plugin.name);
    const result = plugin.preFilter ? plugin.preFilter(context) : { state: undefined };
    if (result === SKIP) continue;
    if ("refusal" in result) {
      refusal = result.refusal;
      break;
    }
    filters.push({ plugin, state: result.state });
    if (result.unshared) shared = false;
    const { nodes } = result;
    if (!nodes) continue;
    namers.push(plugin.name);
    const before: ReadonlySet<string> = names ?? nodes;
    names = new Set([...nodes].filter((name) => before.has(name)));
    if (names.size > 0) continue;
    const which = namers.length === 1 ? `plugin ${namers[0]}` : `plugin(s) [${[...namers].sort().join(" ")}] simultaneously`;
    refusal = { plugin: plugin.name, reasons: [`node(s) didn't satisfy ${which}`], preemptionMayHelp: false };
    break;
  }
  const others: Refusal = {
    plugin: namers[0] ?? "",
    reasons: [`node(s) didn't satisfy plugin(s) [${namers.sort().join(" ")}]`],
    preemptionMayHelp: false,
  };
  const { cache, pod } = context;
  // A Pod that names its node is no ordinary one of its shape.
  const table = shared && !pod.pod.spec.nodeName ? cache.tables.of(pod.shape.mould, cache.slots, columns) : undefined;
  return { context, filters, only: names ? { names, others } : undefined, refusal, asked, table };
}

/** The first filter that refuses the node as it is. */
function refuses({ filters, context }: Prepared, node: NodeInfo, from = 0, to?: number): Refusal | undefined {
  const { pod } = context;
  const end = to ?? filters.length;
  for (let i = from; i < end; i++) {
    const { plugin, state } = filters[i]!;
    if (!plugin.filter) continue;
    const refusal = plugin.filter(state, pod, node, context);
    if (refusal) return refusal;
  }
  return undefined;
}

/** The node must do both with and without the Pods of at least equal priority that are nominated to it. */
export function refusesWithNominated(prepared: Prepared, node: NodeInfo, nominator: Nominator, to?: number): Refusal | undefined {
  if (nominator.size > 0) {
    const { pod } = prepared.context;
    const nominated = nominator.on(node.name).filter((p) => p.priority >= pod.priority && p.key !== pod.key && !node.pods.has(p.key));
    if (nominated.length > 0) {
      const { generation } = node;
      for (const other of nominated) whatIf(prepared, other, node, 1);
      const refusal = refuses(prepared, node, 0, to);
      for (const other of nominated) whatIf(prepared, other, node, -1);
      node.restored(generation);
      if (refusal) return refusal;
    }
  }
  return refuses(prepared, node, 0, to);
}

/** Puts a Pod on a node, or takes it off, for the filters of this cycle only: to be undone by the caller. */
export function whatIf({ filters, context }: Prepared, other: PodInfo, node: NodeInfo, by: 1 | -1): void {
  if (by === 1) node.add(other);
  else node.remove(other);
  for (const { plugin, state } of filters) plugin.update?.(state, context.pod, other, node, by, context);
}

/** What must be done before the Pod can be bound to the node. */
export function preBindings({ filters, context }: Prepared, node: NodeInfo): readonly PreBinding[] {
  const works: PreBinding[] = [];
  for (const { plugin, state } of filters) {
    const work = plugin.preBind?.(state, context.pod, node, context);
    if (work) works.push(work);
  }
  return works;
}

export interface Search {
  readonly feasible: readonly NodeInfo[];
  readonly diagnosis: Diagnosis;
  /** How many nodes were looked at: the next search starts after them. */
  readonly processed: number;
  /** A plugin failed: there is no answer. */
  readonly error?: string;
}

/** Looks for up to `wanted` nodes that will do, beginning at a place in the order of nodes. */
export function search(prepared: Prepared, nominator: Nominator, start: number, wanted: number): Search {
  const { cache } = prepared.context;
  const order = cache.order();
  const refusals = new NodeRefusals(cache.slots);
  const diagnosis: Diagnosis = { nodes: order.length, pod: prepared.refusal, refusals, others: prepared.only?.others };
  const feasible: NodeInfo[] = [];
  if (prepared.refusal) return { feasible, diagnosis, processed: 0 };
  const nodes = prepared.only ? order.filter((n) => prepared.only?.names.has(n.name)) : order;
  const judge = judgeOf(prepared, nominator);
  let last: Refusal | undefined;
  let place = nodes.length === 0 ? 0 : start % nodes.length;
  for (let i = 0; i < nodes.length && feasible.length < wanted; i++) {
    const node = nodes[place]!;
    if (++place === nodes.length) place = 0;
    const refusal = judge(node);
    if (!refusal) {
      feasible.push(node);
      continue;
    }
    refusals.set(node, refusal);
    // Most refusals come in runs.
    if (refusal !== last && refusal.error !== undefined)
      return { feasible: [], diagnosis, processed: 0, error: `running "${refusal.plugin}" filter plugin: ${refusal.error}` };
    last = refusal;
  }
  return { feasible, diagnosis, processed: feasible.length + refusals.size };
}

/** All filters together; those at the front that are local are asked once for identical Pods. */
export function judgeOf(prepared: Prepared, nominator: Nominator): (node: NodeInfo) => Refusal | undefined {
  const { filters, table, context } = prepared;
  if (!table || nominator.nodeOf(context.pod.key) !== undefined) return (node) => refusesWithNominated(prepared, node, nominator);
  const firstFar = filters.findIndex(({ plugin }) => !plugin.local);
  const near = firstFar < 0 ? filters.length : firstFar;
  const find = (node: NodeInfo): Refusal | undefined => refusesWithNominated(prepared, node, nominator, near);
  table.filteredBy(near);
  if (near === filters.length) return (node) => table.verdict(node, find);
  return (node) => {
    if (nominator.size > 0 && nominator.on(node.name).length > 0) return refusesWithNominated(prepared, node, nominator);
    return table.verdict(node, find) ?? refuses(prepared, node, near);
  };
}

/** Below this number of nodes, all are looked at; above, never fewer than this are wanted. */
const FEASIBLE_MIN = 100;

/**
 * How many nodes that will do are enough: all below 100; else 50 % less one for each 125 nodes, at least 5 %.
 * | nodes | adaptive |
 * |---|---|
 * | 99 | 99 |
 * | 500 | 46 %: 230 |
 * | 5,000 | 10 %: 500 |
 * @see kubernetes pkg/scheduler/schedule_one.go (numFeasibleNodesToFind)
 */
export function nodesWanted(nodes: number, percentage: number): number {
  if (nodes < FEASIBLE_MIN) return nodes;
  const share = percentage > 0 ? percentage : Math.max(50 - Math.floor(nodes / 125), 5);
  return Math.min(nodes, Math.max(Math.floor((nodes * share) / 100), FEASIBLE_MIN));
}

/** Scores of feasible nodes, in their order. */
export interface Scores {
  /** Weighted, by plugin; those that had nothing to say are left out. */
  readonly byPlugin: readonly { readonly name: string; readonly scores: Float64Array }[];
  readonly totals: Float64Array;
}

/** Runs preScore, score, normalize, and weighs: each plugin for itself. */
export function scoreNodes(profile: Profile, context: CycleContext, feasible: readonly NodeInfo[]): Scores {
  const count = feasible.length;
  const totals = new Float64Array(count);
  const byPlugin: { name: string; scores: Float64Array }[] = [];
  for (const { plugin, weight } of profile.plugins) {
    if (!plugin.score || weight === 0) continue;
    const state: unknown = plugin.preScore ? plugin.preScore(context, feasible) : undefined;
    if (state === SKIP) continue;
    const scores = new Float64Array(count);
    for (let i = 0; i < count; i++) scores[i] = plugin.score(state, context.pod, feasible[i]!, context);
    plugin.normalize?.(scores, feasible, state);
    for (let i = 0; i < count; i++) {
      scores[i]! *= weight;
      totals[i]! += scores[i]!;
    }
    byPlugin.push({ name: plugin.name, scores });
  }
  return { byPlugin, totals };
}

/**
 * The best node: of equals, the one that ends at the root of a binary heap built over the list (each parent gives way only to a strictly
 * better child, of two equal children the left one counts). So the root of a subtree depends on its two children's roots alone.
 * @see kubernetes pkg/scheduler/schedule_one.go (selectHost), Go container/heap Init
 */
export function choose(totals: Float64Array): { readonly index: number; readonly size: number } {
  const count = totals.length;
  let first = -1;
  let size = 0;
  for (let i = 0; i < count; i++) {
    if (size > 0 && totals[i]! <= totals[first]!) {
      if (totals[i] === totals[first]) size++;
      continue;
    }
    first = i;
    size = 1;
  }
  // The only best one, or the first of the heap: no other can take its place.
  if (size <= 1 || first === 0) return { index: first, size };
  const roots = new Int32Array(count);
  for (let i = count - 1; i >= 0; i--) {
    let root = i;
    const left = 2 * i + 1;
    if (left < count) {
      let best = roots[left]!;
      if (left + 1 < count && totals[roots[left + 1]!]! > totals[best]!) best = roots[left + 1]!;
      if (totals[best]! > totals[i]!) root = best;
    }
    roots[i] = root;
  }
  return { index: roots[0]!, size };
}
