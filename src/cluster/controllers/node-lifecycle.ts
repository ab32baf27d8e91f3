/**
 * The life of Nodes: registered, tainted by condition, removed.
 * @see kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go
 */
import { NODE } from "../../api/kinds.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { conditionTaints, oldNameLabels } from "./node-conditions.ts";

const NAME = "node-controller";

export const nodeLifecycleController: Controller = {
  name: NAME,
  start(context) {
    const { client, loop, recorder } = context;
    const nodes = context.informers.for(NODE);
    const queue = queueFor(context, nodes, (node, key): ReconcileResult => {
      const labels = oldNameLabels(node.metadata.labels);
      if (Object.keys(labels).length > 0 && mustRetry(client.patch(NODE, key, undefined, { metadata: { labels } }))) return "retry";
      const current = nodes.get(key);
      const taints = current && conditionTaints(current, loop.timestamp());
      const value = taints && (taints.length > 0 ? taints : null);
      if (value !== undefined && mustRetry(client.patch(NODE, key, undefined, { spec: { taints: value } }))) return "retry";
    });
    nodes.on((type, node) => {
      const { name } = node.metadata;
      if (type === "ADDED")
        recorder.report(NAME, node, "Normal", "RegisteredNode", `Node ${name} event: Registered Node ${name} in Controller`);
      if (type === "DELETED")
        recorder.report(NAME, node, "Normal", "RemovingNode", `Node ${name} event: Removing Node ${name} from Controller`);
      else queue.add(name);
    });
  },
};
