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
    else if (wanted.length > 0 && !mayGive(expression, typeName(type), wanted)) {
      const words = wanted.length === 1 ? wanted[0] : `one of [${wanted.join(" ")}]`;
      out.push(invalidValue(field, expression, `must evaluate to ${words} but got ${typeName(type)}`));
    }
  };
  for (const [i, c] of (spec.matchConditions ?? []).entries())
    one(c.expression?.trim(), `spec.matchConditions[${i}].expression`, withAuthorizer, BOOL);
  for (const [i, v] of (spec.variables ?? []).entries())
    one(v.expression, `spec.variables[${i}].expression`, withVariables(withAuthorizer, spec.variables?.slice(0, i)), []);
  for (const [i, v] of (spec.validations ?? []).entries()) {
    one(v.expression, `spec.validations[${i}].expression`, own, BOOL);
    one(v.messageExpression, `spec.validations[${i}].messageExpression`, withVariables(given, spec.variables), ["string"]);
  }
  for (const [i, a] of (spec.auditAnnotations ?? []).entries())
    if (!isTooLong(a.valueExpression)) one(a.valueExpression, `spec.auditAnnotations[${i}].valueExpression`, own, ["string", "null_type"]);
  for (const [i, m] of (spec.mutations ?? []).entries()) {
    if (m.patchType === "ApplyConfiguration")
      one(m.applyConfiguration?.expression?.trim(), `spec.mutations[${i}].applyConfiguration.expression`, own, ["Object"]);
    if (m.patchType === "JSONPatch")
      one(m.jsonPatch?.expression?.trim(), `spec.mutations[${i}].jsonPatch.expression`, own, ["list(JSONPatch)"]);
  }
  return out;
}

/** A type in the words of the real compiler. */
function typeName(type: string): string {
  const named: Readonly<Record<string, string>> = {
    null: "null_type",
    list: "list(dyn)",
    map: "map(dyn, dyn)",
    "google.protobuf.Timestamp": "timestamp",
    "google.protobuf.Duration": "duration",
  };
  return named[type] ?? type.replace(/<T>/g, "<dyn>").replace(/</g, "(").replace(/>/g, ")");
}

/** A field of what is sent, of which nothing is known. */
const PLAIN_FIELD = /^\s*(object|oldObject|params)(\.[A-Za-z_]\w*)+\s*$/;

/** Whether an expression may give what is wanted. Simplified: an unknown type is wrong where it is that of a field; elsewhere it may be the wanted one. */
function mayGive(expression: string, type: string, wanted: Wanted): boolean {
  if (type === "dyn") return !PLAIN_FIELD.test(expression);
  return wanted.includes(type) || (type.includes("kubernetes.") && wanted !== BOOL);
}

const MAX_VALUE_EXPRESSION = 5 * 1024;

export function isTooLong(valueExpression: string | undefined): boolean {
  return Buffer.byteLength(valueExpression?.trim() ?? "") > MAX_VALUE_EXPRESSION;
}

/** Variables whose declaration is right; without any there is nothing of the name. */
function withVariables(scope: Scope, variables: readonly Variable[] | undefined): Scope {
  if (!variables || variables.length === 0) return scope;
  const declared = variables.filter((v) => NAME.test(v.name ?? "") && v.expression?.trim());
  return { ...scope, variables: { fields: Object.fromEntries(declared.map((v) => [v.name, "any" as const])) } };
}
