/**
 * Virtual time: one queue of things to do, ordered by (time, sequence). Nothing below `cli` reads the wall clock.
 */
import { Heap } from "../lib/heap.ts";
import { invariant } from "../lib/invariant.ts";

/** Virtual time begins on this day. */
const EPOCH_MS = Date.UTC(2026, 0, 1);

/** Of texts of time, so many are remembered at most. */
const REMEMBERED_MAX = 256;

const MINUTES_OF_DAY = 1440;

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

interface Task {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void;
  cancelled: boolean;
}

export interface LoopOptions {
  /** The second of the minute at which virtual time begins, 0 to 59; default 0. */
  readonly startsAtSecond?: number;
}

export type Cancel = () => void;

export class Loop {
  #nowMs = 0;
  #sequence = 0;
  #executed = 0;
  /** Texts of seconds and back: nearly all who ask do so about the last few. */
  readonly #timestamps = new Map<number, string>();
  readonly #instants = new Map<string, number>();
  #minute = Number.NaN;
  #minuteText = "";
  #day = Number.NaN;
  #dayText = "";
  readonly #startMs: number;
  readonly #queue = new Heap<Task>((a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence));

  constructor(options: LoopOptions = {}) {
    this.#startMs = EPOCH_MS + (options.startsAtSecond ?? 0) * 1000;
  }

  /** Virtual milliseconds since the cluster began. */
  now(): number {
    return this.#nowMs;
  }

  /** Unix time in milliseconds of a virtual instant (default: now). */
  unixMs(atMs: number = this.#nowMs): number {
    return this.#startMs + atMs;
  }

  /** RFC 3339 in whole seconds, as `metav1.Time` is written. */
  timestamp(atMs: number = this.#nowMs): string {
    const second = Math.floor(this.unixMs(atMs) / 1000);
    let text = this.#timestamps.get(second);
    if (text === undefined) {
      text = `${this.#minuteOf(second)}${twoDigits(second % 60)}Z`;
      if (this.#timestamps.size >= REMEMBERED_MAX) this.#timestamps.clear();
      this.#timestamps.set(second, text);
      // Who asks for a text now will be asked for its instant soon.
      this.#noteInstant(text, second * 1000 - this.#startMs);
    }
    return text;
  }

  #noteInstant(text: string, instant: number): void {
    if (this.#instants.size >= REMEMBERED_MAX) this.#instants.clear();
    this.#instants.set(text, instant);
  }

  /** `2026-01-01T00:00:`, of a Unix time in seconds. */
  #minuteOf(second: number): string {
    const minute = Math.floor(second / 60);
    if (minute === this.#minute) return this.#minuteText;
    const day = Math.floor(minute / MINUTES_OF_DAY);
    if (day !== this.#day) {
      this.#day = day;
      this.#dayText = new Date(day * MINUTES_OF_DAY * 60_000).toISOString().slice(0, 11);
    }
    const ofDay = minute - day * MINUTES_OF_DAY;
    this.#minute = minute;
    this.#minuteText = `${this.#dayText}${twoDigits(Math.floor(ofDay / 60))}:${twoDigits(ofDay % 60)}:`;
    return this.#minuteText;
  }

  /** RFC 3339 in microseconds, as `metav1.MicroTime` is written. */
  microTimestamp(atMs: number = this.#nowMs): string {
    return `${new Date(this.unixMs(atMs)).toISOString().slice(0, 23)}000Z`;
  }

  /** The virtual instant, in milliseconds, of an RFC 3339 text. */
  instantOf(rfc3339: string): number {
    let instant = this.#instants.get(rfc3339);
    if (instant === undefined) {
      instant = Date.parse(rfc3339) - this.#startMs;
      this.#noteInstant(rfc3339, instant);
    }
    return instant;
  }

  /** How many tasks have run: for limits and progress. */
  get executed(): number {
    return this.#executed;
  }

  /** Runs `run` at a virtual instant (not before now). */
  at(atMs: number, run: () => void): Cancel {
    const task = this.#push(Math.max(atMs, this.#nowMs), run);
    return () => {
      task.cancelled = true;
    };
  }

  #push(atMs: number, run: () => void): Task {
    const task: Task = { atMs, sequence: this.#sequence++, run, cancelled: false };
    this.#queue.push(task);
    return task;
  }

  /** Runs `run` after everything already due now; it cannot be called off. */
  soon(run: () => void): void {
    this.#push(this.#nowMs, run);
  }

  /** Runs `run` after a delay in virtual milliseconds; 0 means: after everything already due now. */
  after(delayMs: number, run: () => void): Cancel {
    return this.at(this.#nowMs + delayMs, run);
  }

  /** When the next task is due, in virtual milliseconds. */
  nextAt(): number | undefined {
    for (;;) {
      const next = this.#queue.peek();
      if (!next) return undefined;
      if (!next.cancelled) return next.atMs;
      this.#queue.pop();
    }
  }

  /** Runs the next task, moving time to it; false when there is none. */
  step(): boolean {
    if (this.nextAt() === undefined) return false;
    const task = this.#queue.pop();
    invariant(task !== undefined && task.atMs >= this.#nowMs, "time runs forward");
    this.#nowMs = task.atMs;
    this.#executed++;
    task.run();
    return true;
  }

  /** Moves time to an instant at which, or before which, nothing is due any more. */
  skipTo(atMs: number): void {
    const next = this.nextAt();
    invariant(next === undefined || next >= atMs, "nothing due is skipped");
    this.#nowMs = Math.max(this.#nowMs, atMs);
  }
}
