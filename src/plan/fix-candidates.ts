/** What might help Pods that no node takes: to be tried, cheapest first. */
import type { Container, Node, Pod, Taint } from "../../generated/v1.36/model.ts";
import type { KubeObject } from "../api/object.ts";
import { formatQuantity, parseQuantity, type Quantity, subtractQuantity, ZERO } from "../lib/quantity.ts";
import { usedOn } from "./nodes.ts";
import { shortResources, takes, tolerates } from "./pending.ts";
import { amounts, podRequests } from "./pod-requests.ts";
import { type Pool, poolsOf } from "./pools.ts";
import type { FixChange } from "./schema.ts";
import { identityOf, isActive, type View } from "./view.ts";
import { waitsForClaims } from "./waiting-claims.ts";

/** Pods of one workload that wait, in the cluster after the change. */
export interface Stuck {
  readonly view: View;
  readonly owner: KubeObject;
  /** All of the workload's. */
  readonly pods: readonly Pod[];
  /** Those without a node. */
  readonly waiting: readonly Pod[];
  /** The scheduler's text. */
  readonly message: string;
  /** Whether the workload is the user's to change. */
  readonly editable: boolean;
}

/** Changes to be made together. `weight`: what they cost; more is dearer. */
export interface Candidate {
  readonly changes: readonly FixChange[];
  readonly weight: number;
}

/**
 * | what | weight |
 * |---|---|
 * | a toleration | 1 |
 * | a label for a node | 2 |
 * | a smaller request | 10 to 60, with the share that is given up |
 * | fewer replicas | 100, and one for each Pod that is given up |
 * | more nodes | 1,000 for each |
 */
export function candidatesFor(stuck: Stuck): readonly Candidate[] {
  const all = [
    ...(stuck.editable ? tolerations(stuck) : []),
    ...labels(stuck),
    ...(stuck.editable ? requests(stuck) : []),
    ...(stuck.editable ? fewerReplicas(stuck) : []),
    ...moreNodes(stuck),
  ];
  return all.sort((a, b) => a.weight - b.weight);
}

const COUNT_MAX = 3;
const CORDON = "node.kubernetes.io/unschedulable";

/** The taints of one node, all of them: each distinct set once. */
function tolerations({ view, waiting, message }: Stuck): readonly Candidate[] {
  const pod = waiting[0];
  if (!pod || !message.includes("untolerated taint")) return [];
  const sets = new Map<string, readonly Taint[]>();
  for (const node of view.nodes) {
    const open = (node.spec?.taints ?? []).filter(
      (t) => t.effect !== "PreferNoSchedule" && !(pod.spec.tolerations ?? []).some((toleration) => tolerates(toleration, t)),
    );
    // A node that is cordoned or not ready is so for a reason of its own.
    if (open.length === 0 || open.some((t) => t.key.startsWith("node.kubernetes.io/") || t.key === CORDON)) continue;
    sets.set(JSON.stringify(open.map((t) => [t.key, t.value ?? "", t.effect])), open);
  }
  return [...sets.values()]
    .sort((a, b) => controlPlane(a) - controlPlane(b) || a.length - b.length)
    .slice(0, COUNT_MAX)
    .map((taints) => ({
      weight: 1 + 5 * controlPlane(taints),
      changes: taints.map((t): FixChange => ({ kind: "toleration", key: t.key, value: t.value ?? "", effect: t.effect })),
    }));
}

/** Control planes are not meant for ordinary Pods: the last resort of this kind. */
function controlPlane(taints: readonly Taint[]): number {
  return taints.some((t) => /^node-role\.kubernetes\.io\/(control-plane|master)$/.test(t.key)) ? 1 : 0;
}

