/** Which of the Pods set aside an event may help. @see kubernetes pkg/scheduler/backend/queue/scheduling_queue.go (isPodWorthRequeuing) */
import type { Pod } from "../../../generated/v1.36/model.ts";
import type { SchedulerView } from "./evaluate.ts";
import type { ClusterEvent } from "./events.ts";
import type { CycleContext, Profile } from "./framework.ts";
import type { SchedulingQueue } from "./queue.ts";

/** Whose Pod it is: undefined when another scheduler's, or nobody's. */
export const profileOf = ({ profiles }: SchedulerView, { spec }: Pod): Profile | undefined => profiles.get(spec.schedulerName ?? "");

/**
 * A Pod that no plugin refused is helped by whatever happens; one that was refused by what its plugins wait for. `priorityMax`: others are
 * not concerned.
 */
export function wakeWaiting(
  queue: SchedulingQueue,
  view: SchedulerView,
  event: ClusterEvent,
  nowMs: number,
  priorityMax: number = Number.POSITIVE_INFINITY,
): void {
  const { cache, listers } = view;
  for (const group of [...queue.groups()]) {
    const [first] = group;
    if (!first || first.info.priority > priorityMax) continue;
    const { info, refusedBy } = first;
    const context: CycleContext = { pod: info, cache, listers };
    const plugins = profileOf(view, info.pod)?.plugins ?? [];
    const helps =
      refusedBy.size === 0 || plugins.some(({ plugin }) => refusedBy.has(plugin.name) && plugin.wakes?.(event, info, context) === true);
    if (helps) for (const waiting of [...group]) queue.wake(waiting, nowMs);
  }
}
