/**
 * The rules in CEL of a definition must compile.
 * Simplified: their cost is not estimated.
 * @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go (ValidateCustomResourceDefinitionOpenAPISchema)
 */
import type { CustomResourceDefinition, JSONSchemaProps, ValidationRule } from "../../../../generated/v1.36/model.ts";
import { type CelType, check, typeOfSchema } from "../cel/check.ts";
import { type FieldError, invalidValue } from "../field-error.ts";
import { internalForm } from "../internal-form.ts";
import { schemaIn } from "./prune.ts";

const DEPTH_MAX = 64;

/** Of the schemas that nothing in `errors` is about: a schema that is wrong gives no types to compile expressions by. */
export function validateDefinitionRules({ spec }: CustomResourceDefinition, errors: readonly FieldError[]): FieldError[] {
  const versions = spec?.versions ?? [];
  // As long as all versions have one schema, it is said to be that of the definition as a whole.
  const shared = versions.every((v) => JSON.stringify(v.schema) === JSON.stringify(versions[0]?.schema));
  return (shared ? versions.slice(0, 1) : versions).flatMap((version, i) => {
    const schema = version.schema?.openAPIV3Schema;
    const path = shared ? "spec.validation.openAPIV3Schema" : `spec.versions[${i}].schema.openAPIV3Schema`;
    if (!schema || errors.some((e) => e.field.startsWith(path))) return [];
    return checkSchema(schema, { path, isObject: true, depth: 0, uncorrelated: undefined });
  });
}

interface Place {
  readonly path: string;
  readonly isObject: boolean;
  readonly depth: number;
  /** The list around it whose items cannot be told apart from those that were. */
  readonly uncorrelated: string | undefined;
}

function checkSchema(schema: JSONSchemaProps, { path, isObject, depth, uncorrelated }: Place): FieldError[] {
  if (depth > DEPTH_MAX) return [];
  const rules = schema["x-kubernetes-validations"] ?? [];
  const type = rules.length > 0 ? typeOfSchema(schema, isObject) : "any";
  const own = rules.flatMap((rule, i) => checkRule(rule, type, `${path}.x-kubernetes-validations[${i}]`, uncorrelated));
  const under = (of: JSONSchemaProps | undefined, at: string, inList = uncorrelated): FieldError[] => {
    const isEmbedded = of?.["x-kubernetes-embedded-resource"] === true;
    return of ? checkSchema(of, { path: `${path}.${at}`, isObject: isEmbedded, depth: depth + 1, uncorrelated: inList }) : [];
  };
  const isKeyed = schema["x-kubernetes-list-type"] === "map";
  const inFields = uncorrelated ?? (schema["x-kubernetes-map-type"] === "atomic" ? path : undefined);
  const fields = Object.keys(schema.properties ?? {}).sort();
  return [
    ...under(schemaIn(schema.additionalProperties), "additionalProperties"),
    ...fields.flatMap((name) => under(schema.properties?.[name], `properties[${name}]`, inFields)),
    ...under(schemaIn(schema.items), "items", uncorrelated ?? (isKeyed ? undefined : path)),
    ...own,
  ];
}

function checkRule(rule: ValidationRule, type: CelType, path: string, uncorrelated: string | undefined): FieldError[] {
  if (rule.rule === undefined || rule.rule.trim() === "") return [];
  const scope = { self: type, oldSelf: rule.optionalOldSelf === true ? "any" : type } as const;
  const checked = check(rule.rule, scope);
  const wrong = (field: string, detail: string): FieldError =>
    invalidValue(`${path}.${field}`, internalForm("ValidationRule", rule), detail);
  if (checked.errors.length > 0) return [wrong("rule", `compilation failed: ${checked.errors.join("\n")}`)];
  if (checked.type !== "bool" && checked.type !== "dyn") return [wrong("rule", "cel expression must evaluate to a bool")];
  const isTransition = /\boldSelf\b/.test(rule.rule);
  if (uncorrelated !== undefined && isTransition) {
    const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`;
    return [invalidValue(`${path}.rule`, rule.rule, why)];
  }
  if (!isTransition && rule.optionalOldSelf !== undefined)
    return [invalidValue(`${path}.optionalOldSelf`, rule.optionalOldSelf, "may not be set if oldSelf is not used in rule")];
  if (!rule.messageExpression) return [];
  const message = check(rule.messageExpression, scope);
  if (message.errors.length > 0) return [wrong("messageExpression", `messageExpression compilation failed: ${message.errors.join("\n")}`)];
  const isText = message.type === "string" || message.type === "dyn";
  return isText ? [] : [wrong("messageExpression", "messageExpression must evaluate to a string")];
}
