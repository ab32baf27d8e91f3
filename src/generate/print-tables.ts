/** The text of the generated tables. Fields that occur often are written once and shared: the tables are loaded at every `plan`. */
import type { FieldSchema, ObjectSchema, ResourceInfo } from "../api/schema.ts";
import { header } from "./header.ts";

type Rows = Readonly<Record<string, ObjectSchema>>;

/** A field that is written this often gets a constant. */
const SHARED_MIN = 4;

export function printSchemaTable(version: string, rows: Rows): string {
  const shared = sharedFields(rows);
  const constants = [...shared].map(([text, name]) => `const ${name}: FieldSchema = ${text};\n`);
  const body = Object.entries(rows).map(([name, row]) => {
    const fields = Object.entries(row.fields).map(([field, schema]) => {
      const text = literal(schema);
      return `      ${key(field)}: ${shared.get(text) ?? text},\n`;
    });
    const extra = `${row.mapType ? `    mapType: ${literal(row.mapType)},\n` : ""}${row.unions ? `    unions: ${literal(row.unions)},\n` : ""}`;
    return `  ${key(name)}: {\n    goName: ${literal(row.goName)},\n    goType: ${literal(row.goType)},\n    fields: {\n${fields.join("")}    },\n${extra}  },\n`;
  });
  return (
    `${header(version, "schemas")}import type { FieldSchema, SchemaTable } from "../../src/api/schema.ts";\n\n` +
    `${constants.join("")}\nexport const SCHEMAS: SchemaTable = {\n${body.join("")}};\n`
  );
}

export function printResourceTable(version: string, resources: readonly ResourceInfo[]): string {
  const rows = resources.map((r) => `  ${literal(r)},\n`).join("");
  return (
    `${header(version, "discovery")}import type { ResourceInfo } from "../../src/api/schema.ts";\n\n` +
    `export const RESOURCES: readonly ResourceInfo[] = [\n${rows}];\n`
  );
}

/** The constant's name by the field's text, in alphabetical order of the names. */
function sharedFields(rows: Rows): ReadonlyMap<string, string> {
  const uses = new Map<string, { count: number; schema: FieldSchema }>();
  for (const row of Object.values(rows)) {
    for (const schema of Object.values(row.fields)) {
      const text = literal(schema);
      const known = uses.get(text);
      if (known) known.count++;
      else uses.set(text, { count: 1, schema });
    }
  }
  const named = [...uses]
    .filter(([text, u]) => u.count >= SHARED_MIN && !text.includes("ref: "))
    .map(([text, u]) => [constantName(u.schema), text] as const);
  named.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return new Map(named.map(([name, text]) => [text, name]));
}

/** A name that says all of the field, so that it changes only when the field does: `list_string_required_atomic`. */
function constantName(schema: FieldSchema): string {
  const parts: string[] = [schema.type];
  if (schema.ref) parts.push(schema.ref.split(".").slice(-3).join("_"));
  if (schema.items) parts.push(constantName(schema.items));
  for (const [name, value] of Object.entries(schema)) {
    if (name === "type" || name === "ref" || name === "items") continue;
    parts.push(value === true ? name : `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  }
  return parts
    .join("_")
    .replace(/[^a-zA-Z0-9]+/g, "_")
    .replace(/_+$/, "_empty");
}

/** A JavaScript literal on one line, its names quoted only where they must be. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([k, v]) => `${key(k)}: ${literal(v)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  return JSON.stringify(value);
}

/** A property name as source text. */
function key(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : JSON.stringify(name);
}
