/**
 * The schemas of custom resources: structural (every value has a type), and of known types.
 * @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/validation.go, pkg/apis/apiextensions/validation/validation.go
 */
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import { errorBody, type FieldError, forbidden, invalidValue, notSupported, required } from "../field-error.ts";

import { validateAgainstSchema } from "./custom-resource.ts";

type Level = "root" | "item" | "field";
const TYPES = ["array", "boolean", "integer", "number", "object", "string"] as const;
const MISSING: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

/** Simplified: rules in CEL are only looked at for being there. */
export function validateSchema(schema: JSONSchemaProps, hasStatus: boolean, path: string): FieldError[] {
  const out: FieldError[] = [];
  if (hasStatus && schema.type !== undefined && schema.type !== "object") {
    const text = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    out.push(invalidValue(`${path}.type`, schema.type, text));
  }
  if (schema.nullable) out.push(forbidden(`${path}.nullable`, "nullable cannot be true at the root"));
  const text = (e: FieldError): string => `${e.field}: ${errorBody(e)}`;
  const structural = validateStructure(schema, "root", path).sort((a, b) => (text(a) < text(b) ? -1 : 1));
  return [...out, ...structural, ...validateValues(schema, path)];
}

/** Its schemas, each with its path and its place. */
function children(
  schema: JSONSchemaProps,
  path: string,
): { readonly schema: JSONSchemaProps; readonly level: Level; readonly path: string }[] {
  const out: { schema: JSONSchemaProps; level: Level; path: string }[] = [];
  const { items, properties, additionalProperties } = schema;
  if (isSchema(items)) out.push({ schema: items, level: "item", path: `${path}.items` });
  for (const name of Object.keys(properties ?? {}).sort())
    out.push({ schema: properties![name]!, level: "field", path: `${path}.properties[${name}]` });
  if (isSchema(additionalProperties)) out.push({ schema: additionalProperties, level: "field", path: `${path}.additionalProperties` });
  return out;
}

function isSchema(value: unknown): value is JSONSchemaProps {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function validateStructure(schema: JSONSchemaProps, level: Level, path: string): FieldError[] {
  const out: FieldError[] = [];
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true;
  const intOrString = schema["x-kubernetes-int-or-string"] === true;
  if (schema.type === "array" && schema.items === undefined) out.push(required(`${path}.items`, "must be specified"));
  if (schema.additionalProperties !== undefined) {
    if (level === "root") out.push(forbidden(`${path}.additionalProperties`, "must not be used at the root"));
    if (embedded) out.push(forbidden(`${path}.additionalProperties`, "must not be used if x-kubernetes-embedded-resource is set"));
  }
  if (intOrString && open)
    out.push(invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, true, "must be false if x-kubernetes-int-or-string is true"));
  if (intOrString && embedded)
    out.push(invalidValue(`${path}.x-kubernetes-embedded-resource`, true, "must be false if x-kubernetes-int-or-string is true"));
  if (embedded && schema.type !== "object") {
    const text = "must be object if x-kubernetes-embedded-resource is true";
    out.push(schema.type ? invalidValue(`${path}.type`, schema.type, text) : required(`${path}.type`, text));
  } else if (!schema.type && !intOrString && !open) out.push(required(`${path}.type`, MISSING[level]));
  if (level === "root" && schema.type && schema.type !== "object")
    out.push(invalidValue(`${path}.type`, schema.type, "must be object at the root"));
  if (level === "root" || embedded) {
    for (const name of ["kind", "apiVersion"]) {
      const type = schema.properties?.[name];
      if (type && type.type !== "string") out.push(invalidValue(`${path}.properties[${name}].type`, type.type ?? "", "must be string"));
    }
    const metadata = schema.properties?.["metadata"];
    if (metadata && metadata.type !== "object")
      out.push(invalidValue(`${path}.properties[metadata].type`, metadata.type ?? "", "must be object"));
  }
  if (embedded && !open && Object.keys(schema.properties ?? {}).length === 0) {
    const text = "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    out.push(required(`${path}.properties`, text));
  }
  if (schema.default !== undefined) out.push(...validateAgainstSchema(schema.default, schema, `${path}.default`));
  for (const child of children(schema, path)) out.push(...validateStructure(child.schema, child.level, child.path));
  return out;
}

const LIST_TYPES = ["atomic", "map", "set"] as const;

/** What holds of any schema, structural or not. */
function validateValues(schema: JSONSchemaProps, path: string): FieldError[] {
  const out: FieldError[] = [];
  if (schema.type && !(TYPES as readonly string[]).includes(schema.type)) out.push(notSupported(`${path}.type`, schema.type, TYPES));
  if (schema.uniqueItems)
    out.push(forbidden(`${path}.uniqueItems`, "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
  if (
    schema.additionalProperties !== undefined &&
    schema.additionalProperties !== false &&
    Object.keys(schema.properties ?? {}).length > 0
  ) {
    out.push(forbidden(`${path}.additionalProperties`, "additionalProperties and properties are mutual exclusive"));
  }
  const listType = schema["x-kubernetes-list-type"];
  if (listType !== undefined && !(LIST_TYPES as readonly string[]).includes(listType))
    out.push(notSupported(`${path}.x-kubernetes-list-type`, listType, LIST_TYPES));
  if (listType !== undefined && schema.type !== "array") {
    const at = `${path}.type`;
    out.push(
      schema.type
        ? invalidValue(at, schema.type, "must be array if x-kubernetes-list-type is specified")
        : required(at, "must be array if x-kubernetes-list-type is specified"),
    );
  }
  schema["x-kubernetes-validations"]?.forEach((rule, i) => {
    if (!rule.rule?.trim()) out.push(required(`${path}.x-kubernetes-validations[${i}].rule`, "rule is not specified"));
  });
  for (const child of children(schema, path)) out.push(...validateValues(child.schema, child.path));
  return out;
}
