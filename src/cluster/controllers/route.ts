/**
 * Routes to the Pods of each Node, which an assumed cloud makes: the Node's network is unavailable until there is one.
 * @see kubernetes staging/src/k8s.io/cloud-provider/controllers/route/route_controller.go
 */
import type { Node, NodeCondition } from "../../../generated/v1.36/model.ts";
import { NODE } from "../../api/kinds.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";

/** All Nodes are looked at so often, in milliseconds. @see kubernetes staging/src/k8s.io/cloud-provider/options (RouteReconciliationPeriod) */
const PERIOD_MS = 10_000;
const TYPE = "NetworkUnavailable";

function stateOf(node: Node): string | undefined {
  return node.status?.conditions?.find((c) => c.type === TYPE)?.status;
}

export const routeController: Controller = {
  name: "node-route-controller",
  start(context) {
    if (!context.cloud?.routes) return;
    const { client, informers, loop } = context;
    const nodes = informers.for(NODE);
    const queue = queueFor(context, nodes, (node): ReconcileResult => {
      if ((node.spec.podCIDRs ?? []).length === 0 || stateOf(node) === "False") return;
      const at = loop.timestamp();
      const condition: NodeCondition = {
        type: TYPE,
        status: "False",
        lastHeartbeatTime: at,
        lastTransitionTime: at,
        reason: "RouteCreated",
        message: "RouteController created a route",
      };
      const others = (node.status?.conditions ?? []).filter((c) => c.type !== TYPE);
      const status = { ...node.status, conditions: [...others, condition] };
      return mustRetry(client.updateStatus<Node>({ ...node, status })) ? "retry" : undefined;
    });
    nodes.on((type, node) => {
      if (type === "DELETED" || stateOf(node) === "False") return;
      queue.addAfter(node.metadata.name, PERIOD_MS - (loop.now() % PERIOD_MS));
    });
  },
};
