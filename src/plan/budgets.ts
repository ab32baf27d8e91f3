/** PodDisruptionBudgets: how many Pods an operator may take away at one time. */
import type { PodDisruptionBudget } from "../../generated/v1.36/model.ts";
import type { Changes } from "./changes.ts";
import type { BudgetState } from "./schema.ts";
import { compareRefs, identityOf, refOf, type View } from "./view.ts";

export function budgetStates(before: View, after: View, changes: Changes): readonly BudgetState[] {
  const budgets = (after.byKind.get("policy/PodDisruptionBudget") ?? []) as unknown as readonly PodDisruptionBudget[];
  const states = budgets.flatMap((budget): readonly BudgetState[] => {
    const identity = identityOf(budget);
    const desired = changes.next.get(identity);
    const was = before.byIdentity.get(identity) as PodDisruptionBudget | undefined;
    const allowed = budget.status?.disruptionsAllowed ?? 0;
    const allowedBefore = was ? (was.status?.disruptionsAllowed ?? 0) : null;
    if (!desired && allowed === allowedBefore) return [];
    return [
      {
        object: refOf(budget),
        source: desired?.source ?? null,
        allowedBefore,
        allowed,
        healthy: budget.status?.currentHealthy ?? 0,
        healthyMin: budget.status?.desiredHealthy ?? 0,
        pods: budget.status?.expectedPods ?? 0,
      },
    ];
  });
  return states.sort((a, b) => compareRefs(a.object, b.object));
}
