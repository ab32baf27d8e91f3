/** Makes room by deleting Pods of lower priority. @see kubernetes pkg/scheduler/framework/plugins/defaultpreemption */
import type { Plugin } from "../framework.ts";
import { preempt } from "../preemption.ts";

export const defaultPreemption: Plugin = {
  name: "DefaultPreemption",
  postFilter(prepared, diagnosis, nominator) {
    const result = preempt(prepared, diagnosis, nominator);
    return "message" in result ? { ...result, message: `preemption: ${result.message}` } : result;
  },
};
