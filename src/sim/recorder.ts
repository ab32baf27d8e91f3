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

interface Budget {
  left: number;
  atMs: number;
}

/** What one component has reported about one object. */
interface Source {
  readonly from: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly about: string;
  budget: Budget | undefined;
  readonly reasons: Reason[];
}

interface Reason {
  readonly type: ClusterEvent["type"];
  readonly reason: string;
  /** Messages that came lately, and when the last of them did. */
  similar: string[] | undefined;
  similarAtMs: number;
  /** Where its events are in the log, by message; the first, which most have alone, by itself. */
  firstMessage: string | undefined;
  firstPlace: number;
  places: Map<string, number> | undefined;
  /** Where the event is that similar ones were combined into. */
  combined: number | undefined;
}

/** The last so many things put into it. */
class Ring<T> {
  readonly #items: T[] = [];
  #next = 0;

  /** Gives what it takes the place of. */
  put(item: T): T | undefined {
    const old = this.#items[this.#next];
    this.#items[this.#next] = item;
    this.#next = (this.#next + 1) % REMEMBERED_MAX;
    return old;
  }
}

export class Recorder {
  readonly #loop: Loop;
  readonly #onWrite: (() => void) | undefined;
  /** In order of first occurrence; nothing where one was forgotten. */
  readonly #events: (ClusterEvent | undefined)[] = [];
  #kept = 0;
  /** By uid of the object, or its name where it has none. */
  readonly #sources = new Map<string, Source[]>();
  /** Simplified: of what is remembered for correlation the oldest goes; the real one forgets the least lately used. */
  readonly #similar = new Ring<Reason>();
  readonly #budgets = new Ring<Source>();
  #dropped = 0;

  /** @param onWrite called whenever an event is written: a new one, or a higher count */
  constructor(loop: Loop, onWrite?: () => void) {
    this.#loop = loop;
    this.#onWrite = onWrite;
  }

  report(from: string, object: KubeObject, type: "Normal" | "Warning", reason: string, message: string): void {
    const source = this.#sourceOf(from, object);
    const why = reasonOf(source, type, reason);
    const correlated = !UNCORRELATED.has(from);
    const combined = correlated && this.#isOneOfMany(why, message);
    if (correlated && !this.#mayReport(source)) return;
    if (combined) why.combined = this.#keep(why.combined, source, why, `(combined from similar events): ${message}`);
    else {
      const known = why.firstMessage === message ? why.firstPlace : why.places?.get(message);
      const place = this.#keep(known, source, why, message);
      if (place === undefined || place === known) return;
      if (why.firstMessage === undefined || why.firstMessage === message) {
        why.firstMessage = message;
        why.firstPlace = place;
      } else why.places = (why.places ?? new Map<string, number>()).set(message, place);
    }
  }

  #sourceOf(from: string, object: KubeObject): Source {
    const { kind } = object;
    const { namespace = "", name } = object.metadata;
    const id = object.metadata.uid || name;
    let sources = this.#sources.get(id);
    if (!sources) {
      sources = [];
      this.#sources.set(id, sources);
    }
    for (const source of sources) {
      if (source.from === from && source.name === name && source.namespace === namespace && source.kind === kind) return source;
    }
    const source: Source = {
      from,
      kind,
      namespace,
      name,
      about: `${kind} ${namespace}/${name}`,
      budget: undefined,
      reasons: [],
    };
    sources.push(source);
    return source;
  }

  /** Counts the event that is at a place of the log, or adds it; the place where it is now, if it was kept. */
  #keep(place: number | undefined, { about, from }: Source, { type, reason }: Reason, message: string): number | undefined {
    const atMs = this.#loop.now();
    const known = place === undefined ? undefined : this.#events[place];
    this.#onWrite?.();
    if (!known && this.#kept >= EVENTS_MAX) {
      this.#dropped++;
      return undefined;
    }
    const at = known && place !== undefined ? place : this.#events.length;
    const firstAtMs = known?.firstAtMs ?? atMs;
    this.#events[at] = { type, reason, message, object: about, from, firstAtMs, lastAtMs: atMs, count: (known?.count ?? 0) + 1 };
    if (!known) this.#kept++;
    return at;
  }

  #isOneOfMany(why: Reason, message: string): boolean {
    const atMs = this.#loop.now();
    const known = why.similar;
    if (!known) {
      const forgotten = this.#similar.put(why);
      if (forgotten) forgotten.similar = undefined;
    }
    const messages = known && atMs - why.similarAtMs <= SIMILAR_INTERVAL_MS ? known : [];
    why.similar = messages;
    why.similarAtMs = atMs;
    const isKnown = messages.includes(message);
    if (messages.length + (isKnown ? 0 : 1) < SIMILAR_MAX) {
      if (!isKnown) messages.push(message);
      return false;
    }
    // It is forgotten again: the real recorder forgets any of them.
    return true;
  }

  /** A bucket of reports, refilled slowly. */
  #mayReport(source: Source): boolean {
    const atMs = this.#loop.now();
    if (!source.budget) {
      source.budget = { left: BURST, atMs };
      const forgotten = this.#budgets.put(source);
      if (forgotten) forgotten.budget = undefined;
    }
    const { budget } = source;
    budget.left = Math.min(BURST, budget.left + (atMs - budget.atMs) / REFILL_MS);
    budget.atMs = atMs;
    if (budget.left < 1) return false;
    budget.left -= 1;
    return true;
  }

  /** Events are kept in the namespace of what they are about, and go with it. */
  forgetNamespace(namespace: string): void {
    this.#events.forEach((event, place) => {
      if (!event?.object.includes(` ${namespace}/`)) return;
      this.#events[place] = undefined;
      this.#kept--;
    });
  }

  /** In order of first occurrence. */
  list(): readonly ClusterEvent[] {
    return this.#events.filter((event) => event !== undefined);
  }

  /** How many were dropped at the limit. */
  get dropped(): number {
    return this.#dropped;
  }
}

function reasonOf({ reasons }: Source, type: ClusterEvent["type"], reason: string): Reason {
  for (const known of reasons) if (known.reason === reason && known.type === type) return known;
  const made: Reason = {
    type,
    reason,
    similar: undefined,
    similarAtMs: 0,
    firstMessage: undefined,
    firstPlace: 0,
    places: undefined,
    combined: undefined,
  };
  reasons.push(made);
  return made;
}
