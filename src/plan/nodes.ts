/** What each node carries, before and after. */
import type { Node, Pod } from "../../generated/v1.36/model.ts";
import { formatQuantity, parseQuantity, type Quantity, ZERO } from "../lib/quantity.ts";
import { type Amounts, add, amounts, podRequests } from "./pod-requests.ts";
import { poolNameOf, zoneOf } from "./pools.ts";
import type { Amount, NodeLoad, NodeUse } from "./schema.ts";
import { compareText, identityOf, isActive, type View, workloadOf } from "./view.ts";

/** In the order of the cluster after the change; nodes that go come last. */
export function nodeUses(before: View, after: View): readonly NodeUse[] {
  const old = new Map(before.nodes.map((n) => [n.metadata.name, n]));
  const is = new Set(after.nodes.map((n) => n.metadata.name));
  const uses = after.nodes.map((node) => nodeUse(node, old.has(node.metadata.name), true, before, after));
  const gone = before.nodes.filter((n) => !is.has(n.metadata.name)).map((node) => nodeUse(node, true, false, before, after));
  return [...uses, ...gone];
}

/** All nodes together: what the cluster can take and has to. */
export function capacityOf(before: View, after: View): { readonly cpu: Amount; readonly memory: Amount } {
  const allocatable = after.nodes.map((n) => amounts(n.status?.allocatable ?? n.status?.capacity)).reduce(add, new Map());
  const used = (view: View): Amounts =>
    view.nodes.map((n) => usedOn(view.podsByNode.get(n.metadata.name) ?? []).requests).reduce(add, new Map());
  const [was, is] = [used(before), used(after)];
  return { cpu: amountOf("cpu", allocatable, was, is), memory: amountOf("memory", allocatable, was, is) };
}

function nodeUse(node: Node, existed: boolean, exists: boolean, before: View, after: View): NodeUse {
  const name = node.metadata.name;
  const allocatable = amounts(node.status?.allocatable ?? node.status?.capacity);
  const was = usedOn(before.podsByNode.get(name) ?? []);
  const is = usedOn(after.podsByNode.get(name) ?? []);
  return {
    name,
    existed,
    exists,
    closed: exists ? whyClosed(node) : "",
    pods: { allocatable: Number((allocatable.get("pods")?.nano ?? 0n) / 1_000_000_000n), before: was.pods, after: is.pods },
    cpu: amountOf("cpu", allocatable, was.requests, is.requests),
    memory: amountOf("memory", allocatable, was.requests, is.requests),
    zone: zoneOf(node),
    pool: poolNameOf(node),
    workloads: exists ? loadsOf(before, after, name) : [],
  };
}

/** In order of workload. */
function loadsOf(before: View, after: View, node: string): readonly NodeLoad[] {
  const there = new Set((before.podsByNode.get(node) ?? []).map(identityOf));
  const loads = new Map<string, { -readonly [K in keyof NodeLoad]: NodeLoad[K] }>();
  for (const pod of after.podsByNode.get(node) ?? []) {
    if (!isActive(pod)) continue;
    const { kind, metadata } = workloadOf(after.byIdentity, pod);
    const workload = `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
    const requests = podRequests(pod);
    const [cpu, memory] = [formatQuantity(requests.get("cpu") ?? ZERO), formatQuantity(requests.get("memory") ?? ZERO)];
    const id = `${workload}\n${cpu}\n${memory}`;
    const load = loads.get(id) ?? { workload, pods: 0, added: 0, cpu, memory };
    load.pods++;
    if (!there.has(identityOf(pod))) load.added++;
    loads.set(id, load);
  }
  return [...loads.keys()].sort(compareText).map((id) => loads.get(id)!);
}

export function usedOn(pods: readonly Pod[]): { readonly pods: number; readonly requests: Amounts } {
  let requests: Amounts = new Map();
  let count = 0;
  for (const pod of pods) {
    if (!isActive(pod)) continue;
    count++;
    requests = add(requests, podRequests(pod));
  }
  return { pods: count, requests };
}

function amountOf(resource: string, allocatable: Amounts, before: Amounts, after: Amounts): Amount {
  const total = allocatable.get(resource) ?? ZERO;
  const was = before.get(resource) ?? ZERO;
  const is = after.get(resource) ?? ZERO;
  return {
    allocatable: formatQuantity(total),
    before: formatQuantity(was),
    after: formatQuantity(is),
    percentBefore: percent(was, total),
    percentAfter: percent(is, total),
  };
}

/** Rounded down, so that 100 means full; 0 of nothing is 0, something of nothing 100. */
function percent(part: Quantity, total: Quantity): number {
  if (total.nano <= 0n) return part.nano > 0n ? 100 : 0;
  return Number((part.nano * 100n) / total.nano);
}

export function percentOf(part: string | number, total: string | number): number {
  return percent(parseQuantity(part) ?? ZERO, parseQuantity(total) ?? ZERO);
}

function whyClosed(node: Node): string {
  if (node.spec?.unschedulable === true) return "cordoned";
  const ready = node.status?.conditions?.find((c) => c.type === "Ready");
  if (ready && ready.status !== "True") return "not ready";
  const taint = node.spec?.taints?.find((t) => t.effect !== "PreferNoSchedule");
  return taint ? `tainted ${taint.key}${taint.value ? `=${taint.value}` : ""}:${taint.effect}` : "";
}
