/**
 * The Pods that wait for a node: ready to be tried, backing off, or set aside until something happens that can help them.
 * @see kubernetes pkg/scheduler/backend/queue/scheduling_queue.go
 */
import { Heap } from "../../lib/heap.ts";
import type { QueuedPod } from "./framework.ts";
import type { PodInfo } from "./pod-info.ts";

/** How long a refused Pod waits at first, and at most. Virtual milliseconds. */
export interface Backoff {
  readonly initialMs: number;
  readonly maxMs: number;
}

const DEFAULT_BACKOFF: Backoff = { initialMs: 1_000, maxMs: 10_000 };
/** Back-off ends are rounded down to whole windows, so that Pods leave together. */
const BACKOFF_WINDOW_MS = 1_000;
/** A Pod set aside is tried again after this time even when nothing happened. */
const UNSCHEDULABLE_MAX_MS = 300_000;

type Place = "active" | "backoff" | "error" | "unschedulable" | "gated";

export interface Waiting {
  info: PodInfo;
  place: Place;
  /** When it came into the queue, or last failed. Virtual milliseconds. */
  sinceMs: number;
  /** How often it was refused. */
  attempts: number;
  /** The plugins that refused it last: their events wake it. */
  refusedBy: ReadonlySet<string>;
  /** Equal for Pods that the same events help. */
  group: string;
  /** Its order among equals. */
  sequence: number;
}

/** An entry of a heap; out of date when the Pod has moved since. */
interface Entry extends QueuedPod {
  readonly waiting: Waiting;
  readonly sequence: number;
  readonly readyMs: number;
}

export class SchedulingQueue {
  readonly #pods = new Map<string, Waiting>();
  /** In the order in which they were set aside. */
  readonly #unschedulable = new Set<Waiting>();
  readonly #gated = new Set<Waiting>();
  readonly #groups = new Map<string, Set<Waiting>>();
  readonly #active: Heap<Entry>;
  readonly #backoff: Heap<Entry>;
  /** Those whose cycle failed for another reason than the cluster's state: their back-off is waited for in any case. */
  readonly #errors: Heap<Entry>;
  #sequence = 0;

  readonly #limits: Backoff;

  /** `compare`: the order in which Pods are tried; of equals, who came first. */
  constructor(compare: (a: QueuedPod, b: QueuedPod) => number, backoff: Backoff = DEFAULT_BACKOFF) {
    this.#limits = backoff;
    const comesFirst = (a: Entry, b: Entry): boolean => {
      const order = compare(a, b);
      return order < 0 || (order === 0 && a.sequence < b.sequence);
    };
    this.#active = new Heap(comesFirst);
    const isReadyFirst = (a: Entry, b: Entry): boolean => a.readyMs < b.readyMs || (a.readyMs === b.readyMs && comesFirst(a, b));
    this.#backoff = new Heap(isReadyFirst);
    this.#errors = new Heap(isReadyFirst);
  }

  get(key: string): Waiting | undefined {
    return this.#pods.get(key);
  }

  /** The Pods set aside, in groups that the same events help. */
  groups(): Iterable<ReadonlySet<Waiting>> {
    return this.#groups.values();
  }

