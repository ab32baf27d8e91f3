/**
 * JSON as values of expressions, and back. An integer is a bigint, a double a number; what a schema does not know is not there.
 * @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/values.go; …/apiserver/pkg/cel/common/values.go
 */
import { Environment, Optional } from "@marcbachmann/cel-js";
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import { isMap } from "../typed.ts";
import { Message } from "./library/core.ts";
import { Duration } from "./library/duration.ts";

/** Deeper values are not looked into. */
const DEPTH_MAX = 500;

/** Without a schema: numbers without a fraction are integers. */
export function toCel(value: unknown, depth = 0): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (depth > DEPTH_MAX) return null;
  if (Array.isArray(value)) return value.map((item) => toCel(item, depth + 1));
  if (!isMap(value)) return value ?? null;
  const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, of] of Object.entries(value)) if (of !== undefined) out[key] = toCel(of, depth + 1);
  return asMap(out);
}

/** The library tells types by their constructor: what has a key of that name has to be a Map. */
function asMap(out: Record<string, unknown>): unknown {
  return Object.hasOwn(out, "constructor") ? new Map(Object.entries(out)) : out;
}

/** Names that are words of the language. */
const RESERVED: ReadonlySet<string> = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(" "),
);

/** A field's name as expressions write it; `undefined` when they cannot. @see apiserver pkg/cel/escaping.go */
export function escapeName(name: string): string | undefined {
  if (name === "" || /^\d/.test(name) || /[^a-zA-Z0-9\-./_]/.test(name)) return undefined;
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replace(/__|[-./]/g, (c) => ({ __: "__underscores__", "-": "__dash__", ".": "__dot__", "/": "__slash__" })[c] ?? c);
}

const META: JSONSchemaProps = { type: "object", properties: { name: { type: "string" }, generateName: { type: "string" } } };
const STRING: JSONSchemaProps = { type: "string" };

/** By its schema. `isObject`: it has apiVersion, kind and metadata besides. */
export function toCelBySchema(value: unknown, schema: JSONSchemaProps | undefined, isObject: boolean, depth = 0): unknown {
  if (value === null || value === undefined || !schema || depth > DEPTH_MAX) return value ?? null;
  if (schema["x-kubernetes-int-or-string"] === true) return toCel(value);
  if (Array.isArray(value))
    return value.map((item) => toCelBySchema(item, schema.items as JSONSchemaProps | undefined, isEmbedded(schema.items), depth + 1));
  if (isMap(value)) return mapBySchema(value, schema, isObject, depth);
  if (typeof value === "number") return schema.type === "number" ? value : Number.isInteger(value) ? BigInt(value) : value;
  return typeof value === "string" ? textBySchema(value, schema.format) : value;
}

const isEmbedded = (schema: unknown): boolean => isMap(schema) && schema["x-kubernetes-embedded-resource"] === true;

function mapBySchema(value: Readonly<Record<string, unknown>>, schema: JSONSchemaProps, isObject: boolean, depth: number): unknown {
  const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const { additionalProperties } = schema;
  if (isMap(additionalProperties)) {
    for (const [key, of] of Object.entries(value))
      out[key] = toCelBySchema(of, additionalProperties as JSONSchemaProps, isEmbedded(additionalProperties), depth + 1);
    return asMap(out);
  }
  const properties = isObject ? { apiVersion: STRING, kind: STRING, ...schema.properties, metadata: META } : schema.properties;
  if (!properties) return schema["x-kubernetes-preserve-unknown-fields"] === true ? toCel(value, depth) : out;
  for (const [name, of] of Object.entries(properties)) {
    const escaped = escapeName(name);
    if (escaped === undefined || !Object.hasOwn(value, name) || (value[name] === null && of.nullable !== true)) continue;
    out[escaped] = toCelBySchema(value[name], of, isEmbedded(of), depth + 1);
  }
  return asMap(out);
}

/** Values of formats that expressions have types for. */
function textBySchema(text: string, format: string | undefined): unknown {
  switch (format) {
    case "date":
    case "date-time": {
      const at = new Date(text);
      return Number.isNaN(at.getTime()) ? text : at;
    }
    case "duration":
      return durationOf(text) ?? text;
    case "byte":
      return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    default:
      return text;
  }
}

const durations = new Environment().registerVariable("text", "string").parse("duration(text)");

function durationOf(text: string): unknown {
  try {
    return durations({ text });
  } catch {
    return undefined;
  }
}

/** A value that may be absent, as expressions see it. */
export function optional(value: unknown): unknown {
  return value === undefined ? Optional.none() : Optional.of(value);
}

/** The JSON of what an expression gave. Messages are their fields. */
export function fromCel(value: unknown, depth = 0): unknown {
  if (depth > DEPTH_MAX) return null;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Message) return fromCel(value.fields, depth);
  if (value instanceof Optional) return value.hasValue() ? fromCel(value.value(), depth) : null;
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, "Z");
  if (value instanceof Duration) return `${value.seconds}s`;
  if (value instanceof Map) return fromCel(Object.fromEntries(value), depth);
  if (Array.isArray(value)) return value.map((item) => fromCel(item, depth + 1));
  if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fromCel(v, depth + 1)]));
  return value;
}
