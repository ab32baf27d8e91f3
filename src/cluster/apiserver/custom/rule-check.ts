/**
 * The rules in CEL of a definition must compile.
 * Simplified: their cost is not estimated.
 * @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go (ValidateCustomResourceDefinitionOpenAPISchema)
 */
import type { CustomResourceDefinition, JSONSchemaProps, ValidationRule } from "../../../../generated/v1.36/model.ts";
import { goRegExp } from "../../../lib/go-regexp.ts";
import { type CelType, check, typeOfSchema } from "../cel/check.ts";
import { type FieldError, invalidValue, notSupported, required } from "../field-error.ts";
import { schemaIn } from "./prune.ts";
import { fieldOfPath } from "./rules.ts";

const DEPTH_MAX = 64;

/** `compiles`: the expressions are looked at, too, not just what is said around them. */
export function validateDefinitionRules({ spec }: CustomResourceDefinition, compiles: boolean): FieldError[] {
  const versions = spec?.versions ?? [];
  // As long as all versions have one schema, it is said to be that of the definition as a whole.
  const shared = versions.every((v) => JSON.stringify(v.schema) === JSON.stringify(versions[0]?.schema));
  return (shared ? versions.slice(0, 1) : versions).flatMap((version, i) => {
    const schema = version.schema?.openAPIV3Schema;
    const path = shared ? "spec.validation.openAPIV3Schema" : `spec.versions[${i}].schema.openAPIV3Schema`;
    return schema ? checkSchema(schema, { path, isObject: true, depth: 0, uncorrelated: undefined, compiles }) : [];
  });
}

interface Place {
  readonly path: string;
  readonly isObject: boolean;
  readonly depth: number;
  /** The list around it whose items cannot be told apart from those that were. */
  readonly uncorrelated: string | undefined;
  readonly compiles: boolean;
}

function checkSchema(schema: JSONSchemaProps, { path, isObject, depth, uncorrelated, compiles }: Place): FieldError[] {
  if (depth > DEPTH_MAX) return [];
  const rules = schema["x-kubernetes-validations"] ?? [];
  const type = rules.length > 0 ? typeOfSchema(schema, isObject) : "any";
  const own = rules.flatMap((rule, i) => {
    const at = `${path}.x-kubernetes-validations[${i}]`;
    return compiles ? checkRule(rule, type, at, uncorrelated) : checkWords(rule, schema, at);
  });
  const under = (of: JSONSchemaProps | undefined, at: string, inList = uncorrelated): FieldError[] => {
    const isEmbedded = of?.["x-kubernetes-embedded-resource"] === true;
    return of ? checkSchema(of, { path: `${path}.${at}`, isObject: isEmbedded, depth: depth + 1, uncorrelated: inList, compiles }) : [];
  };
  const isKeyed = schema["x-kubernetes-list-type"] === "map";
  const fields = Object.keys(schema.properties ?? {}).sort();
  return [
    ...(compiles ? [] : checkPattern(schema.pattern, `${path}.pattern`)),
    ...own,
    ...fields.flatMap((name) => under(schema.properties?.[name], `properties[${name}]`)),
    ...under(schemaIn(schema.items), "items", uncorrelated ?? (isKeyed ? undefined : path)),
    ...under(schemaIn(schema.additionalProperties), "additionalProperties"),
  ];
}

/** @see kubernetes …/apiextensions-apiserver/pkg/apiserver/schema/validation.go */
function checkPattern(pattern: string | undefined, path: string): FieldError[] {
  const compiled = pattern ? goRegExp(pattern) : undefined;
  if (!compiled || "pattern" in compiled) return [];
  return [invalidValue(path, pattern, `must be a valid regular expression, but isn't: ${compiled.error}`)];
}

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/** What is said around the expressions. */
function checkWords(
  { rule = "", message, messageExpression, reason, fieldPath }: ValidationRule,
  schema: JSONSchemaProps,
  path: string,
): FieldError[] {
  const out: FieldError[] = [];
  const words = message?.trim() ?? "";
  if (rule.trim() !== "") {
    if (message && words === "") out.push(invalidValue(`${path}.message`, message, "must be non-empty if specified"));
    else if (words.includes("\n")) out.push(invalidValue(`${path}.message`, message, "must not contain line breaks"));
    else if (rule.trim().includes("\n") && words === "")
      out.push(required(`${path}.message`, "message must be specified if rule contains line breaks"));
  }
  if (messageExpression && messageExpression.trim() === "")
    out.push(required(`${path}.messageExpression`, "messageExpression must be non-empty if specified"));
  if (reason !== undefined && !REASONS.includes(reason)) out.push(notSupported(`${path}.reason`, reason, REASONS));
  if (!fieldPath) return out;
  if (fieldPath.trim() === "") out.push(invalidValue(`${path}.fieldPath`, fieldPath, "must be non-empty if specified"));
  if (fieldPath.includes("\n")) out.push(invalidValue(`${path}.fieldPath`, fieldPath, "must not contain line breaks"));
  if (fieldOfPath(fieldPath, schema) === undefined) out.push(invalidValue(`${path}.fieldPath`, fieldPath, "must be a valid path"));
  return out;
}

function checkRule(rule: ValidationRule, type: CelType, path: string, uncorrelated: string | undefined): FieldError[] {
  if (rule.rule === undefined || rule.rule.trim() === "") return [];
  const scope = { self: type, oldSelf: rule.optionalOldSelf === true ? "any" : type } as const;
  const checked = check(rule.rule, scope);
  const wrong = (field: string, detail: string): FieldError => invalidValue(`${path}.${field}`, shownRule(rule), detail);
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

/** As the server's own struct is written. */
function shownRule(rule: ValidationRule): unknown {
  return {
    Rule: rule.rule,
    Message: rule.message ?? "",
    MessageExpression: rule.messageExpression ?? "",
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? "",
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
}
