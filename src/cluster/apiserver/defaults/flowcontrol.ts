/** @see kubernetes pkg/apis/flowcontrol/v1/defaults.go */
import type { FlowSchema, PriorityLevelConfiguration } from "../../../../generated/v1.36/model.ts";
import { change, fill } from "./fill.ts";

export function flowSchema(given: FlowSchema): FlowSchema {
  return change(given, "spec", (s) => (s.matchingPrecedence ? s : { ...s, matchingPrecedence: 1000 }));
}

export function priorityLevelConfiguration(given: PriorityLevelConfiguration): PriorityLevelConfiguration {
  return change(given, "spec", (spec) =>
    change(spec, "limited", (l) => {
      const s = fill(l, { nominalConcurrencyShares: 30, lendablePercent: 0 });
      return change(s, "limitResponse", (r) => change(r, "queuing", (q) => fill(q, { queues: 64, handSize: 8, queueLengthLimit: 50 })));
    }),
  );
}
