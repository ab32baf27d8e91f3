/**
 * From an object as handed in to one of its kind's shape, as the API server's JSON decoder does: wrong types and unknown fields are refused in
 * its words, null means absent, quantities and times take their canonical form, and what it would not keep (an empty optional string or
 * list) is left out. The input is never changed, and shares nothing with the result.
 *
 * The first wrong type is reported, alone; the fields' order is the input's. A value with a parser of its own (quantity, time, number or
 * text) that it refuses ends decoding at once and is what is reported.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/runtime/serializer/json/json.go; sigs.k8s.io/json (encoding/json's decode.go)
 */
import type { KubeObject, Unchecked } from "../../api/object.ts";
import type { FieldSchema, ObjectSchema, ResourceInfo, SchemaTable } from "../../api/schema.ts";
import { goQuote } from "../../lib/go-text.ts";
import { invariant } from "../../lib/invariant.ts";
import { canonicalQuantity } from "../../lib/quantity.ts";
import type { Refused } from "../../sim/answer.ts";
import type { FieldValidation } from "../../sim/client.ts";
import { alwaysThere, emptyStruct } from "./decode-always-there.ts";
import { readBase64 } from "./decode-base64.ts";
import { copyFreeForm, DEPTH_MAX } from "./decode-free-form.ts";
import { decodePlain, JSON_SCHEMA } from "./decode-plain.ts";
import { quantityError } from "./decode-quantity.ts";
import { readTime } from "./decode-time.ts";
import { keepsZero } from "./zero-values.ts";

/** The real decoder stops noting unknown fields here. */
const STRICT_ERRORS_MAX = 100;
const TOO_DEEP = "exceeded max depth";

/** What decoding one document notes as it goes. */
interface State {
  readonly schemas: SchemaTable;
  /** `unknown field "spec.x"`, each once. */
  readonly strict: Set<string>;
  /** The first wrong type, or what ended decoding. */
  error: string | undefined;
  aborted: boolean;
  /** The Go field path, as messages on types show it: no indexes, no map keys. */
  readonly goPath: string[];
  /** The Go struct that the current field belongs to. */
  goStruct: string;
  /** The path as messages on unknown fields show it: names, and indexes of lists. */
  readonly strictPath: (string | number)[];
}

type Decoded = { readonly object: KubeObject; readonly warnings: readonly string[] } | { readonly refused: Refused };

export function decode(input: Unchecked, resource: ResourceInfo, schemas: SchemaTable, fieldValidation: FieldValidation): Decoded {
  const plain = decodePlain(input, resource.schema, schemas);
  return plain ? { object: plain as unknown as KubeObject, warnings: [] } : decodeExactly(input, resource, schemas, fieldValidation);
}

/** As `decode`, step by step, with an eye on everything that can be wrong. Exported for the comparison of both. */
export function decodeExactly(input: Unchecked, resource: ResourceInfo, schemas: SchemaTable, fieldValidation: FieldValidation): Decoded {
  const state = newState(schemas);
  const object = decodeStruct(state, resource.schema, input) as unknown as KubeObject;
  const refuse = (why: string): Decoded => ({ refused: badRequest(resource, why) });
  if (state.error !== undefined) return refuse(state.error);
  const strict = [...state.strict];
  if (strict.length > 0 && fieldValidation === "Strict") return refuse(`strict decoding error: ${strict.join(", ")}`);
  return { object, warnings: fieldValidation === "Warn" ? strict : [] };
}

function newState(schemas: SchemaTable): State {
  return { schemas, strict: new Set(), error: undefined, aborted: false, goPath: [], goStruct: "", strictPath: [] };
}

function badRequest({ kind, version }: ResourceInfo, why: string): Refused {
  return { code: 400, reason: "BadRequest", message: `${kind} in version ${goQuote(version)} cannot be handled as a ${kind}: ${why}` };
}

function abort(state: State, why: string): undefined {
  if (!state.aborted) state.error = why;
  state.aborted = true;
  return undefined;
}

/** How encoding/json names a JSON value. */
function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value === "bigint" ? "number" : typeof value;
}

function wrongType(state: State, value: string, goType: string): undefined {
  state.error ??= wrongTypeText(state, value, goType);
  return undefined;
}

function wrongTypeText(state: State, value: string, goType: string): string {
  const where = state.goStruct === "" ? "value" : `struct field ${state.goStruct}.${state.goPath.join(".")}`;
  return `json: cannot unmarshal ${value} into Go ${where} of type ${goType}`;
}

