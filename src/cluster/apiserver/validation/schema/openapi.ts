/**
 * What holds of any schema of a definition, structural or not.
 * @see kubernetes …/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go (ValidateCustomResourceDefinitionOpenAPISchema)
 */
import type { JSONSchemaProps } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { validateRuleWords } from "./rule-words.ts";
import { schemaOf } from "./structural.ts";

interface Place {
  readonly path: string;
  readonly isRoot: boolean;
  /** Why no default may be here; undefined where one may. */
  readonly noDefault: string | undefined;
  /** Within the kind, version or metadata of an object. */
  readonly inMeta: boolean;
}

const META_FIELDS: ReadonlySet<string> = new Set(["metadata", "kind", "apiVersion"]);
const TYPES = ["array", "boolean", "integer", "number", "object", "string"] as const;

export function validateOpenApi(schema: JSONSchemaProps, path: string): FieldError[] {
  return validateAt(schema, { path, isRoot: true, noDefault: undefined, inMeta: false });
}

function validateAt(schema: JSONSchemaProps, at: Place): FieldError[] {
  const { path } = at;
  return [
    ...validateSupported(schema, at),
    ...(schema.uniqueItems
      ? [forbidden(`${path}.uniqueItems`, "uniqueItems cannot be set to true since the runtime complexity becomes quadratic")]
      : []),
    ...validateChildren(schema, at),
    ...validateMapType(schema, path),
    ...validateListType(schema, path),
    ...validateListMapKeys(schema, path),
    ...validateMapItems(schema, path),
    ...validateRuleWords(schema, path),
  ];
}

const NOT_SUPPORTED = ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"] as const;

function validateSupported(schema: JSONSchemaProps, { path, noDefault, inMeta }: Place): FieldError[] {
  const out: FieldError[] = [];
  const { type } = schema;
  if (type && !(TYPES as readonly string[]).includes(type)) out.push(notSupported(`${path}.type`, type, TYPES));
  if (schema.default !== undefined && noDefault !== undefined) out.push(forbidden(`${path}.default`, `must not be set ${noDefault}`));
  for (const field of NOT_SUPPORTED)
    if (schema[field] !== undefined && schema[field] !== "") out.push(forbidden(`${path}.${field}`, `${field} is not supported`));
  if (type === "null") out.push(forbidden(`${path}.type`, "type cannot be set to null, use nullable as an alternative"));
  if (Array.isArray(schema.items) && schema.items.length > 0)
    out.push(forbidden(`${path}.items`, "items must be a schema object and not an array"));
  if (inMeta && schema["x-kubernetes-embedded-resource"])
    out.push(forbidden(`${path}.x-kubernetes-embedded-resource`, "must not be used inside of resource meta"));
  return out;
}

function validateChildren(schema: JSONSchemaProps, at: Place): FieldError[] {
  const { path, isRoot, inMeta } = at;
  const out: FieldError[] = [];
  const { properties = {}, additionalProperties } = schema;
  const under = (of: JSONSchemaProps | undefined, step: string, more: Partial<Place> = {}): void => {
    if (of) out.push(...validateAt(of, { ...at, isRoot: false, path: `${path}.${step}`, ...more }));
  };
  if (additionalProperties !== undefined) {
    if (additionalProperties !== true && Object.keys(properties).length > 0)
      out.push(forbidden(`${path}.additionalProperties`, "additionalProperties and properties are mutual exclusive"));
    const more = inMeta ? { noDefault: "inside additionalProperties applying to object metadata" } : {};
    under(schemaOf(additionalProperties), "additionalProperties", more);
  }
  for (const name of Object.keys(properties).sort()) {
    const isMeta = (isRoot || schema["x-kubernetes-embedded-resource"] === true) && META_FIELDS.has(name);
    under(properties[name], `properties[${name}]`, {
      ...(isMeta ? { inMeta: true } : {}),
      ...(isMeta && isRoot ? { noDefault: `in top-level ${name}` } : {}),
    });
  }
  under(schema.not, "not");
  for (const field of ["allOf", "oneOf", "anyOf"] as const)
    for (const [i, of] of (schema[field] ?? []).entries()) under(of, `${field}[${i}]`);
  for (const [name, of] of Object.entries(schema.definitions ?? {})) under(schemaOf(of), `definitions[${name}]`);
  under(schemaOf(schema.items), "items");
  if (Array.isArray(schema.items)) for (const [i, of] of schema.items.entries()) under(schemaOf(of), `items[${i}]`);
  for (const [name, of] of Object.entries(schema.dependencies ?? {})) under(schemaOf(of), `dependencies[${name}]`);
  return out;
}

