/**
 * A value against its JSON schema: what custom resources are held to, and the defaults of their definitions.
 * @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/validation/validation.go
 * @see kube-openapi pkg/validation/validate (the rules), pkg/validation/errors/schema.go (their texts)
 */
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import { parseIp } from "../../../lib/cidr.ts";
import { deepEqual } from "../../../lib/deep-equal.ts";
import { goRegExp } from "../../../lib/go-regexp.ts";
import { goQuote } from "../../../lib/go-text.ts";
import { duplicate, type FieldError, goJson, invalidValue, notSupported, required, tooLong, tooMany, typeInvalid } from "../field-error.ts";

/** What keeps the rules in CEL from being looked at. */
const BLOCKING: ReadonlySet<string> = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);
const NOT_CHECKED =
  "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

/** Simplified: the rules in CEL are not evaluated; only that they could not be is said. */
export function validateCustomResource(object: unknown, schema: JSONSchemaProps, old?: unknown): FieldError[] {
  const errors = validateAgainstSchema(object, schema, "", old);
  if (!errors.some((e) => BLOCKING.has(e.type)) || !hasRules(schema)) return errors;
  return [...errors, invalidValue(NO_PATH, null, NOT_CHECKED)];
}

function hasRules(schema: JSONSchemaProps): boolean {
  if (schema["x-kubernetes-validations"]?.length) return true;
  const { properties = {}, items, additionalProperties } = schema;
  return [...Object.values(properties), items, additionalProperties].some((s) => isSchema(s) && hasRules(s));
}

/**
 * The errors of a value whose fields are said to be under `base`: none for an object as a whole.
 * What has not changed since `old` is not held against it.
 */
export function validateAgainstSchema(value: unknown, schema: JSONSchemaProps, base = "", old?: unknown): FieldError[] {
  return validateValue(value, schema, { base, at: "" }, old);
}

/** Where a value is: the texts name the path in the value, the fields also the value's own. */
interface Place {
  readonly base: string;
  readonly at: string;
}

function fieldOf({ base, at }: Place): string {
  if (at === "") return base || NO_PATH;
  return base === "" ? at : `${base}.${at}`;
}

/** As Go writes the path of no field. */
const NO_PATH = "<nil>";

function validateValue(value: unknown, schema: JSONSchemaProps, place: Place, old: unknown): FieldError[] {
  if (value === null && schema.nullable === true) return [];
  if (old !== undefined && deepEqual(value, old)) return [];
  const field = fieldOf(place);
  const wrong = (text: string): FieldError => invalidValue(field, value, `${place.at} in body ${text}`);
  const types = typesOf(schema);
  const type = typeOf(value);
  const out: FieldError[] = [];
  if (types.length > 0 && !types.includes(type) && !(type === "integer" && types.includes("number")))
    out.push(typeInvalid(field, type, `${place.at} in body must be of type ${types.join(",")}: "${type}"`));
  out.push(...validateComposition(value, schema, place));
  if (typeof value === "string") out.push(...validateString(value, schema, place, wrong));
  else if (typeof value === "number") out.push(...validateNumber(value, schema, place, wrong));
  else if (Array.isArray(value)) out.push(...validateList(value, schema, place, wrong));
  out.push(...validateEnum(value, schema, field));
  if (isMap(value)) out.push(...validateMap(value, schema, place, wrong, isMap(old) ? old : {}));
  return out;
}

type Wrong = (text: string) => FieldError;

/** What has no field of its own is said of the value as a whole. */
function ofWhole({ base }: Place, text: string): FieldError {
  return invalidValue(base || NO_PATH, "", text);
}

