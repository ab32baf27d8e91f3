/**
 * The expressions of a policy must compile.
 * @see kubernetes pkg/apis/admissionregistration/validation/validation.go
 */
import type { MutatingAdmissionPolicySpec, ValidatingAdmissionPolicySpec, Variable } from "../../../../../generated/v1.36/model.ts";
import { type CelType, check, type Scope } from "../../cel/check.ts";
import { type FieldError, invalidValue } from "../../field-error.ts";

const TEXT: CelType = { scalar: "string" };
const KIND: CelType = { fields: { group: TEXT, version: TEXT, kind: TEXT } };
const RESOURCE: CelType = { fields: { group: TEXT, version: TEXT, resource: TEXT } };
const REQUEST: CelType = {
  fields: {
    kind: KIND,
    resource: RESOURCE,
    subResource: TEXT,
    requestKind: KIND,
    requestResource: RESOURCE,
    requestSubResource: TEXT,
    name: TEXT,
    namespace: TEXT,
    operation: TEXT,
    userInfo: { fields: { username: TEXT, uid: TEXT, groups: "any", extra: "any" } },
    dryRun: { scalar: "bool" },
    options: "any",
  },
};
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The words for what an expression must give. */
type Wanted = readonly string[];
const BOOL: Wanted = ["bool"];

export function validateExpressions(spec: ValidatingAdmissionPolicySpec & MutatingAdmissionPolicySpec): FieldError[] {
  const given: Scope = {
    object: "any",
    oldObject: "any",
    request: REQUEST,
    namespaceObject: "any",
    ...(spec.paramKind ? { params: "any" } : {}),
  };
  const withAuthorizer: Scope = { ...given, authorizer: "any" };
  const own = withVariables(withAuthorizer, spec.variables);
  const out: FieldError[] = [];
  const one = (expression: string | undefined, field: string, scope: Scope, wanted: Wanted): void => {
    if (!expression?.trim()) return;
    const { errors, type } = check(expression, scope);
    if (errors.length > 0) out.push(invalidValue(field, expression, `compilation failed: ${errors.join("\n")}`));
    else if (wanted.length > 0 && type !== "dyn" && !wanted.includes(type))
      out.push(
        invalidValue(
          field,
          expression,
          wanted.length === 1 ? `must evaluate to ${wanted[0]}` : `must evaluate to one of [${wanted.join(" ")}]`,
        ),
      );
  };
  for (const [i, c] of (spec.matchConditions ?? []).entries())
    one(c.expression, `spec.matchConditions[${i}].expression`, withAuthorizer, BOOL);
  for (const [i, v] of (spec.variables ?? []).entries())
    one(v.expression, `spec.variables[${i}].expression`, withVariables(withAuthorizer, spec.variables?.slice(0, i)), []);
  for (const [i, v] of (spec.validations ?? []).entries()) {
    one(v.expression, `spec.validations[${i}].expression`, own, BOOL);
    one(v.messageExpression, `spec.validations[${i}].messageExpression`, withVariables(given, spec.variables), ["string"]);
  }
  for (const [i, a] of (spec.auditAnnotations ?? []).entries())
    one(a.valueExpression, `spec.auditAnnotations[${i}].valueExpression`, own, ["string", "null_type"]);
  for (const [i, m] of (spec.mutations ?? []).entries()) {
    one(m.applyConfiguration?.expression, `spec.mutations[${i}].applyConfiguration.expression`, own, []);
    one(m.jsonPatch?.expression, `spec.mutations[${i}].jsonPatch.expression`, own, []);
  }
  return out;
}

/** Variables whose declaration is right; without any there is nothing of the name. */
function withVariables(scope: Scope, variables: readonly Variable[] | undefined): Scope {
  if (!variables || variables.length === 0) return scope;
  const declared = variables.filter((v) => NAME.test(v.name ?? "") && v.expression?.trim());
  return { ...scope, variables: { fields: Object.fromEntries(declared.map((v) => [v.name, "any" as const])) } };
}
