/**
 * The cluster to plan on: three workers in as many zones. To plan on yours as it is now, say
 * `kubectl get nodes,pods,resourcequotas -A -o yaml > cluster.yaml` and name that file in package.json.
 */
import { Node } from "seatrial/core/v1";

function worker(name: string, zone: string) {
  const capacity = { cpu: "4", memory: "16Gi", "ephemeral-storage": "100Gi", pods: "110" } as const;
  return Node({
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/zone": zone,
      },
    },
    // What is left when the system has had its part.
    status: { capacity, allocatable: { ...capacity, cpu: "3800m", memory: "14Gi" } },
  });
}

export default [worker("worker-a", "zone-a"), worker("worker-b", "zone-b"), worker("worker-c", "zone-c")];
