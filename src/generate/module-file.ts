/** One generated file of an API group and version: its types, and a constructor for every kind. */
import type { JSONSchema } from "json-schema-to-typescript";
import type { InterfaceDeclarationStructure } from "ts-morph";
import { header } from "./header.ts";
import { interfaces, newProject, type ObjectSource } from "./interfaces.ts";
import type { ConstructedKind, Module } from "./layout.ts";
import { baseName, fieldsOf, itemsOf, type SchemaNode, type Spec, valuesOf } from "./spec.ts";
import { constructedKind, constructorOf } from "./transform/constructors.ts";
import { fieldDoc, referenceLink, typeDoc } from "./transform/docs.ts";
import { enumValues } from "./transform/enums.ts";
import { Imports } from "./transform/imports.ts";
import { JOB_TEMPLATE, JOB_TEMPLATE_FIELD, jobTemplate } from "./transform/job-template.ts";
import { NAMED_OBJECT_META, namedObjectMeta, OBJECT_META_WITH_NAME } from "./transform/metadata.ts";
import { oneOf } from "./transform/one-of.ts";
import { requiredFields } from "./transform/required.ts";
import { fieldType } from "./transform/types.ts";
import { type TypeStructure, unionOf } from "./transform/union.ts";

export async function moduleFile(spec: Spec, module: Module, all: readonly Module[]): Promise<string> {
  const imports = new Imports(module, all);
  const kinds = new Map(module.kinds.map((k) => [k.schema, k]));
  const sources = module.schemas.map((schema) => objectSource(spec, module, schema, kinds.get(schema), imports));
  const printed = await interfaces(sources);
  const file = newProject().createSourceFile("module.ts");
  const statements = module.schemas.flatMap((schema, i) => typesOf(spec, module, schema, printed[i]!, imports));
  file.addStatements([
    ...statements,
    ...extraTypes(module, imports),
    ...module.kinds.map((k) => constructorOf(k, link(spec, module, k.kind))),
  ]);
  const types = file.getFullText().trim();
  const heads = newProject().createSourceFile("imports.ts");
  heads.addImportDeclarations(imports.declarations(types));
  return [header(spec.version, "schemas", "discovery").trim(), heads.getFullText().trim(), types]
    .filter((t) => t !== "")
    .join("\n\n")
    .concat("\n");
}

/** Types that no schema of the document has. */
function extraTypes(module: Module, imports: Imports): readonly TypeStructure[] {
  if (module.path === "meta/v1") return namedObjectMeta();
  if (module.path !== "batch/v1") return [];
  for (const base of ["PodSpec", "PodTemplateSpec"]) imports.named("core/v1", base);
  return jobTemplate();
}

/** The type of a field of a kind's own, where it is not the document's. */
function ownType(owner: string, field: string, kind: ConstructedKind | undefined, imports: Imports): JSONSchema | undefined {
  if (kind?.stored && field === "metadata") return { tsType: imports.named("meta/v1", NAMED_OBJECT_META) };
  if (`${owner}.${field}` === JOB_TEMPLATE_FIELD) return { tsType: JOB_TEMPLATE };
  return undefined;
}

function typesOf(
  spec: Spec,
  module: Module,
  schema: string,
  printed: InterfaceDeclarationStructure,
  imports: Imports,
): readonly TypeStructure[] {
  const kind = module.kinds.find((k) => k.schema === schema);
  const variants = oneOf(schema);
  if (kind) {
    const metadata = kind.stored ? imports.named("meta/v1", OBJECT_META_WITH_NAME) : undefined;
    return [printed, constructedKind(kind, printed, link(spec, module, kind.kind), metadata)];
  }
  return variants ? unionOf(printed, variants) : [printed];
}

function objectSource(spec: Spec, module: Module, schema: string, kind: ConstructedKind | undefined, imports: Imports): ObjectSource {
  const node = spec.schemas[schema]!;
  const owner = baseName(schema);
  const at = link(spec, module, owner);
  const properties: Record<string, JSONSchema> = {};
  for (const [field, f] of fieldsOf(node)) {
    if (kind && (field === "apiVersion" || field === "kind")) continue;
    const type = ownType(owner, field, kind, imports) ?? fieldType(owner, field, f, imports);
    properties[field] = { ...type, description: fieldDoc(owner, field, f, allowedValues(owner, field, f), at) };
  }
  const required = [...requiredFields(owner, node.required), ...(kind?.stored ? ["metadata"] : [])].filter((f) => f in properties);
  const title = kind ? `A ${kind.kind} (${kind.apiVersion}) without its apiVersion and kind.` : "";
  return {
    name: kind ? `${owner}Input` : owner,
    schema: {
      type: "object",
      additionalProperties: false,
      description: typeDoc(node, title, at),
      properties,
      required: [...new Set(required)],
    },
  };
}

/** Shown for lists and maps, whose type the editor does not write out. */
function allowedValues(owner: string, field: string, node: SchemaNode): readonly string[] | undefined {
  const inner = itemsOf(node) ?? valuesOf(node) ?? node;
  return inner.type === "string" ? enumValues(owner, field, inner.enum as string[] | undefined) : undefined;
}

function link(spec: Spec, module: Module, name: string): string {
  return referenceLink(spec.version, module.path, name);
}
