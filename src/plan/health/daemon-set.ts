import type { DaemonSet } from "../../../generated/v1.36/model.ts";
import { type Health, health } from "./health.ts";

/**
 * Healthy when every node that should run a Pod has an available one of the new revision; with no such node there is nothing to wait for.
 * @see kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go (DaemonSetStatusViewer)
 */
export function daemonSetHealth(d: DaemonSet): Health {
  const desired = d.status?.desiredNumberScheduled ?? 0;
  const ready = d.status?.numberReady ?? 0;
  const available = d.status?.numberAvailable ?? 0;
  const onDelete = d.spec?.updateStrategy?.type === "OnDelete";
  const updated = onDelete ? desired : (d.status?.updatedNumberScheduled ?? 0);
  return available >= desired && updated >= desired ? health("healthy", ready, desired) : health("waiting", ready, desired);
}
