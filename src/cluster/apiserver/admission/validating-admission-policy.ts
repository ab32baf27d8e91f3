/**
 * ValidatingAdmissionPolicy: rules in CEL that whoever runs the cluster has made.
 * Simplified: there is no audit log, so that the action `Audit` does nothing.
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating/dispatcher.go, validator.go
 */
import type { ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, Validation } from "../../../../generated/v1.36/model.ts";
import { type Kind, kindOf } from "../../../api/object.ts";
import type { Refused } from "../../../sim/answer.ts";
import { fromCel } from "../cel/values.ts";
import { type AdmissionContext, type AdmissionPlugin, type AdmissionRequest, forbid } from "./plugin.ts";
import { meetsConditions } from "./policies/conditions.ts";
import { isExempt, matchesResources } from "./policies/match.ts";
import { collectParams } from "./policies/params.ts";
import { evaluate, valuesOf, withVariables } from "./policies/variables.ts";

const POLICY: Kind<ValidatingAdmissionPolicy> = kindOf("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy");
const BINDING: Kind<ValidatingAdmissionPolicyBinding> = kindOf("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding");
/** Bytes of a message that an expression gives. */
const MESSAGE_BYTES_MAX = 5 * 1024;

/** What a policy has against a request. */
interface Denial {
  readonly message: string;
  readonly reason: string;
}

export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: "ValidatingAdmissionPolicy",
  validate(request, context) {
    const policies = context.list(POLICY);
    if (policies.length === 0 || isExempt(request)) return undefined;
    const bindings = context.list(BINDING);
    let values: ReturnType<typeof valuesOf> | undefined;
    let first: Denial | undefined;
    for (const policy of policies) {
      const { name } = policy.metadata;
      const bound = bindings.filter((b) => b.spec?.policyName === name);
      if (bound.length === 0 || !policy.spec?.matchConstraints) continue;
      if (!matchesResources(policy.spec.matchConstraints, request, context)) continue;
      for (const binding of bound) {
        if (!matchesResources(binding.spec?.matchResources, request, context)) continue;
        values ??= valuesOf(request, context);
        for (const denial of denialsOf(policy, binding, values, request, context)) first ??= acted(policy, binding, denial, request);
      }
    }
    return first && refuse(request, first);
  },
};

/** Does what the binding asks for: warns; a denial that refuses is given back. */
function acted(
  policy: ValidatingAdmissionPolicy,
  binding: ValidatingAdmissionPolicyBinding,
  denial: Denial & { readonly always?: boolean },
  request: AdmissionRequest,
): Denial | undefined {
  const [p, b] = [policy.metadata.name, binding.metadata.name];
  const actions = binding.spec?.validationActions ?? [];
  if (denial.always !== true && actions.includes("Warn"))
    request.warn?.(`Validation failed for ValidatingAdmissionPolicy '${p}' with binding '${b}': ${denial.message}`);
  if (denial.always !== true && !actions.includes("Deny")) return undefined;
  return { ...denial, message: `ValidatingAdmissionPolicy '${p}' with binding '${b}' denied request: ${denial.message}` };
}

function denialsOf(
  { spec }: ValidatingAdmissionPolicy,
  binding: ValidatingAdmissionPolicyBinding,
  values: Readonly<Record<string, unknown>>,
  request: AdmissionRequest,
  context: AdmissionContext,
): readonly (Denial & { readonly always?: boolean })[] {
  const fails = spec?.failurePolicy !== "Ignore";
  const onError = (message: string): readonly Denial[] => (fails ? [{ message, reason: "Invalid" }] : []);
  const collected = collectParams(spec?.paramKind, binding.spec?.paramRef, request, context);
  if ("error" in collected)
    return onError(`failed to configure binding: ${collected.error}`).map((denial) => ({ ...denial, always: true }));
  return collected.params.flatMap((params) => {
    const all = withVariables(values, params, spec?.variables);
    const conditions = meetsConditions(spec?.matchConditions, all, spec?.failurePolicy);
    if ("error" in conditions) return onError(conditions.error);
    if (!conditions.meets) return [];
    return (spec?.validations ?? []).flatMap((validation) => {
      const outcome = evaluate(validation.expression, all);
      if ("error" in outcome) return onError(`expression '${validation.expression}' resulted in error: ${outcome.error}`);
      return outcome.value === true ? [] : [{ message: messageOf(validation, all), reason: validation.reason || "Invalid" }];
    });
  });
}

/** That of the expression, if it gives a fitting one. */
function messageOf({ expression, message, messageExpression }: Validation, values: Readonly<Record<string, unknown>>): string {
  const fixed = message?.trim() || `failed expression: ${expression.trim()}`;
  if (!messageExpression) return fixed;
  const outcome = evaluate(messageExpression, values);
  const value = "error" in outcome ? undefined : fromCel(outcome.value);
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" || text.includes("\n") || text.length > MESSAGE_BYTES_MAX ? fixed : text;
}

const CODES: Readonly<Record<string, number>> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413 };

function refuse(request: AdmissionRequest, { message, reason }: Denial): Refused {
  const { group, resource } = request.resource;
  const refused = forbid(request, message, [{ reason: "", field: "", message }]);
  return { ...refused, code: CODES[reason] ?? 422, reason, details: { ...refused.details, group, kind: resource } };
}
