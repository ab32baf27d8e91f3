/**
 * How long the containers of a deleted Pod take to stop: never longer than its grace period.
 * @see kubernetes pkg/kubelet/kuberuntime/kuberuntime_container.go killContainer
 */
import type { Pod } from "../../../generated/v1.36/model.ts";
import { isTerminal, type PodTiming } from "./pod-lifecycle.ts";

/**
 * What even the quickest container needs to stop, in milliseconds: the kubelet reports the end, and only then deletes the Pod. So a Pod is seen
 * terminating before it is gone.
 */
const LEAST_MS = 40;

/** Virtual milliseconds; 0 when nothing runs. A preStop hook that sleeps does so first, all containers at the same time. */
export function stopMs(pod: Pod, timing: PodTiming): number {
  const { status, spec, metadata } = pod;
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  if (isTerminal(status?.phase) || !statuses.some((s) => s.state?.running)) return 0;
  if (timing.stopMs === 0) return LEAST_MS;
  const sleepSeconds = Math.max(0, ...spec.containers.map((c) => c.lifecycle?.preStop?.sleep?.seconds ?? 0));
  const graceSeconds = metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  return Math.min(Math.max(sleepSeconds * 1000 + timing.stopMs, LEAST_MS), graceSeconds * 1000);
}
