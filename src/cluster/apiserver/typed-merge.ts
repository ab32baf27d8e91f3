/**
 * Merging an applied configuration into an object, and taking fields out of one.
 * @see structured-merge-diff typed/merge.go, typed/remove.go, fieldpath/set.go (EnsureNamedFieldsAreMembers)
 */
import type { FieldSchema, SchemaTable } from "../../api/schema.ts";
import { EMPTY_SET, type FieldSet, isEmptySet } from "./field-set.ts";
import { isMap, itemElement, memberSchema, type Shape, shapeOf } from "./typed.ts";

type ListShape = Extract<Shape, { kind: "list" }>;

/** The live value with the configuration laid over it: leaves and atomic values are replaced, lists merged item by item. */
export function mergeTyped(live: unknown, config: unknown, field: FieldSchema, schemas: SchemaTable): unknown {
  if (config === undefined || live === config) return live;
  if (live === undefined || live === null || config === null) return config;
  const shape = shapeOf(field, schemas, config);
  if (shape.kind === "scalar" || shape.atomic) return config;
  if (shape.kind === "list") return Array.isArray(live) && Array.isArray(config) ? mergeItems(live, config, shape, schemas) : config;
  if (!isMap(live) || !isMap(config)) return config;
  const out: Record<string, unknown> = { ...live };
  for (const name in config) {
    const schema = memberSchema(shape, name);
    out[name] = schema ? mergeTyped(live[name], config[name], schema, schemas) : config[name];
  }
  return out;
}

/**
 * Shared items stand in the configuration's order; an item that only the live list has keeps its place before the shared item that it
 * stood before.
 */
function mergeItems(live: readonly unknown[], config: readonly unknown[], shape: ListShape, schemas: SchemaTable): readonly unknown[] {
  const name = (item: unknown, i: number): string => {
    const known = itemElement(shape, item, schemas);
    return "element" in known ? known.element : `?${i}`;
  };
  const liveNames = live.map(name);
  const configNames = config.map(name);
  const liveBy = new Map(liveNames.map((n, i) => [n, live[i]]));
  const wanted = new Set(configNames);
  const shared = configNames.filter((n) => liveBy.has(n));
  const merged = new Set<string>();
  const out: unknown[] = [];
  let l = 0;
  let c = 0;
  let nextShared = 0;
  const take = (i: number): void => {
    const n = configNames[i]!;
    merged.add(n);
    out.push(mergeTyped(liveBy.get(n), config[i], shape.items, schemas));
    if (shared[nextShared] === n) nextShared++;
  };
  while (l < live.length || c < config.length) {
    if (l < live.length && c < config.length && liveNames[l] === configNames[c]) {
      take(c++);
      l++;
    } else if (
      l < live.length &&
      c < config.length &&
      wanted.has(liveNames[l]!) &&
      nextShared < shared.length &&
      liveNames[l] !== shared[nextShared]
    ) {
      l++; // shared, but not its turn: it comes where the configuration has it
    } else if (l < live.length && !wanted.has(liveNames[l]!)) {
      out.push(live[l++]);
    } else if (l < live.length && merged.has(liveNames[l]!)) {
      l++;
    } else if (c < config.length) {
      take(c++);
    } else {
      l++;
    }
  }
  return out;
}

/** The value without the paths of the set; undefined when nothing is left. */
export function removeFields(value: unknown, set: FieldSet, field: FieldSchema, schemas: SchemaTable): unknown {
  if (isEmptySet(set)) return value;
  const shape = shapeOf(field, schemas, value);
  if (shape.kind === "scalar") return value;
  if (shape.kind === "list") {
    if (!Array.isArray(value) || shape.atomic) return undefined;
    const rest = value.flatMap((item) => {
      const known = itemElement(shape, item, schemas);
      const below = "element" in known ? set.children.get(known.element) : undefined;
      if (!below) return [item];
      return below.member ? [] : [removeFields(item, below, shape.items, schemas)];
    });
    return rest.length > 0 ? rest : undefined;
  }
  if (!isMap(value) || shape.atomic) return undefined;
  const out: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const below = set.children.get(`f:${name}`);
    if (below?.member) continue;
    const schema = memberSchema(shape, name);
    const rest = below && schema ? removeFields(member, below, schema, schemas) : member;
    if (rest !== undefined) out[name] = rest;
  }
  return Object.keys(out).length > 0 ? out : undefined;
}

/** The set with every struct field that has something below it as a member: what is taken out or kept then is the field as a whole. */
export function withNamedFields(set: FieldSet, field: FieldSchema | undefined, schemas: SchemaTable): FieldSet {
  if (set.children.size === 0) return set;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    let below: FieldSchema | undefined;
    let named = false;
    if (field && element.startsWith("f:")) {
      const shape = shapeOf(field, schemas, {});
      const name = element.slice(2);
      if (shape.kind === "map") {
        below = memberSchema(shape, name);
        named = Object.hasOwn(shape.fields, name);
      }
    } else if (field) {
      const shape = shapeOf(field, schemas, []);
      if (shape.kind === "list") below = shape.items;
    }
    const inner = withNamedFields(child, below, schemas);
    const member = inner.member || (named && child.children.size > 0);
    children.set(element, member === inner.member ? inner : { member, children: inner.children });
  }
  return children.size === 0 ? EMPTY_SET : { member: set.member, children };
}
