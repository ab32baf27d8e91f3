/**
 * The difference of two values, field by field. Lists are compared item by item when the schema gives their items a key, as the API server
 * merges them; any other list is one value.
 */
import { SCHEMAS } from "../../generated/v1.36/schemas.ts";
import type { FieldSchema } from "../api/schema.ts";
import { deepEqual } from "../lib/deep-equal.ts";
import { child, index, key } from "../lib/field-path.ts";
import { compareText } from "./view.ts";

/** A field, a map key (shown in brackets), or the item of a list that has these key fields. */
export type PathStep =
  | { readonly field: string }
  | { readonly key: string }
  | { readonly item: Readonly<Record<string, unknown>> }
  | { readonly index: number };

export interface Difference {
  readonly path: readonly PathStep[];
  readonly action: "add" | "change" | "remove";
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Deeper than any schema; custom resources may nest freely. */
const DEPTH_MAX = 64;

/** In order of field name; list items in the order of the new list, removed ones last. */
export function differences(before: unknown, after: unknown, schema: FieldSchema | undefined): readonly Difference[] {
  const out: Difference[] = [];
  compare([], before, after, schema, out);
  return out;
}

function compare(path: readonly PathStep[], before: unknown, after: unknown, schema: FieldSchema | undefined, out: Difference[]): void {
  if (before === after) return;
  if (before === undefined) out.push({ path, action: "add", after });
  else if (after === undefined) out.push({ path, action: "remove", before });
  else if (isObject(before) && isObject(after) && path.length < DEPTH_MAX) compareObjects(path, before, after, schema, out);
  else if (Array.isArray(before) && Array.isArray(after)) compareLists(path, before, after, schema, out);
  else if (!sameScalar(before, after)) out.push({ path, action: "change", before, after });
}

function compareObjects(
  path: readonly PathStep[],
  before: Fields,
  after: Fields,
  schema: FieldSchema | undefined,
  out: Difference[],
): void {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText);
  for (const name of names) {
    const step: PathStep = schema?.type === "map" ? { key: name } : { field: name };
    compare([...path, step], before[name], after[name], childSchema(schema, name), out);
  }
}

function compareLists(
  path: readonly PathStep[],
  before: readonly unknown[],
  after: readonly unknown[],
  schema: FieldSchema | undefined,
  out: Difference[],
): void {
  const keys = mergeKeys(schema);
  const oldItems = keys && itemsByKey(before, keys);
  const newItems = keys && itemsByKey(after, keys);
  if (oldItems && newItems) {
    for (const [id, item] of newItems) compare([...path, { item: keyFields(item, keys) }], oldItems.get(id), item, schema?.items, out);
    for (const [id, item] of oldItems)
      if (!newItems.has(id)) out.push({ path: [...path, { item: keyFields(item, keys) }], action: "remove", before: item });
    return;
  }
  if (path.length < DEPTH_MAX && before.length === after.length && before.every(isObject) && after.every(isObject)) {
    for (const [i, item] of before.entries()) compare([...path, { index: i }], item, after[i], schema?.items, out);
    return;
  }
  if (!deepEqual(before, after)) out.push({ path, action: "change", before, after });
}

export type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A number and its text are one value (quantities and int-or-string fields keep the form they were written in). */
function sameScalar(a: unknown, b: unknown): boolean {
  return (
    a === b ||
    (typeof a !== "object" && typeof b !== "object" && typeof a !== "boolean" && typeof b !== "boolean" && String(a) === String(b))
  );
}

/** The schema of a field of an object, or of a value of a map. */
function childSchema(schema: FieldSchema | undefined, name: string): FieldSchema | undefined {
  if (schema?.type === "map") return schema.items;
  if (schema?.type === "ref" && schema.ref !== undefined) return SCHEMAS[schema.ref]?.fields[name];
  return undefined;
}

/** The fields that tell the items of a list apart, when it has such: those of apply, else that of strategic merge patch. */
function mergeKeys(schema: FieldSchema | undefined): readonly string[] | undefined {
  if (schema?.listType === "map" && schema.listMapKeys?.length) return schema.listMapKeys;
  if (schema?.patchMergeKey !== undefined && schema.items?.type === "ref") return [schema.patchMergeKey];
  return undefined;
}

/** By key; nothing when two items have the same key or one is no object. */
function itemsByKey(list: readonly unknown[], keys: readonly string[]): Map<string, Fields> | undefined {
  const items = new Map<string, Fields>();
  for (const item of list) {
    if (!isObject(item)) return undefined;
    const id = keyText(item, keys);
    if (items.has(id)) return undefined;
    items.set(id, item);
  }
  return items;
}

/** An absent protocol is TCP, the one key field with a default. */
function keyText(item: Fields, keys: readonly string[]): string {
  return JSON.stringify(keys.map((k) => item[k] ?? (k === "protocol" ? "TCP" : null)));
}

function keyFields(item: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(keys.map((k) => [k, item[k] ?? (k === "protocol" ? "TCP" : undefined)]));
}

/** `spec.containers[name=web].ports[containerPort=80]`, `metadata.labels[app]`; the default protocol is left out. */
export function showPath(path: readonly PathStep[]): string {
  let text = "";
  for (const step of path) {
    if ("field" in step) text += text === "" ? step.field : `.${step.field}`;
    else if ("key" in step) text += `[${step.key}]`;
    else if ("index" in step) text += `[${step.index}]`;
    else {
      const shown = Object.entries(step.item).filter(([k, v]) => v !== undefined && !(k === "protocol" && v === "TCP"));
      text += `[${shown.map(([k, v]) => `${k}=${typeof v === "object" ? JSON.stringify(v) : String(v)}`).join(",")}]`;
    }
  }
  return text;
}

export interface Resolved {
  /** As the API server writes it, with list items by index; as much of it as is there. */
  readonly path: string;
  /** Whether that is all of it. */
  readonly found: boolean;
  /** What stands there. */
  readonly value: unknown;
}

/** The same path in another form of the object, whose lists may be in another order: what a source location is asked for. */
export function resolvePath(object: unknown, steps: readonly PathStep[]): Resolved {
  let path = "";
  let at = object;
  const missing = (): Resolved => ({ path, found: false, value: undefined });
  for (const step of steps) {
    if ("item" in step || "index" in step) {
      if (!Array.isArray(at)) return missing();
      const i = "index" in step ? step.index : indexByKey(at, step.item);
      if (i < 0 || i >= at.length) return missing();
      path = index(path, i);
      at = at[i];
    } else {
      const name = "field" in step ? step.field : step.key;
      if (!isObject(at) || !Object.hasOwn(at, name) || at[name] === undefined) return missing();
      path = "field" in step ? child(path, name) : key(path, name);
      at = at[name];
    }
  }
  return { path, found: true, value: at };
}

function indexByKey(list: readonly unknown[], item: Fields): number {
  const keys = Object.keys(item);
  const wanted = keyText(item, keys);
  return list.findIndex((other) => isObject(other) && keyText(other, keys) === wanted);
}
