/** The status of a ReplicaSet or ReplicationController. @see kubernetes pkg/controller/replicaset/replica_set_utils.go (calculateStatus) */
import type { LabelSelector, Pod, PodTemplateSpec, ReplicaSetCondition, ReplicaSetStatus } from "../../../generated/v1.36/model.ts";
import { type Labels, matchesLabels } from "../../lib/labels.ts";
import { conditionOf, withCondition, withoutCondition } from "./conditions.ts";
import { isPodAvailable, isPodReady } from "./pods.ts";

/** A ReplicaSet, or a ReplicationController looked at as one. */
export interface ReplicatedSpec {
  readonly minReadySeconds: number;
  readonly replicas: number;
  readonly selector: LabelSelector | undefined;
  readonly template: PodTemplateSpec;
}

export interface ReplicaCountInput {
  readonly spec: ReplicatedSpec;
  readonly status: ReplicaSetStatus | undefined;
  readonly generation: number;
  readonly active: readonly Pod[];
  /** `undefined`: the kind does not tell. */
  readonly terminating: number | undefined;
  /** Why Pods could not be created or deleted in this round. */
  readonly failure: string | undefined;
}

export function replicaStatus(
  input: ReplicaCountInput,
  nowMs: number,
  timestamp: string,
  instantOf: (rfc3339: string) => number,
): ReplicaSetStatus {
  const { spec, active } = input;
  const templateLabels: Labels = spec.template.metadata?.labels ?? {};
  const fullyLabeled = active.filter((p) => matchesLabels(templateLabels, p.metadata.labels)).length;
  const ready = active.filter(isPodReady);
  const available = ready.filter((p) => isPodAvailable(p, spec.minReadySeconds, nowMs, instantOf)).length;
  const conditions = failureConditions(input, timestamp);
  return {
    ...(available > 0 && { availableReplicas: available }),
    ...(conditions.length > 0 && { conditions }),
    ...(fullyLabeled > 0 && { fullyLabeledReplicas: fullyLabeled }),
    observedGeneration: input.generation,
    ...(ready.length > 0 && { readyReplicas: ready.length }),
    replicas: active.length,
    ...(input.terminating !== undefined && { terminatingReplicas: input.terminating }),
  };
}

/** ReplicaFailure comes with the first failure, keeps its words, and goes with the first round without one. */
function failureConditions(input: ReplicaCountInput, timestamp: string): readonly ReplicaSetCondition[] {
  const before = input.status?.conditions ?? [];
  const known = conditionOf(before, "ReplicaFailure");
  if (input.failure === undefined) return known ? withoutCondition(before, "ReplicaFailure") : before;
  if (known) return before;
  const missing = input.spec.replicas - input.active.length;
  const reason = missing > 0 ? "FailedCreate" : missing < 0 ? "FailedDelete" : "";
  return withCondition(before, { type: "ReplicaFailure", status: "True", reason, message: input.failure, lastTransitionTime: timestamp });
}
