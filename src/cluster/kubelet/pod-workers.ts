/**
 * The Pods' side of the kubelets: for each Pod on a node whose kubelet works, what has happened to it, and the writing of its status.
 * What it decides is in pod-lifecycle.ts. Few writes: one when a Pod is taken and has to wait, one at each change of its state.
 *
 * Simplified: only what goes wrong is reported as an event, not that images are pulled and containers created and started.
 * Simplified: what a Pod waits for is seen at once when it comes; a real kubelet tries again after up to two minutes.
 * Simplified: a Pod that a loaded cluster shows as begun is left in the state it has, until it is deleted.
 */
import type { Node, Pod, PodStatus } from "../../../generated/v1.36/model.ts";
import { CONFIG_MAP, NODE, PERSISTENT_VOLUME_CLAIM, POD, SECRET } from "../../api/kinds.ts";
import { keyOf } from "../../api/object.ts";
import { changed } from "../../lib/changed.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { isRefused } from "../../sim/answer.ts";
import type { WatchHandler } from "../../sim/client.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { Informer } from "../../sim/informer.ts";
import type { PodAddresses } from "../../sim/network.ts";
import { type ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";
import { AttachedVolumes } from "./attached-volumes.ts";
import { podText } from "./container-status.ts";
import { rejectedStatus, rejection } from "./node-admission.ts";
import { hostIps } from "./node-status.ts";
import { type Hold, isTerminal, type PodHistory, type PodTiming, podStep, stoppedPodStatus } from "./pod-lifecycle.ts";
import { missingEnvironment, missingVolume, type Sources } from "./references.ts";
import { stopMs } from "./termination.ts";
import { Turns } from "./turns.ts";
import { Waiters } from "./waiters.ts";

const COMPONENT = "kubelet";
/** What a kubelet knows of a Pod. */
interface PodRecord extends PodHistory {
  /** The status of a Pod that ran before the simulation began. */
  readonly adopted: PodStatus | undefined;
  /** When its containers will have stopped, once it is deleted. */
  readonly stopAtMs: number | undefined;
  /** It has been removed, as far as it is the kubelet's to do. */
  readonly removed: boolean;
}

const NO_HOLDS: ReadonlyMap<string, Hold> = new Map();

export class PodWorkers {
  readonly #context: ComponentContext;
  readonly #addresses: PodAddresses;
  readonly #timing: PodTiming;
  readonly #runningNode: (name: string) => Node | undefined;
  readonly #pods: Informer<Pod>;
  readonly #sources: Sources;
  readonly #queue: WorkQueue;
  readonly #waiters: Waiters;
  readonly #attached: AttachedVolumes;
  /** By uid. */
  readonly #records = new Map<string, PodRecord>();
  readonly #turns = new Turns();
  /** Uids of Pods that came with their node named: the kubelet itself looks whether there is room. */
  readonly #unscheduled = new Set<string>();
  /** Keys of Pods, by node. */
  readonly #byNode = new Map<string, Set<string>>();

  constructor(context: ComponentContext, addresses: PodAddresses, timing: PodTiming, runningNode: (name: string) => Node | undefined) {
    this.#context = context;
    this.#addresses = addresses;
    this.#timing = timing;
    this.#runningNode = runningNode;
    const { informers } = context;
    this.#pods = informers.for(POD);
    this.#sources = {
      configMaps: informers.for(CONFIG_MAP),
      secrets: informers.for(SECRET),
      claims: informers.for(PERSISTENT_VOLUME_CLAIM),
    };
    this.#queue = new WorkQueue(context.loop, (key) => this.#sync(key));
    this.#waiters = new Waiters((key) => this.#enqueue(key));
    this.#attached = new AttachedVolumes(context, runningNode);
    const wake: WatchHandler = (_type, object) => this.#waiters.wake(`${object.kind} ${keyOf(object)}`);
    informers.for(CONFIG_MAP).on(wake);
    informers.for(SECRET).on(wake);
    informers.for(PERSISTENT_VOLUME_CLAIM).on(wake);
    informers.for(NODE).on(wake);
    this.#pods.on((type, pod, before) => {
      const node = pod.spec.nodeName;
      if (!node) return;
      const key = keyOf(pod);
      if (type === "DELETED") this.#forget(node, key, pod);
      else if (!before || concerns(pod, before)) {
        if (type === "ADDED") this.#unscheduled.add(pod.metadata.uid ?? key);
        const keys = this.#byNode.get(node);
        if (keys) keys.add(key);
        else this.#byNode.set(node, new Set([key]));
        this.#enqueue(key);
      }
    });
  }

  /** Looks at all Pods of a node again. */
  resync(node: string): void {
    this.#attached.resync(node);
    for (const key of this.#byNode.get(node) ?? []) this.#enqueue(key);
  }

  #enqueue(key: string): void {
    this.#queue.addAfter(key, this.#turns.nextDelayMs(this.#context.loop.now()));
  }

  #forget(node: string, key: string, pod: Pod): void {
    const uid = pod.metadata.uid ?? key;
    this.#byNode.get(node)?.delete(key);
    this.#unscheduled.delete(uid);
    this.#waiters.remove(key);
    if (this.#records.delete(uid)) this.#release(uid, node);
  }

  #release(uid: string, node: string): void {
    this.#addresses.release(uid);
    this.#attached.release(uid, node);
    this.#waiters.wake(`addresses ${node}`);
  }

  #sync(key: string): ReconcileResult {
    const pod = this.#pods.get(key);
    const node = pod?.spec.nodeName === undefined ? undefined : this.#runningNode(pod.spec.nodeName);
    if (!pod || !node) return;
    const uid = pod.metadata.uid ?? key;
    let record = this.#records.get(uid) ?? this.#take(pod, node);
    const keep = (changed: PodRecord): PodRecord => {
      if (changed !== record) this.#records.set(uid, changed);
      return changed;
    };
    if (record.removed) return;
    if (pod.metadata.deletionTimestamp !== undefined) return this.#terminate(pod, node, record, keep);
    if (isTerminal(pod.status?.phase)) return;
    if (record.adopted) return this.#post(pod, record.adopted);
    if (this.#unscheduled.delete(uid)) {
      const refused = rejection(pod, node, this.#takenOn(node, uid));
      if (refused) {
        this.#warn(pod, refused.reason, refused.message);
        return this.#post(pod, rejectedStatus(pod, refused, this.#at(this.#context.loop.now())));
      }
    }
    record = keep(this.#prepare(pod, node, record));
    const nowMs = this.#context.loop.now();
    const step = podStep(pod, record, this.#timing, nowMs, this.#at);
    const result = this.#post(pod, step.status);
    if (result) return result;
    this.#reportBackOff(pod, step.status);
    if (step.over) this.#release(uid, node.metadata.name);
    return step.nextMs === undefined ? undefined : { afterMs: step.nextMs - nowMs };
  }

  /** The Pods that the kubelet has taken before, and that have not ended. */
  #takenOn(node: Node, uid: string): readonly Pod[] {
    const keys = [...(this.#byNode.get(node.metadata.name) ?? [])];
    return keys
      .map((key) => this.#pods.get(key))
      .filter((p) => p !== undefined)
      .filter((p) => p.metadata.uid !== uid && this.#records.has(p.metadata.uid ?? "") && !isTerminal(p.status?.phase));
  }

  readonly #at = (atMs: number): string => this.#context.loop.timestamp(atMs);

  #take(pod: Pod, node: Node): PodRecord {
    const begun = hasBegun(pod);
    const uid = pod.metadata.uid ?? keyOf(pod);
    const podIps = (pod.status?.podIPs ?? []).map(({ ip }) => ip);
    if (begun && !pod.spec.hostNetwork && !isTerminal(pod.status?.phase)) this.#addresses.adopt(uid, podIps, rangesOf(node));
    if (begun && !isTerminal(pod.status?.phase)) this.#attached.awaits(pod, node);
    const nowMs = this.#context.loop.now();
    const record: PodRecord = {
      seenMs: nowMs,
      mountedMs: begun ? nowMs : undefined,
      holds: NO_HOLDS,
      podIps: begun ? podIps : [],
      hostIps: hostIps(node),
      adopted: begun ? pod.status : undefined,
      stopAtMs: undefined,
      removed: false,
    };
    this.#records.set(uid, record);
    return record;
  }

  /** Volumes, network and environment, as far as they are to be had now. */
  #prepare(pod: Pod, node: Node, record: PodRecord): PodRecord {
    const nowMs = this.#context.loop.now();
    const key = keyOf(pod);
    if (record.mountedMs !== undefined) {
      const waits = record.holds.size > 0 && [...record.holds.values()].some((hold) => "error" in hold);
      return waits ? changed(record, { holds: this.#holds(pod, key, record.holds) }) : record;
    }
    const missing = missingVolume(pod, this.#sources);
    if (missing) {
      this.#waiters.add(missing.awaits, key);
      this.#warn(pod, "FailedMount", missing.message);
      return record;
    }
    if (this.#attached.awaits(pod, node)) {
      this.#waiters.add(`Node ${node.metadata.name}`, key);
      return record;
    }
    const given = pod.spec.hostNetwork ? { ips: record.hostIps } : this.#addresses.allocate(pod.metadata.uid ?? key, rangesOf(node));
    if ("error" in given) {
      this.#waiters.add(`addresses ${node.metadata.name}`, key);
      const sandbox = (pod.metadata.uid ?? "").replaceAll("-", "");
      this.#warn(
        pod,
        "FailedCreatePodSandBox",
        "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox " +
          `"${sandbox}": plugin type="bridge" failed (add): ${given.error}`,
      );
      return record;
    }
    return changed(record, { mountedMs: nowMs, podIps: given.ips, holds: this.#holds(pod, key, record.holds) });
  }

  /** Which containers lack something of their environment; one that no longer does has been free since now. */
  #holds(pod: Pod, key: string, before: ReadonlyMap<string, Hold>): ReadonlyMap<string, Hold> {
    /** A copy with what is new. */
    let holds = before;
    const set = (name: string, hold: Hold): void => {
      holds = new Map(holds).set(name, hold);
    };
    for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
      const old = before.get(container.name);
      if (old && "freedMs" in old) continue;
      const missing = missingEnvironment(pod, container, this.#sources);
      if (missing) {
        set(container.name, { error: missing.message });
        this.#waiters.add(missing.awaits, key);
        this.#warn(pod, "Failed", `Error: ${missing.message}`);
      } else if (old) set(container.name, { freedMs: this.#context.loop.now() });
    }
    return holds;
  }

  /** Deletion: the containers stop, then the kubelet removes the Pod for good. */
  #terminate(pod: Pod, node: Node, record: PodRecord, keep: (r: PodRecord) => PodRecord): ReconcileResult {
    const { client, loop } = this.#context;
    const nowMs = loop.now();
    const stopAtMs = Math.min(record.stopAtMs ?? Number.POSITIVE_INFINITY, nowMs + stopMs(pod, this.#timing));
    if (nowMs < stopAtMs) {
      keep(changed(record, { stopAtMs }));
      return { afterMs: stopAtMs - nowMs };
    }
    // Nobody would see this status, unless a finalizer keeps the Pod.
    if (pod.metadata.finalizers?.length && !record.adopted && !isTerminal(pod.status?.phase)) {
      const result = this.#post(pod, stoppedPodStatus(pod, record, this.#timing, nowMs, this.#at));
      if (result) return result;
    }
    keep(changed(record, { stopAtMs, removed: true }));
    const { name, namespace, uid } = pod.metadata;
    this.#release(uid ?? keyOf(pod), node.metadata.name);
    client.delete(POD, name, namespace, { gracePeriodSeconds: 0, ...(uid === undefined ? {} : { preconditions: { uid } }) });
    return undefined;
  }

  #post(pod: Pod, status: PodStatus): "retry" | undefined {
    if (deepEqual(status, pod.status)) return undefined;
    const answer = this.#context.client.updateStatus<Pod>(changed(pod, { status }));
    return isRefused(answer) && answer.code === 409 ? "retry" : undefined;
  }

  #reportBackOff(pod: Pod, status: PodStatus): void {
    for (const { name, state } of status.containerStatuses ?? [])
      if (state?.waiting?.reason === "CrashLoopBackOff")
        this.#warn(pod, "BackOff", `Back-off restarting failed container ${name} in pod ${podText(pod)}`);
  }

  #warn(pod: Pod, reason: string, message: string): void {
    this.#context.recorder.report(COMPONENT, pod, "Warning", reason, message);
  }
}

function rangesOf(node: Node): readonly string[] {
  return node.spec.podCIDRs ?? (node.spec.podCIDR === undefined ? [] : [node.spec.podCIDR]);
}

/** Whether a Pod that is seen for the first time has a past: it runs, or its containers have had troubles of their own. */
function hasBegun({ status }: Pod): boolean {
  if (status?.startTime === undefined) return false;
  if (status.phase !== "Pending") return true;
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return statuses.some(
    ({ state }) => state?.waiting && state.waiting.reason !== "ContainerCreating" && state.waiting.reason !== "PodInitializing",
  );
}

const TOLD = ["seatrial.dev/ready", "seatrial.dev/exit-code", "seatrial.dev/hang"] as const;

/** Whether a change of a Pod is the kubelet's business. Its own writes are not. */
function concerns(pod: Pod, before: Pod): boolean {
  if (pod.spec.nodeName !== before.spec.nodeName) return true;
  const [meta, old] = [pod.metadata, before.metadata];
  if (meta.deletionTimestamp !== old.deletionTimestamp || meta.deletionGracePeriodSeconds !== old.deletionGracePeriodSeconds) return true;
  if (meta.generation !== old.generation) return true;
  if (meta.annotations !== old.annotations && TOLD.some((name) => meta.annotations?.[name] !== old.annotations?.[name])) return true;
  return (pod.spec.readinessGates ?? []).some(({ conditionType }) => gate(pod, conditionType) !== gate(before, conditionType));
}

function gate(pod: Pod, type: string): string | undefined {
  return pod.status?.conditions?.find((c) => c.type === type)?.status;
}
