/** Two zones, three workers each; what the system keeps for itself is not for Pods. The database operator has made its Secrets. */
import { inNamespace, nodePool, secret } from "seatrial";
import { Namespace } from "seatrial/core/v1";

const namespaces = ["notes-dev", "notes-staging", "notes-prod"].map((name) => Namespace({ metadata: { name } }));

export default [
  nodePool("control-plane", {
    count: 1,
    cpu: 2,
    memory: "4Gi",
    taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }],
  }),
  nodePool("workers", { count: 6, cpu: 2, memory: "8Gi", zones: ["a", "b"], reserved: { cpu: "200m", memory: "1Gi" } }),
  namespaces.map((namespace) => [
    namespace,
    inNamespace(namespace, secret("notes-db", { user: "notes", password: "not-a-real-password" })),
  ]),
];
