/** A Pod with scheduling gates waits outside the queue. @see kubernetes pkg/scheduler/framework/plugins/schedulinggates */
import { type Plugin, type Refusal, refusal } from "../framework.ts";

const NAME = "SchedulingGates";

export const schedulingGates: Plugin = {
  name: NAME,
  preEnqueue({ pod }): Refusal | undefined {
    const gates = pod.spec.schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    return refusal(NAME, `waiting for scheduling gates: [${gates.map((g) => g.name).join(" ")}]`, false);
  },
};
