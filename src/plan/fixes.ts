/**
 * Fixes for Pods that stay Pending: candidates are tried in the simulation, cheapest first, and those that work are reported.
 * Pure: whoever calls hands in how to simulate.
 */
import type { Node, Pod, ResourceQuota } from "../../generated/v1.36/model.ts";
import type { KubeObject } from "../api/object.ts";
import type { Snapshot } from "../cluster/snapshot.ts";
import { type Candidate, candidatesFor, type Stuck } from "./fix-candidates.ts";
import { workloadHealth } from "./health/index.ts";
import { percentOf } from "./nodes.ts";
import { isUnscheduled } from "./pending.ts";
import { oneMore, poolsOf } from "./pools.ts";
import type { Fix, FixChange, PendingPods } from "./schema.ts";
import { identityOf, identityOfRef, refOf, type View, viewOf, workloadOf } from "./view.ts";

/** Anything with an object in it, as the caller has it: a wanted object with its source. */
interface Holder {
  readonly object: unknown;
}

/** What a simulation is made from. */
export interface Inputs<W extends Holder> {
  readonly cluster: readonly W[];
  readonly next: readonly W[];
}

export interface FixSearch<W extends Holder> {
  readonly inputs: Inputs<W>;
  /** The settled cluster that has the Pending Pods. */
  readonly after: Snapshot;
  readonly pending: readonly PendingPods[];
  /** Settles the changed inputs. */
  readonly simulate: (inputs: Inputs<W>) => Snapshot;
  /** The object of a new node in the caller's form. */
  readonly wrap: (object: unknown) => W;
}

/** Simulations in one search at most. */
const TRIALS_MAX = 12;
/** Objects in all simulations together at most: beyond, a search takes too long. */
const OBJECTS_MAX = 20_000;
/** Workloads looked at, and fixes reported for each. */
const WORKLOADS_MAX = 5;
const FIXES_MAX = 4;

export function findFixes<W extends Holder>(search: FixSearch<W>): readonly Fix[] {
  const view = viewOf(search.after);
  const fixes: Fix[] = [];
  let trials = Math.min(TRIALS_MAX, Math.max(1, Math.floor(OBJECTS_MAX / Math.max(1, search.after.objects.length))));
  const owners = [...new Map(search.pending.map((p) => [identityOfRef(p.owner), p])).entries()].slice(0, WORKLOADS_MAX);
  for (const [i, [identity, pending]] of owners.entries()) {
    const stuck = stuckPods(search, view, identity, pending);
    if (!stuck) continue;
    // What is left is shared out evenly.
    let left = Math.ceil(trials / (owners.length - i));
    const found: Fix[] = [];
    for (const candidate of candidatesFor(stuck)) {
      if (left === 0 || found.length >= FIXES_MAX) break;
      if (found.some((f) => f.changes[0]?.kind === candidate.changes[0]?.kind)) continue;
      const inputs = changed(search, view, stuck, candidate);
      if (!inputs) continue;
      left--;
      trials--;
      const outcome = judge(viewOf(search.simulate(inputs)), view, identity);
      if (outcome) found.push({ owner: refOf(stuck.owner), changes: candidate.changes, ...outcome });
    }
    fixes.push(...found);
  }
  return fixes;
}

function stuckPods<W extends Holder>(
  { inputs }: FixSearch<W>,
  view: View,
  identity: string,
  { owner, message }: PendingPods,
): Stuck | undefined {
  const object = view.byIdentity.get(identity);
  if (!object) return undefined;
  const pods = (view.podsByWorkload.get(identity) ?? []).filter((p) => p.metadata.deletionTimestamp === undefined);
  const editable = inputs.next.some(({ object: o }) => isOf(o, owner));
  return { view, owner: object, pods, waiting: pods.filter(isUnscheduled), message, editable };
}

/** Whether a written object is the one meant: its namespace may be left to the default. */
function isOf(
  object: unknown,
  ref: { readonly apiVersion: string; readonly kind: string; readonly namespace?: string; readonly name: string },
): boolean {
  const { kind, metadata } = object as Partial<KubeObject>;
  const namespace = metadata?.namespace ?? (ref.namespace === undefined ? undefined : "default");
  return kind === ref.kind && metadata?.name === ref.name && namespace === ref.namespace;
}

