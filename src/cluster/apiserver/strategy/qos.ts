/**
 * The quality-of-service class of a Pod.
 * @see kubernetes pkg/apis/core/v1/helper/qos/qos.go (ComputePodQOS)
 */
import type { PodSpec, ResourceRequirements } from "../../../../generated/v1.36/model.ts";
import { compareQuantity, parseQuantity, type Quantity, ZERO } from "../../../lib/quantity.ts";

export type QosClass = "BestEffort" | "Burstable" | "Guaranteed";
type ResourceList = ResourceRequirements["requests"];

const COUNTED = ["cpu", "memory"] as const;

/**
 * Only positive amounts of cpu and memory count, init containers included; the Pod's own resources, where set, decide alone.
 * None at all: BestEffort. Limits for both on every container, and no request that differs from its limit: Guaranteed. Else Burstable.
 */
export function qosClassOf(spec: PodSpec): QosClass {
  const all: readonly (ResourceRequirements | undefined)[] = spec.resources
    ? [spec.resources]
    : [...(spec.initContainers ?? []), ...spec.containers].map((c) => c.resources);
  let any = false;
  let guaranteed = true;
  for (const resources of all) {
    for (const name of COUNTED) {
      const request = positive(resources?.requests, name);
      const limit = positive(resources?.limits, name);
      any ||= request !== undefined || limit !== undefined;
      if (limit === undefined || (request !== undefined && compareQuantity(request, limit) !== 0)) guaranteed = false;
    }
  }
  if (!any) return "BestEffort";
  return guaranteed ? "Guaranteed" : "Burstable";
}

function positive(list: ResourceList, name: string): Quantity | undefined {
  const value = list?.[name];
  const quantity = value === undefined ? undefined : parseQuantity(value);
  return quantity && compareQuantity(quantity, ZERO) > 0 ? quantity : undefined;
}
