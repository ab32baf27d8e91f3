/**
 * The scheduler: watches Pods and nodes, and binds one Pod after another.
 * @see kubernetes pkg/scheduler/schedule_one.go, eventhandlers.go
 */
import type { Node, Pod } from "../../../generated/v1.36/model.ts";
import { NODE, POD } from "../../api/kinds.ts";
import { type KubeObject, keyOf } from "../../api/object.ts";
import { invariant } from "../../lib/invariant.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { Cancel } from "../../sim/loop.ts";
import type { SchedulerSetup } from "./config/scheduler-config.ts";
import { choose, nodesWanted, preBindings, prepare, type Search, search } from "./cycle.ts";
import type { CelCompiler } from "./devices/device-selector.ts";
import { type Evaluation, evaluate, type SchedulerView, viewParts } from "./evaluate.ts";
import { type ClusterEvent, objectEvent } from "./events.ts";
import { evict } from "./evict.ts";
import type { CycleContext, PreBinding, Prepared, Profile } from "./framework.ts";
import { eventNote, unschedulableMessage } from "./message.ts";
import type { NodeInfo } from "./node-info.ts";
import { hasEnded, isPlaced } from "./placed.ts";
import type { PodInfo } from "./pod-info.ts";
import { markUnschedulable, nominate } from "./pod-status.ts";
import { runPostFilters } from "./post-filter.ts";
import { type ProfileParts, partsOf, theOne } from "./profile.ts";
import { SchedulingQueue, type Waiting } from "./queue.ts";
import { chooseQuickly } from "./quick-choice.ts";
import { type Reservation, Reservations } from "./reservations.ts";
import { totalsOf } from "./totals.ts";
import { profileOf, wakeWaiting } from "./waking.ts";

/** A choice among several nodes with the same total: a real cluster may take another of them. */
interface Tie {
  /** `namespace/name`. */
  readonly pod: string;
  readonly chosen: string;
  /** How many nodes had the best total. */
  readonly size: number;
}

export interface Scheduler {
  /** The ties so far, of Pods that still exist. */
  ties(): readonly Tie[];
  /** Why each node refuses a Pod that waits: by node, in the order in which nodes are looked at. `undefined` for a Pod that does not wait. */
  lastRefusal(podKey: string): Readonly<Record<string, readonly string[]>> | undefined;
  /** What the scheduler would make of a Pod now. */
  evaluate(pod: Pod): Evaluation;
  /** Addresses of extenders that a real scheduler of this configuration would ask. */
  readonly extendersNotAsked: readonly string[];
}

export interface SchedulerOptions {
  /** By KubeSchedulerConfiguration. Default: one profile of all default plugins with their weights, adaptive share of nodes. */
  readonly setup?: SchedulerSetup;
  /** For expressions of device classes and claims; without it, such expressions match nothing. */
  readonly compile?: CelCompiler;
}

export function startScheduler(context: ComponentContext, options: SchedulerOptions = {}): Scheduler {
  const running = new RunningScheduler(context, options);
  return {
    ties: () => running.ties(),
    lastRefusal: (podKey) => running.lastRefusal(podKey),
    evaluate: (pod) => running.evaluate(pod),
    extendersNotAsked: options.setup?.extendersNotAsked ?? [],
  };
}

class RunningScheduler {
  readonly #context: ComponentContext;
  readonly #view: SchedulerView;
  readonly #parts: ReadonlyMap<Profile, ProfileParts>;
  readonly #queue: SchedulingQueue;
  readonly #ties = new Map<string, Tie>();
  /** Pods that have a node and wait for their volumes. */
  readonly #reserved: Reservations;
  /** Where the next search begins in the order of nodes. */
  #startIndex = 0;
  #awake = false;
  #flush: { atMs: number; cancel: Cancel } | undefined;

