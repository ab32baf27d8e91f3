/**
 * Nodes that wait for their cloud provider: an assumed cloud says which machine each is, and lets Pods onto it.
 * Simplified: what kind of machine it is, and where it stands, only its labels say; its addresses are those that the kubelet posts.
 * @see kubernetes staging/src/k8s.io/cloud-provider/controllers/node/node_controller.go
 */
import type { Node } from "../../../generated/v1.36/model.ts";
import { NODE } from "../../api/kinds.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";

const NAME = "cloud-node-controller";
const UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized";
/** The older label is right where both are there; the newer one follows. */
const RENAMED = [
  ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"],
  ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"],
  ["beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"],
] as const;

function renamedLabels({ metadata: { labels = {} } }: Node): Readonly<Record<string, string>> {
  const pairs = RENAMED.flatMap(([from, to]) => {
    const value = labels[from];
    return value !== undefined && labels[to] !== value ? [[to, value] as const] : [];
  });
  return Object.fromEntries(pairs);
}

export const cloudNodeController: Controller = {
  name: NAME,
  start(context) {
    if (!context.cloud?.nodes) return;
    const { client, informers, recorder } = context;
    const nodes = informers.for(NODE);
    const queue = queueFor(context, nodes, (node, name): ReconcileResult => {
      const { taints = [], providerID } = node.spec;
      const left = taints.filter((t) => t.key !== UNINITIALIZED);
      if (left.length === taints.length) {
        const labels = renamedLabels(node);
        if (Object.keys(labels).length === 0) return;
        return mustRetry(client.patch(NODE, name, undefined, { metadata: { labels } })) ? "retry" : undefined;
      }
      const spec = { taints: left.length > 0 ? left : null, ...(providerID ? {} : { providerID: `assumed:///${name}` }) };
      if (mustRetry(client.patch(NODE, name, undefined, { spec }))) return "retry";
      recorder.report(NAME, node, "Normal", "Synced", "Node synced successfully");
    });
    nodes.on((type, node) => {
      if (type !== "DELETED") queue.add(node.metadata.name);
    });
  },
};
