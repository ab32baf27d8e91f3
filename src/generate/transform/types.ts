/** A field of the OpenAPI document → the JSON Schema that json-schema-to-typescript prints. References become type names. */
import type { JSONSchema } from "json-schema-to-typescript";
import { baseName, itemsOf, refOf, type SchemaNode, valuesOf } from "../spec.ts";
import { enumValues, openEnum } from "./enums.ts";
import { ANY_QUANTITY, quantityType } from "./quantities.ts";
import { isNonEmpty } from "./required.ts";

/** How a family of types names what it refers to. */
export interface Naming {
  /** The type of another schema, by its full name. */
  typeOf(schema: string): string;
}

const ANY_OBJECT = "{ readonly [key: string]: unknown }";

/** What a value that has no fields of its own looks like to an author. */
const SCALAR_TYPES: Readonly<Record<string, string>> = {
  Quantity: ANY_QUANTITY,
  IntOrString: "number | string",
  Time: "string",
  MicroTime: "string",
  Duration: "string",
  RawExtension: ANY_OBJECT,
  FieldsV1: ANY_OBJECT,
  Patch: ANY_OBJECT,
  JSON: "unknown",
};

/** The fields of a CustomResourceDefinition's schema that hold a schema or something simpler. */
const SCHEMA_TYPES: Readonly<Record<string, (schema: string) => string>> = {
  JSONSchemaPropsOrBool: (schema) => `${schema} | boolean`,
  JSONSchemaPropsOrArray: (schema) => `${schema} | readonly ${schema}[]`,
  JSONSchemaPropsOrStringArray: (schema) => `${schema} | readonly string[]`,
};

/** The JSON Schema of `field` of the schema `owner` (its last name part). */
export function fieldType(owner: string, field: string, node: SchemaNode, naming: Naming): JSONSchema {
  const quantity = quantityType(owner, field);
  if (quantity !== undefined) return { tsType: quantity };
  const open = openEnum(owner, field);
  if (open !== undefined) return { tsType: open };
  return typeOf(owner, field, node, naming);
}

function typeOf(owner: string, field: string, node: SchemaNode, naming: Naming): JSONSchema {
  const ref = refOf(node);
  if (ref !== undefined) return { tsType: referred(ref, naming) };
  const items = itemsOf(node);
  if (items) {
    const list: JSONSchema = { type: "array", items: parenthesized(typeOf(owner, field, items, naming)) };
    return isNonEmpty(owner, field) ? { ...list, minItems: 1 } : list;
  }
  const values = valuesOf(node);
  if (values) return { type: "object", additionalProperties: typeOf(owner, field, values, naming) };
  const allowed = node.type === "string" ? enumValues(owner, field, node.enum as string[] | undefined) : undefined;
  if (allowed) return { type: "string", enum: [...allowed] };
  return { type: node.type as "string" | "integer" | "number" | "boolean" };
}

function referred(ref: string, naming: Naming): string {
  const name = baseName(ref);
  const scalar = SCALAR_TYPES[name];
  if (scalar !== undefined) return scalar;
  const schemaType = SCHEMA_TYPES[name];
  if (schemaType !== undefined) return schemaType(naming.typeOf(ref.replace(/Or(Bool|Array|StringArray)$/, "")));
  return naming.typeOf(ref);
}

/** json-schema-to-typescript puts `[]` straight after a type of ours. */
function parenthesized(schema: JSONSchema): JSONSchema {
  return schema.tsType !== undefined && /[ |]/.test(schema.tsType) ? { tsType: `(${schema.tsType})` } : schema;
}
