/**
 * What every controller has in common. A controller is one file that exports a `Controller`, and one line in `index.ts`.
 *
 * `start` is called once: it takes the informers it needs, makes a work queue over a reconcile function, and has the informers' handlers add keys
 * to it. A reconcile looks at the caches, decides (pure functions beside the controller), writes through the client, and returns; what it wrote comes
 * back as a watch event. It holds no state of its own but what can be rebuilt from the objects.
 */
import type { KubeObject } from "../../api/object.ts";
import { type Answer, isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { Informer } from "../../sim/informer.ts";
import { type ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";

export interface Controller {
  /** As the real one calls itself in events: `deployment-controller`. */
  readonly name: string;
  start(context: ComponentContext): void;
}

/** A work queue whose reconcile gets the object itself; a key whose object is gone is handed to `gone`, if given. */
export function queueFor<T extends KubeObject>(
  context: ComponentContext,
  informer: Informer<T>,
  reconcile: (object: T, key: string) => ReconcileResult,
  gone?: (key: string) => ReconcileResult,
): WorkQueue {
  return new WorkQueue(context.loop, (key) => {
    const object = informer.get(key);
    return object ? reconcile(object, key) : gone?.(key);
  });
}

/** Whether the answer refuses because the namespace is going away: then there is nothing to do, and nothing to report. */
export function refusedByTerminatingNamespace(answer: Answer): boolean {
  return isRefused(answer) && (answer.causes ?? []).some((c) => c.reason === "NamespaceTerminating");
}

/** Whether a controller has to try again after this answer: a refusal other than "it is gone". */
export function mustRetry(answer: Answer): boolean {
  return isRefused(answer) && answer.reason !== "NotFound";
}
