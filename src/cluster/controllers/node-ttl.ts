/**
 * How many seconds kubelets may cache what they read, as an annotation on each Node: the more Nodes, the longer.
 * @see kubernetes pkg/controller/ttl/ttl_controller.go
 */
import { NODE } from "../../api/kinds.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";

const TTL = "node.alpha.kubernetes.io/ttl";

/** From so many Nodes down to which, up to which, and the seconds; they overlap so that it does not swing to and fro. */
const STEPS: readonly { readonly min: number; readonly max: number; readonly seconds: number }[] = [
  { min: 0, max: 100, seconds: 0 },
  { min: 90, max: 500, seconds: 15 },
  { min: 450, max: 1000, seconds: 30 },
  { min: 900, max: 2000, seconds: 60 },
  { min: 1800, max: Number.POSITIVE_INFINITY, seconds: 300 },
];

/** The step for so many Nodes, coming from another one. */
export function ttlStep(nodes: number, step: number): number {
  let next = step;
  while (nodes > (STEPS[next]?.max ?? Number.POSITIVE_INFINITY)) next++;
  while (nodes < (STEPS[next]?.min ?? 0)) next--;
  return next;
}

export const nodeTtlController: Controller = {
  name: "ttl-controller",
  start(context) {
    const nodes = context.informers.for(NODE);
    let step = 0;
    const queue = queueFor(context, nodes, (node, key): ReconcileResult => {
      const wanted = String(STEPS[step]?.seconds ?? 0);
      if (node.metadata.annotations?.[TTL] === wanted) return;
      if (mustRetry(context.client.patch(NODE, key, undefined, { metadata: { annotations: { [TTL]: wanted } } }))) return "retry";
    });
    nodes.on((type, node) => {
      step = ttlStep(nodes.size, step);
      if (type !== "DELETED") queue.add(node.metadata.name);
    });
  },
};
