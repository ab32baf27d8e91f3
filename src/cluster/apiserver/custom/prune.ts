/**
 * What a custom resource does not keep: fields that its schema does not know, and nulls that it does not allow.
 * @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning/algorithm.go, …/defaulting/prunenulls.go
 */
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import { isMap, type JsonMap } from "../typed.ts";

/** Fields that every object has, whatever its schema says. */
const META_FIELDS: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);
/** Deeper values are dropped. */
const DEPTH_MAX = 1_000;

interface Pruning {
  /** Paths of fields that the schema does not know. */
  readonly unknown: string[];
  readonly depth: number;
  /** Where the value is; empty at the root. */
  readonly path: string;
}

/** The object as far as its schema knows it, and the paths of what it does not know, sorted. */
export function prune(object: JsonMap, schema: JSONSchemaProps): { readonly object: JsonMap; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  const root: JSONSchemaProps = { ...schema, "x-kubernetes-embedded-resource": true };
  const pruned = pruneValue(object, root, { unknown, depth: 0, path: "" }) as JsonMap;
  return { object: dropNulls(pruned, schema, 0) as JsonMap, unknown: unknown.sort() };
}

/** A value as far as its schema knows it. */
export function pruned(value: unknown, schema: JSONSchemaProps): unknown {
  return pruneValue(value, schema, { unknown: [], depth: 0, path: "" });
}

export const schemaIn = (of: unknown): JSONSchemaProps | undefined => (isMap(of) ? (of as JSONSchemaProps) : undefined);

function pruneValue(value: unknown, schema: JSONSchemaProps | undefined, at: Pruning): unknown {
  if (at.depth > DEPTH_MAX) return null;
  if (Array.isArray(value)) {
    const items = schemaIn(schema?.items);
    // What the list holds is kept where the list keeps what it does not know.
    const of =
      schema?.["x-kubernetes-preserve-unknown-fields"] === true ? { ...items, "x-kubernetes-preserve-unknown-fields": true } : items;
    return value.map((item, i) => pruneValue(item, of, under(at, `[${i}]`)));
  }
  return isMap(value) ? pruneMap(value, schema, at) : value;
}

function under(at: Pruning, element: string): Pruning {
  const path = element.startsWith("[") || at.path === "" ? at.path + element : `${at.path}.${element}`;
  return { ...at, depth: at.depth + 1, path };
}

function pruneMap(value: JsonMap, schema: JSONSchemaProps | undefined, at: Pruning): JsonMap {
  const keepsUnknown = schema?.["x-kubernetes-preserve-unknown-fields"] === true;
  const isObject = schema?.["x-kubernetes-embedded-resource"] === true;
  const kept: [string, unknown][] = [];
  for (const [name, of] of Object.entries(value)) {
    const known = propertyOf(schema, name);
    if (isObject && META_FIELDS.has(name)) kept.push([name, of]);
    else if (known) kept.push([name, pruneValue(of, known, under(at, name))]);
    else if (schema?.additionalProperties !== undefined && schema.additionalProperties !== false)
      kept.push([name, keepsUnknown || schema.additionalProperties === true ? of : pruneValue(of, undefined, under(at, name))]);
    else if (keepsUnknown) kept.push([name, of]);
    else at.unknown.push(under(at, name).path);
  }
  return Object.fromEntries(kept);
}

function propertyOf(schema: JSONSchemaProps | undefined, name: string): JSONSchemaProps | undefined {
  const { properties } = schema ?? {};
  if (properties && Object.hasOwn(properties, name)) return properties[name];
  return schemaIn(schema?.additionalProperties);
}

/** Nulls where none is allowed and no default takes their place. */
function dropNulls(value: unknown, schema: JSONSchemaProps | undefined, depth: number): unknown {
  if (depth > DEPTH_MAX || !schema) return value;
  if (Array.isArray(value)) {
    const items = schemaIn(schema.items);
    return items ? value.map((item) => dropNulls(item, items, depth + 1)) : value;
  }
  if (!isMap(value)) return value;
  const kept = Object.entries(value).flatMap(([name, of]): [string, unknown][] => {
    const known = propertyOf(schema, name);
    if (of === null && known && known.nullable !== true && known.default === undefined) return [];
    return [[name, dropNulls(of, known, depth + 1)]];
  });
  return Object.fromEntries(kept);
}
