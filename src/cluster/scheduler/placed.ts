/** Which Pods take room on a node. */
import type { Pod } from "../../../generated/v1.36/model.ts";

/** Has a node and has not ended. */
export function isPlaced(pod: Pod): boolean {
  return Boolean(pod.spec.nodeName) && !hasEnded(pod);
}

export function hasEnded(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}
