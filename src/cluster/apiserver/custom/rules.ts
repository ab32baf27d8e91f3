/**
 * `x-kubernetes-validations`: rules in CEL on a value of a custom resource, and on its change.
 * @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go
 */
import type { JSONSchemaProps, ValidationRule } from "../../../../generated/v1.36/model.ts";
import { deepEqual } from "../../../lib/deep-equal.ts";
import { child, index, key } from "../../../lib/field-path.ts";
import { COST_EXCEEDED, compile } from "../cel/program.ts";
import { fromCel, optional, toCelBySchema } from "../cel/values.ts";
import { duplicate, errorBody, type FieldError, forbidden, invalidValue, OMITTED, required } from "../field-error.ts";
import { isMap } from "../typed.ts";
import { fieldOfPath } from "../validation/schema/field-of-path.ts";
import { schemaIn } from "./prune.ts";

/** Steps of all rules of an object together. @see apiserver pkg/apis/cel/config.go (RuntimeCELCostBudget) */
const STEPS_MAX = 10_000_000;
/** Bytes of a message that an expression gives. */
const MESSAGE_BYTES_MAX = 5 * 1024;
const NO_PATH = "<nil>";
const VARIABLES = ["self", "oldSelf"] as const;

interface Run {
  readonly errors: FieldError[];
  /** What is wrong, but was so before. */
  readonly warnings: string[];
  stepsLeft: number;
}

/** A value in its place, with what it was, if that can be told. */
interface Place {
  readonly value: unknown;
  readonly old: unknown;
  readonly path: string;
  /** Whether it is an object with kind and metadata. */
  readonly isObject: boolean;
}

export function hasRules(schema: JSONSchemaProps | undefined): boolean {
  if (!schema) return false;
  if (schema["x-kubernetes-validations"]?.length) return true;
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.allOf ?? []),
    schemaIn(schema.items),
    schemaIn(schema.additionalProperties),
  ];
  return inner.some(hasRules);
}

export function validateRules(object: unknown, old: unknown, schema: JSONSchemaProps): Pick<Run, "errors" | "warnings"> {
  const run: Run = { errors: [], warnings: [], stepsLeft: STEPS_MAX };
  validateValue(run, { value: object, old, path: "", isObject: true }, schema, schema);
  return run;
}

/** `rules` says the rules, `schema` what the value is: they differ within `allOf`. */
function validateValue(run: Run, place: Place, rules: JSONSchemaProps, schema: JSONSchemaProps): void {
  const { value } = place;
  if (value === null || value === undefined || run.stepsLeft < 0) return;
  if (rules["x-kubernetes-validations"]?.length) validateExpressions(run, place, rules["x-kubernetes-validations"], schema);
  for (const part of rules.allOf ?? []) if (hasRules(part)) validateValue(run, place, part, schema);
  if (Array.isArray(value)) validateItems(run, place, value, rules, schema);
  else if (isMap(value)) validateFields(run, place, value, rules, schema);
}

function validateItems(run: Run, { old, path }: Place, value: readonly unknown[], rules: JSONSchemaProps, schema: JSONSchemaProps): void {
  const rulesOfItems = schemaIn(rules.items);
  const items = schemaIn(schema.items);
  if (!rulesOfItems || !items || !hasRules(rulesOfItems)) return;
  const before = oldItems(schema, old);
  const isObject = items["x-kubernetes-embedded-resource"] === true;
  for (const [i, item] of value.entries())
    validateValue(run, { value: item, old: before(item), path: index(path, i), isObject }, rulesOfItems, items);
}

/** The item of the same keys, of a list that is a map; others cannot be told apart. */
function oldItems(schema: JSONSchemaProps, old: unknown): (item: unknown) => unknown {
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  if (!Array.isArray(old) || schema["x-kubernetes-list-type"] !== "map" || keys.length === 0) return () => undefined;
  const keyOf = (item: unknown): string => JSON.stringify(keys.map((k) => (isMap(item) ? (item[k] ?? null) : null)));
  const byKey = new Map(old.map((item) => [keyOf(item), item as unknown]));
  return (item) => byKey.get(keyOf(item));
}

