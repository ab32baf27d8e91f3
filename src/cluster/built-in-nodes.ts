/**
 * The cluster of a plan that describes none: three nodes in three zones, each of 4 CPUs and 16 GiB, empty.
 * A plan on it tells whether everything fits together, not whether it fits into somebody's own cluster.
 */
import type { Node } from "../../generated/v1.36/model.ts";

const ZONES = ["a", "b", "c"] as const;
const CPUS = 4;
const MEMORY = "16Gi";
const PODS = 110;
const STORAGE = "100Gi";

export function builtInNodes(): readonly Node[] {
  return ZONES.map((zone, i) => builtInNode(`node-${i + 1}`, zone, `192.168.10.${11 + i}`));
}

function builtInNode(name: string, zone: string, address: string): Node {
  const resources = { cpu: String(CPUS), memory: MEMORY, pods: String(PODS), "ephemeral-storage": STORAGE };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": "local",
        "topology.kubernetes.io/zone": `local-${zone}`,
      },
    },
    spec: {},
    status: {
      capacity: resources,
      allocatable: resources,
      addresses: [
        { type: "InternalIP", address },
        { type: "Hostname", address: name },
      ],
    },
  };
}