  /** Those that wait outside the queue. */
  gated(): readonly Waiting[] {
    return [...this.#gated];
  }

  get unschedulableCount(): number {
    return this.#unschedulable.size;
  }

  /** A new Pod, to be tried now (`gated`: not before its gates are gone). */
  add(info: PodInfo, gated: boolean, nowMs: number): void {
    const waiting: Waiting = { info, place: "gated", sinceMs: nowMs, attempts: 0, refusedBy: new Set(), group: "", sequence: 0 };
    this.#pods.set(info.key, waiting);
    if (gated) this.#gated.add(waiting);
    else this.#activate(waiting);
  }

  delete(key: string): void {
    const waiting = this.#pods.get(key);
    if (!waiting) return;
    this.#pods.delete(key);
    this.#gated.delete(waiting);
    this.#unpark(waiting);
    waiting.sequence = -1;
  }

  /** The next Pod to try; it stays known until it is deleted or set aside. When none is active, one that backs off is taken early. */
  pop(): Waiting | undefined {
    return popCurrent(this.#active, "active") ?? popCurrent(this.#backoff, "backoff");
  }

  /** The Pod was refused: it waits for an event. */
  setAside(waiting: Waiting, refusedBy: ReadonlySet<string>, nowMs: number): void {
    const { info } = waiting;
    if (this.#pods.get(info.key) !== waiting) return;
    waiting.place = "unschedulable";
    waiting.sinceMs = nowMs;
    waiting.attempts++;
    waiting.refusedBy = refusedBy;
    waiting.sequence = ++this.#sequence;
    // Claims made for a Pod bear its name: there no two are alike.
    const alike = info.pod.spec.volumes?.some((v) => v.ephemeral) ? info.key : info.shape.id;
    waiting.group = `${alike} ${[...refusedBy].join(" ")}`;
    this.#unschedulable.add(waiting);
    const group = this.#groups.get(waiting.group);
    if (group) group.add(waiting);
    else this.#groups.set(waiting.group, new Set([waiting]));
  }

  /** The cycle failed for another reason (the API server refused the binding): the Pod is tried again after its back-off. */
  retryLater(waiting: Waiting, nowMs: number): void {
    if (this.#pods.get(waiting.info.key) !== waiting) return;
    waiting.place = "error";
    waiting.sinceMs = nowMs;
    waiting.attempts++;
    waiting.sequence = ++this.#sequence;
    this.#errors.push(entryOf(waiting, Math.max(this.#readyAt(waiting), nowMs + 1)));
  }

  /** Something may help the Pod: it is tried after its back-off, or now (`force`: its own spec changed, a gate went). */
  wake(waiting: Waiting, nowMs: number, force = false): void {
    if (waiting.place === "active" || waiting.place === "error") return;
    this.#unpark(waiting);
    const readyMs = this.#readyAt(waiting);
    if (force || readyMs <= nowMs) {
      this.#activate(waiting);
      return;
    }
    waiting.place = "backoff";
    waiting.sequence = ++this.#sequence;
    this.#backoff.push(entryOf(waiting, readyMs));
  }

  /** Moves Pods whose back-off has ended; wakes those that were set aside too long. */
  flush(nowMs: number): void {
    this.#flushHeap(this.#backoff, "backoff", nowMs);
    this.#flushHeap(this.#errors, "error", nowMs);
    for (const waiting of this.#unschedulable) {
      if (nowMs - waiting.sinceMs < UNSCHEDULABLE_MAX_MS) break;
      this.wake(waiting, nowMs);
    }
  }

  #flushHeap(heap: Heap<Entry>, place: Place, nowMs: number): void {
    for (let e = heap.peek(); e && (e.readyMs <= nowMs || !isCurrent(e, place)); e = heap.peek()) {
      heap.pop();
      if (isCurrent(e, place)) this.#activate(e.waiting);
    }
  }

  /** When a Pod is to be tried again, whatever happens. Virtual milliseconds. */
  nextFlushMs(): number | undefined {
    let nextMs = this.#errors.peek()?.readyMs;
    for (const waiting of this.#unschedulable) {
      const flushMs = waiting.sinceMs + UNSCHEDULABLE_MAX_MS;
      nextMs = Math.min(nextMs ?? flushMs, flushMs);
      break;
    }
    return nextMs;
  }

  /** 1 s after the first refusal, doubling to 10 s, ending on a whole window. */
  #readyAt({ attempts, sinceMs }: Waiting): number {
    if (attempts === 0) return sinceMs;
    const delayMs = Math.min(this.#limits.initialMs * 2 ** (attempts - 1), this.#limits.maxMs);
    const endMs = sinceMs + delayMs;
    return endMs - (endMs % BACKOFF_WINDOW_MS);
  }

  #unpark(waiting: Waiting): void {
    if (!this.#unschedulable.delete(waiting)) return;
    const group = this.#groups.get(waiting.group);
    group?.delete(waiting);
    if (group?.size === 0) this.#groups.delete(waiting.group);
  }

  #activate(waiting: Waiting): void {
    this.#gated.delete(waiting);
    waiting.place = "active";
    waiting.sequence = ++this.#sequence;
    this.#active.push(entryOf(waiting, 0));
  }
}

function entryOf(waiting: Waiting, readyMs: number): Entry {
  return { waiting, sequence: waiting.sequence, priority: waiting.info.priority, sinceMs: waiting.sinceMs, readyMs };
}

function isCurrent(entry: Entry, place: Place): boolean {
  return entry.waiting.place === place && entry.waiting.sequence === entry.sequence;
}

function popCurrent(heap: Heap<Entry>, place: Place): Waiting | undefined {
  for (let entry = heap.pop(); entry; entry = heap.pop()) {
    if (!isCurrent(entry, place)) continue;
    entry.waiting.sequence = 0;
    return entry.waiting;
  }
  return undefined;
}