function validateFields(
  run: Run,
  { old, path }: Place,
  value: Readonly<Record<string, unknown>>,
  rules: JSONSchemaProps,
  schema: JSONSchemaProps,
): void {
  const before = (name: string): unknown => (isMap(old) && Object.hasOwn(old, name) ? old[name] : undefined);
  for (const [name, of] of Object.entries(value)) {
    const own = rules.properties && Object.hasOwn(rules.properties, name) ? rules.properties[name] : undefined;
    const inner = own ?? schemaIn(rules.additionalProperties);
    const innerSchema = own ? schema.properties?.[name] : schemaIn(schema.additionalProperties);
    if (!inner || !innerSchema || !hasRules(inner)) continue;
    const isObject = innerSchema["x-kubernetes-embedded-resource"] === true;
    const at = own ? child(path, name) : key(path, name);
    validateValue(run, { value: of, old: before(name), path: at, isObject }, inner, innerSchema);
  }
}

function validateExpressions(run: Run, place: Place, rules: readonly ValidationRule[], schema: JSONSchemaProps): void {
  const self = toCelBySchema(place.value, schema, place.isObject);
  const hasOld = place.old !== undefined && place.old !== null;
  const oldSelf = hasOld ? toCelBySchema(place.old, schema, place.isObject) : undefined;
  const isUnchanged = hasOld && deepEqual(place.value, place.old);
  const field = place.path || NO_PATH;
  const type = schema.type ?? "";
  for (const rule of rules) {
    const compiled = compile(rule.rule, VARIABLES);
    if ("error" in compiled) {
      run.errors.push(invalidValue(field, type, `rule compile error: compilation failed: ${compiled.error}`));
      continue;
    }
    const { program } = compiled;
    const isTransition = program.uses("oldSelf");
    if (isTransition && !hasOld && rule.optionalOldSelf !== true) continue;
    const variables = { self, oldSelf: rule.optionalOldSelf === true ? optional(oldSelf) : oldSelf };
    const outcome = program.run(variables);
    run.stepsLeft -= outcome.steps;
    if (run.stepsLeft < 0) {
      run.errors.push(
        invalidValue(field, type, "validation failed due to running out of cost budget, no further validation rules will be run"),
      );
      return;
    }
    if ("error" in outcome) {
      run.errors.push(invalidValue(field, type, evaluationError(outcome.error, rule)));
      if (outcome.error === COST_EXCEEDED) run.stepsLeft = -1;
      if (run.stepsLeft < 0) return;
      continue;
    }
    if (outcome.value === true) continue;
    const error = refusal(rule, place, schema, messageOf(rule, variables));
    if (!isTransition && isUnchanged) run.warnings.push(`${error.field}: ${errorBody(error)}`);
    else run.errors.push(error);
  }
}

function evaluationError(error: string, rule: ValidationRule): string {
  const name = rule.message?.trim() || rule.rule.trim();
  if (error.startsWith("no such overload"))
    return `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${name}`;
  if (error === COST_EXCEEDED)
    return `'${error}': no further validation rules will be run due to call cost exceeds limit for rule: ${name}`;
  return `${error} evaluating rule: ${name}`;
}

/** That of the rule's expression, if it gives a fitting one. */
function messageOf({ messageExpression, message, rule }: ValidationRule, variables: Readonly<Record<string, unknown>>): string {
  const fixed = message ? message.trim() : `failed rule: ${rule.trim()}`;
  if (!messageExpression) return fixed;
  const compiled = compile(messageExpression, VARIABLES);
  const outcome = "error" in compiled ? compiled : compiled.program.run(variables);
  const value = "error" in outcome ? undefined : fromCel(outcome.value);
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" || text.includes("\n") || text.length > MESSAGE_BYTES_MAX ? fixed : text;
}

function refusal(rule: ValidationRule, { value, path }: Place, schema: JSONSchemaProps, detail: string): FieldError {
  const named = rule.fieldPath ? fieldOfPath(rule.fieldPath, schema) : undefined;
  const field = named === undefined ? path || NO_PATH : child(path, named);
  const shown = schema.type === "object" || schema.type === "array" ? OMITTED : value;
  switch (rule.reason) {
    case "FieldValueForbidden":
      return forbidden(field, detail);
    case "FieldValueRequired":
      return required(field, detail);
    case "FieldValueDuplicate":
      return duplicate(field, shown);
    default:
      return invalidValue(field, shown, detail);
  }
}
