import type { Deployment } from "../../../generated/v1.36/model.ts";
import { conditionOf, type Health, health } from "./health.ts";

/**
 * Healthy when every wanted Pod is of the new revision and available, and no old one is left.
 * @see kubernetes pkg/controller/deployment/util/deployment_util.go (DeploymentComplete)
 */
export function deploymentHealth(d: Deployment): Health {
  const desired = d.spec.replicas ?? 1;
  const { readyReplicas: ready = 0, updatedReplicas: updated = 0, availableReplicas: available = 0, replicas = 0 } = d.status ?? {};
  const observed = (d.status?.observedGeneration ?? 0) >= (d.metadata.generation ?? 0);
  if (observed && updated === desired && available === desired && replicas === desired) return health("healthy", ready, desired);
  if (d.spec.paused === true) return health("suspended", ready, desired, "DeploymentPaused", "");
  const failure = conditionOf(d.status?.conditions, "ReplicaFailure");
  if (failure?.status === "True") return health("waiting", ready, desired, failure.reason, failure.message);
  const progressing = conditionOf(d.status?.conditions, "Progressing");
  const status = progressing?.reason === "ProgressDeadlineExceeded" ? "failed" : "waiting";
  const why = progressing?.status === "False" ? progressing : conditionOf(d.status?.conditions, "Available");
  return health(status, ready, desired, why?.status === "False" ? why.reason : "", why?.status === "False" ? why.message : "");
}
