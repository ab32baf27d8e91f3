/**
 * A sync that walks over many Pods takes its time. What happens meanwhile is seen by the next one, all at once: a workload of thousands of Pods is not
 * looked at anew for each change of each. Small ones are looked at at once, as if a sync took no time.
 */
import type { KubeObject } from "../../api/object.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { Informer } from "../../sim/informer.ts";
import { type ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";

/** Up to so many Pods a sync takes no time. */
const SMALL = 200;
/** What each Pod of a larger set takes, in virtual milliseconds: about what the real controllers need, their writes aside. */
const MS_PER_POD = 0.02;

/** A work queue in which a key that is added during its own sync waits for the sync's end. */
export class PacedQueue extends WorkQueue {
  readonly #loop: ComponentContext["loop"];
  /** By key: the virtual milliseconds at which the last sync ends; only what took time. */
  readonly #endsAt: Map<string, number>;

  /** @param podsOf how many Pods a sync of the key walks over */
  constructor(loop: ComponentContext["loop"], podsOf: (key: string) => number, reconcile: (key: string) => ReconcileResult) {
    const endsAt = new Map<string, number>();
    super(loop, (key) => {
      const pods = podsOf(key);
      if (pods > SMALL) endsAt.set(key, loop.now() + pods * MS_PER_POD);
      else endsAt.delete(key);
      return reconcile(key);
    });
    this.#loop = loop;
    this.#endsAt = endsAt;
  }

  override add(key: string): void {
    const leftMs = (this.#endsAt.get(key) ?? 0) - this.#loop.now();
    if (leftMs > 0) this.addAfter(key, leftMs);
    else super.add(key);
  }
}

/** As `queueFor`, for objects that stand for many Pods: `podsOf` says how many. */
export function pacedQueueFor<T extends KubeObject>(
  context: ComponentContext,
  informer: Informer<T>,
  podsOf: (object: T) => number,
  reconcile: (object: T, key: string) => ReconcileResult,
  gone?: (key: string) => ReconcileResult,
): WorkQueue {
  const sizeOf = (key: string): number => {
    const object = informer.get(key);
    return object ? podsOf(object) : 0;
  };
  return new PacedQueue(context.loop, sizeOf, (key) => {
    const object = informer.get(key);
    return object ? reconcile(object, key) : gone?.(key);
  });
}
