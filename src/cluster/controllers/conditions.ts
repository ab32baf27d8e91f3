/**
 * Conditions of a status.
 * @see kubernetes pkg/controller/deployment/util/deployment_util.go (SetDeploymentCondition); the other workloads follow the same rule
 */

export interface ConditionShape {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
}

export function conditionOf<C extends ConditionShape>(conditions: readonly C[] | undefined, type: string): C | undefined {
  return conditions?.find((c) => c.type === type);
}

/** Puts a condition last; one of the same status and reason stays as it is, one of the same status keeps its transition time. */
export function withCondition<C extends ConditionShape>(conditions: readonly C[], condition: C): readonly C[] {
  const current = conditionOf(conditions, condition.type);
  if (current && current.status === condition.status && current.reason === condition.reason) return conditions;
  const kept = current?.status === condition.status ? { ...condition, lastTransitionTime: current.lastTransitionTime } : condition;
  return [...withoutCondition(conditions, condition.type), kept];
}

export function withoutCondition<C extends ConditionShape>(conditions: readonly C[], type: string): readonly C[] {
  return conditions.filter((c) => c.type !== type);
}
