/**
 * What a value holds, and what changed between two, as sets of fields.
 * @see structured-merge-diff typed/tofieldset.go, typed/compare.go
 */
import type { FieldSchema, SchemaTable } from "../../api/schema.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { descend, type FieldSet, type FieldSetBuilder, newFieldSet } from "./field-set.ts";
import { isMap, itemElement, type JsonMap, memberSchema, type Shape, shapeOf } from "./typed.ts";

type ListShape = Extract<Shape, { kind: "list" }>;
type MapShape = Extract<Shape, { kind: "map" }>;

/** Every field that the value sets: each leaf, each list item, each member of a map that is no struct field. */
export function fieldSetOf(value: unknown, field: FieldSchema, schemas: SchemaTable): FieldSet {
  const set = newFieldSet();
  collect(value, field, schemas, set);
  return set;
}

function collect(value: unknown, field: FieldSchema, schemas: SchemaTable, at: FieldSetBuilder): void {
  const shape = shapeOf(field, schemas, value);
  if (shape.kind === "scalar" || shape.atomic) {
    at.member = true;
    return;
  }
  if (shape.kind === "list") {
    for (const item of listOf(value)) {
      const known = itemElement(shape, item, schemas);
      if ("error" in known) continue;
      const child = descend(at, known.element);
      collect(item, shape.items, schemas, child);
      child.member = true;
    }
    return;
  }
  if (!isMap(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const schema = memberSchema(shape, name);
    if (!schema) continue;
    const child = descend(at, `f:${name}`);
    collect(member, schema, schemas, child);
    if (member === null || (isMap(member) && Object.keys(member).length === 0) || !Object.hasOwn(shape.fields, name)) child.member = true;
  }
}

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

interface Builders {
  readonly added: FieldSetBuilder;
  readonly modified: FieldSetBuilder;
  readonly removed: FieldSetBuilder;
}

/** The path walked so far, in each of the three sets: nodes are made only when something is noted there. */
type Path = readonly string[];

export function compareTyped(before: unknown, after: unknown, field: FieldSchema, schemas: SchemaTable): Comparison {
  const out: Builders = { added: newFieldSet(), modified: newFieldSet(), removed: newFieldSet() };
  compare(before, after, field, schemas, [], out);
  return out;
}

function note(set: FieldSetBuilder, path: Path): void {
  let node = set;
  for (const element of path) node = descend(node, element);
  node.member = true;
}

function compare(before: unknown, after: unknown, field: FieldSchema, schemas: SchemaTable, path: Path, out: Builders): void {
  if (before === after) return;
  const shape = shapeOf(field, schemas, after === undefined ? before : after);
  const leaf = shape.kind === "scalar" || shape.atomic || (sizeOf(before) === 0 && sizeOf(after) === 0);
  if (before === undefined) note(out.added, path);
  else if (after === undefined) note(out.removed, path);
  else if (leaf && !deepEqual(before, after)) note(out.modified, path);
  if (leaf) return;
  if (shape.kind === "list") compareItems(listOf(before), listOf(after), shape, schemas, path, out);
  else compareMembers(isMap(before) ? before : {}, isMap(after) ? after : {}, shape, schemas, path, out);
}

function compareItems(
  before: readonly unknown[],
  after: readonly unknown[],
  shape: ListShape,
  schemas: SchemaTable,
  path: Path,
  out: Builders,
): void {
  const items = keyed(after, shape, schemas);
  for (const [element, item] of keyed(before, shape, schemas)) {
    compare(item, items.get(element), shape.items, schemas, [...path, element], out);
    items.delete(element);
  }
  for (const [element, item] of items) compare(undefined, item, shape.items, schemas, [...path, element], out);
}

function keyed(list: readonly unknown[], shape: ListShape, schemas: SchemaTable): Map<string, unknown> {
  const out = new Map<string, unknown>();
  for (const item of list) {
    const known = itemElement(shape, item, schemas);
    if ("element" in known && !out.has(known.element)) out.set(known.element, item);
  }
  return out;
}

function compareMembers(before: JsonMap, after: JsonMap, shape: MapShape, schemas: SchemaTable, path: Path, out: Builders): void {
  for (const name in before) compareMember(name, before[name], after[name], shape, schemas, path, out);
  for (const name in after) if (!(name in before)) compareMember(name, undefined, after[name], shape, schemas, path, out);
}

function compareMember(
  name: string,
  before: unknown,
  after: unknown,
  shape: MapShape,
  schemas: SchemaTable,
  path: Path,
  out: Builders,
): void {
  const schema = memberSchema(shape, name);
  if (schema && before !== after) compare(before, after, schema, schemas, [...path, `f:${name}`], out);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isMap(value) ? Object.keys(value).length : 0;
}
