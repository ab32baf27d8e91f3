/**
 * Devices by ResourceClaim.
 * Simplified: claims are not allocated yet; a Pod without claims, as nearly all are, passes everywhere with 0, as in the real plugin.
 * @see kubernetes pkg/scheduler/framework/plugins/dynamicresources
 */
import type { Plugin } from "../framework.ts";

const NAME = "DynamicResources";

export const dynamicResources: Plugin<true, true> = {
  name: NAME,
  local: true,
  preFilter: () => ({ state: true }),
  postFilter(prepared) {
    // Refused before its turn, the real plugin does not find its own notes and says so.
    if (!prepared.asked.has(NAME)) return { error: "not found" };
    return { message: "no new claims to deallocate", keepsNomination: true };
  },
  preScore: () => true,
  score: () => 0,
};