/** The inputs with the candidate's changes; `undefined` when they cannot be made there. */
function changed<W extends Holder>(
  { inputs, wrap }: FixSearch<W>,
  view: View,
  { owner }: Stuck,
  { changes }: Candidate,
): Inputs<W> | undefined {
  let { cluster, next } = inputs;
  const ref = refOf(owner);
  const edit = (list: readonly W[], is: (object: unknown) => boolean, change: (object: unknown) => unknown): readonly W[] =>
    list.map((w) => (is(w.object) ? { ...w, object: change(w.object) } : w));
  for (const change of changes) {
    if (change.kind === "node") cluster = [...cluster, ...newNodes(view, change).map(wrap)];
    else if (change.kind === "label") {
      const isNode = (o: unknown): boolean => isOf(o, { apiVersion: "v1", kind: "Node", name: change.node });
      if (![...cluster, ...next].some((w) => isNode(w.object))) return undefined;
      const labelled = (o: unknown): unknown =>
        edited(o, ["metadata", "labels"], (labels) => ({ ...asMap(labels), [change.key]: change.value }));
      [cluster, next] = [edit(cluster, isNode, labelled), edit(next, isNode, labelled)];
    } else
      next = edit(
        next,
        (o) => isOf(o, ref),
        (o) => editWorkload(o, change),
      );
  }
  return { cluster, next };
}

function newNodes(view: View, { count, like }: FixChange & { readonly kind: "node" }): readonly Node[] {
  const pool = poolsOf(view.nodes).find(({ nodes }) => nodes.some((n) => n.metadata.name === like));
  const taken = new Set(view.nodes.map((n) => n.metadata.name));
  const made: Node[] = [];
  for (let i = 0; pool && i < count; i++) {
    const node = oneMore({ ...pool, nodes: [...pool.nodes, ...made] }, taken);
    taken.add(node.metadata.name);
    made.push(node);
  }
  return made;
}

function editWorkload(object: unknown, change: FixChange): unknown {
  if (change.kind === "replicas") return edited(object, ["spec", "replicas"], () => change.after);
  const { kind } = object as KubeObject;
  const spec =
    kind === "Pod" ? ["spec"] : kind === "CronJob" ? ["spec", "jobTemplate", "spec", "template", "spec"] : ["spec", "template", "spec"];
  if (change.kind === "toleration") {
    const { key, value, effect } = change;
    const toleration = value === "" ? { key, operator: "Exists", effect } : { key, operator: "Equal", value, effect };
    return edited(object, [...spec, "tolerations"], (list) => [...(Array.isArray(list) ? (list as unknown[]) : []), toleration]);
  }
  if (change.kind !== "request") return object;
  return edited(object, [...spec, "containers"], (containers) =>
    (Array.isArray(containers) ? (containers as { readonly name?: string }[]) : []).map((c) =>
      c.name === change.container ? edited(c, ["resources", "requests", change.resource], () => change.after) : c,
    ),
  );
}

/** A copy with one place changed; what is on the way to it is made. */
function edited(value: unknown, [key, ...rest]: readonly string[], change: (value: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const map = asMap(value);
  return { ...map, [key]: edited(map[key], rest, change) };
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
}

/**
 * It works when all of the workload's Pods have a node, and no other workload has more that wait than before. A DaemonSet that waits for room
 * waits on a new node too: that is not the change's doing.
 */
function judge(view: View, earlier: View, identity: string): Pick<Fix, "ready" | "desired" | "quotaPercent"> | undefined {
  const waiting = waitingByWorkload(view);
  const was = waitingByWorkload(earlier);
  if (waiting.has(identity)) return undefined;
  for (const [workload, count] of waiting) {
    const before = was.get(workload) ?? 0;
    const isDaemon = view.byIdentity.get(workload)?.kind === "DaemonSet" && before > 0;
    if (count > before && !isDaemon) return undefined;
  }
  const object = view.byIdentity.get(identity);
  const health = object && workloadHealth(object);
  if (!health || health.status === "failed") return undefined;
  return { ready: health.ready, desired: health.desired, quotaPercent: quotaPercent(view, object.metadata.namespace) };
}

function waitingByWorkload(view: View): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const pod of view.pods as readonly Pod[]) {
    if (!isUnscheduled(pod)) continue;
    const identity = identityOf(workloadOf(view.byIdentity, pod));
    counts.set(identity, (counts.get(identity) ?? 0) + 1);
  }
  return counts;
}

function quotaPercent(view: View, namespace: string | undefined): number | null {
  let most: number | null = null;
  for (const quota of (view.byKind.get("/ResourceQuota") ?? []) as unknown as readonly ResourceQuota[]) {
    if (quota.metadata.namespace !== namespace) continue;
    for (const [resource, hard] of Object.entries(quota.status?.hard ?? {}))
      most = Math.max(most ?? 0, percentOf(String(quota.status?.used?.[resource] ?? "0"), String(hard)));
  }
  return most;
}
