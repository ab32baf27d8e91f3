/** @see kubernetes pkg/apis/autoscaling/v2/defaults.go and v1/defaults.go */
import type { AutoscalingV1HorizontalPodAutoscaler, HorizontalPodAutoscaler, HPAScalingRules } from "../../../../generated/v1.36/model.ts";
import { type Draft, fill } from "./fill.ts";

/** Percent of the requested CPU that an autoscaler aims at when it is told nothing. */
const CPU_UTILIZATION = 80;

const SCALE_UP: Draft<HPAScalingRules> = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [
    { type: "Pods", value: 4, periodSeconds: 15 },
    { type: "Percent", value: 100, periodSeconds: 15 },
  ],
};
const SCALE_DOWN: Draft<HPAScalingRules> = { selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] };

export function horizontalPodAutoscaler({ spec: s }: Draft<HorizontalPodAutoscaler>): void {
  if (!s) return;
  fill(s, {
    minReplicas: 1,
    metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_UTILIZATION } } }],
  });
  if (!s.behavior) return;
  s.behavior.scaleUp ??= {};
  s.behavior.scaleDown ??= {};
  fill(s.behavior.scaleUp, SCALE_UP);
  fill(s.behavior.scaleDown, SCALE_DOWN);
}

export function horizontalPodAutoscalerV1({ spec: s }: Draft<AutoscalingV1HorizontalPodAutoscaler>): void {
  if (s) fill(s, { minReplicas: 1, targetCPUUtilizationPercentage: CPU_UTILIZATION });
}
