/**
 * Strategic merge patch: a merge patch that knows from the schema which lists are merged, and by which key.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go
 */
import type { FieldSchema, SchemaTable } from "../../../api/schema.ts";
import { deepEqual } from "../../../lib/deep-equal.ts";
import { goPlain } from "../../../lib/go-value.ts";

type JsonMap = Readonly<Record<string, unknown>>;
type Result = { readonly value: unknown } | { readonly error: string };

const isMap = (value: unknown): value is JsonMap => typeof value === "object" && value !== null && !Array.isArray(value);
const DELETE_FROM = "$deleteFromPrimitiveList/";
const ORDER = "$setElementOrder/";

class PatchError extends Error {}

/** The patched value, or why the patch does not apply. */
export function strategicMergePatch(target: unknown, patch: unknown, field: FieldSchema, schemas: SchemaTable): Result {
  try {
    return { value: merge(target, patch, field, schemas) };
  } catch (e) {
    if (e instanceof PatchError) return { error: e.message };
    throw e;
  }
}

function merge(target: unknown, patch: unknown, field: FieldSchema | undefined, schemas: SchemaTable): unknown {
  if (!isMap(patch)) return patch;
  const directive = patch["$patch"];
  if (directive === "replace") return withoutDirectives(patch);
  if (directive === "delete") return {};
  if (directive !== undefined && directive !== "merge") throw new PatchError(`Unknown patch type found in map: ${goPlain(directive)}`);
  const out: Record<string, unknown> = isMap(target) ? { ...target } : {};
  const retained = patch["$retainKeys"];
  if (Array.isArray(retained)) for (const name of Object.keys(out)) if (!retained.includes(name)) delete out[name];
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith("$")) continue;
    const old = Object.hasOwn(out, name) ? out[name] : undefined;
    if (value === null) delete out[name];
    else if (value !== undefined) setOwn(out, name, mergeMember(old, value, memberOf(field, name, schemas), schemas));
  }
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith(DELETE_FROM) && Array.isArray(value)) dropValues(out, name.slice(DELETE_FROM.length), value);
    if (name.startsWith(ORDER) && Array.isArray(value)) reorder(out, name.slice(ORDER.length), value, field, schemas);
  }
  return out;
}

function mergeMember(target: unknown, patch: unknown, field: FieldSchema | undefined, schemas: SchemaTable): unknown {
  if (!Array.isArray(patch)) return merge(target, patch, field, schemas);
  if (!Array.isArray(target) || !strategyHas(field, "merge")) return withoutMarkers(patch);
  const key = field?.patchMergeKey;
  return key === undefined ? unionOf(target, patch) : mergeList(target, patch, key, field?.items, schemas);
}

const strategyHas = (field: FieldSchema | undefined, word: string): boolean => field?.patchStrategy?.split(",").includes(word) ?? false;

/** Lists of plain values: what is new comes behind. */
function unionOf(target: readonly unknown[], patch: readonly unknown[]): readonly unknown[] {
  return [...target, ...patch.filter((item) => !target.some((old) => deepEqual(old, item)))];
}

/** Lists of maps: items of one key are merged; `$patch: delete` drops, `$patch: replace` takes the patch's list alone. */
function mergeList(
  target: readonly unknown[],
  patch: readonly unknown[],
  key: string,
  items: FieldSchema | undefined,
  schemas: SchemaTable,
): unknown {
  if (patch.some((item) => isMap(item) && item["$patch"] === "replace")) return withoutMarkers(patch);
  let out = [...target];
  for (const item of patch) {
    if (!isMap(item)) throw new PatchError("list element is not a map");
    if (!Object.hasOwn(item, key)) throw new PatchError(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    const same = (other: unknown): boolean => isMap(other) && deepEqual(other[key], item[key]);
    if (item["$patch"] === "delete") {
      out = out.filter((other) => !same(other));
      continue;
    }
    const i = out.findIndex(same);
    if (i < 0) out.push(merge({}, item, items, schemas));
    else out[i] = merge(out[i], item, items, schemas);
  }
  return out;
}

/** Also where the name is `__proto__`. */
function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function dropValues(out: Record<string, unknown>, name: string, values: readonly unknown[]): void {
  const list = Object.hasOwn(out, name) ? out[name] : undefined;
  if (Array.isArray(list)) out[name] = list.filter((item) => !values.some((v) => deepEqual(v, item)));
}

/** Puts the named items in the given order; what the order does not name keeps its place relative to its predecessor. */
function reorder(
  out: Record<string, unknown>,
  name: string,
  order: readonly unknown[],
  field: FieldSchema | undefined,
  schemas: SchemaTable,
): void {
  const list = Object.hasOwn(out, name) ? out[name] : undefined;
  if (!Array.isArray(list)) return;
  const key = memberOf(field, name, schemas)?.patchMergeKey;
  const identity = (item: unknown): unknown => (key !== undefined && isMap(item) ? item[key] : item);
  const rank = (item: unknown): number => order.findIndex((o) => deepEqual(identity(o), identity(item)));
  const named = list.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  let next = 0;
  out[name] = list.map((item) => (rank(item) >= 0 ? named[next++] : item));
}

function memberOf(field: FieldSchema | undefined, name: string, schemas: SchemaTable): FieldSchema | undefined {
  if (field?.type === "ref") {
    const fields = schemas[field.ref!]?.fields;
    return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
  }
  return field?.type === "map" ? field.items : undefined;
}

function withoutMarkers(list: readonly unknown[]): readonly unknown[] {
  return list
    .filter((item) => !(isMap(item) && item["$patch"] !== undefined && Object.keys(item).length === 1))
    .map((item) => (isMap(item) ? withoutDirectives(item) : item));
}

function withoutDirectives(map: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([name]) => !name.startsWith("$")));
}
