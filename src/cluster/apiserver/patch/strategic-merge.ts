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
export const DELETE_FROM = "$deleteFromPrimitiveList/";
export const ORDER = "$setElementOrder/";

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
    if (isDirective(name)) continue;
    const old = Object.hasOwn(out, name) ? out[name] : undefined;
    if (value === null) delete out[name];
    else if (value !== undefined) setOwn(out, name, mergeMember(old, value, memberOf(field, name, schemas), schemas));
  }
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith(DELETE_FROM) && Array.isArray(value)) dropValues(out, name.slice(DELETE_FROM.length), value);
    if (name.startsWith(ORDER) && Array.isArray(value)) {
      const list = name.slice(ORDER.length);
      reorder(out, list, value, isMap(target) && Object.hasOwn(target, list) ? target[list] : undefined, field, schemas);
    }
  }
  return out;
}

function mergeMember(target: unknown, patch: unknown, field: FieldSchema | undefined, schemas: SchemaTable): unknown {
  if (!Array.isArray(patch)) return merge(target, patch, field, schemas);
  if (!Array.isArray(target) || !strategyHas(field, "merge")) return withoutMarkers(patch);
  const key = field?.patchMergeKey;
  return key === undefined ? unionOf(target, patch) : mergeList(target, patch, key, field?.items, schemas);
}

export const strategyHas = (field: FieldSchema | undefined, word: string): boolean =>
  field?.patchStrategy?.split(",").includes(word) ?? false;

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
export function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function dropValues(out: Record<string, unknown>, name: string, values: readonly unknown[]): void {
  const list = Object.hasOwn(out, name) ? out[name] : undefined;
  if (Array.isArray(list)) out[name] = list.filter((item) => !values.some((v) => deepEqual(v, item)));
}

/**
 * Puts the named items in the given order. What the order does not name comes before the first named item that was behind it in the live
 * list, else at the end.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (mergeSortedSlice)
 */
function reorder(
  out: Record<string, unknown>,
  name: string,
  order: readonly unknown[],
  live: unknown,
  field: FieldSchema | undefined,
  schemas: SchemaTable,
): void {
  const list = Object.hasOwn(out, name) ? out[name] : undefined;
  if (!Array.isArray(list)) return;
  const key = memberOf(field, name, schemas)?.patchMergeKey;
  const identity = (item: unknown): unknown => (key !== undefined && isMap(item) ? item[key] : item);
  const placeIn = (items: readonly unknown[], item: unknown): number => items.findIndex((o) => deepEqual(identity(o), identity(item)));
  const named = list.filter((item) => placeIn(order, item) >= 0).sort((a, b) => placeIn(order, a) - placeIn(order, b));
  const others = list.filter((item) => placeIn(order, item) < 0);
  const before = Array.isArray(live) ? live : [];
  const isBefore = (a: unknown, b: unknown): boolean => placeIn(before, a) >= 0 && placeIn(before, a) < placeIn(before, b);
  const sorted: unknown[] = [];
  for (const item of named) {
    while (others.length > 0 && isBefore(others[0], item)) sorted.push(others.shift());
    sorted.push(item);
  }
  out[name] = [...sorted, ...others];
}

export function memberOf(field: FieldSchema | undefined, name: string, schemas: SchemaTable): FieldSchema | undefined {
  if (field?.type === "ref") {
    const fields = schemas[field.ref!]?.fields;
    return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
  }
  return field?.type === "map" ? field.items : undefined;
}

/** `$ref` and `$schema` of a JSON schema are fields like any other. */
function isDirective(name: string): boolean {
  return name === "$patch" || name === "$retainKeys" || name.startsWith(ORDER) || name.startsWith(DELETE_FROM);
}

function withoutMarkers(list: readonly unknown[]): readonly unknown[] {
  return list.filter((item) => !(isMap(item) && item["$patch"] !== undefined && Object.keys(item).length === 1)).map(plainItem);
}

const plainItem = (item: unknown): unknown => (isMap(item) ? withoutDirectives(item) : Array.isArray(item) ? withoutMarkers(item) : item);

/** At every level: a value that has nothing to be merged with is taken as it is. */
function withoutDirectives(map: JsonMap): JsonMap {
  const own = Object.entries(map).filter(([name]) => !isDirective(name));
  return Object.fromEntries(own.map(([name, value]) => [name, plainItem(value)]));
}
