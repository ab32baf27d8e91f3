/**
 * Devices that must be made ready for a node before a Pod is bound to it: their driver says so by conditions in the claim's status.
 * @see kubernetes pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go (isClaimReadyForBinding, isClaimTimeout)
 */
import type { DeviceRequestAllocationResult } from "../../../../generated/v1.36/model.ts";
import type { Claim } from "./pod-claims.ts";

/** @see kubernetes DynamicResourcesArgs.bindingTimeout */
export const BINDING_TIMEOUT_MS = 600_000;

const resultsOf = (claim: Claim): readonly DeviceRequestAllocationResult[] => claim.status?.allocation?.devices?.results ?? [];

export function hasBindingConditions(results: readonly DeviceRequestAllocationResult[]): boolean {
  return results.some(({ bindingConditions = [] }) => bindingConditions.length > 0);
}

/** Whether all devices are ready, or why one never will be. */
export function isReadyForBinding(claim: Claim): boolean | { readonly failed: string } {
  if (!claim.status?.allocation) return false;
  for (const { driver, pool, device, bindingConditions = [], bindingFailureConditions = [] } of resultsOf(claim)) {
    if (bindingConditions.length === 0) continue;
    const status = claim.status.devices?.find((d) => d.driver === driver && d.pool === pool && d.device === device);
    const held = (type: string) => status?.conditions?.find((c) => c.type === type && c.status === "True");
    for (const type of bindingFailureConditions) {
      const failed = held(type);
      if (failed)
        return {
          failed: `device binding failed: claim=${claim.metadata.name}, reason=${failed.reason}, message=${JSON.stringify(failed.message)}`,
        };
    }
    if (!bindingConditions.every((type) => held(type) !== undefined)) return false;
  }
  return true;
}

/** Whether its devices were given too long ago, and are not ready, or failed: then it is to be given others. `now`: RFC 3339. */
export function isUnusable(claim: Claim, now: string | undefined): boolean {
  const ready = isReadyForBinding(claim);
  if (typeof ready === "object") return true;
  const since = claim.status?.allocation?.allocationTimestamp;
  if (ready || since === undefined || now === undefined || !hasBindingConditions(resultsOf(claim))) return false;
  return Date.parse(since) + BINDING_TIMEOUT_MS < Date.parse(now);
}
