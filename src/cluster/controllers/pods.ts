/** What the controllers ask of a Pod. @see kubernetes pkg/api/v1/pod/util.go */
import type { Pod, PodCondition } from "../../../generated/v1.36/model.ts";

export function podCondition(pod: Pod, type: string): PodCondition | undefined {
  return pod.status?.conditions?.find((c) => c.type === type);
}

export function isPodReady(pod: Pod): boolean {
  return podCondition(pod, "Ready")?.status === "True";
}

/** Since when the Pod is ready, in virtual milliseconds; `undefined` when it is not. */
export function readySince(pod: Pod, instantOf: (rfc3339: string) => number): number | undefined {
  const ready = podCondition(pod, "Ready");
  if (ready?.status !== "True") return undefined;
  return ready.lastTransitionTime === undefined ? Number.NEGATIVE_INFINITY : instantOf(ready.lastTransitionTime);
}

/** Ready for at least `minReadySeconds`. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, nowMs: number, instantOf: (rfc3339: string) => number): boolean {
  const since = readySince(pod, instantOf);
  return since !== undefined && (minReadySeconds === 0 || since + minReadySeconds * 1000 <= nowMs);
}

/** Neither finished nor being deleted. */
export function isPodActive(pod: Pod): boolean {
  return !isPodFinished(pod) && pod.metadata.deletionTimestamp === undefined;
}

export function isPodFinished(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

/** Being deleted, and not finished yet. */
export function isPodTerminating(pod: Pod): boolean {
  return !isPodFinished(pod) && pod.metadata.deletionTimestamp !== undefined;
}
