/**
 * MutatingAdmissionPolicy: changes in CEL, as a configuration to apply or as a JSON patch.
 * Simplified: after a change the policies with `IfNeeded` are asked once more, the other plugins are not.
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/mutating/dispatcher.go, patch/smd.go, patch/json_patch.go
 */
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, Mutation } from "../../../../generated/v1.36/model.ts";
import { type Kind, type KubeObject, kindOf } from "../../../api/object.ts";
import { deepEqual } from "../../../lib/deep-equal.ts";
import { isRefused, type Refused } from "../../../sim/answer.ts";
import { applyDefaults } from "../defaults/index.ts";
import { type AdmissionContext, type AdmissionPlugin, type AdmissionRequest, forbid } from "./plugin.ts";
import { meetsConditions } from "./policies/conditions.ts";
import { isExempt, matchesResources } from "./policies/match.ts";
import { mutated } from "./policies/mutate.ts";
import { collectParams } from "./policies/params.ts";
import { evaluate, valuesOf, withVariables } from "./policies/variables.ts";

const POLICY: Kind<MutatingAdmissionPolicy> = kindOf("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicy");
const BINDING: Kind<MutatingAdmissionPolicyBinding> = kindOf("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicyBinding");

export const mutatingAdmissionPolicy: AdmissionPlugin = {
  name: "MutatingAdmissionPolicy",
  admit(request, context) {
    const policies = context.list(POLICY);
    const { object } = request;
    if (policies.length === 0 || !object || isExempt(request)) return undefined;
    const once = runPolicies(policies, object, request, context);
    if (isRefusal(once)) return once;
    if (once === object || deepEqual(once, object)) return undefined;
    const again = policies.filter((p) => p.spec?.reinvocationPolicy === "IfNeeded");
    return again.length === 0 ? once : runPolicies(again, once, request, context);
  },
};

function isRefusal(of: KubeObject | Refused): of is Refused {
  return "code" in of && isRefused(of as Refused);
}

function runPolicies(
  policies: readonly MutatingAdmissionPolicy[],
  given: KubeObject,
  request: AdmissionRequest,
  context: AdmissionContext,
): KubeObject | Refused {
  const bindings = context.list(BINDING);
  let object = given;
  for (const policy of policies) {
    if (!policy.spec?.matchConstraints) continue;
    for (const binding of bindings) {
      if (binding.spec?.policyName !== policy.metadata.name) continue;
      const current = { ...request, object };
      if (!matchesResources(policy.spec.matchConstraints, current, context)) continue;
      if (!matchesResources(binding.spec?.matchResources, current, context)) continue;
      const result = runPolicy(policy, binding, current, context);
      if (isRefusal(result)) return result;
      object = result;
    }
  }
  return object;
}

function runPolicy(
  { metadata, spec }: MutatingAdmissionPolicy,
  binding: MutatingAdmissionPolicyBinding,
  request: AdmissionRequest & { readonly object: KubeObject },
  context: AdmissionContext,
): KubeObject | Refused {
  let { object } = request;
  const refuse = (why: string, reason = "Invalid"): Refused => {
    const message = `policy '${metadata.name}' with binding '${binding.metadata.name}' denied request: ${why}`;
    const refused = forbid(request, message, [{ reason: "", field: "", message }]);
    // The real one keeps the code of the refusal that it writes its own words into.
    return { ...refused, message, reason, details: { ...refused.details, kind: request.resource.resource } };
  };
  const fails = spec?.failurePolicy !== "Ignore";
  const collected = collectParams(spec?.paramKind, binding.spec?.paramRef, request, context);
  if ("error" in collected) return fails ? refuse(`failed to configure binding: ${collected.error}`, "Forbidden") : object;
  for (const params of collected.params) {
    const valuesNow = (): Readonly<Record<string, unknown>> =>
      withVariables(valuesOf({ ...request, object }, context), params, spec?.variables);
    const conditions = meetsConditions(spec?.matchConditions, valuesNow(), spec?.failurePolicy);
    if ("error" in conditions) return refuse(conditions.error);
    if (!conditions.meets) continue;
    for (const mutation of spec?.mutations ?? []) {
      const result = mutate(mutation, object, valuesNow(), context);
      if ("object" in result) object = applyDefaults(result.object);
      else if (fails) return refuse(result.error);
    }
  }
  return object;
}

function mutate(
  mutation: Mutation,
  object: KubeObject,
  values: Readonly<Record<string, unknown>>,
  context: AdmissionContext,
): { readonly object: KubeObject } | { readonly error: string } {
  const expression = mutation.jsonPatch?.expression ?? mutation.applyConfiguration?.expression ?? "";
  const outcome = evaluate(expression, values);
  if ("error" in outcome) return { error: `expression '${expression}' resulted in error: ${outcome.error}` };
  return mutated(mutation.patchType, outcome.value, object, context.typeOf(object));
}
