/** `model.ts`: readonly types of all objects as the API server stores them. What a program reads, where the groups' files are what an author writes. */
import type { JSONSchema } from "json-schema-to-typescript";
import { StructureKind, type TypeAliasDeclarationStructure } from "ts-morph";
import { header } from "./header.ts";
import { interfaces, newProject, type ObjectSource } from "./interfaces.ts";
import { baseName, fieldsOf, itemsOf, refOf, type SchemaNode, type Spec, valuesOf } from "./spec.ts";
import { SCALARS } from "./transform/schema-table.ts";

/** Where two schemas share a last name part, the one in the first of these packages keeps it; then alphabetical order decides. */
const NAME_KEEPERS = ["io.k8s.api.core.v1.", "autoscaling.v2", "rbac.v1", "admissionregistration"] as const;

const SCALAR_TYPES: Readonly<Record<string, string>> = {
  Quantity: "string | number",
  IntOrString: "number | string",
  Time: "string",
  MicroTime: "string",
  Duration: "string",
  RawExtension: "unknown",
  FieldsV1: "unknown",
  JSON: "unknown",
  JSONSchemaPropsOrBool: "JSONSchemaProps | boolean",
  JSONSchemaPropsOrArray: "unknown",
  JSONSchemaPropsOrStringArray: "unknown",
  Patch: "unknown",
};

export async function modelFile(spec: Spec): Promise<string> {
  const names = modelNames(Object.keys(spec.schemas));
  const schemas = Object.keys(spec.schemas)
    .sort()
    .filter((s) => SCALARS[baseName(s)] === undefined);
  const withFields = schemas.filter((s) => fieldsOf(spec.schemas[s]!).length > 0);
  const printed = await interfaces(withFields.map((s) => objectSource(spec.schemas[s]!, names.get(s)!, names)));
  const byName = new Map(withFields.map((s, i) => [s, printed[i]!]));
  const file = newProject().createSourceFile("model.ts");
  file.addStatements(schemas.map((s) => byName.get(s) ?? withoutFields(names.get(s)!)));
  return `${header(spec.version, "schemas")}${file.getFullText().trim()}\n`;
}

/** Type names by full schema name: the last part, or with group and version in front where another schema keeps that. */
export function modelNames(schemas: readonly string[]): ReadonlyMap<string, string> {
  const rank = (s: string): number => {
    const at = NAME_KEEPERS.findIndex((k) => s.includes(k));
    return at < 0 ? NAME_KEEPERS.length : at;
  };
  const keepers = new Map<string, string>();
  for (const s of [...schemas].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))) {
    if (!keepers.has(baseName(s))) keepers.set(baseName(s), s);
  }
  return new Map(
    schemas.map((s) => [s, keepers.get(baseName(s)) === s ? baseName(s) : s.split(".").slice(-3, -1).map(cap).join("") + baseName(s)]),
  );
}

function cap(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function withoutFields(name: string): TypeAliasDeclarationStructure {
  return { kind: StructureKind.TypeAlias, name, isExported: true, type: "Readonly<Record<string, unknown>>" };
}

/** Stored objects have their apiVersion, kind, metadata with a name, and spec. */
function objectSource(node: SchemaNode, name: string, names: ReadonlyMap<string, string>): ObjectSource {
  const kinds = node["x-kubernetes-group-version-kind"] ?? [];
  const top = kinds.length === 1 && node.properties?.["metadata"] !== undefined && !name.endsWith("List") ? kinds[0] : undefined;
  const properties: Record<string, JSONSchema> = {};
  for (const [field, f] of fieldsOf(node)) properties[field] = typeOf(f, names);
  const required = new Set(node.required ?? []);
  if (name === "ObjectMeta") required.add("name");
  if (top) {
    properties["apiVersion"] = { enum: [top.group ? `${top.group}/${top.version}` : top.version], type: "string" };
    properties["kind"] = { enum: [top.kind], type: "string" };
    for (const field of ["apiVersion", "kind", "metadata", "spec"]) if (field in properties) required.add(field);
  }
  return { name, schema: { type: "object", additionalProperties: false, properties, required: [...required] } };
}

function typeOf(node: SchemaNode, names: ReadonlyMap<string, string>): JSONSchema {
  const ref = refOf(node);
  if (ref !== undefined) return { tsType: SCALAR_TYPES[baseName(ref)] ?? names.get(ref)! };
  const items = itemsOf(node);
  if (items) {
    const item = typeOf(items, names);
    return { type: "array", items: item.tsType?.includes(" ") ? { tsType: `(${item.tsType})` } : item };
  }
  const values = valuesOf(node);
  if (values) return { type: "object", additionalProperties: typeOf(values, names) };
  return { type: node.type as "string", ...(node.enum ? { enum: node.enum as string[] } : {}) };
}
