/** The zero value of a Go struct as JSON shows it: the fields that are never left out. */
import type { Unchecked } from "../../api/object.ts";
import type { FieldSchema, SchemaTable } from "../../api/schema.ts";

/** Whether a list, map or pointer that is always written shows as `null` (as it does in an object that nothing was set on). */
type Nulls = "nulls" | "no nulls";

const caches = {
  nulls: new WeakMap<SchemaTable, Map<string, Unchecked>>(),
  "no nulls": new WeakMap<SchemaTable, Map<string, Unchecked>>(),
};

/** `{}` for a struct whose fields may all be left out; `{ replicas: 0 }` where the count is always written. */
export function zeroOf(schema: string, schemas: SchemaTable, nulls: Nulls = "no nulls"): Unchecked {
  let known = caches[nulls].get(schemas);
  if (!known) {
    known = new Map();
    caches[nulls].set(schemas, known);
  }
  const found = known.get(schema);
  if (found) return found;
  const out: Record<string, unknown> = {};
  known.set(schema, out);
  for (const [name, field] of Object.entries(schemas[schema]?.fields ?? {})) {
    const zero = zeroField(field, schemas, nulls);
    if (zero !== undefined) out[name] = zero;
  }
  return out;
}

/** A struct that is no pointer has `default: {}` in the document; a plain number, text or flag that is always written its zero. */
function zeroField(field: FieldSchema, schemas: SchemaTable, nulls: Nulls): unknown {
  const { default: value } = field;
  if (value === undefined) return field.required && nulls === "nulls" ? null : undefined;
  if (field.type === "ref") {
    const isStruct = typeof value === "object" && value !== null && Object.keys(value).length === 0;
    return isStruct ? zeroOf(field.ref!, schemas, nulls) : undefined;
  }
  return value === 0 || value === "" || value === false ? value : undefined;
}
