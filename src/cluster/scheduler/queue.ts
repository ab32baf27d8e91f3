/**
 * The Pods that wait for a node: ready to be tried, backing off, or set aside until something happens that can help them.
 * @see kubernetes pkg/scheduler/backend/queue/scheduling_queue.go
 */
import { Heap } from "../../lib/heap.ts";
import type { QueuedPod } from "./framework.ts";
import type { PodInfo } from "./pod-info.ts";

const BACKOFF_INITIAL_MS = 1_000;
const BACKOFF_MAX_MS = 10_000;
/** Back-off ends are rounded down to whole windows, so that Pods leave together. */
const BACKOFF_WINDOW_MS = 1_000;
/** A Pod set aside is tried again after this time even when nothing happened. */
const UNSCHEDULABLE_MAX_MS = 300_000;

type Place = "active" | "backoff" | "unschedulable" | "gated";

export interface Waiting {
  info: PodInfo;
  place: Place;
  /** When it came into the queue, or last failed. Virtual milliseconds. */
  sinceMs: number;
  /** How often it was refused. */
  attempts: number;
  /** The plugins that refused it last: their events wake it. */
  refusedBy: ReadonlySet<string>;
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
  readonly #unschedulable = new Set<Waiting>();
  readonly #active: Heap<Entry>;
  readonly #backoff: Heap<Entry>;
  #sequence = 0;

  /** `compare`: the order in which Pods are tried; of equals, who came first. */
  constructor(compare: (a: QueuedPod, b: QueuedPod) => number) {
    const comesFirst = (a: Entry, b: Entry): boolean => {
      const order = compare(a, b);
      return order < 0 || (order === 0 && a.sequence < b.sequence);
    };
    this.#active = new Heap(comesFirst);
    this.#backoff = new Heap((a, b) => a.readyMs < b.readyMs || (a.readyMs === b.readyMs && comesFirst(a, b)));
  }

  get(key: string): Waiting | undefined {
    return this.#pods.get(key);
  }

  /** The Pods set aside. */
  unschedulable(): Iterable<Waiting> {
    return this.#unschedulable;
  }

  get unschedulableCount(): number {
    return this.#unschedulable.size;
  }

  /** A new Pod, to be tried now (`gated`: not before its gates are gone). */
  add(info: PodInfo, gated: boolean, nowMs: number): void {
    const waiting: Waiting = { info, place: "gated", sinceMs: nowMs, attempts: 0, refusedBy: new Set(), sequence: 0 };
    this.#pods.set(info.key, waiting);
    if (!gated) this.#activate(waiting);
  }

  delete(key: string): void {
    const waiting = this.#pods.get(key);
    if (!waiting) return;
    this.#pods.delete(key);
    this.#unschedulable.delete(waiting);
    waiting.sequence = -1;
  }

  /** The next Pod to try; it stays known until it is deleted or set aside. When none is active, one that backs off is taken early. */
  pop(): Waiting | undefined {
    return popCurrent(this.#active, "active") ?? popCurrent(this.#backoff, "backoff");
  }

  /** The Pod was refused: it waits for an event. */
  setAside(waiting: Waiting, refusedBy: ReadonlySet<string>, nowMs: number): void {
    if (this.#pods.get(waiting.info.key) !== waiting) return;
    waiting.place = "unschedulable";
    waiting.sinceMs = nowMs;
    waiting.attempts++;
    waiting.refusedBy = refusedBy;
    waiting.sequence = ++this.#sequence;
    this.#unschedulable.add(waiting);
  }

  /** Something may help the Pod: it is tried after its back-off, or now (`force`: its own spec changed, a gate went). */
  wake(waiting: Waiting, nowMs: number, force = false): void {
    this.#unschedulable.delete(waiting);
    if (waiting.place === "active") return;
    const readyMs = readyAt(waiting);
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
    for (let e = this.#backoff.peek(); e && (e.readyMs <= nowMs || !isCurrent(e, "backoff")); e = this.#backoff.peek()) {
      this.#backoff.pop();
      if (isCurrent(e, "backoff")) this.#activate(e.waiting);
    }
    for (const waiting of [...this.#unschedulable]) if (nowMs - waiting.sinceMs >= UNSCHEDULABLE_MAX_MS) this.wake(waiting, nowMs);
  }

  /** When the Pod that was set aside first will have waited too long. Virtual milliseconds. */
  nextFlushMs(): number | undefined {
    for (const waiting of this.#unschedulable) return waiting.sinceMs + UNSCHEDULABLE_MAX_MS;
    return undefined;
  }

  #activate(waiting: Waiting): void {
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

/** 1 s after the first refusal, doubling to 10 s, ending on a whole window. */
function readyAt({ attempts, sinceMs }: Waiting): number {
  if (attempts === 0) return sinceMs;
  const delayMs = Math.min(BACKOFF_INITIAL_MS * 2 ** (attempts - 1), BACKOFF_MAX_MS);
  const endMs = sinceMs + delayMs;
  return endMs - (endMs % BACKOFF_WINDOW_MS);
}
