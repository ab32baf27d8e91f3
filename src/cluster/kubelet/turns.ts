/**
 * Kubelets act one after the other, a little apart: in a cluster no two Pods change at the very same time, and controllers have dealt with one
 * change, their own retries after some milliseconds included, before they see the next. So a rolling update goes step by step.
 *
 * | who comes | acts after |
 * |---|---|
 * | one Pod | a microsecond |
 * | the 10th of many at once | 0.17 s |
 * | the 100th | 0.87 s |
 * | the 100,000th | 1.1 s |
 */

/** From one Pod's change to the next one's, when little is going on. */
const TURN_MS = 20;
/** However many there are at once, the queue of the waiting is hardly longer than this: each further one comes closer behind the one before. */
const QUEUE_MS = 1000;
/** Turns are whole multiples of this, a power of two: so instants and their differences are exact. */
const GRAIN_MS = 1 / 1024;

export class Turns {
  /** When the last turn given comes. */
  #lastMs = Number.NEGATIVE_INFINITY;

  /** In how many virtual milliseconds the next turn comes. */
  nextDelayMs(nowMs: number): number {
    const queuedMs = Math.max(0, this.#lastMs - nowMs);
    const gapMs = (TURN_MS * (QUEUE_MS - queuedMs)) / QUEUE_MS;
    const nextMs = this.#lastMs + Math.max(1, Math.floor(gapMs / GRAIN_MS)) * GRAIN_MS;
    this.#lastMs = Math.max(nextMs, nowMs + GRAIN_MS);
    return this.#lastMs - nowMs;
  }
}
