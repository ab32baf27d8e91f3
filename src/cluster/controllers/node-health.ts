/**
 * Nodes that stop answering: their conditions become unknown, their Pods unready, and after that they are tainted, so that the Pods go elsewhere.
 * @see kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go (monitorNodeHealth, doNoExecuteTaintingPass)
 */
import type { Lease, Node, NodeCondition, Pod, Taint } from "../../../generated/v1.36/model.ts";
import { LEASE, NODE, POD } from "../../api/kinds.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { isRenewing, lastRenewedMs, NODE_LEASE_NAMESPACE } from "../../sim/heartbeat.ts";
import type { Loop } from "../../sim/loop.ts";
import { type ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { NOT_READY, UNREACHABLE } from "./node-conditions.ts";
import { isPodReady } from "./pods.ts";
import { taintIntervalMs, zoneState } from "./zone-limits.ts";

const NAME = "node-controller";
/** Without a sign of life for so long a Node counts as lost, in milliseconds. */
const GRACE_MS = 50_000;
/** One that has never given a sign of life has so long from its creation on, in milliseconds. */
const STARTUP_GRACE_MS = 60_000;
/** All Nodes are looked at so often, in milliseconds. */
const MONITOR_MS = 5000;
const KUBELET_CONDITIONS = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"] as const;

function readiness(node: Node): string | undefined {
  return node.status?.conditions?.find((c) => c.type === "Ready")?.status;
}

/** The zone as the labels name it: region and zone. */
function zoneOf(node: Node): string {
  const { labels } = node.metadata;
  return `${labels?.["topology.kubernetes.io/region"] ?? ""}:\0:${labels?.["topology.kubernetes.io/zone"] ?? ""}`;
}

/** The conditions that only the kubelet knew are unknown from now on. */
function unknownConditions(node: Node, timestamp: string): readonly NodeCondition[] {
  const known = node.status?.conditions ?? [];
  const changed = known.map((c) => {
    if (!KUBELET_CONDITIONS.some((type) => type === c.type) || c.status === "Unknown") return c;
    return {
      ...c,
      status: "Unknown",
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status.",
      lastTransitionTime: timestamp,
    };
  });
  const missing = KUBELET_CONDITIONS.filter((type) => !known.some((c) => c.type === type)).map((type) => ({
    type,
    status: "Unknown",
    reason: "NodeStatusNeverUpdated",
    message: "Kubelet never posted node status.",
    lastTransitionTime: timestamp,
  }));
  return [...changed, ...missing];
}

/** When the Nodes are looked at next after an instant. */
function nextLookMs(afterMs: number): number {
  return (Math.floor(afterMs / MONITOR_MS) + 1) * MONITOR_MS;
}

/** A sign of life is seen when the Nodes are looked at next. One from the future, as from a snapshot, was given before it was loaded. */
function lastSeenMs(seenMs: number, lease: Lease | undefined, loop: Loop): number {
  return nextLookMs(Math.max(seenMs, Math.min((lease && lastRenewedMs(lease, loop)) ?? 0, loop.now())));
}

function neverHeardMs({ metadata }: Node, loop: Loop): number {
  const createdMs = metadata.creationTimestamp === undefined ? 0 : loop.instantOf(metadata.creationTimestamp);
  return nextLookMs(createdMs + STARTUP_GRACE_MS);
}

function monitor(context: ComponentContext, node: Node, seenMs: number): ReconcileResult {
  const { client, loop, recorder, informers } = context;
  const { name } = node.metadata;
  const lease = informers.for(LEASE).get(`${NODE_LEASE_NAMESPACE}/${name}`);
  const ready = readiness(node);
  // A Node that is loaded as not ready, without a Lease, has a kubelet that says so.
  if (ready === "Unknown" || (lease && isRenewing(lease)) || (ready === "False" && !lease)) return;
  const dueMs = ready === undefined ? neverHeardMs(node, loop) : lastSeenMs(seenMs, lease, loop) + GRACE_MS;
  if (loop.now() < dueMs) return { afterMs: dueMs - loop.now() };
  const wasReady = ready === "True";
  const status = { ...node.status, conditions: unknownConditions(node, loop.timestamp()) };
  if (mustRetry(client.updateStatus({ ...node, status }))) return "retry";
  if (!wasReady) return;
  recorder.report(NAME, node, "Normal", "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
  for (const pod of informers.for(POD).by("node", name)) markNotReady(context, pod);
}

function markNotReady({ client, loop, recorder }: ComponentContext, pod: Pod): void {
  if (!isPodReady(pod)) return;
  const conditions = (pod.status?.conditions ?? []).map((c) =>
    c.type === "Ready" ? { ...c, status: "False", lastTransitionTime: loop.timestamp() } : c,
  );
  if (mustRetry(client.updateStatus({ ...pod, status: { ...pod.status, conditions } }))) return;
  recorder.report(NAME, pod, "Warning", "NodeNotReady", "Node is not ready");
}

/** The NoExecute taint that the Node's readiness asks for. */
function wantedTaint(node: Node): string | undefined {
  const ready = readiness(node);
  return ready === "False" ? NOT_READY : ready === "Unknown" ? UNREACHABLE : undefined;
}

function isOurs(taint: Taint): boolean {
  return taint.effect === "NoExecute" && (taint.key === NOT_READY || taint.key === UNREACHABLE);
}

/** Writes the taint in place of the other one, or takes both away; true when done. */
function taint({ client, loop }: ComponentContext, node: Node, key: string | undefined): boolean {
  const before = node.spec?.taints ?? [];
  if (before.filter(isOurs).every((t) => t.key === key) && (key === undefined || before.some(isOurs))) return true;
  const added = key === undefined ? [] : [{ key, effect: "NoExecute" as const, timeAdded: loop.timestamp() }];
  const taints = [...before.filter((t) => !isOurs(t)), ...added];
  return !mustRetry(client.patch(NODE, node.metadata.name, undefined, { spec: { taints: taints.length > 0 ? taints : null } }));
}

/** Taints the Nodes of each zone one after the other. */
class Tainter {
  readonly #context: ComponentContext;
  readonly #queue: WorkQueue;
  /** When the next Node of a zone may be tainted, in virtual milliseconds. */
  readonly #nextMs = new Map<string, number>();
  /** When the readiness of a Node last changed, in virtual milliseconds. */
  readonly #changedMs = new Map<string, number>();

  constructor(context: ComponentContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.loop, (zone) => this.#work(zone));
  }

  /** A Node is tainted, or freed of its taint, when the Nodes are looked at next: by then it is known how many of its zone are lost with it. */
  wake(node: Node, changed: boolean): void {
    const { loop } = this.#context;
    if (changed) this.#changedMs.set(node.metadata.name, loop.now());
    this.#queue.addAfter(zoneOf(node), nextLookMs(loop.now()) - loop.now());
  }

  forget(node: Node): void {
    this.#changedMs.delete(node.metadata.name);
    this.wake(node, false);
  }

  #work(zone: string): ReconcileResult {
    const { informers, loop } = this.#context;
    const zones = new Map<string, Node[]>();
    for (const node of informers.for(NODE).list()) zones.set(zoneOf(node), [...(zones.get(zoneOf(node)) ?? []), node]);
    const states = [...zones.values()].map((nodes) => stateOf(nodes));
    const allDisrupted = states.every((s) => s === "FullDisruption");
    const nodes = zones.get(zone) ?? [];
    for (const node of nodes)
      if ((wantedTaint(node) === undefined || allDisrupted) && !taint(this.#context, node, undefined)) return "retry";
    const waiting = nodes.filter((n) => {
      const key = wantedTaint(n);
      const isNews = this.#changedMs.get(n.metadata.name) === loop.now();
      return key !== undefined && !isNews && !n.spec?.taints?.some((t) => isOurs(t) && t.key === key);
    });
    const interval = taintIntervalMs(stateOf(nodes), nodes.length, allDisrupted);
    const [next] = waiting;
    if (!next || interval === undefined) return;
    const nextMs = this.#nextMs.get(zone) ?? 0;
    if (loop.now() < nextMs) return { afterMs: nextMs - loop.now() };
    if (!taint(this.#context, next, wantedTaint(next))) return "retry";
    this.#nextMs.set(zone, loop.now() + interval);
    if (waiting.length > 1) return { afterMs: interval };
  }
}

function stateOf(nodes: readonly Node[]): ReturnType<typeof zoneState> {
  const ready = nodes.filter((n) => readiness(n) === "True").length;
  return zoneState(ready, nodes.filter((n) => wantedTaint(n) !== undefined).length);
}

export const nodeHealthController: Controller = {
  name: "node-lifecycle-controller",
  start(context) {
    const { informers, loop } = context;
    const nodes = informers.for(NODE);
    informers.for(POD).addIndex("node", (p) => (p.spec.nodeName ? [p.spec.nodeName] : []));
    /** When a Node's status or Lease was last seen to change. */
    const seenMs = new Map<string, number>();
    const queue = queueFor(context, nodes, (node, key) => monitor(context, node, seenMs.get(key) ?? 0));
    const tainter = new Tainter(context);
    nodes.on((type, node, before) => {
      const { name } = node.metadata;
      if (type === "DELETED") {
        seenMs.delete(name);
        tainter.forget(node);
        return;
      }
      if (before && before.status === node.status && before.spec === node.spec) return;
      if (!before || before.status !== node.status) seenMs.set(name, loop.now());
      queue.add(name);
      tainter.wake(node, before === undefined || readiness(before) !== readiness(node));
    });
    // A Lease is written when renewing begins or ends: a sign of life.
    informers.for(LEASE).on((type, lease) => {
      if (lease.metadata.namespace !== NODE_LEASE_NAMESPACE || type === "DELETED") return;
      seenMs.set(lease.metadata.name, loop.now());
      queue.add(lease.metadata.name);
    });
  },
};