function goTypeOf(state: State, schema: FieldSchema): string {
  if (schema.goType !== undefined) return schema.goType;
  switch (schema.type) {
    case "boolean":
      return "bool";
    case "double":
      return "float64";
    case "bytes":
      return "[]uint8";
    case "quantity":
      return "resource.Quantity";
    case "int-or-string":
      return "intstr.IntOrString";
    case "list":
      return `[]${schema.items ? goTypeOf(state, schema.items) : "interface {}"}`;
    case "map":
      return `map[string]${schema.items ? goTypeOf(state, schema.items) : "interface {}"}`;
    case "ref":
      return refOf(state, schema.ref).goType;
    default:
      return schema.type;
  }
}

function refOf(state: State, name: string | undefined): ObjectSchema {
  const schema = name === undefined ? undefined : state.schemas[name];
  invariant(schema, `the schema table has no ${name}`);
  return schema;
}

function decodeStruct(state: State, schemaName: string, value: unknown): Record<string, unknown> | undefined {
  const schema = refOf(state, schemaName);
  if (typeof value !== "object" || Array.isArray(value)) return wrongType(state, jsonKind(value), schema.goType);
  if (state.strictPath.length > DEPTH_MAX) return abort(state, TOO_DEEP);
  const outer = state.goStruct;
  const out: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(value as object)) {
    if (state.aborted) break;
    const field = Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined;
    state.strictPath.push(name);
    if (!field) noteUnknown(state);
    else if (given !== null && given !== undefined) {
      const depth = state.goPath.length;
      state.goStruct = schema.goName;
      if (field.inline !== undefined) state.goPath.push(...field.inline.split("."));
      state.goPath.push(name);
      const decoded = isSchemaOr(schemaName, name) ? decodeSchemaOr(state, schemaName, name, given) : decodeValue(state, field, given);
      if (decoded !== undefined && !(isZero(field, decoded) && !keepsZero(schemaName, name, field))) out[name] = decoded;
      state.goPath.length = depth;
    }
    state.strictPath.pop();
  }
  state.goStruct = outer;
  for (const [name, emptyOf] of alwaysThere(state.schemas, schemaName)) if (out[name] === undefined) out[name] = emptyOf();
  return out;
}

function noteUnknown(state: State): void {
  if (state.strict.size >= STRICT_ERRORS_MAX) return;
  const path = state.strictPath.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
  state.strict.add(`unknown field ${goQuote(path.slice(1))}`);
}

/** Go's zero value of the field's type, or an empty list or map. A struct is never zero: `{}` may be a pointer's. */
function isZero(field: FieldSchema, value: unknown): boolean {
  if (value === "" || value === 0 || value === false) return field.type !== "int-or-string";
  if (Array.isArray(value)) return value.length === 0;
  return field.type === "map" && Object.keys(value as object).length === 0;
}

function decodeValue(state: State, schema: FieldSchema, value: unknown): unknown {
  switch (schema.type) {
    case "ref":
      return decodeStruct(state, schema.ref!, value);
    case "list":
      return decodeList(state, schema, value);
    case "map":
      return decodeMap(state, schema, value);
    case "any":
      return copyFreeForm(value) ?? abort(state, TOO_DEEP);
    case "quantity":
      return decodeQuantity(state, value);
    case "int-or-string":
      return decodeIntOrString(state, value);
    case "time":
    case "micro-time":
      return decodeTime(state, schema.type, value);
    default:
      return decodeScalar(state, schema, value);
  }
}

function decodeList(state: State, schema: FieldSchema, value: unknown): unknown {
  if (!Array.isArray(value)) return wrongType(state, jsonKind(value), goTypeOf(state, schema));
  const items = schema.items!;
  const out: unknown[] = [];
  for (let i = 0; i < value.length && !state.aborted; i++) {
    state.strictPath.push(i);
    out.push(decodeElement(state, items, value[i]));
    state.strictPath.pop();
  }
  return out;
}

function decodeMap(state: State, schema: FieldSchema, value: unknown): unknown {
  if (typeof value !== "object" || Array.isArray(value)) return wrongType(state, jsonKind(value), goTypeOf(state, schema));
  const items = schema.items!;
  const out: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(value as object)) {
    if (state.aborted) break;
    state.strictPath.push(key);
    const decoded = decodeElement(state, items, given);
    // A key named __proto__ is a key like any other.
    if (key === "__proto__") Object.defineProperty(out, key, { value: decoded, enumerable: true, writable: true, configurable: true });
    else out[key] = decoded;
    state.strictPath.pop();
  }
  return out;
}

/** A null among a list's items or a map's values is the type's zero value. */
function decodeElement(state: State, schema: FieldSchema, value: unknown): unknown {
  if (value !== null && value !== undefined) return decodeValue(state, schema, value);
  switch (schema.type) {
    case "ref":
      return emptyStruct(state.schemas, schema.ref ?? "");
    case "string":
    case "bytes":
      return "";
    case "boolean":
      return false;
    case "quantity":
      return "0";
    case "list":
      return [];
    case "map":
      return {};
    case "int32":
    case "int64":
    case "double":
    case "int-or-string":
      return 0;
    default:
      return null;
  }
}

