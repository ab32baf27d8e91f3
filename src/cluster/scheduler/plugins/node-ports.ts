/** A host port is taken once per node. @see kubernetes pkg/scheduler/framework/plugins/nodeports/node_ports.go */
import { type Plugin, refusal, SKIP } from "../framework.ts";
import { type HostPort, HostPortsInUse } from "../host-ports.ts";

const NAME = "NodePorts";
const REFUSED = refusal(NAME, "node(s) didn't have free ports for the requested pod ports", true);

export const nodePorts: Plugin<readonly HostPort[]> = {
  name: NAME,
  local: true,
  preFilter: ({ pod: { shape } }) => (shape.hostPorts.length === 0 ? SKIP : { state: shape.hostPorts }),
  filter(wanted, _, node) {
    for (const port of wanted) if (node.ports.clashes(port)) return REFUSED;
    return undefined;
  },
  wakes(event, { shape }) {
    if (event.type === "node-added") return true;
    if (event.type !== "pod-removed") return false;
    const freed = new HostPortsInUse();
    for (const port of event.pod.shape.hostPorts) freed.add(port);
    return shape.hostPorts.some((port) => freed.clashes(port));
  },
};
