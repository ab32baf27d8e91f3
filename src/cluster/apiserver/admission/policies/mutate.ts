/** What an expression of a policy changes of an object. @see kubernetes …/apiserver/pkg/admission/plugin/policy/mutating/patch */

import type { KubeObject, Unchecked } from "../../../../api/object.ts";
import type { FieldSchema, SchemaTable } from "../../../../api/schema.ts";
import type { TypeContext } from "../../apply.ts";
import { Message } from "../../cel/library/core.ts";
import { typeName } from "../../cel/library/format-text.ts";
import { fromCel } from "../../cel/values.ts";
import { type JsonPatchOperation, jsonPatch } from "../../patch/json-patch.ts";
import { isMap, memberSchema, shapeOf } from "../../typed.ts";
import { mergeTyped } from "../../typed-merge.ts";
import { typedErrors } from "../../typed-validate.ts";

type Mutated = { readonly object: KubeObject } | { readonly error: string };

export function mutated(
  patchType: "ApplyConfiguration" | "JSONPatch",
  value: unknown,
  object: KubeObject,
  type: TypeContext | undefined,
): Mutated {
  if (patchType === "JSONPatch") return withJsonPatch(value, object);
  if (!(value instanceof Message) || value.type !== "Object")
    return {
      error: `unsupported return type from ApplyConfiguration expression: ${value instanceof Message ? value.type : typeName(value)}`,
    };
  if (!type) return { error: "type converter must not be nil" };
  const fields = fromCel(value) as Unchecked;
  const config: Unchecked = { ...fields, apiVersion: object.apiVersion, kind: object.kind };
  const wrong = typedErrors(config, type.root, type.schemas, false);
  if (wrong !== undefined) return { error: `failed to convert patch object to typed object: ${wrong}` };
  const atomic = atomicPaths(fields, type.root, type.schemas, "", 0);
  if (atomic.length > 0)
    return { error: `invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomic.join(", ")}` };
  return { object: mergeTyped(object, config, type.root, type.schemas) as KubeObject };
}

function withJsonPatch(value: unknown, object: KubeObject): Mutated {
  const operations = fromCel(value);
  if (!Array.isArray(operations)) return { error: "type mismatch: JSONPatchType.expression should evaluate to array" };
  const odd = operations.find((o) => !isMap(o));
  if (odd !== undefined)
    return { error: `type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch, got element of ${typeof odd}` };
  const result = jsonPatch(object, operations as readonly JsonPatchOperation[]);
  return "error" in result ? { error: `JSON Patch: ${result.error}` } : { object: result.value as KubeObject };
}

const DEPTH_MAX = 100;

/** Lists and maps that are one value: a configuration that names a part of one would take the rest away. */
function atomicPaths(value: unknown, field: FieldSchema, schemas: SchemaTable, path: string, depth: number): readonly string[] {
  if (depth > DEPTH_MAX || typeof value !== "object" || value === null) return [];
  const shape = shapeOf(field, schemas, value);
  if (shape.kind === "scalar") return [];
  if (shape.atomic && path !== "") return [path];
  if (shape.kind === "list")
    return (value as readonly unknown[]).flatMap((v) => atomicPaths(v, shape.items, schemas, `${path}[]`, depth + 1));
  return Object.entries(value).flatMap(([name, of]) => {
    const member = memberSchema(shape, name);
    return member ? atomicPaths(of, member, schemas, `${path}.${name}`, depth + 1) : [];
  });
}
