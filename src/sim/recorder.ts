/**
 * Events: what the components report, for people. Kept as a log beside the store: equal events are counted, as the real recorder does.
 * Simplified: they are no objects of the API (no quota counts them, nothing garbage-collects them).
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

export class Recorder {
  readonly #loop: Loop;
  readonly #events = new Map<string, ClusterEvent>();
  #dropped = 0;

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  report(from: string, object: KubeObject, type: "Normal" | "Warning", reason: string, message: string): void {
    const about = `${object.kind} ${object.metadata.namespace ?? ""}/${object.metadata.name}`;
    const id = `${from}\0${about}\0${object.metadata.uid ?? ""}\0${type}\0${reason}\0${message}`;
    const atMs = this.#loop.now();
    const known = this.#events.get(id);
    if (known) this.#events.set(id, { ...known, lastAtMs: atMs, count: known.count + 1 });
    else if (this.#events.size < EVENTS_MAX)
      this.#events.set(id, { type, reason, message, object: about, from, firstAtMs: atMs, lastAtMs: atMs, count: 1 });
    else this.#dropped++;
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
