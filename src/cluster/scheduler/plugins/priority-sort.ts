/** Higher priority first, then who waits longer. @see kubernetes pkg/scheduler/framework/plugins/queuesort/priority_sort.go */
import type { Plugin } from "../framework.ts";

export const prioritySort: Plugin = {
  name: "PrioritySort",
  compare: (a, b) => b.priority - a.priority || a.sinceMs - b.sinceMs,
};
