/**
 * Devices by ResourceClaim.
 * Simplified: claims are not allocated yet; a Pod without claims, as nearly all are, passes everywhere with 0, as in the real plugin.
 * @see kubernetes pkg/scheduler/framework/plugins/dynamicresources
 */
import type { Plugin } from "../framework.ts";

export const dynamicResources: Plugin<never, true> = {
  name: "DynamicResources",
  local: true,
  preScore: () => true,
  score: () => 0,
};
