import type { StatefulSet } from "../../../generated/v1.36/model.ts";
import { type Health, health } from "./health.ts";

/**
 * Healthy when every wanted Pod is available and those from the partition upwards are of the new revision.
 * @see kubernetes staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go (StatefulSetStatusViewer)
 */
export function statefulSetHealth(s: StatefulSet): Health {
  const desired = s.spec?.replicas ?? 1;
  const {
    readyReplicas: ready = 0,
    availableReplicas: available = 0,
    updatedReplicas: updated = 0,
    replicas = 0,
  } = s.status ?? { replicas: 0 };
  const onDelete = s.spec?.updateStrategy?.type === "OnDelete";
  const partition = s.spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
  const updateDone = onDelete || s.status?.currentRevision === s.status?.updateRevision || updated >= Math.max(0, desired - partition);
  if (available === desired && replicas === desired && updateDone) return health("healthy", ready, desired);
  return health("waiting", ready, desired);
}