  constructor(context: ComponentContext, options: SchedulerOptions) {
    this.#context = context;
    const { setup, compile } = options;
    const view = viewParts(context.informers, setup?.profiles, compile);
    this.#view = view;
    const profiles = [...view.profiles.values()];
    this.#parts = new Map(profiles.map((p) => [p, partsOf(p)]));
    this.#reserved = new Reservations(
      context.loop,
      ({ waiting, node }) => this.#bind(waiting, node),
      (reservation, failed, why) => this.#giveUp(reservation, failed, why),
    );
    const [first] = profiles;
    invariant(first, "a scheduler has a profile");
    // All profiles have the same queue.
    this.#queue = new SchedulingQueue(theOne(first, "compare"), setup?.backoff);
    context.informers.for(NODE).on((type, node, before) => this.#onNode(type === "DELETED" ? undefined : node, before ?? node));
    context.informers.for(POD).on((type, pod) => this.#onPod(keyOf(pod), type === "DELETED" ? undefined : pod));
    for (const informer of view.watched) informer.on((...change) => this.#happened(objectEvent(...change)));
  }

  ties(): readonly Tie[] {
    return [...this.#ties.values()];
  }

  lastRefusal(podKey: string): Readonly<Record<string, readonly string[]>> | undefined {
    const waiting = this.#queue.get(podKey);
    if (!waiting) return undefined;
    const refusals: Record<string, readonly string[]> = {};
    for (const [node, { reasons }] of Object.entries(this.evaluate(waiting.info.pod).nodes)) if (reasons) refusals[node] = reasons;
    return refusals;
  }

  evaluate(pod: Pod): Evaluation {
    return evaluate(pod, this.#view);
  }

  #profile({ pod }: PodInfo): Profile {
    const profile = profileOf(this.#view, pod);
    invariant(profile, "only Pods of a profile are in the queue");
    return profile;
  }

  #onNode(node: Node | undefined, before: Node): void {
    const { cache } = this.#view;
    if (!node) {
      cache.removeNode(before.metadata.name);
      this.#happened({ type: "node-removed", node: before });
      return;
    }
    const known = cache.node(node.metadata.name) !== undefined;
    const matters = cache.setNode(node);
    if (!known) this.#happened({ type: "node-added", node });
    else if (matters) this.#happened({ type: "node-updated", node, before });
  }

  #onPod(key: string, pod: Pod | undefined): void {
    const { cache } = this.#view;
    const reserved = this.#reserved.get(key);
    if (reserved) {
      if (pod && !isPlaced(pod) && !hasEnded(pod) && pod.metadata.uid === reserved.waiting.info.pod.metadata.uid) return;
      if (pod && isPlaced(pod)) this.#reserved.delete(key);
      else this.#release(key);
    }
    const placed = cache.pod(key);
    if (pod && isPlaced(pod)) {
      const waiting = this.#queue.get(key)?.info;
      this.#forget(key);
      const info = cache.setPod(pod, waiting);
      if (!placed) this.#happened({ type: "pod-added", pod: info });
      else if (placed.shape !== info.shape || placed.terminating !== info.terminating)
        this.#happened({ type: "pod-updated", pod: info, before: placed });
      return;
    }
    if (placed) {
      cache.removePod(key);
      this.#happened({ type: "pod-removed", pod: placed });
    }
    if (!pod) this.#ties.delete(key);
    const before = this.#queue.get(key)?.info;
    if (pod && !hasEnded(pod) && profileOf(this.#view, pod)) this.#enqueue(key, pod);
    else this.#forget(key);
    // Its room was kept from those that are no more important: they may have it now.
    const promised = before?.pod.status?.nominatedNodeName ?? pod?.status?.nominatedNodeName;
    if (before && promised !== pod?.status?.nominatedNodeName) this.#happened({ type: "pod-removed", pod: before }, before.priority);
  }

  #forget(key: string): void {
    if (!this.#queue.get(key)) return;
    this.#queue.delete(key);
    this.#view.nominator.delete(key);
  }

  /** A Pod without a node, new or changed. */
  #enqueue(key: string, pod: Pod): void {
    const { cache, listers, nominator } = this.#view;
    const nowMs = this.#context.loop.now();
    const waiting = this.#queue.get(key);
    const info = cache.shapes.infoOf(pod, waiting?.info);
    const gated = this.#profile(info).plugins.some(({ plugin }) => plugin.preEnqueue?.(info, listers) !== undefined);
    if (!waiting || waiting.info.pod.metadata.uid !== pod.metadata.uid) {
      this.#forget(key);
      this.#queue.add(info, gated, nowMs);
      if (pod.status?.nominatedNodeName) nominator.set(info, pod.status.nominatedNodeName);
    } else {
      const changed = waiting.info.shape !== info.shape;
      waiting.info = info;
      if (!gated && (waiting.place === "gated" || (changed && waiting.place === "unschedulable")))
        this.#queue.wake(waiting, nowMs, waiting.place === "gated");
    }
    this.#work();
  }

  /** Wakes the Pods that the event may help. */
  #happened(event: ClusterEvent, priorityMax?: number): void {
    if ("object" in event) {
      if (event.object.kind === "Namespace") this.#view.cache.counts.forget();
      this.#reserved.check();
      this.#openGates(event.object);
    }
    if (this.#queue.unschedulableCount === 0) return;
    wakeWaiting(this.#queue, this.#view, event, this.#context.loop.now(), priorityMax);
    this.#work();
  }

  /** A ResourceClaim came, for which a Pod waits outside the queue. */
  #openGates(object: KubeObject): void {
    if (object.kind !== "ResourceClaim") return;
    for (const { info } of [...this.#queue.gated()]) {
      if (info.pod.metadata.namespace === object.metadata.namespace) this.#enqueue(info.key, info.pod);
    }
  }

  /** One Pod a task, so that others take turns. */
  #work(): void {
    if (this.#awake) return;
    this.#awake = true;
    this.#context.loop.soon(this.#turn);
  }

  readonly #turn = (): void => {
    this.#awake = false;
    this.#queue.flush(this.#context.loop.now());
    const waiting = this.#queue.pop();
    if (waiting) {
      this.#schedule(waiting);
      this.#work();
    } else this.#planFlush();
  };

  /** Pods set aside are tried again after five minutes, whatever happens. */
  #planFlush(): void {
    const atMs = this.#queue.nextFlushMs();
    if (atMs === this.#flush?.atMs) return;
    this.#flush?.cancel();
    this.#flush = atMs === undefined ? undefined : { atMs, cancel: this.#context.loop.at(atMs, () => this.#onFlush()) };
  }

  #onFlush(): void {
    this.#flush = undefined;
    this.#work();
  }

  #schedule(waiting: Waiting): void {
    const { info } = waiting;
    const { cache, listers, nominator } = this.#view;
    const profile = this.#profile(info);
    if (info.terminating) {
      this.#queue.setAside(waiting, NOBODY, this.#context.loop.now());
      return;
    }
    const context: CycleContext = { pod: info, cache, listers, now: this.#context.loop.timestamp() };
    const { columns, scores } = this.#parts.get(profile)!;
    const prepared = prepare(profile, context, columns);
    const nodes = cache.order().length;
    let found = this.#tryNominated(prepared, info);
    if (!found) {
      const wanted = scores ? nodesWanted(nodes, profile.percentageOfNodesToScore) : 1;
      const quick = chooseQuickly(profile, prepared, nominator, this.#startIndex, wanted);
      if (quick) {
        this.#startIndex = (this.#startIndex + quick.processed) % nodes;
        this.#take(waiting, quick.node, quick.size, prepared);
        return;
      }
      found = search(prepared, nominator, this.#startIndex, wanted);
      if (nodes > 0) this.#startIndex = (this.#startIndex + found.processed) % nodes;
    }
    if (found.error !== undefined) {
      this.#tryLater(waiting, found.error);
      return;
    }
    if (found.feasible.length === 0) {
      this.#fail(waiting, prepared, found);
      return;
    }
    // The only one is taken without a score.
    const { index, size } = found.feasible.length > 1 ? choose(totalsOf(profile, prepared, found.feasible)) : { index: 0, size: 1 };
    this.#take(waiting, found.feasible[index]!, size, prepared);
  }

  /** `size`: how many nodes were as good. */
  #take(waiting: Waiting, node: NodeInfo, size: number, prepared: Prepared): void {
    const { key } = waiting.info;
    if (size > 1) this.#ties.set(key, { pod: key, chosen: node.name, size });
    else this.#ties.delete(key);
    this.#assign(waiting, node, prepared);
  }

  /** The node that was promised is tried alone. */
  #tryNominated(prepared: Prepared, info: PodInfo): Search | undefined {
    const { cache, nominator } = this.#view;
    const node = cache.node(nominator.nodeOf(info.key) ?? "");
    if (!node || prepared.refusal) return undefined;
    const only = { names: new Set([node.name]), others: prepared.only?.others ?? UNNAMED };
    if (prepared.only && !prepared.only.names.has(node.name)) return undefined;
    const found = search({ ...prepared, only }, nominator, 0, 1);
    return found.feasible.length > 0 ? found : undefined;
  }

  /** Binds at once, or when what plugins must write first (volumes) has come about: the Pod has its place on the node meanwhile. */
  #assign(waiting: Waiting, node: NodeInfo, prepared: Prepared): void {
    const { info } = waiting;
    const works = preBindings(prepared, node);
    if (works.length === 0) {
      this.#bind(waiting, node);
      return;
    }
    this.#view.cache.setPod({ ...info.pod, spec: { ...info.pod.spec, nodeName: node.name } }, info);
    this.#forget(info.key);
    this.#reserved.add({ waiting, node, works });
    const { client, loop, recorder } = this.#context;
    nominate(client, info.pod, node.name);
    for (const work of works) work.start(client, loop.timestamp());
    for (const { event } of works)
      if (event) recorder.report(this.#profile(info).schedulerName, info.pod, "Normal", event.reason, event.message);
    this.#reserved.check();
  }

  #giveUp({ waiting: { info }, works }: Reservation, failed: PreBinding, why: string): void {
    this.#release(info.key);
    for (const work of works) work.undo?.(this.#context.client);
    const message = `running PreBind plugin "${failed.name}": ${why}`;
    this.#context.recorder.report(this.#profile(info).schedulerName, info.pod, "Warning", "FailedScheduling", message);
    markUnschedulable(this.#context, info.pod, { reason: "SchedulerError", message, nominatedNodeName: undefined });
    this.#enqueue(info.key, info.pod);
  }

  /** The Pod gives its place on the node back. */
  #release(key: string): void {
    const { cache } = this.#view;
    this.#reserved.delete(key);
    const info = cache.pod(key);
    cache.removePod(key);
    if (info) this.#happened({ type: "pod-removed", pod: info });
  }

  #bind(waiting: Waiting, node: NodeInfo): void {
    const { client, recorder } = this.#context;
    const { pod, key } = waiting.info;
    const { name, namespace = "default" } = pod.metadata;
    const profile = this.#profile(waiting.info);
    const answer = this.#parts.get(profile)!.bind(client, waiting.info, node);
    if (!isRefused(answer)) {
      this.#forget(key);
      recorder.report(profile.schedulerName, pod, "Normal", "Scheduled", `Successfully assigned ${namespace}/${name} to ${node.name}`);
      return;
    }
    if (answer.reason === "NotFound" || !this.#queue.get(key)) {
      this.#forget(key);
      return;
    }
    this.#tryLater(waiting, `binding rejected: ${answer.message}`);
  }

  /** The cycle failed, for another reason than the cluster's state. */
  #tryLater(waiting: Waiting, message: string): void {
    const { recorder, loop } = this.#context;
    const { info } = waiting;
    const { pod } = info;
    recorder.report(this.#profile(info).schedulerName, pod, "Warning", "FailedScheduling", eventNote(message));
    this.#view.nominator.delete(info.key);
    markUnschedulable(this.#context, pod, { reason: "SchedulerError", message, nominatedNodeName: undefined });
    this.#queue.retryLater(waiting, loop.now());
  }

  #fail(waiting: Waiting, prepared: Prepared, { diagnosis }: Search): void {
    const { recorder, loop } = this.#context;
    const { nominator } = this.#view;
    const { info } = waiting;
    const profile = this.#profile(info);
    const { candidate, keepsNomination, message: why, acts } = runPostFilters(profile, prepared, diagnosis, nominator);
    const nominated = candidate?.node.name ?? (keepsNomination ? nominator.nodeOf(info.key) : undefined);
    if (nominated) nominator.set(info, nominated);
    else nominator.delete(info.key);
    const refusedBy = new Set<string>();
    if (diagnosis.pod) refusedBy.add(diagnosis.pod.plugin);
    for (const refusal of diagnosis.refusals.counts().keys()) refusedBy.add(refusal.plugin);
    if (diagnosis.others) refusedBy.add(diagnosis.others.plugin);
    this.#queue.setAside(waiting, refusedBy, loop.now());
    const message = unschedulableMessage(diagnosis, why);
    recorder.report(profile.schedulerName, info.pod, "Warning", "FailedScheduling", eventNote(message));
    markUnschedulable(this.#context, info.pod, { reason: "Unschedulable", message, nominatedNodeName: nominated });
    for (const act of acts) act(this.#context.client);
    if (candidate) evict(this.#context, info, candidate, nominator, (key) => this.#makesRoom(key));
  }

  /** A Pod that waits to be bound goes back into the queue. */
  #makesRoom(key: string): boolean {
    const reservation = this.#reserved.get(key);
    if (reservation) this.#giveUp(reservation, reservation.works[0]!, "preempted by DefaultPreemption");
    return reservation !== undefined;
  }
}

/** No plugin refused the Pod: whatever happens next may help. */
const NOBODY: ReadonlySet<string> = new Set();
const UNNAMED = { plugin: "", reasons: [], preemptionMayHelp: false };
