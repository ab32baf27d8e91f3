/**
 * NoExecute taints: Pods that do not tolerate them are deleted, others after the time that they tolerate them.
 * @see kubernetes pkg/controller/tainteviction/taint_eviction.go
 */
import type { Node, Pod, Taint, Toleration } from "../../../generated/v1.36/model.ts";
import { NODE, POD } from "../../api/kinds.ts";
import { keyOf } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { Cancel } from "../../sim/loop.ts";
import { type ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";
import { type Controller, mustRetry } from "./controller.ts";
import { deleteDisrupted } from "./disruption-target.ts";
import { tolerates } from "./node-selection.ts";

const NAME = "taint-eviction-controller";

/**
 * How long a Pod may stay on a Node with these taints, in seconds: 0 when one is not tolerated, `undefined` for ever; of several limits the shortest.
 */
export function toleratedSeconds(tolerations: readonly Toleration[], taints: readonly Taint[]): number | undefined {
  const used: Toleration[] = [];
  for (const taint of taints) {
    const found = tolerations.find((t) => tolerates(t, taint));
    if (!found) return 0;
    used.push(found);
  }
  const limits = used.flatMap((t) => t.tolerationSeconds ?? []);
  return limits.length === 0 ? undefined : Math.max(0, Math.min(...limits));
}

interface Scheduled {
  readonly createdMs: number;
  readonly cancel: Cancel;
}

class Evictor {
  readonly #context: ComponentContext;
  readonly #scheduled = new Map<string, Scheduled>();
  readonly #queue: WorkQueue;

  constructor(context: ComponentContext) {
    this.#context = context;
    this.#queue = new WorkQueue(context.loop, (key) => this.#evict(key));
  }

  /** Looks at a Pod on a Node with these NoExecute taints. */
  look(pod: Pod, taints: readonly Taint[]): void {
    const key = keyOf(pod);
    const { loop } = this.#context;
    const tolerations = pod.spec.tolerations ?? [];
    const isTolerated = taints.every((taint) => tolerations.some((t) => tolerates(t, taint)));
    const seconds = taints.length === 0 ? undefined : toleratedSeconds(tolerations, taints);
    if (seconds === undefined) {
      this.forget(key, pod);
      return;
    }
    const known = this.#scheduled.get(key);
    if (!isTolerated) {
      this.forget(key, pod);
      this.#queue.add(key);
      return;
    }
    // What is scheduled already stays so, whatever other taints would say.
    if (known && known.createdMs < loop.now()) return;
    this.forget(key, pod);
    const createdMs = loop.now();
    const dueMs = createdMs + seconds * 1000;
    const cancel = loop.at(dueMs, () => {
      this.#scheduled.delete(key);
      this.#queue.add(key);
    });
    this.#scheduled.set(key, { createdMs, cancel });
  }

  /** The Pod is no longer in danger, or gone. */
  forget(key: string, pod: Pod): void {
    const known = this.#scheduled.get(key);
    if (!known) return;
    known.cancel();
    this.#scheduled.delete(key);
    this.#context.recorder.report(NAME, pod, "Normal", "TaintManagerEviction", `Cancelling deletion of Pod ${key}`);
  }

  #evict(key: string): ReconcileResult {
    const { informers, recorder } = this.#context;
    const pod = informers.for(POD).get(key);
    if (!pod || pod.metadata.deletionTimestamp !== undefined) return;
    recorder.report(NAME, pod, "Normal", "TaintManagerEviction", `Marking for deletion Pod ${key}`);
    const answer = deleteDisrupted(this.#context, pod, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint");
    if (mustRetry(answer)) return "retry";
  }
}

function noExecute(node: Node | undefined): readonly Taint[] {
  return (node?.spec?.taints ?? []).filter((t) => t.effect === "NoExecute");
}

export const taintEvictionController: Controller = {
  name: NAME,
  start(context) {
    const nodes = context.informers.for(NODE);
    const pods = context.informers.for(POD);
    pods.addIndex("node", (p) => (p.spec.nodeName ? [p.spec.nodeName] : []));
    const evictor = new Evictor(context);
    nodes.on((type, node, before) => {
      // Evictions from a Node that is gone are cancelled when its Pods go.
      if (type === "DELETED") return;
      const taints = noExecute(node);
      if (taints.length === 0 && noExecute(before).length === 0) return;
      if (type === "MODIFIED" && deepEqual(taints, noExecute(before))) return;
      for (const pod of pods.by("node", node.metadata.name)) evictor.look(pod, taints);
    });
    pods.on((type, pod, before) => {
      if (type === "DELETED") evictor.forget(keyOf(pod), pod);
      else if (pod.spec.nodeName && (before?.spec.nodeName !== pod.spec.nodeName || before.spec.tolerations !== pod.spec.tolerations)) {
        const taints = noExecute(nodes.get(pod.spec.nodeName));
        if (taints.length > 0) evictor.look(pod, taints);
      }
    }, "spec");
  },
};
