/** Three zones with a driver for volumes on each node, and a class of volumes that are made in the zone where their Pod lands. */
import { Node } from "seatrial/core/v1";
import { CSINode, StorageClass } from "seatrial/storage.k8s.io/v1";

const driver = "disk.csi.example";

function worker(name: string, zone: string) {
  const capacity = { cpu: "2", memory: "8Gi", "ephemeral-storage": "100Gi", pods: "110" } as const;
  return [
    Node({
      metadata: {
        name,
        labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "topology.kubernetes.io/zone": zone },
      },
      status: { capacity, allocatable: { ...capacity, cpu: "1900m", memory: "7Gi" } },
    }),
    CSINode({
      metadata: { name },
      spec: { drivers: [{ name: driver, nodeID: name, topologyKeys: ["topology.kubernetes.io/zone"], allocatable: { count: 24 } }] },
    }),
  ];
}

export default [
  ...worker("w1", "eu-1a"),
  ...worker("w2", "eu-1b"),
  ...worker("w3", "eu-1c"),
  StorageClass({
    metadata: { name: "ssd" },
    provisioner: driver,
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  }),
];
