/**
 * Server-side apply: fields belong to who sets them; an applied configuration is merged, what it no longer holds goes if nobody else owns
 * it, and changing another's field is a conflict unless forced.
 * @see structured-merge-diff merge/update.go
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal
 */
import type { KubeObject, Unchecked } from "../../api/object.ts";
import type { FieldSchema, SchemaTable } from "../../api/schema.ts";
import { semanticEqual } from "../../lib/semantic-equal.ts";
import type { Cause, Refused } from "../../sim/answer.ts";
import {
  difference,
  EMPTY_SET,
  type FieldSet,
  intersection,
  isEmptySet,
  pathsOf,
  recursiveDifference,
  sameSet,
  showPath,
  union,
} from "./field-set.ts";
import {
  decodeManagedFields,
  encodeManagedFields,
  type Managed,
  type Managers,
  managerKey,
  STATUS_FIELDS,
  STRIPPED,
  showManager,
} from "./managed-fields.ts";
import { applyConflict } from "./status.ts";
import { type Comparison, compareTyped, fieldSetOf } from "./typed-compare.ts";
import { mergeTyped, removeFields, withNamedFields } from "./typed-merge.ts";

/** The schema that an object is read by. */
export interface TypeContext {
  readonly root: FieldSchema;
  readonly schemas: SchemaTable;
}

/** Who writes, in which version, when, and to which subresource (empty: the object itself). */
export interface Writer {
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource: string;
  /** RFC 3339. */
  readonly time: string;
}

/** The manager that owns all that an object held before it was first applied to. */
const BEFORE_FIRST_APPLY = "before-first-apply";

/** The result of an apply: the object as it should be (not yet decoded or defaulted) with its managed fields, or the conflicts. */
export function applyConfiguration(
  live: KubeObject | undefined,
  config: Unchecked,
  writer: Writer,
  force: boolean,
  type: TypeContext,
): { readonly object: Unchecked } | { readonly refused: Refused } {
  const { root, schemas } = type;
  const before: unknown = live ? withoutManagedFields(live) : undefined;
  const managers = new Map(liveManagers(live, type, writer.time));
  const applied = fieldSetOf(config, root, schemas);
  const self: Managed = { ...writer, operation: "Apply", set: owned(applied, writer) };
  const key = managerKey(self);
  const last = managers.get(key);
  managers.set(key, self);
  const merged = before === undefined ? config : mergeTyped(before, config, root, schemas);
  const pruned = last ? prune(merged, managers, applied, last.set, type) : merged;

  const changes = compareTyped(before ?? {}, pruned, root, schemas);
  const lost = losses(managers, key, changes, writer);
  if (!force && lost.size > 0) return { refused: conflictOf(lost, managers) };
  const rest = takeAway(managers, key, changes, lost);
  const unchanged =
    semanticEqual(before, pruned) && last !== undefined && sameSet(last.set, self.set) && last.apiVersion === self.apiVersion;
  if (unchanged) rest.set(key, { ...self, time: last.time });
  return { object: withManagers(pruned as Unchecked, rest) };
}

/** Notes an update (or a creation, without `live`) in the managed fields: the writer takes what it changed. */
export function trackUpdate<T extends KubeObject>(
  live: KubeObject | undefined,
  object: T,
  writer: Writer,
  type: TypeContext,
  empty: Unchecked,
): T {
  const { root, schemas } = type;
  const changes = compareTyped(live ? withoutManagedFields(live) : empty, withoutManagedFields(object), root, schemas);
  const managers = new Map(decodeManagedFields(live?.metadata.managedFields));
  const rest = takeAway(managers, "", changes, losses(managers, "", changes, writer));
  const taken = owned(union(changes.added, changes.modified), writer);
  if (!isEmptySet(taken)) {
    const self: Managed = { ...writer, operation: "Update", set: taken };
    const key = managerKey(self);
    const last = managers.get(key);
    rest.set(key, last ? { ...self, set: union(rest.get(key)?.set ?? EMPTY_SET, taken) } : self);
  }
  return withManagers(object as unknown as Unchecked, rest) as unknown as T;
}

