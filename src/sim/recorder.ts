/**
 * Events: what the components report, for people. Kept as a log beside the store, correlated as the real recorder does before it writes: equal events
 * are counted, many similar ones become one, and one that reports too much about an object is cut off.
 * Simplified: they are no objects of the API (no quota counts them, nothing garbage-collects them).
 * @see kubernetes staging/src/k8s.io/client-go/tools/record/events_cache.go
 */
import type { KubeObject } from "../api/object.ts";
import type { Loop } from "./loop.ts";

export interface ClusterEvent {
  readonly type: "Normal" | "Warning";
  /** CamelCase, for machines: `FailedScheduling`. */
  readonly reason: string;
  readonly message: string;
  /** `Kind namespace/name`; the namespace is empty for a cluster-scoped object. */
  readonly object: string;
  /** The component that reports it: `default-scheduler`. */
  readonly from: string;
  /** Virtual milliseconds of the first and the last time. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly count: number;
}

/** Distinct events kept at most; later ones are dropped and counted. */
const EVENTS_MAX = 500_000;
/** From so many different messages of one reason on, about one object, they are combined into one event. */
const SIMILAR_MAX = 10;
/** Similar events count together as long as one follows the other within this time, in milliseconds. */
const SIMILAR_INTERVAL_MS = 600_000;
/** Events that one component may report about one object at once, and how long it takes until it may report one more, in milliseconds. */
const BURST = 25;
const REFILL_MS = 300_000;
/** Of what is remembered for correlation, so many entries at most. @see events_cache.go maxLruCacheEntries */
const REMEMBERED_MAX = 4096;
/** The scheduler reports through the newer API, which has neither combination nor cut-off. */
const UNCORRELATED: ReadonlySet<string> = new Set(["default-scheduler"]);

interface Similar {
  readonly messages: Set<string>;
  lastAtMs: number;
}

interface Budget {
  left: number;
  atMs: number;
}

export class Recorder {
  readonly #loop: Loop;
  readonly #onWrite: (() => void) | undefined;
  readonly #events = new Map<string, ClusterEvent>();
  readonly #similar = new Map<string, Similar>();
  readonly #budgets = new Map<string, Budget>();
  #dropped = 0;

  /** @param onWrite called whenever an event is written: a new one, or a higher count */
  constructor(loop: Loop, onWrite?: () => void) {
    this.#loop = loop;
    this.#onWrite = onWrite;
  }

  report(from: string, object: KubeObject, type: "Normal" | "Warning", reason: string, message: string): void {
    const about = `${object.kind} ${object.metadata.namespace ?? ""}/${object.metadata.name}`;
    const source = `${from}\0${about}\0${object.metadata.uid ?? ""}`;
    const similar = `${source}\0${type}\0${reason}`;
    const correlated = !UNCORRELATED.has(from);
    const combined = correlated && this.#isOneOfMany(similar, message);
    if (correlated && !this.#mayReport(source)) return;
    if (combined) this.#keep(similar, from, about, type, reason, `(combined from similar events): ${message}`);
    else this.#keep(`${similar}\0${message}`, from, about, type, reason, message);
  }

  #keep(id: string, from: string, object: string, type: "Normal" | "Warning", reason: string, message: string): void {
    const atMs = this.#loop.now();
    const known = this.#events.get(id);
    this.#onWrite?.();
    if (known) this.#events.set(id, { ...known, message, lastAtMs: atMs, count: known.count + 1 });
    else if (this.#events.size < EVENTS_MAX)
      this.#events.set(id, { type, reason, message, object, from, firstAtMs: atMs, lastAtMs: atMs, count: 1 });
    else this.#dropped++;
  }

  #isOneOfMany(similar: string, message: string): boolean {
    const atMs = this.#loop.now();
    let record = this.#similar.get(similar);
    if (!record || atMs - record.lastAtMs > SIMILAR_INTERVAL_MS) record = { messages: new Set(), lastAtMs: atMs };
    remember(this.#similar, similar, record);
    record.messages.add(message);
    record.lastAtMs = atMs;
    if (record.messages.size < SIMILAR_MAX) return false;
    // One is forgotten again: the real recorder forgets any, this one the newest.
    record.messages.delete(message);
    return true;
  }

  /** A bucket of reports, refilled slowly. */
  #mayReport(source: string): boolean {
    const atMs = this.#loop.now();
    const budget = this.#budgets.get(source) ?? { left: BURST, atMs };
    remember(this.#budgets, source, budget);
    budget.left = Math.min(BURST, budget.left + (atMs - budget.atMs) / REFILL_MS);
    budget.atMs = atMs;
    if (budget.left < 1) return false;
    budget.left -= 1;
    return true;
  }

  /** Events are kept in the namespace of what they are about, and go with it. */
  forgetNamespace(namespace: string): void {
    for (const [id, event] of this.#events) if (event.object.includes(` ${namespace}/`)) this.#events.delete(id);
  }

  /** In order of first occurrence. */
  list(): readonly ClusterEvent[] {
    return [...this.#events.values()];
  }

  /** How many were dropped at the limit. */
  get dropped(): number {
    return this.#dropped;
  }
}

/** Adds an entry to a map; the oldest goes when there are too many. Simplified: the real one forgets the least lately used. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  if (map.size <= REMEMBERED_MAX) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
