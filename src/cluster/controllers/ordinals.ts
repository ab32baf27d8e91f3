/** Names and ordinals of a StatefulSet's Pods. @see kubernetes pkg/controller/statefulset/stateful_set_utils.go */
import type { Pod, StatefulSet } from "../../../generated/v1.36/model.ts";
import { isPodAvailable, isPodReady } from "./pods.ts";

const NAME = /^(.*)-([0-9]+)$/;

/** The set's name and the ordinal in a Pod's name; ordinal −1 when it has none. */
export function parseOrdinal(podName: string): { readonly parent: string; readonly ordinal: number } {
  const m = NAME.exec(podName);
  const ordinal = m ? Number(m[2]) : -1;
  return m && ordinal < 2 ** 31 ? { parent: m[1] ?? "", ordinal } : { parent: "", ordinal: -1 };
}

export function ordinalOf(pod: Pod): number {
  return parseOrdinal(pod.metadata.name).ordinal;
}

export function startOrdinal(set: StatefulSet): number {
  return set.spec.ordinals?.start ?? 0;
}

export function inRange(set: StatefulSet, ordinal: number): boolean {
  const start = startOrdinal(set);
  return ordinal >= start && ordinal < start + (set.spec.replicas ?? 1);
}

/** In phase Running, and ready. */
export function isRunningAndReady(pod: Pod): boolean {
  return pod.status?.phase === "Running" && isPodReady(pod);
}

export interface Now {
  readonly nowMs: number;
  readonly instantOf: (rfc3339: string) => number;
}

export function isRunningAndAvailable(pod: Pod, minReadySeconds: number, now: Now): boolean {
  return pod.status?.phase === "Running" && isPodAvailable(pod, minReadySeconds, now.nowMs, now.instantOf);
}

/** Not there yet, not available yet, or about to stop. */
export function isUnavailable(pod: Pod | undefined, minReadySeconds: number, now: Now): boolean {
  return !pod || !isRunningAndAvailable(pod, minReadySeconds, now) || pod.metadata.deletionTimestamp !== undefined;
}
