/** @see kubernetes pkg/apis/flowcontrol/v1/defaults.go */
import type { FlowSchema, PriorityLevelConfiguration } from "../../../../generated/v1.36/model.ts";
import { type Draft, fill } from "./fill.ts";

export function flowSchema({ spec }: Draft<FlowSchema>): void {
  if (spec && !spec.matchingPrecedence) spec.matchingPrecedence = 1000;
}

export function priorityLevelConfiguration({ spec }: Draft<PriorityLevelConfiguration>): void {
  const limited = spec?.limited;
  if (!limited) return;
  fill(limited, { nominalConcurrencyShares: 30, lendablePercent: 0 });
  const queuing = limited.limitResponse?.queuing;
  if (queuing) fill(queuing, { queues: 64, handSize: 8, queueLengthLimit: 50 });
}
