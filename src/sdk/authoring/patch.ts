/** A change to an object, as `kubectl patch` makes it: maps are merged, lists by their keys where Kubernetes has keys for them. */
import { RESOURCES } from "../../../generated/v1.36/resources.ts";
import { SCHEMAS } from "../../../generated/v1.36/schemas.ts";
import { sameSource } from "../../api/construct.ts";
import { groupOf, versionOf } from "../../api/object.ts";
import type { FieldSchema, ObjectSchema } from "../../api/schema.ts";
import { named } from "./pod-templates.ts";

/** What becomes of a list or an item, as in Kubernetes' strategic merge patch. */
export interface PatchDirective {
  /** In an item: `delete` removes the one with its key, `replace` puts it in the other's place. As an item of its own: `replace` the list. */
  readonly $patch?: "delete" | "replace" | "merge";
}

/** Part of an object: `null` removes a field; an item of a list with keys needs its keys and what changes. */
export type Patch<T> = T extends readonly (infer Item)[]
  ? readonly ((Item extends object ? Patch<Item> & PatchDirective : Item) | (Item extends object ? PatchDirective : never))[]
  : T extends object
    ? { readonly [K in keyof T]?: Patch<T[K]> | null }
    : T;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The object with a change merged into it; the object itself stays as it is.
 *
 * | in the object | in the change | becomes |
 * |---|---|---|
 * | a map | a map | merged, field by field |
 * | a list with keys (`containers` by `name`, `ports` by `containerPort`, …) | items | items of the same key are merged, others come after |
 * | a list of values that is a set (`finalizers`) | values | those that are missing come after |
 * | any other list (`args`, `tolerations`) | a list | replaced |
 * | anything | `null` | removed |
 *
 * ```ts
 * patch(web, { spec: { template: { spec: { containers: [{ name: "web", resources: { limits: { memory: "1Gi" } } }] } } } })
 * patch(web, { spec: { template: { spec: { containers: [{ name: "debug", $patch: "delete" }] } } } })
 * ```
 * A field that Kubernetes does not know is kept, in the object and in the change. Custom kinds have no keys here: their lists are replaced.
 * @throws TypeError when the change would make it another kind, or an item lacks the keys of its list
 */
export function patch<T extends { readonly kind: string; readonly apiVersion: string }>(object: T, change: Patch<NoInfer<T>>): T {
  const given = change as Fields;
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new TypeError(`patch: the change of ${named(object)} is no object`);
  for (const field of ["apiVersion", "kind"] as const)
    if (given[field] !== undefined && given[field] !== object[field])
      throw new TypeError(`patch: ${named(object)} cannot become ${field} ${JSON.stringify(given[field])}`);
  const resource = RESOURCES.find(
    (r) => r.group === groupOf(object.apiVersion) && r.version === versionOf(object.apiVersion) && r.kind === object.kind,
  );
  const schema = resource && SCHEMAS[resource.schema];
  return sameSource(object, merged(object as unknown as Fields, given, schema, named(object)) as T);
}

function merged(object: Fields, change: Fields, schema: ObjectSchema | undefined, path: string): Fields {
  const result: Record<string, unknown> = { ...object };
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined || key === "$patch") continue;
    if (value === null) delete result[key];
    else result[key] = mergedValue(result[key], value, schema?.fields[key], `${path}.${key}`);
  }
  return result;
}

function mergedValue(own: unknown, value: unknown, field: FieldSchema | undefined, path: string): unknown {
  if (Array.isArray(value)) return mergedList(Array.isArray(own) ? own : [], value, field, path);
  if (!isMap(value)) return value;
  const schema = field?.type === "ref" && field.ref !== undefined ? SCHEMAS[field.ref] : undefined;
  const base =
    isMap(own) && value["$patch"] !== "replace" && !replacesWhole(own, value, field) && (field?.mapType ?? schema?.mapType) !== "atomic"
      ? own
      : {};
  if (field?.type === "map") return mergedMap(base, value, field, path);
  return merged(base, value, schema, path);
}

