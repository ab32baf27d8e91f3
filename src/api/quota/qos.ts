/** Quality of service. @see kubernetes pkg/apis/core/v1/helper/qos/qos.go (ComputePodQOS) */
import type { Pod } from "../../../generated/v1.36/model.ts";
import { type Amounts, amountsOf } from "./amounts.ts";
import { hasPodLevelResources } from "./pod-amounts.ts";

type QosClass = "BestEffort" | "Burstable" | "Guaranteed";
const COMPUTE = ["cpu", "memory"] as const;

/**
 * Nothing asked for: BestEffort. CPU and memory limited in every container, and requests equal to limits: Guaranteed. Else Burstable. Amounts
 * of zero do not count; the Pod's own resources, where it states any, decide alone.
 */
export function qosClassOf(pod: Pod): QosClass {
  const own = pod.spec?.resources;
  const stating =
    hasPodLevelResources(pod) && own
      ? [own]
      : [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].map((c) => c.resources ?? {});
  const requests = stating.map((r) => positive(amountsOf(r.requests)));
  const limits = stating.map((r) => positive(amountsOf(r.limits)));
  if ([...requests, ...limits].every((a) => a.size === 0)) return "BestEffort";
  const limited = limits.every((l) => COMPUTE.every((name) => l.has(name)));
  return limited && COMPUTE.every((name) => sum(requests, name) === sum(limits, name)) ? "Guaranteed" : "Burstable";
}

function positive(amounts: Amounts): Amounts {
  return new Map([...amounts].filter(([name, q]) => (name === "cpu" || name === "memory") && q.nano > 0n));
}

function sum(lists: readonly Amounts[], name: string): bigint {
  return lists.reduce((total, l) => total + (l.get(name)?.nano ?? 0n), 0n);
}