function decodeScalar(state: State, schema: FieldSchema, value: unknown): unknown {
  switch (schema.type) {
    case "string":
      if (typeof value === "string") return value;
      break;
    case "boolean":
      if (typeof value === "boolean") return value;
      break;
    case "bytes":
      return decodeBytes(state, value);
    case "double":
      if (typeof value === "number") return value;
      break;
    case "int32":
    case "int64":
      if (typeof value === "number" || typeof value === "bigint") {
        if (isInteger(schema.type, value)) return Number(value);
        return wrongType(state, `number ${numberText(value)}`, goTypeOf(state, schema));
      }
      break;
    case "duration":
      if (typeof value === "string") return value;
      break;
  }
  return wrongType(state, jsonKind(value), goTypeOf(state, schema));
}

const numberText = (n: number | bigint): string => (typeof n === "bigint" ? n.toString() : JSON.stringify(n));

function isInteger(type: "int32" | "int64", value: number | bigint): boolean {
  if (typeof value === "number" && !Number.isInteger(value)) return false;
  return type === "int32" ? value >= -2147483648 && value <= 2147483647 : value >= -(2n ** 63n) && value < 2n ** 63n;
}

function decodeBytes(state: State, value: unknown): unknown {
  if (Array.isArray(value) && value.length === 0) return "";
  if (typeof value !== "string") return wrongType(state, jsonKind(value), "[]uint8");
  const read = readBase64(value);
  if ("text" in read) return read.text;
  state.error ??= `illegal base64 data at input byte ${read.illegalAt}`;
  return undefined;
}

/** A number is read by its text; an object or a list has a text too, and is no quantity. */
function decodeQuantity(state: State, value: unknown): unknown {
  const text = typeof value === "string" ? value : (JSON.stringify(copyFreeForm(value)) ?? "");
  const canonical = canonicalQuantity(typeof value === "number" ? value : text.trim());
  return canonical ?? abort(state, quantityError(text.trim()));
}

function decodeIntOrString(state: State, value: unknown): unknown {
  if (typeof value === "string") return value;
  if (typeof value !== "number" && typeof value !== "bigint") {
    return abort(state, wrongTypeText(state, jsonKind(value), "int32"));
  }
  if (isInteger("int32", value)) return Number(value);
  return abort(state, wrongTypeText(state, `number ${numberText(value)}`, "int32"));
}

function decodeTime(state: State, kind: "time" | "micro-time", value: unknown): unknown {
  if (typeof value !== "string") return abort(state, wrongTypeText(state, jsonKind(value), "string"));
  const read = readTime(value, kind);
  return "time" in read ? read.time : abort(state, read.error);
}

// ---- The unions of a CRD's schema: each has a parser of its own, which knows nothing of the fields around it and ignores unknown ones.

const SCHEMA_UNIONS: Readonly<Record<string, "bool" | "list" | "map of strings">> = {
  additionalItems: "bool",
  additionalProperties: "bool",
  items: "list",
  dependencies: "map of strings",
};

function isSchemaOr(schemaName: string, field: string): boolean {
  return schemaName === JSON_SCHEMA && Object.hasOwn(SCHEMA_UNIONS, field);
}

/** @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/marshal.go */
function decodeSchemaOr(state: State, schemaName: string, field: string, value: unknown): unknown {
  const union = SCHEMA_UNIONS[field];
  if (union === "map of strings") {
    if (typeof value !== "object" || Array.isArray(value)) return wrongType(state, jsonKind(value), "v1.JSONSchemaDependencies");
    const entries = Object.entries(value as object);
    return Object.fromEntries(entries.map(([k, v]) => [k, Array.isArray(v) ? v.map(String) : decodeInner(state, schemaName, v)]));
  }
  if (union === "bool" && typeof value === "boolean") return value;
  if (union === "list" && Array.isArray(value)) return value.map((v) => decodeInner(state, schemaName, v));
  if (typeof value === "object" && !Array.isArray(value)) return decodeInner(state, schemaName, value);
  return union === "bool" ? abort(state, "boolean or JSON schema expected") : undefined;
}

function decodeInner(state: State, schemaName: string, value: unknown): unknown {
  if (value === null || value === undefined) return {};
  const inner: State = {
    ...newState(state.schemas),
    goPath: [...state.goPath],
    goStruct: state.goStruct,
    strictPath: [...state.strictPath],
  };
  const decoded = decodeStruct(inner, schemaName, value);
  return inner.error === undefined ? decoded : abort(state, inner.error);
}
