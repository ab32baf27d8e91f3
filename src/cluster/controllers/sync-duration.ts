/**
 * A sync that walks over many Pods takes its time. What happens meanwhile is seen by the next one, all at once: a set of thousands of Pods is not
 * looked at anew for each change of each. Small sets are looked at at once, as if a sync took no time.
 */
import type { WorkQueue } from "../../sim/work-queue.ts";

/** Up to so many Pods a sync takes no time. */
const SMALL = 200;
/** What each Pod of a larger set takes, in virtual milliseconds: about what the real controllers need, their writes aside. */
const MS_PER_POD = 0.02;

export class SyncDuration {
  /** By key: the virtual milliseconds at which the last sync ends. */
  readonly #endsAt = new Map<string, number>();

  /** A sync of `key` over so many Pods begins. */
  begins(key: string, pods: number, nowMs: number): void {
    if (pods > SMALL) this.#endsAt.set(key, nowMs + pods * MS_PER_POD);
    else this.#endsAt.delete(key);
  }

  /** Adds the key: once its last sync has ended. */
  wake(queue: WorkQueue, key: string, nowMs: number): void {
    const endsAt = this.#endsAt.get(key);
    queue.addAfter(key, endsAt === undefined ? 0 : endsAt - nowMs);
  }
}
