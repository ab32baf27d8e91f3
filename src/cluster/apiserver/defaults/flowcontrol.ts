/** @see kubernetes pkg/apis/flowcontrol/v1/defaults.go */
import type { FlowSchema, PriorityLevelConfiguration } from "../../../../generated/v1.36/model.ts";
import { type Draft, fill } from "./fill.ts";

export function flowSchema({ spec }: Draft<FlowSchema>): void {
  if (spec && !spec.matchingPrecedence) spec.matchingPrecedence = 1000;
}

export function priorityLevelConfiguration({ spec }: Draft<PriorityLevelConfiguration>): void {
  if (spec?.exempt) fill(spec.exempt, { nominalConcurrencyShares: 0, lendablePercent: 0 });
  const limited = spec?.limited;
  if (!limited) return;
  fill(limited, { nominalConcurrencyShares: 30, lendablePercent: 0 });
  const queuing = limited.limitResponse?.queuing;
  if (!queuing) return;
  // Zero counts as not set.
  queuing.queues ||= 64;
  queuing.handSize ||= 8;
  queuing.queueLengthLimit ||= 50;
}
