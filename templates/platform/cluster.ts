/**
 * The cluster as it is: its nodes, and what the teams run. Better than this list is the real one:
 * `kubectl get nodes,namespaces,deployments,pods,resourcequotas -A -o yaml > cluster.yaml`, named in package.json in place of this file.
 */
import { Namespace, Node } from "seatrial/core/v1";

function worker(name: string, zone: string) {
  const capacity = { cpu: "8", memory: "32Gi", "ephemeral-storage": "200Gi", pods: "110" } as const;
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
    status: { capacity, allocatable: { ...capacity, cpu: "7600m", memory: "29Gi" } },
  });
}

export default [
  worker("worker-a", "zone-a"),
  worker("worker-b", "zone-b"),
  worker("worker-c", "zone-c"),
  Namespace({ metadata: { name: "ingress" } }),
];
