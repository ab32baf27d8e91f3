/** @see kubernetes pkg/apis/autoscaling/v2/defaults.go and v1/defaults.go */
import type { AutoscalingV1HorizontalPodAutoscaler, HorizontalPodAutoscaler, HPAScalingRules } from "../../../../generated/v1.36/model.ts";
import { change, fill } from "./fill.ts";

/** Percent of the requested CPU that an autoscaler aims at when it is told nothing. */
const CPU_UTILIZATION = 80;

const SCALE_UP: HPAScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [
    { type: "Pods", value: 4, periodSeconds: 15 },
    { type: "Percent", value: 100, periodSeconds: 15 },
  ],
};
const SCALE_DOWN: HPAScalingRules = { selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] };

export function horizontalPodAutoscaler(given: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  return change(given, "spec", (spec) => {
    const s = fill(spec, {
      minReplicas: 1,
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_UTILIZATION } } }],
    });
    return change(s, "behavior", (b) => ({
      ...b,
      scaleUp: fill(b.scaleUp ?? {}, SCALE_UP),
      scaleDown: fill(b.scaleDown ?? {}, SCALE_DOWN),
    }));
  });
}

export function horizontalPodAutoscalerV1(given: AutoscalingV1HorizontalPodAutoscaler): AutoscalingV1HorizontalPodAutoscaler {
  return change(given, "spec", (s) => fill(s, { minReplicas: 1, targetCPUUtilizationPercentage: CPU_UTILIZATION }));
}
