/** What changes a workload's number of Pods, or protects it. */
import { HorizontalPodAutoscaler, type HorizontalPodAutoscalerSpec, type MetricSpec } from "../../../generated/v1.36/autoscaling/v2.ts";
import type { ObjectMeta } from "../../../generated/v1.36/meta/v1.ts";
import { PodDisruptionBudget, type PodDisruptionBudgetSpec } from "../../../generated/v1.36/policy/v1.ts";
import { compact } from "./carried-names.ts";
import { podLabels } from "./pod-templates.ts";

interface Scalable {
  readonly apiVersion: string;
  readonly kind: "Deployment" | "StatefulSet" | "ReplicaSet";
  readonly metadata: ObjectMeta & { readonly name: string };
}

interface Guarded {
  readonly kind: string;
  readonly metadata: ObjectMeta & { readonly name: string };
}

export interface AutoscalerOptions extends Pick<HorizontalPodAutoscalerSpec, "behavior"> {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Percent of the requested CPU that the Pods should use on average. */
  readonly cpu?: number;
  /** Percent of the requested memory. */
  readonly memory?: number;
  /** Any other metrics, as Kubernetes writes them. */
  readonly metrics?: readonly MetricSpec[];
}

/**
 * A HorizontalPodAutoscaler of a workload, named as it.
 * ```ts
 * autoscaler(web, { minReplicas: 2, maxReplicas: 10, cpu: 70 })
 * ```
 * Leave `replicas` out of a workload that is scaled: every apply would set it back.
 * @throws TypeError when there is no metric
 */
export function autoscaler(workload: Scalable, options: AutoscalerOptions): HorizontalPodAutoscaler {
  const { minReplicas, maxReplicas, cpu, memory, metrics = [], behavior } = options;
  const measured = [...resourceMetric("cpu", cpu), ...resourceMetric("memory", memory), ...metrics];
  if (measured.length === 0) throw new TypeError(`autoscaler: nothing to scale ${workload.metadata.name} by: give cpu, memory or metrics`);
  return HorizontalPodAutoscaler({
    metadata: compact({ name: workload.metadata.name, namespace: workload.metadata.namespace }),
    spec: compact({
      scaleTargetRef: { apiVersion: workload.apiVersion, kind: workload.kind, name: workload.metadata.name },
      minReplicas,
      maxReplicas,
      metrics: measured,
      behavior,
    }),
  });
}

function resourceMetric(name: "cpu" | "memory", averageUtilization: number | undefined): readonly MetricSpec[] {
  if (averageUtilization === undefined) return [];
  return [{ type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } }];
}

/**
 * A PodDisruptionBudget of a workload, named as it: `disruptionBudget(web, { maxUnavailable: 1 })`, `{ minAvailable: "50%" }`.
 */
export function disruptionBudget(
  workload: Guarded,
  budget: { readonly [F in keyof PodDisruptionBudgetSpec as Exclude<F, "selector">]?: PodDisruptionBudgetSpec[F] } & (
    | { readonly minAvailable: number | `${number}%` }
    | { readonly maxUnavailable: number | `${number}%` }
  ),
): PodDisruptionBudget {
  return PodDisruptionBudget({
    metadata: compact({ name: workload.metadata.name, namespace: workload.metadata.namespace }),
    spec: { ...budget, selector: { matchLabels: podLabels(workload, "disruptionBudget") } } as PodDisruptionBudgetSpec,
  });
}