function typesOf(schema: JSONSchemaProps): readonly string[] {
  if (schema["x-kubernetes-int-or-string"] === true) return ["integer", "string"];
  return schema.type ? [schema.type] : [];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSchema(value: unknown): value is JSONSchemaProps {
  return isMap(value);
}

function validateComposition(value: unknown, schema: JSONSchemaProps, place: Place): FieldError[] {
  const { allOf = [], anyOf = [], oneOf = [], not } = schema;
  const errorsOf = (s: JSONSchemaProps): FieldError[] => validateValue(value, s, place, undefined);
  const must = (text: string): FieldError => ofWhole(place, `"${place.at}" must ${text}`);
  const out: FieldError[] = [];
  const any = anyOf.map(errorsOf);
  if (any.length > 0 && any.every((errors) => errors.length > 0)) out.push(must("validate at least one schema (anyOf)"), ...closest(any));
  const one = oneOf.map(errorsOf);
  const valid = one.filter((errors) => errors.length === 0).length;
  if (one.length > 0 && valid === 0) out.push(must("validate one and only one schema (oneOf). Found none valid"), ...closest(one));
  if (valid > 1) out.push(must(`validate one and only one schema (oneOf). Found ${valid} valid alternatives`));
  const all = allOf.map(errorsOf).filter((errors) => errors.length > 0);
  if (all.length > 0)
    out.push(...all.flat(), must(`validate all the schemas (allOf)${all.length === allOf.length ? ". None validated" : ""}`));
  if (not && errorsOf(not).length === 0) out.push(must("not validate the schema (not)"));
  return out;
}

/** The errors of the alternative that fails least. */
function closest(tried: readonly FieldError[][]): FieldError[] {
  return tried.reduce((best, errors) => (errors.length < best.length ? errors : best));
}

function validateString(value: string, schema: JSONSchemaProps, place: Place, wrong: Wrong): FieldError[] {
  const { maxLength, minLength, pattern, format } = schema;
  const out: FieldError[] = [];
  const length = maxLength === undefined && minLength === undefined ? 0 : [...value].length;
  if (maxLength !== undefined && length > maxLength) out.push(tooLong(fieldOf(place), maxLength));
  if (minLength !== undefined && length < minLength) out.push(wrong(`should be at least ${minLength} chars long`));
  if (pattern && !matches(pattern, value)) out.push(wrong(`should match '${pattern}'`));
  const check = format === undefined || !Object.hasOwn(FORMATS, format) ? undefined : FORMATS[format];
  if (check && !check(value))
    out.push(typeInvalid(fieldOf(place), value, `${place.at} in body must be of type ${format}: ${goQuote(value)}`));
  return out;
}

/** Simplified: the formats that definitions use; the others hold of every string. */
const FORMATS: Readonly<Record<string, (value: string) => boolean>> = {
  "date-time": (s) => /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(s) && !Number.isNaN(Date.parse(s)),
  date: (s) => /^\d{4}-\d\d-\d\d$/.test(s) && !Number.isNaN(Date.parse(s)),
  ipv4: (s) => parseIp(s)?.family === "IPv4",
  ipv6: (s) => parseIp(s)?.family === "IPv6",
  uuid: (s) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(s),
};

/** A pattern that cannot be read holds of everything: the definition was refused for it, if it was new. */
function matches(pattern: string, value: string): boolean {
  const compiled = goRegExp(pattern);
  return "error" in compiled || compiled.pattern.matcher(value).find();
}

function validateNumber(value: number, schema: JSONSchemaProps, place: Place, wrong: Wrong): FieldError[] {
  const { maximum, minimum, multipleOf, exclusiveMaximum, exclusiveMinimum } = schema;
  const out: FieldError[] = [];
  const boundary = (name: string, limit: number): void => {
    if (schema.type !== "integer" || Number.isInteger(limit)) return;
    const format = schema.format ? `format ${schema.format}` : "default format";
    out.push(ofWhole(place, `${name} boundary value must be of type integer (${format}) in ${place.at}`));
  };
  // In binary, 0.3 is no multiple of 0.1: the quotient is compared, as upstream does.
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) out.push(wrong(`should be a multiple of ${multipleOf}`));
  if (maximum !== undefined) {
    boundary("Maximum", maximum);
    if (exclusiveMaximum ? value >= maximum : value > maximum)
      out.push(wrong(`should be less than ${exclusiveMaximum ? "" : "or equal to "}${maximum}`));
  }
  if (minimum !== undefined) {
    boundary("Minimum", minimum);
    if (exclusiveMinimum ? value <= minimum : value < minimum)
      out.push(wrong(`should be greater than ${exclusiveMinimum ? "" : "or equal to "}${minimum}`));
  }
  return out;
}

function validateList(value: readonly unknown[], schema: JSONSchemaProps, place: Place, wrong: Wrong): FieldError[] {
  const { items, maxItems, minItems } = schema;
  const out = isSchema(items)
    ? value.flatMap((item, i) => validateValue(item, items, { ...place, at: `${place.at}[${i}]` }, undefined))
    : [];
  if (minItems !== undefined && value.length < minItems) out.push(wrong(`should have at least ${minItems} items`));
  if (maxItems !== undefined && value.length > maxItems) out.push(tooMany(fieldOf(place), value.length, maxItems));
  return out.concat(validateUnique(value, schema, fieldOf(place)));
}

/** Items of a set, and keys of a list that is a map, occur once. */
function validateUnique(value: readonly unknown[], schema: JSONSchemaProps, at: string): FieldError[] {
  const kind = schema["x-kubernetes-list-type"];
  if (kind !== "set" && kind !== "map") return [];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const defaults = isSchema(schema.items) ? (schema.items.properties ?? {}) : {};
  const seen = new Set<string>();
  return value.flatMap((item, i): FieldError[] => {
    const key =
      kind === "map" && isMap(item)
        ? Object.fromEntries(
            keys.flatMap((k) => {
              const of = item[k] ?? defaults[k]?.default;
              return of === undefined ? [] : [[k, of]];
            }),
          )
        : item;
    const text = goJson(key);
    if (!seen.has(text)) {
      seen.add(text);
      return [];
    }
    return [duplicate(`${at}[${i}]`, key)];
  });
}

function validateEnum(value: unknown, schema: JSONSchemaProps, at: string): FieldError[] {
  if (!schema.enum || schema.enum.length === 0) return [];
  const text = goJson(value);
  if (schema.enum.some((allowed) => goJson(allowed) === text)) return [];
  return [
    notSupported(
      at,
      value,
      schema.enum.map((allowed) => (typeof allowed === "string" ? allowed : goJson(allowed))),
    ),
  ];
}

function validateMap(
  value: Readonly<Record<string, unknown>>,
  schema: JSONSchemaProps,
  place: Place,
  wrong: Wrong,
  old: Readonly<Record<string, unknown>>,
): FieldError[] {
  const { properties = {}, additionalProperties, maxProperties, minProperties, required: names = [] } = schema;
  const out: FieldError[] = [];
  const keys = Object.keys(value).sort();
  const under = (key: string): Place => ({ ...place, at: place.at === "" ? key : `${place.at}.${key}` });
  if (minProperties !== undefined && keys.length < minProperties) out.push(wrong(`should have at least ${minProperties} properties`));
  if (maxProperties !== undefined && keys.length > maxProperties) out.push(tooMany(fieldOf(place), keys.length, maxProperties));
  for (const name of names) if (!Object.hasOwn(value, name)) out.push(required(fieldOf(under(name))));
  for (const key of keys) {
    const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const of = own ?? (isSchema(additionalProperties) ? additionalProperties : undefined);
    if (of) out.push(...validateValue(value[key], of, under(key), Object.hasOwn(old, key) ? old[key] : undefined));
  }
  return out;
}
