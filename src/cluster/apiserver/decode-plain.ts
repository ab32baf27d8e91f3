/**
 * The quick way through decoding, for objects in which nothing is wrong or unusual: most of them. Whatever this file cannot take for certain it
 * leaves alone altogether: decode.ts then starts from the beginning, and it alone has the rules for errors and their words.
 */
import type { FieldSchema, SchemaTable } from "../../api/schema.ts";
import { invariant } from "../../lib/invariant.ts";
import { canonicalQuantity } from "../../lib/quantity.ts";
import { type AlwaysThere, alwaysThere } from "./decode-always-there.ts";
import { readBase64 } from "./decode-base64.ts";
import { copyFreeForm } from "./decode-free-form.ts";
import { readTime } from "./decode-time.ts";
import { lengthOf } from "./request-size.ts";
import { keepsZero } from "./zero-values.ts";

type Members = Record<string, unknown>;

/** The schema of a CRD's schema, whose unions only decode.ts can read. */
export const JSON_SCHEMA = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";

/** Characters of names and texts: larger objects are left to decode.ts, so that what goes this way is known to be small. */
const TEXT_MAX = 256 * 1024;
/** How many of them are left to the object that is being decoded. */
let room = 0;

/** What decoding asks of a field, looked up once. */
class Field {
  readonly type: FieldSchema["type"] | "unusual";
  /** Whether its zero value is kept. */
  readonly keepsZero: boolean;
  /** For `ref`. */
  readonly struct: Struct | undefined;
  /** For `list` and `map`. */
  readonly items: Field | undefined;
  /** Whether it is one that decoding adds where it is absent. */
  readonly isAlwaysThere: boolean;

  constructor(structs: Structs, schema: FieldSchema, keepsItsZero: boolean, isAlwaysThere: boolean) {
    this.type = schema.ref === JSON_SCHEMA ? "unusual" : schema.type;
    this.keepsZero = keepsItsZero;
    this.struct = schema.ref === undefined ? undefined : structs.get(schema.ref);
    this.items = schema.items && new Field(structs, schema.items, true, false);
    this.isAlwaysThere = isAlwaysThere;
  }
}

class Struct {
  readonly #structs: Structs;
  readonly #name: string;
  /** By name, without a prototype; compiled when the first object of the struct comes. */
  fields: Readonly<Record<string, Field>> | undefined;
  alwaysThere: readonly AlwaysThere[] = [];

  constructor(structs: Structs, name: string) {
    this.#structs = structs;
    this.#name = name;
  }

