/** Two workers, and what the teams run on them. */
import { Deployment } from "seatrial/apps/v1";
import { Namespace, Node } from "seatrial/core/v1";

function worker(name: string) {
  const capacity = { cpu: "4", memory: "16Gi", "ephemeral-storage": "100Gi", pods: "110" } as const;
  return Node({
    metadata: { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" } },
    status: { capacity, allocatable: { ...capacity, cpu: "3800m", memory: "15Gi" } },
  });
}

function running(namespace: string, name: string, replicas: number, cpu: `${number}m`) {
  const labels = { app: name };
  return Deployment({
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name, image: `registry.example/${namespace}/${name}:1`, resources: { requests: { cpu, memory: "512Mi" } } }],
        },
      },
    },
  });
}

export default [
  worker("w1"),
  worker("w2"),
  Namespace({ metadata: { name: "payments" } }),
  Namespace({ metadata: { name: "storefront" } }),
  running("payments", "ledger", 4, "700m"),
  running("storefront", "pages", 3, "500m"),
];
