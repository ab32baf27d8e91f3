/**
 * The schema of a custom resource as a table, for the field sets of server-side apply.
 * @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder
 */
import type { CustomResourceDefinitionVersion, JSONSchemaProps } from "../../../generated/v1.36/model.ts";
import type { FieldSchema, ObjectSchema, SchemaTable } from "../../api/schema.ts";

/** The schemas of metadata, which every object has. */
const META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
const OBJECT_META = `${META}ObjectMeta`;
const ANY: FieldSchema = { type: "any" };
/** Schemas nested deeper than this are read as free-form JSON. */
const DEPTH_MAX = 64;

/** The table of one version of a kind; its root stands under `name`. */
export function customSchemas(name: string, kind: string, version: CustomResourceDefinitionVersion, builtIn: SchemaTable): SchemaTable {
  const table: Record<string, ObjectSchema> = Object.fromEntries(Object.entries(builtIn).filter(([of]) => of.startsWith(META)));
  const schema = version.schema?.openAPIV3Schema;
  const fields: Record<string, FieldSchema> = {};
  for (const [field, of] of Object.entries(schema?.properties ?? {})) fields[field] = convert(of, `${name}.${field}`, table, 0);
  table[name] = {
    goName: kind,
    goType: kind,
    fields: {
      ...fields,
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "ref", ref: OBJECT_META, default: {} },
    },
  };
  return table;
}

/** Whether the root keeps fields that the schema does not name. */
export function keepsUnknownFields(version: CustomResourceDefinitionVersion): boolean {
  const schema = version.schema?.openAPIV3Schema;
  return schema === undefined || schema["x-kubernetes-preserve-unknown-fields"] === true;
}

function convert(schema: JSONSchemaProps, path: string, table: Record<string, ObjectSchema>, depth: number): FieldSchema {
  if (depth > DEPTH_MAX || schema["x-kubernetes-preserve-unknown-fields"] === true) return ANY;
  if (schema["x-kubernetes-int-or-string"] === true) return { type: "int-or-string" };
  switch (schema.type) {
    case "string":
      return { type: "string" };
    case "boolean":
      return { type: "boolean" };
    case "integer":
      return { type: "int64" };
    case "number":
      return { type: "double" };
    case "array":
      return convertList(schema, path, table, depth);
    case "object":
      return convertObject(schema, path, table, depth);
    default:
      return ANY;
  }
}

function convertList(schema: JSONSchemaProps, path: string, table: Record<string, ObjectSchema>, depth: number): FieldSchema {
  const items = schema.items as JSONSchemaProps | undefined;
  const listType = schema["x-kubernetes-list-type"] as FieldSchema["listType"];
  const keys = schema["x-kubernetes-list-map-keys"];
  return {
    type: "list",
    items: items ? convert(items, `${path}[]`, table, depth + 1) : ANY,
    listType: listType ?? "atomic",
    ...(keys ? { listMapKeys: keys } : {}),
  };
}

function convertObject(schema: JSONSchemaProps, path: string, table: Record<string, ObjectSchema>, depth: number): FieldSchema {
  const mapType: Pick<FieldSchema, "mapType"> = schema["x-kubernetes-map-type"] === "atomic" ? { mapType: "atomic" } : {};
  if (schema.properties === undefined) {
    const items = schema.additionalProperties;
    if (items === undefined || items === false) return { type: "map", items: ANY, ...mapType };
    return { type: "map", items: items === true ? ANY : convert(items as JSONSchemaProps, `${path}{}`, table, depth + 1), ...mapType };
  }
  const fields: Record<string, FieldSchema> = {};
  for (const [field, of] of Object.entries(schema.properties)) {
    const converted = convert(of, `${path}.${field}`, table, depth + 1);
    fields[field] = of.default === undefined ? converted : { ...converted, default: of.default };
  }
  table[path] = { goName: path, goType: path, fields };
  return { type: "ref", ref: path, ...mapType };
}
