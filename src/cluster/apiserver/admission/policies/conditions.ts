/** Conditions that a request must meet for a policy to be asked. @see kubernetes …/apiserver/pkg/admission/plugin/webhook/matchconditions/matcher.go */
import type { MatchCondition } from "../../../../../generated/v1.36/model.ts";
import { aggregate } from "../plugin.ts";
import { evaluate } from "./variables.ts";

/** Whether all hold; one that is false decides, whatever the others' errors. */
export function meetsConditions(
  conditions: readonly MatchCondition[] | undefined,
  values: Readonly<Record<string, unknown>>,
  failurePolicy: "Fail" | "Ignore" | undefined,
): { readonly meets: boolean } | { readonly error: string } {
  const errors: string[] = [];
  for (const { expression } of conditions ?? []) {
    const outcome = evaluate(expression, values);
    if ("error" in outcome) errors.push(`expression '${expression}' resulted in error: ${outcome.error}`);
    else if (outcome.value === false) return { meets: false };
  }
  if (errors.length === 0) return { meets: true };
  return failurePolicy === "Ignore" ? { meets: false } : { error: aggregate(errors) };
}