/** What a node lacks of `nodeSelector` and of the first term of required affinity; the node that lacks least. */
function labels({ view, waiting, message }: Stuck): readonly Candidate[] {
  const pod = waiting[0];
  if (!pod || !message.includes("node affinity/selector")) return [];
  let best: { readonly node: Node; readonly missing: readonly (readonly [string, string])[] } | undefined;
  for (const node of view.nodes) {
    const { nodeSelector: _, ...rest } = pod.spec;
    if (!takes(node, { ...pod, spec: rest })) continue;
    const missing = missingLabels(node, pod);
    if (missing && missing.length > 0 && (!best || missing.length < best.missing.length)) best = { node, missing };
  }
  if (!best) return [];
  const { node, missing } = best;
  return [{ weight: 2, changes: missing.map(([key, value]) => ({ kind: "label", node: node.metadata.name, key, value })) }];
}

/** Labels that say what a node is, not what it is for. */
const BUILT_IN = /^(kubernetes\.io|node\.kubernetes\.io|topology\.kubernetes\.io|beta\.kubernetes\.io)\//;

/** `undefined` when labels cannot help. */
export function missingLabels(node: Node, pod: Pod): readonly (readonly [string, string])[] | undefined {
  const have = node.metadata.labels ?? {};
  const missing = new Map(Object.entries(pod.spec.nodeSelector ?? {}).filter(([key, value]) => have[key] !== value));
  const term = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms[0];
  if (term?.matchFields?.length) return undefined;
  for (const { key, operator, values = [] } of term?.matchExpressions ?? []) {
    const value = have[key];
    if (operator === "In" && !(value !== undefined && values.includes(value))) missing.set(key, values[0] ?? "");
    else if (operator === "Exists" && value === undefined) missing.set(key, "true");
    else if (operator === "Gt" || operator === "Lt") return undefined;
    else if (
      (operator === "NotIn" && value !== undefined && values.includes(value)) ||
      (operator === "DoesNotExist" && value !== undefined)
    )
      return undefined;
  }
  const list = [...missing];
  return list.some(([key]) => BUILT_IN.test(key)) ? undefined : list;
}

/** The largest request with which all Pods of the workload find room, and one that leaves some for a rollout. */
function requests(stuck: Stuck): readonly Candidate[] {
  const pod = stuck.waiting[0];
  const resources = shortResources(stuck.message).filter((r) => r !== "pods");
  if (!pod || resources.length === 0 || pod.spec.resources?.requests) return [];
  const wanted = stuck.pods.length;
  const found = new Map<string, Candidate>();
  for (const seekers of [wanted, wanted + 1, wanted + Math.ceil(wanted / 4)]) {
    const changes: FixChange[] = [];
    let share = 0;
    for (const resource of resources) {
      const change = smallerRequest(stuck, pod, resource, seekers);
      if (!change) break;
      changes.push(change.change);
      share = Math.max(share, change.givenUp);
    }
    if (changes.length === resources.length) found.set(JSON.stringify(changes), { changes, weight: 10 + 100 * share });
  }
  return [...found.values()];
}

/** Nobody halves a request for the sake of a plan. */
const GIVEN_UP_MAX = 0.5;

function smallerRequest(
  { view, owner, pods }: Stuck,
  pod: Pod,
  resource: string,
  seekers: number,
): { readonly change: FixChange; readonly givenUp: number } | undefined {
  const one = podRequests(pod).get(resource) ?? ZERO;
  const container = largest(pod.spec.containers, resource);
  const own = parseQuantity(container?.resources?.requests?.[resource] ?? "0") ?? ZERO;
  if (!container || one.nano <= 0n || own.nano <= 0n) return undefined;
  const mine = new Set(pods.map(identityOf));
  const free = view.nodes
    .filter((node) => takes(node, pod))
    .map((node) => {
      const others = (view.podsByNode.get(node.metadata.name) ?? []).filter((p) => isActive(p) && !mine.has(identityOf(p)));
      const total = amounts(node.status?.allocatable ?? node.status?.capacity).get(resource) ?? ZERO;
      return subtractQuantity(total, usedOn(others).requests.get(resource) ?? ZERO).nano;
    });
  const fits = (nano: bigint): boolean => free.reduce((n, f) => (f <= 0n ? n : n + Number(f / nano)), 0) >= seekers;
  const target = largestThat(fits, BigInt(Math.ceil(Number(one.nano) * (1 - GIVEN_UP_MAX))), one.nano);
  if (target === undefined || owner.kind === "DaemonSet") return undefined;
  const after = roundDown({ nano: own.nano - (one.nano - target), format: own.format }, resource);
  if (after.nano <= 0n || after.nano >= own.nano) return undefined;
  return {
    change: { kind: "request", container: container.name, resource, before: formatQuantity(own), after: formatQuantity(after) },
    givenUp: Number(own.nano - after.nano) / Number(own.nano),
  };
}

