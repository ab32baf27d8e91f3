/** Quality of service. @see kubernetes pkg/apis/core/v1/helper/qos/qos.go (ComputePodQOS) */
import type { Pod, ResourceRequirements } from "../../../generated/v1.36/model.ts";
import { parseQuantity } from "../../lib/quantity.ts";
import { hasPodLevelResources } from "./pod-amounts.ts";

type QosClass = "BestEffort" | "Burstable" | "Guaranteed";
const COMPUTE = ["cpu", "memory"] as const;

/**
 * Nothing asked for: BestEffort. CPU and memory limited in every container, and requests equal to limits: Guaranteed. Else Burstable. Amounts
 * of zero do not count; the Pod's own resources, where it states any, decide alone.
 */
export function qosClassOf(pod: Pod): QosClass {
  const own = pod.spec?.resources;
  const stating: readonly (ResourceRequirements | undefined)[] =
    hasPodLevelResources(pod) && own
      ? [own]
      : [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].map((c) => c.resources);
  let asks = false;
  let guaranteed = true;
  for (const resources of stating) {
    for (const name of COMPUTE) {
      const request = positive(resources?.requests, name);
      const limit = positive(resources?.limits, name);
      asks ||= request !== undefined || limit !== undefined;
      guaranteed &&= limit !== undefined && request === limit;
    }
  }
  if (!asks) return "BestEffort";
  return guaranteed ? "Guaranteed" : "Burstable";
}

/** In nano-units; a request never exceeds its limit, so that equal sums are equal amounts. */
function positive(list: ResourceRequirements["requests"], name: string): bigint | undefined {
  const value = list?.[name];
  const nano = value === undefined ? undefined : parseQuantity(value)?.nano;
  return nano !== undefined && nano > 0n ? nano : undefined;
}
