/**
 * The patch that `kubectl apply` sends for an object that it has applied before: what the last manifest had and the new one has not goes, what
 * the new one says is set, what others put in stays.
 *
 * The patch says the whole manifest, where kubectl leaves out what is there already: the outcome is the same.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (CreateThreeWayMergePatch)
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/jsonmergepatch/patch.go (for kinds without a schema in kubectl)
 */
import type { FieldSchema, SchemaTable } from "../../../api/schema.ts";
import { deepEqual } from "../../../lib/deep-equal.ts";
import { isMap, type JsonMap } from "../typed.ts";
import { DELETE_FROM, memberOf, ORDER, setOwn, strategyHas } from "./strategic-merge.ts";

/**
 * A strategic merge patch, or a JSON merge patch where `field` is undefined.
 * @param original the manifest that was applied last
 * @param modified the manifest to apply
 */
export function threeWayPatch(original: JsonMap, modified: JsonMap, field: FieldSchema | undefined, schemas: SchemaTable): JsonMap {
  const patch: Record<string, unknown> = {};
  for (const name of Object.keys(original)) if (!Object.hasOwn(modified, name)) setOwn(patch, name, null);
  for (const [name, value] of Object.entries(modified)) {
    const before = Object.hasOwn(original, name) ? original[name] : undefined;
    const member = field && memberOf(field, name, schemas);
    if (isMap(value)) setOwn(patch, name, patchOfMap(before, value, member, schemas));
    else if (Array.isArray(value) && strategyHas(member, "merge"))
      patchOfList(patch, name, Array.isArray(before) ? before : [], value, member!, schemas);
    else setOwn(patch, name, value);
  }
  return patch;
}

function patchOfMap(before: unknown, value: JsonMap, field: FieldSchema | undefined, schemas: SchemaTable): JsonMap {
  if (strategyHas(field, "replace")) return { $patch: "replace", ...value };
  const patch = threeWayPatch(isMap(before) ? before : {}, value, field, schemas);
  return strategyHas(field, "retainKeys") ? { ...patch, $retainKeys: Object.keys(value) } : patch;
}

/** A list that is merged: by its key, or as a set of plain values. */
function patchOfList(
  patch: Record<string, unknown>,
  name: string,
  before: readonly unknown[],
  list: readonly unknown[],
  field: FieldSchema,
  schemas: SchemaTable,
): void {
  const key = field.patchMergeKey;
  if (key === undefined) {
    const gone = before.filter((old) => !list.some((item) => deepEqual(item, old)));
    patch[name] = list;
    if (gone.length > 0) patch[`${DELETE_FROM}${name}`] = gone;
    return;
  }
  const find = (items: readonly unknown[], like: JsonMap): JsonMap | undefined =>
    items.find((item): item is JsonMap => isMap(item) && deepEqual(item[key], like[key]));
  const items = list.map((item) => {
    if (!isMap(item)) return item;
    const changed = threeWayPatch(find(before, item) ?? {}, item, field.items, schemas);
    return strategyHas(field, "retainKeys") ? { ...changed, $retainKeys: Object.keys(item) } : changed;
  });
  const gone = before.filter((old): old is JsonMap => isMap(old) && old[key] !== undefined && !find(list, old));
  patch[name] = [...items, ...gone.map((old) => ({ $patch: "delete", [key]: old[key] }))];
  patch[`${ORDER}${name}`] = list.filter(isMap).map((item) => ({ [key]: item[key] }));
}
