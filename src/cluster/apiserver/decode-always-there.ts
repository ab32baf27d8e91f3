/** Fields that are always there, since they are no pointers in Go and never left out: what an absent `spec` is, and an absent `name`. */
import type { SchemaTable } from "../../api/schema.ts";

/** A field, and what it holds when nothing was stated for it: an object that nobody else has. */
export type AlwaysThere = readonly [name: string, empty: () => unknown];

const alwaysThereIn = new WeakMap<SchemaTable, Map<string, readonly AlwaysThere[]>>();

export function alwaysThere(schemas: SchemaTable, schemaName: string): readonly AlwaysThere[] {
  let known = alwaysThereIn.get(schemas);
  if (!known) {
    known = new Map();
    alwaysThereIn.set(schemas, known);
  }
  let fields = known.get(schemaName);
  if (!fields) {
    fields = Object.entries(schemas[schemaName]?.fields ?? {}).flatMap(([name, field]): AlwaysThere[] => {
      const { default: value, type, ref = "" } = field;
      if (value === undefined) return [];
      if (type === "ref") return [[name, () => emptyStruct(schemas, ref)]];
      return field.required === true ? [[name, () => value]] : [];
    });
    known.set(schemaName, fields);
  }
  return fields;
}

/** A struct of which nothing was stated. */
export function emptyStruct(schemas: SchemaTable, schemaName: string): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, empty] of alwaysThere(schemas, schemaName)) out[name] = empty();
  return out;
}