function mergedMap(own: Fields, change: Fields, field: FieldSchema, path: string): Fields {
  const result: Record<string, unknown> = { ...own };
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined || key === "$patch") continue;
    if (value === null) delete result[key];
    else result[key] = mergedValue(result[key], value, field.items, `${path}[${key}]`);
  }
  return result;
}

/**
 * Fields of the strategy `retainKeys` hold one of several things (a volume's source, a rollout's strategy): a change that names another one
 * takes the place of the first.
 */
function replacesWhole(own: Fields, change: Fields, field: FieldSchema | undefined, keys: readonly string[] = []): boolean {
  if (!field?.patchStrategy?.includes("retainKeys")) return false;
  return Object.entries(change).some(([key, value]) => {
    if (keys.includes(key) || key === "$patch" || value === null || value === undefined) return false;
    return own[key] === undefined
      ? isMap(value) && Object.keys(own).some((k) => !keys.includes(k) && isMap(own[k]))
      : key === "type" && own[key] !== value;
  });
}

function mergedList(own: readonly unknown[], change: readonly unknown[], field: FieldSchema | undefined, path: string): readonly unknown[] {
  const replaceAll = change.some((item) => isMap(item) && item["$patch"] === "replace" && Object.keys(item).length === 1);
  const items = change.filter((item) => !(isMap(item) && "$patch" in item && Object.keys(item).length === 1));
  if (replaceAll) return items;
  const keys = keysOf(field);
  if (keys.length > 0) return mergedByKey(own, items, field!, keys, path);
  const isSet = field?.listType === "set" || (field?.patchStrategy === "merge" && field.items?.type !== "ref");
  return isSet ? [...own, ...items.filter((item) => !own.includes(item))] : items;
}

/** What tells items apart; none for a list that is replaced as a whole. */
function keysOf(field: FieldSchema | undefined): readonly string[] {
  if (field?.patchStrategy?.includes("merge") && field.patchMergeKey !== undefined) return [field.patchMergeKey];
  return field?.listType === "map" ? (field.listMapKeys ?? []) : [];
}

function mergedByKey(
  own: readonly unknown[],
  change: readonly unknown[],
  field: FieldSchema,
  keys: readonly string[],
  path: string,
): readonly unknown[] {
  const schema = field.items?.type === "ref" && field.items.ref !== undefined ? SCHEMAS[field.items.ref] : undefined;
  const result = [...own];
  for (const item of change) {
    if (!isMap(item))
      throw new TypeError(`patch: ${path} has items with the key ${keys.join(" and ")}, and was given ${JSON.stringify(item)}`);
    const missing = keys.filter((key) => (keyValue(item, key, schema) ?? "") === "");
    if (missing.length > 0)
      throw new TypeError(`patch: an item of ${path} lacks its key ${missing.join(" and ")}: ${JSON.stringify(item)}`);
    // Two ports may have one number and differ by protocol: then the protocol, where it is said, tells them apart.
    const more = (field.listMapKeys ?? []).filter((key) => !keys.includes(key) && item[key] !== undefined);
    const same = (other: unknown): boolean =>
      isMap(other) && [...keys, ...more].every((key) => keyValue(other, key, schema) === keyValue(item, key, schema));
    const at = result.findIndex(same);
    const there = result[at];
    if (item["$patch"] === "delete") {
      if (at < 0)
        throw new TypeError(
          `patch: ${path} has no item with ${keys.map((k) => `${k} ${JSON.stringify(item[k])}`).join(" and ")} to delete`,
        );
      result.splice(at, 1);
      continue;
    }
    const base = isMap(there) && item["$patch"] !== "replace" && !replacesWhole(there, item, field, keys) ? there : {};
    const next = merged(base, item, schema, `${path}[${String(item[keys[0]!])}]`);
    if (at < 0) result.push(next);
    else result[at] = next;
  }
  return result;
}

function keyValue(item: Fields, key: string, schema: ObjectSchema | undefined): unknown {
  return item[key] ?? schema?.fields[key]?.default;
}

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
