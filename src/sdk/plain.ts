/** Makes sure that an object is plain data, as if it had been read from YAML. */
import { NESTING_MAX } from "./yaml/nesting.ts";
import { findRefused, isPlainObject, type RefusedValue } from "./yaml/refused.ts";

/** Thrown inside only; `findRefused` then says what and where. */
const REFUSED = new Error("refused");
const TOO_MANY = new Error("too many");
/** Values in one object, those of a part that is in it twice counted twice: what is written, and read by all others, is the whole. */
const VALUES_MAX = 10_000_000;
let valuesLeft = 0;

/**
 * The same object, or a copy without the fields that are `undefined` when there are such; or why it cannot be written as YAML.
 * Everything behind it (API server, diff) may then take it for JSON.
 */
export function plainData<T extends object>(object: T): { readonly data: T } | { readonly refused: RefusedValue } {
  try {
    valuesLeft = VALUES_MAX;
    return { data: plain(object, 0) as T };
  } catch (error) {
    if (error === TOO_MANY) return { refused: { path: "", why: `holds more than ${VALUES_MAX.toLocaleString("en")} values` } };
    if (error !== REFUSED && !(error instanceof RangeError)) throw error;
    return { refused: findRefused(object) ?? { path: "", why: "cannot be written as YAML" } };
  }
}

function plain(value: unknown, depth: number): unknown {
  if (--valuesLeft < 0) throw TOO_MANY;
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) throw REFUSED;
      return value;
    case "object":
      if (value === null) return value;
      if (depth > NESTING_MAX) throw REFUSED;
      if (Array.isArray(value)) return plainList(value, depth);
      if (isPlainObject(value)) return plainMap(value, depth);
      throw REFUSED;
    default:
      throw REFUSED;
  }
}

function plainList(list: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const item = plain(list[i], depth + 1);
    if (item !== list[i]) copy ??= list.slice(0, i);
    copy?.push(item);
  }
  return copy ?? list;
}

function plainMap(map: Readonly<Record<string, unknown>>, depth: number): Readonly<Record<string, unknown>> {
  let changed = false;
  const names = Object.keys(map);
  const items: unknown[] = new Array(names.length);
  for (let i = 0; i < names.length; i++) {
    const before = map[names[i]!];
    const item = before === undefined ? undefined : plain(before, depth + 1);
    items[i] = item;
    changed ||= before === undefined || item !== before;
  }
  if (!changed) return map;
  // fromEntries defines its fields, so that one named __proto__ stays a field.
  return Object.fromEntries(names.map((name, i) => [name, items[i]] as const).filter(([, item]) => item !== undefined));
}
