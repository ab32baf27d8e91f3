/**
 * How long the containers of a deleted Pod take to stop: never longer than its grace period.
 * @see kubernetes pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer
 */
import type { Pod } from "../../../generated/v1.36/model.ts";
import { isTerminal, type PodTiming } from "./pod-lifecycle.ts";

/** Virtual milliseconds; 0 when nothing runs. A preStop hook that sleeps does so first, all containers at the same time. */
export function stopMs(pod: Pod, timing: PodTiming): number {
  const { status, spec, metadata } = pod;
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  if (timing.stopMs === 0 || isTerminal(status?.phase) || !statuses.some((s) => s.state?.running)) return 0;
  const sleepSeconds = Math.max(0, ...spec.containers.map((c) => c.lifecycle?.preStop?.sleep?.seconds ?? 0));
  const graceSeconds = metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  return Math.min(sleepSeconds * 1000 + timing.stopMs, graceSeconds * 1000);
}
