/**
 * Structural schemas: every value that rules speak of has a type outside of them.
 * @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema (convert.go, validation.go, complete.go)
 */
import type { JSONSchemaProps } from "../../../../../generated/v1.36/model.ts";
import { deepEqual } from "../../../../lib/deep-equal.ts";
import { goRegExp } from "../../../../lib/go-regexp.ts";
import { errorBody, type FieldError, forbidden, invalidValue, required } from "../../field-error.ts";

type Level = "root" | "item" | "field";

const MISSING: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

/** A schema where the document allows one schema among other things: not of a list of schemas, not of a flag. */
export function schemaOf(value: unknown): JSONSchemaProps | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JSONSchemaProps) : undefined;
}

const UNSUPPORTED: readonly (readonly [keyof JSONSchemaProps & string, string])[] = [
  ["id", "id"],
  ["$schema", "schema"],
  ["$ref", "$ref"],
  ["patternProperties", "patternProperties"],
  ["dependencies", "dependencies"],
  ["additionalItems", "additionalItems"],
  ["definitions", "definitions"],
];

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);

/** What keeps a schema from being structural at all: the first such thing. */
export function unsupportedIn(schema: JSONSchemaProps | undefined): string | undefined {
  if (!schema) return undefined;
  for (const [field, name] of UNSUPPORTED)
    if (field === "additionalItems" ? schema[field] !== undefined : !isEmpty(schema[field]))
      return `OpenAPIV3Schema '${name}' is not supported`;
  const nested = [schema.not, ...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  for (const of of nested) {
    const error = unsupportedIn(of);
    if (error !== undefined) return error;
  }
  if (schema["x-kubernetes-preserve-unknown-fields"] === false)
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  if (Array.isArray(schema.items) && schema.items.length > 0) return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  for (const of of [schemaOf(schema.items), ...Object.values(schema.properties ?? {}), schemaOf(schema.additionalProperties)]) {
    const error = unsupportedIn(of);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** In the order of their texts. */
export function validateStructural(schema: JSONSchemaProps, path: string): FieldError[] {
  const text = (e: FieldError): string => `${e.field}: ${errorBody(e)}`;
  const errors = [...validateInvariants(schema, "root", path), ...validateComplete(schema, schema, path, path)];
  return errors.sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

function validateInvariants(schema: JSONSchemaProps, level: Level, path: string): FieldError[] {
  const out: FieldError[] = [];
  const { type, properties = {}, additionalProperties } = schema;
  const items = schemaOf(schema.items);
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const keepsUnknown = schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (type === "array" && !items) out.push(required(`${path}.items`, "must be specified"));
  if (items) out.push(...validateInvariants(items, "item", `${path}.items`));
  for (const [name, of] of Object.entries(properties)) out.push(...validateInvariants(of, "field", `${path}.properties[${name}]`));
  if (additionalProperties !== undefined) {
    const of = schemaOf(additionalProperties);
    if (level === "root") out.push(forbidden(`${path}.additionalProperties`, "must not be used at the root"));
    if (of) out.push(...validateInvariants(of, "field", `${path}.additionalProperties`));
    if (isEmbedded) out.push(forbidden(`${path}.additionalProperties`, "must not be used if x-kubernetes-embedded-resource is set"));
  }
  out.push(
    ...validateExtensions(schema, path),
    ...validateValueRules(schema, path, isIntOrString(schema.anyOf), startsWithIntOrString(schema)),
  );
  out.push(...validateType(schema, level, path));
  const isObject = level === "root" || isEmbedded;
  for (const name of isObject ? ["kind", "apiVersion"] : []) {
    const of = properties[name];
    if (of && of.type !== "string") out.push(invalidValue(`${path}.properties[${name}].type`, of.type ?? "", "must be string"));
  }
  const { metadata } = properties;
  if (metadata) out.push(...validateMetadata(metadata, isObject, level, `${path}.properties[metadata]`));
  if (isEmbedded && !keepsUnknown && Object.keys(properties).length === 0) {
    const text = "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    out.push(required(`${path}.properties`, text));
  }
  return out;
}

function validateType(schema: JSONSchemaProps, level: Level, path: string): FieldError[] {
  const { type = "" } = schema;
  const out: FieldError[] = [];
  const at = `${path}.type`;
  if (schema["x-kubernetes-embedded-resource"] === true && type !== "object") {
    const text = "must be object if x-kubernetes-embedded-resource is true";
    out.push(type ? invalidValue(at, type, text) : required(at, text));
  } else if (!type && !schema["x-kubernetes-int-or-string"] && !schema["x-kubernetes-preserve-unknown-fields"])
    out.push(required(at, MISSING[level]));
  if (level === "root" && type && type !== "object") out.push(invalidValue(at, type, "must be object at the root"));
  return out;
}

function validateExtensions(schema: JSONSchemaProps, path: string): FieldError[] {
  if (schema["x-kubernetes-int-or-string"] !== true) return [];
  return (["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] as const).flatMap((field) =>
    schema[field] === true ? [invalidValue(`${path}.${field}`, true, "must be false if x-kubernetes-int-or-string is true")] : [],
  );
}

const RESTRICTABLE: ReadonlySet<string> = new Set(["name", "generateName"]);

/** Of the metadata at the root, only names may be restricted. */
function validateMetadata(schema: JSONSchemaProps, isObject: boolean, level: Level, path: string): FieldError[] {
  const out: FieldError[] = [];
  if (isObject && schema.type !== "object") out.push(invalidValue(`${path}.type`, schema.type ?? "", "must be object"));
  if (level !== "root") return out;
  const { type: _, default: __, properties = {}, ...others } = schema;
  const isPlain = Object.values(others).every((value) => isEmpty(value) || value === false);
  if (!isPlain || others.additionalProperties !== undefined || !Object.keys(properties).every((name) => RESTRICTABLE.has(name)))
    out.push(forbidden(path, "must not specify anything other than name and generateName, but metadata is implicitly specified"));
  return out;
}

/** `anyOf: [{ type: integer }, { type: string }]`. */
function isIntOrString(anyOf: readonly JSONSchemaProps[] | undefined): boolean {
  return deepEqual(anyOf ?? [], [{ type: "integer" }, { type: "string" }]);
}

function startsWithIntOrString({ allOf = [] }: JSONSchemaProps): boolean {
  return allOf.length > 0 && isIntOrString(allOf[0]?.anyOf);
}

function validateValueRules(schema: JSONSchemaProps, path: string, skipsAny: boolean, skipsAnyOfFirst: boolean): FieldError[] {
  const { anyOf = [], allOf = [], oneOf = [], not, pattern } = schema;
  const out: FieldError[] = [];
  if (!skipsAny) anyOf.forEach((of, i) => void out.push(...validateNested(of, `${path}.anyOf[${i}]`)));
  allOf.forEach((of, i) => void out.push(...validateNested(of, `${path}.allOf[${i}]`, skipsAnyOfFirst && i === 0)));
  oneOf.forEach((of, i) => void out.push(...validateNested(of, `${path}.oneOf[${i}]`)));
  if (not) out.push(...validateNested(not, `${path}.not`));
  const compiled = pattern ? goRegExp(pattern) : undefined;
  if (compiled && "error" in compiled)
    out.push(invalidValue(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${compiled.error}`));
  return out;
}

/** What may not be said within `allOf` and the like. */
const FORBIDDEN: readonly (readonly [keyof JSONSchemaProps & string, string])[] = [
  ["type", "must be empty to be structural"],
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
  ["x-kubernetes-validations", "must be empty to be structural"],
];

function validateNested(schema: JSONSchemaProps, path: string, skipsAny = false): FieldError[] {
  const out = validateValueRules(schema, path, skipsAny, false);
  const items = schemaOf(schema.items);
  if (items) out.push(...validateNested(items, `${path}.items`));
  for (const [name, of] of Object.entries(schema.properties ?? {})) out.push(...validateNested(of, `${path}.properties[${name}]`));
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false)
    out.push(forbidden(`${path}.additionalProperties`, "must be undefined to be structural"));
  for (const [field, text] of FORBIDDEN) {
    const isSaid = field === "default" ? schema.default !== undefined : schema[field] !== false && !isEmpty(schema[field]);
    if (isSaid) out.push(forbidden(`${path}.${field}`, text));
  }
  if (schema.properties?.["metadata"]) out.push(forbidden(`${path}.properties[metadata]`, "must not be specified in a nested context"));
  return out;
}

/** What the rules within `allOf` and the like speak of is there outside of them, too. */
function validateComplete(rules: JSONSchemaProps, schema: JSONSchemaProps | undefined, at: string, saidAt: string): FieldError[] {
  if (!schema) return [required(at, `because it is defined in ${saidAt}`)];
  const parts: (readonly [JSONSchemaProps, string])[] = rules.not ? [[rules.not, `${saidAt}.not`]] : [];
  for (const field of ["allOf", "anyOf", "oneOf"] as const)
    rules[field]?.forEach((of, i) => void parts.push([of, `${saidAt}.${field}[${i}]`]));
  return parts.flatMap(([of, where]) => validateNestedComplete(of, schema, at, where));
}

function validateNestedComplete(rules: JSONSchemaProps, schema: JSONSchemaProps | undefined, at: string, saidAt: string): FieldError[] {
  if (!schema) return [required(at, `because it is defined in ${saidAt}`)];
  const out = validateComplete(rules, schema, at, saidAt);
  const items = schemaOf(rules.items);
  if (items) out.push(...validateNestedComplete(items, schemaOf(schema.items), `${at}.items`, `${saidAt}.items`));
  for (const [name, of] of Object.entries(rules.properties ?? {})) {
    const step = `properties[${name}]`;
    out.push(...validateNestedComplete(of, schema.properties?.[name], `${at}.${step}`, `${saidAt}.${step}`));
  }
  return out;
}
