/** Rounds of a Job that need not be gone through. */
import type { Job, Pod } from "../../../generated/v1.36/model.ts";
import { isTracked } from "./job-tracking.ts";
import { isPodActive, isPodReady } from "./pods.ts";

/** Whether the simplest and most frequent case is at hand: all Pods that are wanted run, and the status says so. Then a round changes nothing. */
export function isSteady({ metadata, spec, status }: Job, pods: readonly Pod[]): boolean {
  if (pods.length === 0 || status?.startTime === undefined || status.active !== pods.length || status.terminating !== 0) return false;
  if (status.conditions !== undefined || status.failed !== undefined || status.succeeded !== undefined) return false;
  if (metadata.deletionTimestamp !== undefined || spec.suspend === true || spec.activeDeadlineSeconds !== undefined) return false;
  if (spec.completionMode === "Indexed" || spec.backoffLimitPerIndex !== undefined) return false;
  if (spec.template.spec?.restartPolicy !== "Never") return false;
  for (const _ in status.uncountedTerminatedPods) return false;
  if (pods.length !== Math.min(spec.parallelism ?? 1, spec.completions ?? Number.POSITIVE_INFINITY)) return false;
  let ready = 0;
  for (const pod of pods) {
    if (!isPodActive(pod) || !isTracked(pod)) return false;
    if (isPodReady(pod)) ready++;
  }
  return status.uncountedTerminatedPods !== undefined && status.ready === ready;
}