  compile(): Readonly<Record<string, Field>> {
    const { schemas } = this.#structs;
    const schema = schemas[this.#name];
    invariant(schema, `the schema table has no ${this.#name}`);
    this.alwaysThere = alwaysThere(schemas, this.#name);
    const fields: Record<string, Field> = Object.create(null);
    for (const [name, field] of Object.entries(schema.fields)) {
      const isAlwaysThere = this.alwaysThere.some(([of]) => of === name);
      fields[name] = new Field(this.#structs, field, keepsZero(this.#name, name, field), isAlwaysThere);
    }
    this.fields = fields;
    return fields;
  }
}

class Structs {
  readonly schemas: SchemaTable;
  readonly #byName = new Map<string, Struct>();

  constructor(schemas: SchemaTable) {
    this.schemas = schemas;
  }

  get(name: string): Struct {
    let struct = this.#byName.get(name);
    if (!struct) {
      struct = new Struct(this, name);
      this.#byName.set(name, struct);
    }
    return struct;
  }
}

const compiled = new WeakMap<SchemaTable, Structs>();

/** A copy of the input as `decode` makes it, or undefined where that takes a closer look, or the object is not small. */
export function decodePlain(input: unknown, schemaName: string, schemas: SchemaTable): Members | undefined {
  let structs = compiled.get(schemas);
  if (!structs) {
    structs = new Structs(schemas);
    compiled.set(schemas, structs);
  }
  room = TEXT_MAX;
  if (typeof input !== "object" || input === null) return undefined;
  const decoded = decodeStruct(structs.get(schemaName), input);
  return room < 0 ? undefined : decoded;
}

/** Each of these gives undefined for what it leaves to decode.ts. */
function decodeStruct(struct: Struct, input: object): Members | undefined {
  if (!isPlain(input)) return undefined;
  const fields = struct.fields ?? struct.compile();
  const out: Members = {};
  let present = 0;
  let members = 0;
  for (const name in input) {
    const field = fields[name];
    if (field === undefined) return undefined;
    const given = (input as Members)[name];
    if (given === null || given === undefined) continue;
    const value = decodeField(field, given);
    if (value === undefined) return undefined;
    if (!field.keepsZero && isZero(value)) continue;
    if (field.isAlwaysThere) present++;
    members++;
    out[name] = value;
  }
  room -= (members + 1) * FIELD;
  if (present < struct.alwaysThere.length) addAlwaysThere(struct, out);
  return members > MEMBERS_MANY ? { ...out } : out;
}

/** An object that is made of more members than this one by one is a slow one to V8; a copy of it is not. */
const MEMBERS_MANY = 12;

/** Characters of a field without its value: more than the longest name has. */
const FIELD = 64;
/** Characters of a number, or of the punctuation of anything else. */
const ITEM = 24;

function addAlwaysThere(struct: Struct, out: Members): void {
  for (const [name, empty] of struct.alwaysThere) if (out[name] === undefined) out[name] = empty();
}

/** Of a value of a field whose zero is left out. */
function isZero(value: unknown): boolean {
  if (typeof value !== "object") return value === "" || value === 0 || value === false;
  if (Array.isArray(value)) return value.length === 0;
  for (const _ in value) return false;
  return true;
}

/** An object as it is written in JSON or as a literal: no list, no class with members of its own. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function decodeField(field: Field, value: NonNullable<unknown>): unknown {
  switch (field.type) {
    case "string":
    case "duration":
      return typeof value === "string" ? decodeText(value) : undefined;
    case "ref":
      return typeof value === "object" ? decodeStruct(field.struct!, value) : undefined;
    case "list":
      return Array.isArray(value) ? decodeList(field.items!, value) : undefined;
    case "map":
      return typeof value === "object" ? decodeMap(field.items!, value) : undefined;
    case "int32":
      return isInt32(value) ? value : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "int-or-string":
      if (typeof value === "string") return decodeText(value);
      return isInt32(value) ? value : undefined;
    case "int64":
      return Number.isSafeInteger(value) ? value : undefined;
    case "double":
      return typeof value === "number" ? value : undefined;
    case "quantity":
      return decodeQuantity(value);
    default:
      return decodeRareField(field, value);
  }
}

function decodeText(value: string): string | undefined {
  room -= value.length;
  return room < 0 ? undefined : value;
}

const isInt32 = (value: unknown): boolean => typeof value === "number" && (value | 0) === value;

function decodeQuantity(value: unknown): string | undefined {
  if (typeof value === "string") return canonicalQuantity(value.trim());
  return typeof value === "number" ? canonicalQuantity(value) : undefined;
}

function decodeRareField(field: Field, value: unknown): unknown {
  switch (field.type) {
    case "any":
      room -= lengthOf(value, room);
      return room < 0 ? undefined : (copyFreeForm(value) ?? undefined);
    case "bytes": {
      const read = typeof value === "string" && decodeText(value) !== undefined ? readBase64(value) : undefined;
      return read && "text" in read ? read.text : undefined;
    }
    case "time":
    case "micro-time": {
      const read = typeof value === "string" ? readTime(value, field.type) : undefined;
      return read && "time" in read ? read.time : undefined;
    }
    default:
      return undefined;
  }
}

function decodeList(items: Field, given: readonly unknown[]): unknown[] | undefined {
  room -= given.length * ITEM;
  if (room < 0) return undefined;
  const out: unknown[] = [];
  for (let i = 0; i < given.length; i++) {
    const item = given[i];
    if (item === null || item === undefined) return undefined;
    const value = decodeField(items, item);
    if (value === undefined) return undefined;
    out.push(value);
  }
  return out;
}

function decodeMap(items: Field, given: object): Members | undefined {
  if (!isPlain(given)) return undefined;
  const out: Members = {};
  for (const key in given) {
    const item = (given as Members)[key];
    if (item === null || item === undefined || key === "__proto__") return undefined;
    const value = decodeField(items, item);
    if (value === undefined) return undefined;
    out[key] = value;
    room -= key.length + ITEM;
  }
  return out;
}
