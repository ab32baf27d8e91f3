/** What the scheduler thinks of every node for one Pod: for `explain`, reports and the library's `evaluate`. */
import type { Pod } from "../../../generated/v1.36/model.ts";
import { NODE, POD } from "../../api/kinds.ts";
import { keyOf } from "../../api/object.ts";
import type { Client } from "../../sim/client.ts";
import { type Informer, Informers } from "../../sim/informer.ts";
import { SchedulerCache } from "./cache.ts";
import { choose, prepare, scoreNodes, search } from "./cycle.ts";
import type { CelCompiler } from "./devices/device-selector.ts";
import type { CycleContext, Profile } from "./framework.ts";
import { type Listers, listersOf } from "./listers.ts";
import { unschedulableMessage } from "./message.ts";
import { Nominator } from "./nominator.ts";
import { isPlaced } from "./placed.ts";
import { runPostFilters } from "./post-filter.ts";
import { DEFAULT_PROFILE } from "./profile.ts";

interface NodeVerdict {
  /** Of a feasible node: weighted and normalised, by plugin. */
  readonly scores?: Readonly<Record<string, number>>;
  /** Of any other. */
  readonly reasons?: readonly string[];
  /** Which plugin gives the reasons. */
  readonly plugin?: string;
}

export interface Evaluation {
  readonly nodes: Readonly<Record<string, NodeVerdict>>;
  /** When no node is feasible. */
  readonly message?: string;
  /** The node that would be taken, and how many have its total (1: no tie). Of all nodes, whatever share the scheduler itself would look at. */
  readonly choice?: { readonly node: string; readonly size: number };
}

/** What an evaluation works on. */
export interface SchedulerView {
  readonly cache: SchedulerCache;
  readonly listers: Listers;
  readonly nominator: Nominator;
  /** By the scheduler name that Pods give. */
  readonly profiles: ReadonlyMap<string, Profile>;
}

/** A view of nothing yet: whoever makes it feeds the cache. */
export function viewParts(
  informers: Informers,
  profiles: readonly Profile[] = [DEFAULT_PROFILE],
  compile?: CelCompiler,
): SchedulerView & { readonly watched: readonly Informer[] } {
  const { listers, watched } = listersOf(informers, compile);
  const cache = new SchedulerCache(listers.namespaceLabels);
  const nominator = new Nominator((name) => cache.node(name)?.touch());
  return { cache, listers, nominator, profiles: new Map(profiles.map((p) => [p.schedulerName, p])), watched };
}

/** The views of clusters whose own scheduler does not run. */
const views = new WeakMap<Client, SchedulerView>();

/** A view of a cluster that keeps itself up to date; made once per cluster. */
function viewOf(client: Client): SchedulerView {
  const known = views.get(client);
  if (known) return known;
  const informers = new Informers(client);
  const view = viewParts(informers);
  views.set(client, view);
  const { cache } = view;
  informers.for(NODE).on((type, node) => {
    if (type === "DELETED") cache.removeNode(node.metadata.name);
    else cache.setNode(node);
  });
  informers.for(POD).on((type, pod) => {
    if (type !== "DELETED" && isPlaced(pod)) cache.setPod(pod);
    else cache.removePod(keyOf(pod));
  });
  for (const informer of view.watched) informer.on((_, object) => object.kind === "Namespace" && cache.counts.forget());
  return view;
}

/**
 * Looks at all nodes, whatever share of them the scheduler itself would look at. A Pod that has its node already is looked at as if it had
 * not: its room counts as free.
 */
export function evaluate(pod: Pod, cluster: SchedulerView | Client): Evaluation {
  const view = "cache" in cluster ? cluster : viewOf(cluster);
  const placed = view.cache.pod(keyOf(pod))?.pod;
  if (!placed) return evaluateUnplaced(pod, view);
  view.cache.removePod(keyOf(pod));
  const { nodeName: _, ...spec } = pod.spec;
  const evaluation = evaluateUnplaced({ ...pod, spec }, view);
  view.cache.setPod(placed);
  return evaluation;
}

function evaluateUnplaced(pod: Pod, view: SchedulerView): Evaluation {
  const { cache, listers, nominator, profiles } = view;
  const name = pod.spec.schedulerName ?? DEFAULT_PROFILE.schedulerName;
  const profile = profiles.get(name);
  if (!profile) return { nodes: {}, message: `no scheduler of the name ${JSON.stringify(name)} runs: nobody looks for a node` };
  const context: CycleContext = { pod: cache.shapes.infoOf(pod), cache, listers };
  const prepared = prepare(profile, context);
  const { feasible, diagnosis } = search(prepared, nominator, 0, Number.POSITIVE_INFINITY);
  const { byPlugin, totals } = scoreNodes(profile, context, feasible);
  const places = new Map(feasible.map((node, i) => [node, i]));
  const nodes: Record<string, NodeVerdict> = {};
  for (const node of cache.order()) {
    const refusal = diagnosis.pod ?? diagnosis.refusals.get(node) ?? diagnosis.others;
    const place = refusal ? -1 : (places.get(node) ?? -1);
    if (place < 0) nodes[node.name] = { reasons: refusal?.reasons ?? [], plugin: refusal?.plugin ?? "" };
    else nodes[node.name] = { scores: Object.fromEntries(byPlugin.map(({ name, scores }) => [name, scores[place]!])) };
  }
  const { index, size } = choose(totals);
  const chosen = feasible[index];
  if (chosen) return { nodes, choice: { node: chosen.name, size } };
  return { nodes, message: unschedulableMessage(diagnosis, runPostFilters(profile, prepared, diagnosis, nominator).message) };
}
