/** Makes room by deleting Pods of lower priority. @see kubernetes pkg/scheduler/framework/plugins/defaultpreemption */
import type { Plugin } from "../framework.ts";
import { type CandidateLimits, preempt } from "../preemption.ts";

/** @see kubernetes pkg/scheduler/apis/config/v1/defaults.go */
const DEFAULTS: CandidateLimits = { percentMin: 10, absoluteMin: 100 };

export function defaultPreemption(limits: CandidateLimits = DEFAULTS): Plugin {
  return {
    name: "DefaultPreemption",
    postFilter(prepared, diagnosis, nominator) {
      const result = preempt(prepared, diagnosis, nominator, limits);
      return "message" in result ? { ...result, message: `preemption: ${result.message}` } : result;
    },
  };
}
