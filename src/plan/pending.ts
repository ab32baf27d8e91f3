/** Pods that no node takes: the scheduler's text, and the arithmetic behind it. */
import type { Node, Pod, Toleration } from "../../generated/v1.36/model.ts";
import { formatQuantity, type Quantity, subtractQuantity, ZERO } from "../lib/quantity.ts";
import type { Changes } from "./changes.ts";
import { conditionOf } from "./health/health.ts";
import { usedOn } from "./nodes.ts";
import { type Amounts, amounts, podRequests } from "./pod-requests.ts";
import type { NodeRoom, PendingPods, Shortage } from "./schema.ts";
import { compareRefs, compareText, identityOf, isActive, refOf, type View, workloadOf } from "./view.ts";
import { waitingClaims } from "./waiting-claims.ts";

/** Nodes listed per shortage. */
const NODES_MAX = 8;

interface Group {
  readonly owner: string;
  readonly pods: Pod[];
  readonly message: string;
}

export function isUnscheduled(pod: Pod): boolean {
  return !pod.spec.nodeName && isActive(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** No scheduler of that name runs: nobody will ever say why the Pod waits. */
function unheard({ spec: { schedulerName = "" } }: Pod): string {
  if (schedulerName === "" || schedulerName === "default-scheduler") return "";
  return `no scheduler of the name ${JSON.stringify(schedulerName)} has looked at it`;
}

export function pendingPods(before: View, after: View, changes: Changes): readonly PendingPods[] {
  const groups = new Map<string, Group>();
  for (const pod of after.pods) {
    if (!isUnscheduled(pod)) continue;
    const owner = identityOf(workloadOf(after.byIdentity, pod));
    const message = conditionOf(pod.status?.conditions, "PodScheduled")?.message ?? unheard(pod);
    const id = `${owner}\n${message}`;
    const group = groups.get(id) ?? { owner, pods: [], message };
    group.pods.push(pod);
    groups.set(id, group);
  }
  const used = new Map<string, Used>();
  if (groups.size > 0) for (const node of after.nodes) used.set(node.metadata.name, usedOn(after.podsByNode.get(node.metadata.name) ?? []));
  const list = [...groups.values()].map((g): PendingPods => {
    const owner = after.byIdentity.get(g.owner);
    return {
      owner: refOf(owner ?? (g.pods[0] as Pod)),
      source: changes.next.get(g.owner)?.source ?? null,
      pods: g.pods.map((p) => p.metadata.name).sort(compareText),
      already: g.pods.filter((p) => {
        const was = before.byIdentity.get(identityOf(p)) as Pod | undefined;
        return was !== undefined && isUnscheduled(was);
      }).length,
      message: g.message,
      shortages: shortages(before, after, g, used),
      claims: waitingClaims(after, g.pods, g.message),
    };
  });
  return list.sort((a, b) => compareRefs(a.owner, b.owner) || compareText(a.message, b.message));
}

interface Used {
  readonly pods: number;
  readonly requests: Amounts;
}

/** The resources that the scheduler's text says are short. */
export function shortResources(message: string): readonly string[] {
  const names = [...message.matchAll(/Insufficient ([A-Za-z0-9](?:[A-Za-z0-9./_-]*[A-Za-z0-9])?)/g)].map((m) => m[1] ?? "");
  if (message.includes("Too many pods")) names.push("pods");
  return [...new Set(names)];
}

function shortages(before: View, after: View, group: Group, used: ReadonlyMap<string, Used>): readonly Shortage[] {
  const pod = group.pods[0];
  const resources = shortResources(group.message);
  if (!pod || resources.length === 0) return [];
  const newcomers = newPodsByNode(before, after, group.owner);
  const seekers = group.pods.length + [...newcomers.values()].reduce((n, pods) => n + pods.length, 0);
  const open = after.nodes.filter((node) => takes(node, pod));
  const request = podRequests(pod);
  return resources.flatMap((resource) => {
    const one = resource === "pods" ? ONE : (request.get(resource) ?? ZERO);
    if (one.nano <= 0n) return [];
    const rooms = open.map((node) => ({ node: node.metadata.name, free: freeOn(node, resource, used, newcomers) }));
    rooms.sort((a, b) => (a.free.nano === b.free.nano ? 0 : a.free.nano > b.free.nano ? -1 : 1));
    const nodes = rooms.slice(0, NODES_MAX).map((r) => room(r.node, r.free, one));
    const offered = open.some((n) => (amounts(n.status?.allocatable ?? n.status?.capacity).get(resource)?.nano ?? 0n) > 0n);
    return [{ resource, request: formatQuantity(one), pods: seekers, offered, nodes, nodesLeftOut: rooms.length - nodes.length }];
  });
}

const ONE: Quantity = { nano: 1_000_000_000n, format: "DecimalSI" };

function newPodsByNode(before: View, after: View, owner: string): ReadonlyMap<string, readonly Pod[]> {
  const map = new Map<string, Pod[]>();
  for (const pod of after.podsByWorkload.get(owner) ?? []) {
    if (!pod.spec.nodeName || before.byIdentity.has(identityOf(pod))) continue;
    const list = map.get(pod.spec.nodeName);
    if (list) list.push(pod);
    else map.set(pod.spec.nodeName, [pod]);
  }
  return map;
}

/** What the workload found free: allocatable less all others' requests. */
function freeOn(node: Node, resource: string, used: ReadonlyMap<string, Used>, newcomers: ReadonlyMap<string, readonly Pod[]>): Quantity {
  const name = node.metadata.name;
  const total = amounts(node.status?.allocatable ?? node.status?.capacity).get(resource) ?? ZERO;
  const all = used.get(name);
  const own = usedOn(newcomers.get(name) ?? []);
  if (resource === "pods") return { nano: total.nano - BigInt((all?.pods ?? 0) - own.pods) * ONE.nano, format: total.format };
  const others = subtractQuantity(all?.requests.get(resource) ?? ZERO, own.requests.get(resource) ?? ZERO);
  return subtractQuantity(total, others);
}

function room(node: string, free: Quantity, one: Quantity): NodeRoom {
  const left = free.nano < 0n ? { ...free, nano: 0n } : free;
  const fits = Number(left.nano / one.nano);
  return { node, free: formatQuantity(left), fits, short: fits > 0 ? null : formatQuantity(subtractQuantity(one, left)) };
}

/** Whether a node is in question at all: its taints and labels are not what keeps the Pod away. */
export function takes(node: Node, pod: Pod): boolean {
  const labels = node.metadata.labels ?? {};
  if (!Object.entries(pod.spec.nodeSelector ?? {}).every(([k, v]) => labels[k] === v)) return false;
  const taints = (node.spec?.taints ?? []).filter((t) => t.effect !== "PreferNoSchedule");
  const cordon = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
  const all = node.spec?.unschedulable === true ? [...taints, cordon] : taints;
  return all.every((t) => (pod.spec.tolerations ?? []).some((toleration) => tolerates(toleration, t)));
}

export function tolerates(
  t: Toleration,
  taint: { readonly key: string; readonly value?: string | undefined; readonly effect: string },
): boolean {
  if (t.effect && t.effect !== taint.effect) return false;
  if (t.key && t.key !== taint.key) return false;
  return t.operator === "Exists" || (t.key !== undefined && (t.value ?? "") === (taint.value ?? ""));
}
