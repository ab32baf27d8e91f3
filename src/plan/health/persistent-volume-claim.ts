import type { PersistentVolumeClaim } from "../../../generated/v1.36/model.ts";
import { type Health, health } from "./health.ts";

/** Healthy when bound. One that waits for its first Pod is no fault of its own: the Pod that needs it is reported. */
export function claimHealth(claim: PersistentVolumeClaim): Health {
  const phase = claim.status?.phase ?? "Pending";
  if (phase === "Bound") return health("healthy", 1, 1);
  return health(phase === "Lost" ? "failed" : "waiting", 0, 1, phase);
}
