/**
 * What autoscalers measure by. A real cluster has a metrics server for CPU and memory, and adapters for the rest; here somebody hands a source in.
 * Amounts are in thousandths (milli-CPU, milli-bytes), as the replica calculator takes them.
 */
import type { CrossVersionObjectReference, HorizontalPodAutoscaler, LabelSelector, Pod } from "../../generated/v1.36/model.ts";

export interface Measured {
  readonly milli: number;
  /** When it was measured, in virtual milliseconds. */
  readonly atMs: number;
  /** Over which time it is an average, in milliseconds. */
  readonly windowMs: number;
}

/** By name of the Pod. */
export type PodMeasures = ReadonlyMap<string, Measured>;

/** Why there is none, in the words of the client: what follows `unable to get metrics for resource cpu: `. */
export interface Unmeasured {
  readonly error: string;
}

interface Query {
  /** Who asks. */
  readonly autoscaler: HorizontalPodAutoscaler;
  /** The Pods of the scaled workload. */
  readonly pods: readonly Pod[];
}

interface NamedQuery extends Query {
  readonly metric: string;
  readonly selector: LabelSelector | undefined;
}

export interface MetricsSource {
  /** Use of `cpu`, `memory`, … by each Pod, or by one container of each. */
  resource(query: Query & { readonly resource: string; readonly container: string | undefined }): PodMeasures | Unmeasured;
  /** A metric of each Pod's own. */
  pods(query: NamedQuery): PodMeasures | Unmeasured;
  /** A metric of another object, in thousandths. */
  object(query: NamedQuery & { readonly object: CrossVersionObjectReference }): number | Unmeasured;
  /** A metric from outside the cluster, in thousandths: the sum of its series. */
  external(query: NamedQuery): number | Unmeasured;
}

/** A cluster that nobody has given metrics: what its API server answers. */
export const NO_METRICS: MetricsSource = {
  resource: () => ({
    error: "unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)",
  }),
  pods: () => ({ error: "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered" }),
  object: () => ({ error: "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered" }),
  external: ({ metric }) => ({
    error: `unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${metric}.external.metrics.k8s.io)`,
  }),
};
