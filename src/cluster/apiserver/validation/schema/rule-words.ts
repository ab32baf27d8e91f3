/** What is said around the rules in CEL of a schema. @see kubernetes …/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go */
import type { JSONSchemaProps, ValidationRule } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, invalidValue, notSupported, required } from "../../field-error.ts";
import { fieldOfPath } from "./field-of-path.ts";

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
const LINE_BREAK = /[\n\r]/;

export function validateRuleWords(schema: JSONSchemaProps, path: string): FieldError[] {
  return (schema["x-kubernetes-validations"] ?? []).flatMap((rule, i) =>
    validateWords(rule, schema, `${path}.x-kubernetes-validations[${i}]`),
  );
}

function validateWords(
  { rule = "", message, messageExpression, reason, fieldPath }: ValidationRule,
  schema: JSONSchemaProps,
  path: string,
): FieldError[] {
  const out: FieldError[] = [];
  const words = message?.trim() ?? "";
  if (rule.trim() === "") out.push(required(`${path}.rule`, "rule is not specified"));
  else if (message && words === "") out.push(invalidValue(`${path}.message`, message, "must be non-empty if specified"));
  else if (LINE_BREAK.test(words)) out.push(invalidValue(`${path}.message`, message, "must not contain line breaks"));
  else if (LINE_BREAK.test(rule.trim()) && words === "")
    out.push(required(`${path}.message`, "message must be specified if rule contains line breaks"));
  if (messageExpression && messageExpression.trim() === "")
    out.push(required(`${path}.messageExpression`, "messageExpression must be non-empty if specified"));
  if (reason !== undefined && !REASONS.includes(reason)) out.push(notSupported(`${path}.reason`, reason, REASONS));
  if (!fieldPath) return out;
  if (fieldPath.trim() === "") out.push(invalidValue(`${path}.fieldPath`, fieldPath, "must be non-empty if specified"));
  if (LINE_BREAK.test(fieldPath)) out.push(invalidValue(`${path}.fieldPath`, fieldPath, "must not contain line breaks"));
  if (fieldOfPath(fieldPath, schema) === undefined) out.push(invalidValue(`${path}.fieldPath`, fieldPath, "must be a valid path"));
  return out;
}