/** An object that nobody's fields were tracked of is owned, as it stands, by a manager of its own. */
function liveManagers(live: KubeObject | undefined, type: TypeContext, time: string): Managers {
  if (!live || live.metadata.managedFields) return decodeManagedFields(live?.metadata.managedFields);
  const writer: Writer = { manager: BEFORE_FIRST_APPLY, apiVersion: live.apiVersion, subresource: "", time };
  const entry: Managed = { ...writer, operation: "Update", set: owned(fieldSetOf(live, type.root, type.schemas), writer) };
  return new Map([[managerKey(entry), entry]]);
}

/** What a writer may own of a set. */
function owned(set: FieldSet, writer: Writer): FieldSet {
  const own = difference(set, STRIPPED);
  return writer.subresource === "status" ? own : recursiveDifference(own, STATUS_FIELDS);
}

/**
 * What the applier's last configuration held and this one does not goes, unless another manager owns it too. `applied` is all that the new
 * configuration holds, also what nobody owns (the name).
 */
function prune(merged: unknown, managers: Managers, applied: FieldSet, last: FieldSet, { root, schemas }: TypeContext): unknown {
  const named = (set: FieldSet): FieldSet => withNamedFields(set, root, schemas);
  const setOf = (value: unknown): FieldSet => named(fieldSetOf(value ?? {}, root, schemas));
  const lastNamed = named(last);
  const all = setOf(merged);
  let pruned = removeFields(merged, lastNamed, root, schemas);
  const claimed = named([...managers.values()].reduce<FieldSet>((sum, m) => union(sum, m.set), applied));
  pruned = removeFields(merged, difference(all, union(setOf(pruned), claimed)), root, schemas);
  return removeFields(merged, intersection(difference(all, setOf(pruned)), lastNamed), root, schemas);
}

/** Fields of others that the change touches, by manager. */
function losses(managers: Managers, self: string, changes: Comparison, writer: Writer): Map<string, FieldSet> {
  const touched = owned(union(changes.modified, changes.added), writer);
  const out = new Map<string, FieldSet>();
  for (const [key, other] of managers) {
    if (key === self) continue;
    const lost = intersection(other.set, touched);
    if (!isEmptySet(lost)) out.set(key, lost);
  }
  return out;
}

/** The managers after the change: others lose what was taken from them and what is gone. */
function takeAway(managers: Managers, self: string, changes: Comparison, lost: ReadonlyMap<string, FieldSet>): Map<string, Managed> {
  const out = new Map<string, Managed>();
  for (const [key, other] of managers) {
    let { set } = other;
    if (key !== self) {
      set = difference(set, lost.get(key) ?? EMPTY_SET);
      set = difference(set, changes.removed);
    }
    if (!isEmptySet(set)) out.set(key, set === other.set ? other : { ...other, set });
  }
  return out;
}

/** One conflict is told on one line; several are listed by manager. */
function conflictOf(lost: ReadonlyMap<string, FieldSet>, managers: Managers): Refused {
  const byManager = [...lost].map(([key, set]) => ({ manager: showManager(managers.get(key)!), paths: pathsOf(set).map(showPath) }));
  byManager.sort((a, b) => (a.manager < b.manager ? -1 : a.manager > b.manager ? 1 : 0));
  const causes: Cause[] = byManager.flatMap(({ manager, paths }) =>
    paths.map((field) => ({ reason: "FieldManagerConflict", field, message: `conflict with ${manager}` })),
  );
  const [first] = causes;
  if (causes.length === 1 && first) return applyConflict(`Apply failed with 1 conflict: ${first.message}: ${first.field}`, causes);
  const lines = byManager.flatMap(({ manager, paths }) => [`conflicts with ${manager}:`, ...paths.map((path) => `- ${path}`)]);
  return applyConflict(`Apply failed with ${causes.length} conflicts: ${lines.join("\n")}`, causes);
}

function withoutManagedFields<T extends KubeObject>(object: T): T {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function withManagers(object: Unchecked, managers: Managers): Unchecked {
  const entries = encodeManagedFields(managers);
  const { managedFields: _, ...metadata } = (object["metadata"] ?? {}) as Readonly<Record<string, unknown>>;
  return { ...object, metadata: entries ? { ...metadata, managedFields: entries } : metadata };
}