function mustBe(type: string, schema: JSONSchemaProps, extension: string, path: string): FieldError {
  const text = `must be ${type} if ${extension} is specified`;
  return schema.type ? invalidValue(`${path}.type`, schema.type, text) : required(`${path}.type`, text);
}

function validateMapType(schema: JSONSchemaProps, path: string): FieldError[] {
  const out: FieldError[] = [];
  const open = "x-kubernetes-preserve-unknown-fields";
  if (schema[open] === false) out.push(invalidValue(`${path}.${open}`, false, "must be true or undefined"));
  const mapType = schema["x-kubernetes-map-type"] as string | undefined;
  if (mapType === undefined) return out;
  if (schema.type !== "object") out.push(mustBe("object", schema, "x-kubernetes-map-type", path));
  const known = ["atomic", "granular"];
  if (!known.includes(mapType)) out.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, known));
  return out;
}

const LIST_TYPES = ["atomic", "set", "map"] as const;

function validateListType(schema: JSONSchemaProps, path: string): FieldError[] {
  const out: FieldError[] = [];
  const listType = schema["x-kubernetes-list-type"] as string | undefined;
  if (listType === undefined) return out;
  const items = schemaOf(schema.items);
  if (schema.type !== "array") out.push(mustBe("array", schema, "x-kubernetes-list-type", path));
  else if (listType === "set" && items) {
    const text = "must be atomic as item of a list with x-kubernetes-list-type=set";
    const own = items["x-kubernetes-list-type"];
    if (items.type === "array" && own !== undefined && own !== "atomic")
      out.push(invalidValue(`${path}.items.x-kubernetes-list-type`, own, text));
    if (items.type === "object" && items["x-kubernetes-map-type"] !== "atomic")
      out.push(invalidValue(`${path}.items.x-kubernetes-map-type`, own ?? null, text));
  }
  if (!(LIST_TYPES as readonly string[]).includes(listType)) out.push(notSupported(`${path}.x-kubernetes-list-type`, listType, LIST_TYPES));
  return out;
}

function validateListMapKeys(schema: JSONSchemaProps, path: string): FieldError[] {
  const out: FieldError[] = [];
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  if (keys.length > 0 && listType !== "map") {
    const at = `${path}.x-kubernetes-list-type`;
    const text = "must be map if x-kubernetes-list-map-keys is non-empty";
    out.push(listType === undefined ? required(at, text) : invalidValue(at, listType, text));
  }
  if (listType !== "map") return out;
  const at = `${path}.x-kubernetes-list-map-keys`;
  const items = schemaOf(schema.items);
  if (keys.length === 0) out.push(required(at, "must not be empty if x-kubernetes-list-type is map"));
  if (schema.items === undefined) out.push(required(`${path}.items`, "must have a schema if x-kubernetes-list-type is map"));
  else if (!items) {
    const shown = { Schema: null, JSONSchemas: schema.items };
    out.push(invalidValue(`${path}.items`, shown, "must only have a single schema if x-kubernetes-list-type is map"));
  }
  if (!items) return out;
  if (items.type !== "object")
    return [...out, invalidValue(`${path}.items.type`, items.type ?? "", "must be object if parent array's x-kubernetes-list-type is map")];
  keys.forEach((key, i) => {
    const of = items.properties?.[key];
    if (!of) out.push(invalidValue(at, keys, "entries must all be names of item properties"));
    else if (of.type === "array" || of.type === "object") {
      const text = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      out.push(invalidValue(`${path}.items.properties[${key}].type`, items.type, text));
    }
    if (keys.indexOf(key) < i) out.push(invalidValue(at, keys, "must not contain duplicate entries"));
  });
  return out;
}

/** Items of sets and maps are not null, and have their keys. */
function validateMapItems(schema: JSONSchemaProps, path: string): FieldError[] {
  const out: FieldError[] = [];
  const listType = schema["x-kubernetes-list-type"];
  const items = schemaOf(schema.items);
  if (!items || (listType !== "set" && listType !== "map")) return out;
  if (items.nullable) out.push(forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`));
  for (const key of listType === "map" ? (schema["x-kubernetes-list-map-keys"] ?? []) : []) {
    const of = items.properties?.[key];
    if (!of) continue;
    const at = `${path}.items.properties[${key}]`;
    const what = "this property is in x-kubernetes-list-map-keys, so it";
    if (!items.required?.includes(key) && of.default === undefined)
      out.push(required(`${at}.default`, `${what} must have a default or be a required property`));
    if (of.nullable) out.push(forbidden(`${at}.nullable`, `${what} cannot be nullable`));
  }
  return out;
}
