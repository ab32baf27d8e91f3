/**
 * Pods that nobody looks after any more: on Nodes that are gone, deleted before they had a Node, on Nodes out of service, or finished and too many.
 * @see kubernetes pkg/controller/podgc/gc_controller.go
 */
import type { Node, Pod } from "../../../generated/v1.36/model.ts";
import { NODE, POD } from "../../api/kinds.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { type ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";
import { type Controller, mustRetry } from "./controller.ts";
import { deleteDisrupted } from "./disruption-target.ts";
import { isPodFinished, isPodReady } from "./pods.ts";

/** It comes round so often, and a Node must have been missing for so long, in milliseconds. */
const ROUND_MS = 20_000;
const QUARANTINE_MS = 40_000;
/** Finished Pods that are kept. */
const FINISHED_MAX = 12_500;
const OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

const NOW = { gracePeriodSeconds: 0 } as const;

class Collector {
  readonly #context: ComponentContext;
  readonly #queue: WorkQueue;
  /** Since when a Node that Pods are on is known to be missing, in virtual milliseconds. */
  readonly #missing = new Map<string, number>();
  #finished = 0;

  constructor(context: ComponentContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.loop, () => this.#round());
    const { informers, loop } = context;
    const wake = (): void => this.#queue.addAfter("", ROUND_MS - (loop.now() % ROUND_MS));
    informers.for(NODE).on((type, node) => {
      if (type === "DELETED" || isOutOfService(node)) wake();
    });
    const nodes = informers.for(NODE);
    informers.for(POD).on((type, pod, before) => {
      this.#finished += (type !== "DELETED" && isPodFinished(pod) ? 1 : 0) - (before && isPodFinished(before) ? 1 : 0);
      const lost = pod.spec.nodeName !== undefined && !nodes.get(pod.spec.nodeName);
      const stuck = pod.metadata.deletionTimestamp !== undefined && !pod.spec.nodeName;
      if (lost || stuck || this.#finished > FINISHED_MAX) wake();
    });
  }

  /** Comes round again as long as something is left to wait for. */
  #round(): ReconcileResult {
    const { informers, loop } = this.#context;
    const nodes = informers.for(NODE);
    let waiting = false;
    let failed = false;
    const finished: Pod[] = [];
    const lost = new Set<string>();
    for (const pod of [...informers.for(POD).list()]) {
      const { nodeName } = pod.spec;
      const node = nodeName ? nodes.get(nodeName) : undefined;
      const going = pod.metadata.deletionTimestamp !== undefined;
      if (isPodFinished(pod)) finished.push(pod);
      if (nodeName && !node) {
        lost.add(nodeName);
        const since = this.#missing.get(nodeName);
        if (since === undefined) this.#missing.set(nodeName, loop.now());
        if (since === undefined || loop.now() < since + QUARANTINE_MS) waiting = true;
        else if (!this.#remove(pod, "PodGC: node no longer exists")) failed = true;
      } else if (going && !nodeName) {
        if (mustRetry(this.#context.client.delete(POD, pod.metadata.name, pod.metadata.namespace, NOW))) failed = true;
      } else if (going && node && isOutOfService(node) && !isPodReady(pod)) {
        if (!this.#remove(pod, "PodGC: node out of service")) failed = true;
      }
    }
    for (const name of this.#missing.keys()) if (!lost.has(name) || nodes.get(name)) this.#missing.delete(name);
    const created = (p: Pod): string => p.metadata.creationTimestamp ?? "";
    const excess = finished.sort((a, b) => (created(a) < created(b) ? -1 : 1)).slice(0, Math.max(0, finished.length - FINISHED_MAX));
    for (const pod of excess)
      if (mustRetry(this.#context.client.delete(POD, pod.metadata.name, pod.metadata.namespace, NOW))) failed = true;
    if (waiting || failed) return { afterMs: ROUND_MS - (loop.now() % ROUND_MS) };
  }

  /** Nobody reports on the Pod any more: it has failed, and goes at once. */
  #remove(pod: Pod, message: string): boolean {
    const phase = isPodFinished(pod) ? {} : { phase: "Failed" as const };
    return !mustRetry(deleteDisrupted(this.#context, pod, "DeletionByPodGC", message, phase, NOW));
  }
}

function isOutOfService(node: Node): boolean {
  return node.spec?.taints?.some((t) => t.key === OUT_OF_SERVICE && t.effect === "NoExecute") === true;
}

export const podGarbageCollector: Controller = {
  name: "pod-garbage-collector-controller",
  start(context) {
    new Collector(context);
  },
};
