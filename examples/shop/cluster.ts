/** The cluster that the shop runs on: three workers and a control-plane node. */
import { Node } from "seatrial/core/v1";

const size = { cpu: "2", memory: "8Gi", pods: "110", "ephemeral-storage": "100Gi" } as const;

function worker(name: string, zone: string) {
  return Node({
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": "eu-1",
        "topology.kubernetes.io/zone": zone,
      },
    },
    status: { capacity: size, allocatable: { ...size, cpu: "1900m", memory: "7Gi" } },
  });
}

const controlPlane = Node({
  metadata: {
    name: "cp",
    labels: { "kubernetes.io/hostname": "cp", "kubernetes.io/os": "linux", "node-role.kubernetes.io/control-plane": "" },
  },
  spec: { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] },
  status: { capacity: size, allocatable: size },
});

export default [controlPlane, worker("w1", "eu-1a"), worker("w2", "eu-1b"), worker("w3", "eu-1c")];