function largest(containers: readonly Container[], resource: string): Container | undefined {
  const size = (c: Container): bigint => parseQuantity(c.resources?.requests?.[resource] ?? "0")?.nano ?? 0n;
  return containers.reduce<Container | undefined>((best, c) => (!best || size(c) > size(best) ? c : best), undefined);
}

/** The largest whole number from `low` up to below `high` for which it holds; it holds for all below that. */
function largestThat(holds: (n: bigint) => boolean, low: bigint, high: bigint): bigint | undefined {
  if (low <= 0n || !holds(low)) return undefined;
  let [yes, no] = [low, high];
  for (let i = 0; i < 128 && no - yes > 1n; i++) {
    const middle = (yes + no) / 2n;
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

const MILLI = 1_000_000n;
const MEBI = 1024n * 1024n * 1_000_000_000n;

/** To a number that people write: 50m steps of CPU from 200m on, 16Mi steps of memory from 128Mi on. */
function roundDown({ nano, format }: Quantity, resource: string): Quantity {
  let step = 1_000_000_000n;
  if (resource === "cpu") step = nano >= 200n * MILLI ? 50n * MILLI : nano >= 20n * MILLI ? 5n * MILLI : MILLI;
  else if (resource === "memory" || resource === "ephemeral-storage") {
    step = nano >= 128n * MEBI ? 16n * MEBI : MEBI;
    return { nano: nano - (nano % step), format: "BinarySI" };
  }
  return { nano: nano - (nano % step), format };
}

/** As many as have a node; then one less, for a rollout that needs room. */
function fewerReplicas({ owner, pods, waiting }: Stuck): readonly Candidate[] {
  const before = (owner as { readonly spec?: { readonly replicas?: number } }).spec?.replicas;
  if (before === undefined || owner.kind === "DaemonSet" || owner.kind === "Job") return [];
  const placed = Math.min(before, pods.length) - waiting.length;
  const tried = new Set([placed, placed - 1].filter((n) => n >= 1 && n < before));
  return [...tried].map((after) => ({ weight: 100 + before - after, changes: [{ kind: "replicas", before, after }] }));
}

const NODES_MAX = 10;

/** One more of a pool, or as many as take all that wait. The smallest nodes first. */
function moreNodes({ view, waiting, message }: Stuck): readonly Candidate[] {
  const pod = waiting[0];
  // A claim is not bound by a node.
  if (!pod || waitsForClaims(message)) return [];
  const request = podRequests(pod);
  const pools = poolsOf(view.nodes)
    .filter(({ nodes }) => nodes.some((n) => takes({ ...n, spec: { ...n.spec, unschedulable: false } }, pod)))
    .sort((a, b) => sizeOf(a) - sizeOf(b))
    .slice(0, COUNT_MAX);
  return pools.flatMap((pool, i) => {
    const like = pool.nodes[0] as Node;
    const fits = fitsEmpty(like, request);
    if (fits === 0) return [];
    const counts = [...new Set([1, Math.ceil(waiting.length / fits)])].filter((n) => n <= NODES_MAX);
    return counts.map((count) => ({
      weight: 1000 * count + i,
      changes: [{ kind: "node" as const, count, like: like.metadata.name, pool: pool.name ?? null }],
    }));
  });
}

/** Nodes for all that wait, at most. */
const ALL_NODES_MAX = 500;

/** As many of one pool as take the Pending Pods of all workloads; for each pool that may take all of them. The smallest nodes first. */
export function nodesForAll(all: readonly Stuck[]): readonly Candidate[] {
  const [first] = all;
  if (!first || all.some((s) => waitsForClaims(s.message))) return [];
  const kinds = all.flatMap(({ waiting }) =>
    waiting[0] ? [{ pod: waiting[0], count: waiting.length, request: podRequests(waiting[0]) }] : [],
  );
  const pools = poolsOf(first.view.nodes)
    .filter(({ nodes }) => kinds.every(({ pod }) => nodes.some((n) => takes({ ...n, spec: { ...n.spec, unschedulable: false } }, pod))))
    .sort((a, b) => sizeOf(a) - sizeOf(b));
  return pools
    .flatMap((pool): readonly Candidate[] => {
      const like = pool.nodes[0] as Node;
      const count = nodesNeeded(like, kinds);
      if (count === undefined || count > ALL_NODES_MAX) return [];
      return [{ weight: 1000 * count, changes: [{ kind: "node", count, like: like.metadata.name, pool: pool.name ?? null }] }];
    })
    .slice(0, 2);
}

/** Node after node is filled, the largest Pods first; undefined when one does not fit into an empty node. What runs on every node counts for nothing. */
function nodesNeeded(
  like: Node,
  kinds: readonly { readonly count: number; readonly request: ReturnType<typeof podRequests> }[],
): number | undefined {
  const total = amounts(like.status?.allocatable ?? like.status?.capacity);
  const podsMax = Number((total.get("pods")?.nano ?? 110_000_000_000n) / 1_000_000_000n);
  const shares = kinds.map(({ count, request }) => {
    const parts = [...request].map(([name, { nano }]) => ({ name, part: Number(nano) / Number(total.get(name)?.nano || 1n) }));
    return { count, parts, largest: parts.reduce((most, p) => Math.max(most, p.part), 0) };
  });
  if (shares.some((s) => s.largest > 1)) return undefined;
  const nodes: { pods: number; readonly used: Map<string, number> }[] = [];
  let open = 0;
  for (const { count, parts } of shares.sort((a, b) => b.largest - a.largest)) {
    for (let i = 0; i < count; i++) {
      const fits = (n: (typeof nodes)[number]): boolean => n.pods < podsMax && parts.every((p) => (n.used.get(p.name) ?? 0) + p.part <= 1);
      let at = nodes.findIndex((n, index) => index >= open && fits(n));
      if (at < 0) at = nodes.push({ pods: 0, used: new Map() }) - 1;
      const node = nodes[at]!;
      node.pods++;
      for (const { name, part } of parts) node.used.set(name, (node.used.get(name) ?? 0) + part);
      // Looked back at no further than this: enough for a good estimate, and quick.
      open = Math.max(0, nodes.length - 64);
      if (nodes.length > ALL_NODES_MAX) return undefined;
    }
  }
  return nodes.length;
}

function sizeOf({ nodes }: Pool): number {
  const all = amounts(nodes[0]?.status?.allocatable);
  return Number(all.get("cpu")?.nano ?? 0n) / 4e9 + Number(all.get("memory")?.nano ?? 0n) / 1e9 / 2 ** 34;
}

/** How many such Pods an empty node takes. */
function fitsEmpty(node: Node, request: ReturnType<typeof podRequests>): number {
  const all = amounts(node.status?.allocatable ?? node.status?.capacity);
  let fits = Number((all.get("pods")?.nano ?? 110_000_000_000n) / 1_000_000_000n);
  for (const [name, { nano }] of request) if (nano > 0n) fits = Math.min(fits, Number((all.get(name)?.nano ?? 0n) / nano));
  return fits;
}
