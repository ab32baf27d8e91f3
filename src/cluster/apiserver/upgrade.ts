/**
 * Objects of an older version of a kind that is kept in a newer one.
 * Simplified: what comes in the older version is answered in the newer one, too; the real server converts both ways.
 * @see kubernetes pkg/apis/autoscaling/v1/conversion.go
 */
import type { Unchecked } from "../../api/object.ts";
import { isMap } from "./typed.ts";

/** autoscaling/v1 → autoscaling/v2: the target of CPU utilization becomes a metric. Anything else is left as it is. */
export function upgraded(given: Unchecked): Unchecked {
  if (!isMap(given) || given["apiVersion"] !== "autoscaling/v1" || given["kind"] !== "HorizontalPodAutoscaler") return given;
  const { spec, status: _, ...rest } = given;
  if (!isMap(spec)) return { ...given, apiVersion: "autoscaling/v2" };
  const { targetCPUUtilizationPercentage: percentage, ...others } = spec;
  if (percentage === undefined || percentage === null) return { ...rest, apiVersion: "autoscaling/v2", spec: others };
  const metric = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: percentage } } };
  return { ...rest, apiVersion: "autoscaling/v2", spec: { ...others, metrics: [metric] } };
}
