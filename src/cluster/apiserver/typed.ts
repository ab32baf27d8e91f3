/**
 * Values seen through their schema: what a list's items are known by, and how a field is kept together.
 * @see structured-merge-diff schema/elements.go, typed/helpers.go
 */
import type { FieldSchema, SchemaTable } from "../../api/schema.ts";
import { goPlain } from "../../lib/go-value.ts";
import type { PathElement } from "./field-set.ts";

export type JsonMap = Readonly<Record<string, unknown>>;
export const isMap = (value: unknown): value is JsonMap => typeof value === "object" && value !== null && !Array.isArray(value);

/** How a field is treated: one value, a list or a map. */
export type Shape =
  | { readonly kind: "scalar"; readonly type: FieldSchema["type"] }
  | { readonly kind: "list"; readonly atomic: boolean; readonly keys: readonly string[]; readonly items: FieldSchema }
  | {
      readonly kind: "map";
      readonly atomic: boolean;
      /** The fields of a struct; none for a plain map. */
      readonly fields: Readonly<Record<string, FieldSchema>>;
      /** The schema of what is no field; undefined: nothing else is allowed. */
      readonly items: FieldSchema | undefined;
    };

const ANY: FieldSchema = { type: "any" };
const NO_FIELDS: Readonly<Record<string, FieldSchema>> = {};
/** Free-form JSON: lists are atomic, maps are not. */
const ANY_LIST: Shape = { kind: "list", atomic: true, keys: [], items: ANY };
const ANY_MAP: Shape = { kind: "map", atomic: false, fields: NO_FIELDS, items: ANY };
const ANY_SCALAR: Shape = { kind: "scalar", type: "any" };

/** The shape of a field; that of free-form JSON follows the value. */
export function shapeOf(field: FieldSchema, schemas: SchemaTable, value: unknown): Shape {
  switch (field.type) {
    case "ref": {
      const object = schemas[field.ref!];
      if (!object) return anyShape(value);
      const atomic = field.mapType === "atomic" || object.mapType === "atomic";
      return { kind: "map", atomic, fields: object.fields, items: undefined };
    }
    case "list":
      return {
        kind: "list",
        atomic: field.listType === undefined || field.listType === "atomic",
        keys: field.listMapKeys ?? [],
        items: field.items ?? ANY,
      };
    case "map":
      return { kind: "map", atomic: field.mapType === "atomic", fields: NO_FIELDS, items: field.items ?? ANY };
    case "any":
      return anyShape(value);
    default:
      return { kind: "scalar", type: field.type };
  }
}

function anyShape(value: unknown): Shape {
  return Array.isArray(value) ? ANY_LIST : isMap(value) ? ANY_MAP : ANY_SCALAR;
}

/** The schema of a member of a map; undefined when nothing of that name is allowed. */
export function memberSchema(shape: Extract<Shape, { kind: "map" }>, name: string): FieldSchema | undefined {
  return Object.hasOwn(shape.fields, name) ? shape.fields[name] : shape.items;
}

/** What a list item is known by, or why it cannot be told. */
export function itemElement(
  shape: Extract<Shape, { kind: "list" }>,
  item: unknown,
  schemas: SchemaTable,
): { readonly element: PathElement } | { readonly error: string } {
  if (shape.keys.length > 0) return keyedElement(shape, item, schemas);
  if (isMap(item)) return { error: "associative list without keys has an element that's a map type" };
  if (Array.isArray(item)) return { error: "not supported: associative list with lists as elements" };
  if (item === null || item === undefined) return { error: "associative list without keys has an element that's an explicit null" };
  return { element: `v:${JSON.stringify(item)}` };
}

/** Keys that are left out take their schema's default (`protocol`: TCP). */
function keyedElement(shape: Extract<Shape, { kind: "list" }>, item: unknown, schemas: SchemaTable): ReturnType<typeof itemElement> {
  if (item === null || item === undefined) return { error: "associative list with keys may not have a null element" };
  if (!isMap(item)) return { error: "associative list with keys may not have non-map elements" };
  const fields = shape.items.type === "ref" ? schemas[shape.items.ref!]?.fields : undefined;
  const keys: Record<string, unknown> = {};
  for (const key of [...shape.keys].sort()) {
    const value = item[key] ?? fields?.[key]?.default;
    if (value !== undefined) keys[key] = value;
  }
  if (Object.keys(keys).length > 0) return { element: `k:${JSON.stringify(keys)}` };
  const names = shape.keys.map((k) => JSON.stringify(k)).join(" ");
  return {
    error: `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
  };
}

/** A value that is not of the kind its schema asks for, as the real one shows it. */
export function showValue(value: unknown): string {
  return `&{${goPlain(value)}}`;
}
