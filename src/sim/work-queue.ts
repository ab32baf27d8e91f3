/**
 * The work queue of a controller: keys, each at most once, with back-off by key in virtual time.
 * @see kubernetes staging/src/k8s.io/client-go/util/workqueue (exponential failure limiter: 5 ms doubling to 1000 s)
 */
import type { Cancel, Loop } from "./loop.ts";

const BACKOFF_BASE_MS = 5;
const BACKOFF_MAX_MS = 1_000_000;

/** What a reconcile returns: nothing (done), `"retry"` (failed: again after back-off) or a delay in milliseconds after which to look again. */
// biome-ignore lint/suspicious/noConfusingVoidType: a reconcile that just ends is done
export type ReconcileResult = void | "retry" | { readonly afterMs: number };

export class WorkQueue {
  readonly #loop: Loop;
  readonly #reconcile: (key: string) => ReconcileResult;
  readonly #dirty = new Set<string>();
  readonly #later = new Map<string, { atMs: number; cancel: Cancel }>();
  readonly #failures = new Map<string, number>();
  #scheduled = false;
  readonly #task = (): void => this.#work();

  constructor(loop: Loop, reconcile: (key: string) => ReconcileResult) {
    this.#loop = loop;
    this.#reconcile = reconcile;
  }

  /** Work on `key` as soon as what is due now is done; a key already waiting is not added twice. */
  add(key: string): void {
    this.#dirty.add(key);
    this.#wake();
  }

  /** Work on `key` after a delay; of several delays the earliest counts. */
  addAfter(key: string, delayMs: number): void {
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    const atMs = this.#loop.now() + delayMs;
    const waiting = this.#later.get(key);
    if (waiting && waiting.atMs <= atMs) return;
    waiting?.cancel();
    const cancel = this.#loop.at(atMs, () => {
      this.#later.delete(key);
      this.add(key);
    });
    this.#later.set(key, { atMs, cancel });
  }

  /** Work on `key` after its back-off. */
  addRateLimited(key: string): void {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.addAfter(key, Math.min(BACKOFF_BASE_MS * 2 ** failures, BACKOFF_MAX_MS));
  }

  /** How often in a row the key has failed. */
  failuresOf(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  #wake(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#loop.soon(this.#task);
  }

  #first(): string | undefined {
    for (const key of this.#dirty) return key;
    return undefined;
  }

  /** One key a task, so that controllers take turns. */
  #work(): void {
    this.#scheduled = false;
    const key = this.#first();
    if (key === undefined) return;
    this.#dirty.delete(key);
    const result = this.#reconcile(key);
    if (result === "retry") this.addRateLimited(key);
    else {
      if (this.#failures.size > 0) this.#failures.delete(key);
      if (result) this.addAfter(key, result.afterMs);
    }
    if (this.#dirty.size > 0) this.#wake();
  }
}
