/** OpenAPI schemas → the table that the API server's decoder, defaults and apply read (`src/api/schema.ts`). */
import type { FieldSchema, ObjectSchema } from "../../api/schema.ts";
import { invariant } from "../../lib/invariant.ts";
import { baseName, fieldsOf, type GoField, itemsOf, refOf, type SchemaNode, type Spec, valuesOf } from "../spec.ts";

/** Schemas that stand for one JSON value: they appear as a field's type and have no row of their own. */
export const SCALARS: Readonly<Record<string, FieldSchema["type"]>> = {
  Quantity: "quantity",
  IntOrString: "int-or-string",
  Time: "time",
  MicroTime: "micro-time",
  Duration: "duration",
  RawExtension: "any",
  FieldsV1: "any",
  JSON: "any",
  JSONSchemaPropsOrBool: "any",
  JSONSchemaPropsOrArray: "any",
  JSONSchemaPropsOrStringArray: "any",
  Patch: "any",
};

type Rows = Readonly<Record<string, ObjectSchema>>;

export function schemaTable(spec: Spec): Rows {
  const rows: Record<string, ObjectSchema> = {};
  for (const name of Object.keys(spec.schemas).sort()) {
    const node = spec.schemas[name]!;
    if (SCALARS[baseName(name)] === undefined) rows[name] = objectSchema(name, node, spec.goTypes[name]);
  }
  for (const row of Object.values(rows)) for (const field of Object.values(row.fields)) checkRef(field, rows);
  return rows;
}

function checkRef(field: FieldSchema, rows: Rows): void {
  if (field.ref !== undefined) invariant(rows[field.ref] !== undefined, `the document refers to ${field.ref}, which it does not have`);
  if (field.items) checkRef(field.items, rows);
}

export function objectSchema(name: string, node: SchemaNode, go: Readonly<Record<string, GoField>> = {}): ObjectSchema {
  const parts = name.split(".");
  const goName = parts.at(-1)!;
  const required = new Set(node.required ?? []);
  const unions = node["x-kubernetes-unions"];
  return {
    goName,
    goType: `${parts.at(-2)}.${goName}`,
    fields: Object.fromEntries(fieldsOf(node).map(([field, f]) => [field, fieldSchema(f, required.has(field), go[field])])),
    ...(node["x-kubernetes-map-type"] === "atomic" ? { mapType: "atomic" as const } : {}),
    ...(unions
      ? {
          unions: unions.map((u) => ({
            ...(u.discriminator === undefined ? {} : { discriminator: u.discriminator }),
            fields: u["fields-to-discriminateBy"],
          })),
        }
      : {}),
  };
}

export function fieldSchema(node: SchemaNode, required: boolean, go: GoField = {}): FieldSchema {
  const listType = node["x-kubernetes-list-type"];
  const mapKeys = node["x-kubernetes-list-map-keys"];
  const mapType = node["x-kubernetes-map-type"];
  const mergeKey = node["x-kubernetes-patch-merge-key"];
  const strategy = node["x-kubernetes-patch-strategy"];
  return {
    ...typeOf(node, go.items),
    ...(node.enum ? { enum: node.enum as string[] } : {}),
    ...(node.default !== undefined ? { default: node.default as unknown } : {}),
    ...(required ? { required: true as const } : {}),
    ...(listType ? { listType } : {}),
    ...(mapKeys ? { listMapKeys: mapKeys } : {}),
    ...(mapType ? { mapType } : {}),
    ...(mergeKey ? { patchMergeKey: mergeKey } : {}),
    ...(strategy ? { patchStrategy: strategy } : {}),
    ...(node["x-cannot-be-updated"] ? { immutable: true as const } : {}),
    ...(go.goType && go.goType !== `[]${go.items}` ? { goType: go.goType } : {}),
    ...(go.inline ? { inline: go.inline } : {}),
  };
}

function typeOf(node: SchemaNode, goItems?: string): Pick<FieldSchema, "type" | "ref" | "items"> {
  const ref = refOf(node);
  if (ref !== undefined) {
    const scalar = SCALARS[baseName(ref)];
    return scalar === undefined ? { type: "ref", ref } : { type: scalar };
  }
  const goElement: GoField = goItems === undefined ? {} : { goType: goItems };
  const items = itemsOf(node);
  if (node.type === "array" && items) return { type: "list", items: fieldSchema(items, false, goElement) };
  const values = valuesOf(node);
  if (node.type === "object" && values) return { type: "map", items: fieldSchema(values, false, goElement) };
  switch (`${node.type ?? ""}/${node.format ?? ""}`) {
    case "string/":
      return { type: "string" };
    case "string/byte":
      return { type: "bytes" };
    case "boolean/":
      return { type: "boolean" };
    case "integer/int32":
      return { type: "int32" };
    case "integer/int64":
      return { type: "int64" };
    case "number/double":
      return { type: "double" };
    default:
      throw new Error(`the document has a schema that the generator does not know: ${JSON.stringify(node)}`);
  }
}
