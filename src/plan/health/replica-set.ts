import type { ReplicaSet, ReplicationController } from "../../../generated/v1.36/model.ts";
import { conditionOf, type Health, health } from "./health.ts";

/** Healthy when as many Pods are available as are wanted, and no more exist. */
export function replicaSetHealth(rs: ReplicaSet | ReplicationController): Health {
  const desired = rs.spec?.replicas ?? 1;
  const { readyReplicas: ready = 0, availableReplicas: available = 0, replicas = 0 } = rs.status ?? { replicas: 0 };
  if (available === desired && replicas === desired) return health("healthy", ready, desired);
  const failure = conditionOf(rs.status?.conditions, "ReplicaFailure");
  return health(
    "waiting",
    ready,
    desired,
    failure?.status === "True" ? failure.reason : "",
    failure?.status === "True" ? failure.message : "",
  );
}
