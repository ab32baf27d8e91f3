/**
 * Random objects of a kind: mostly of the right shape, with wrong places in it. All choices come from a list of bytes, so that fast-check can
 * shrink them: 0 is always the tamest choice, and a list that has come to its end gives 0 for ever.
 */
import type { FieldSchema, ResourceInfo, SchemaTable } from "../../src/api/schema.ts";

export class Choices {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** In [0, below); below is at most 65,536. */
  int(below: number): number {
    const byte = (): number => this.#bytes[this.#at++] ?? 0;
    return (below > 256 ? byte() * 256 + byte() : byte()) % below;
  }

  /** True in `percent` of 100 cases, false when there is nothing left to choose from. */
  chance(percent: number): boolean {
    return this.int(100) >= 100 - percent;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.int(values.length)]!;
  }

  get exhausted(): boolean {
    return this.#at >= this.#bytes.length;
  }
}

type Json = Record<string, unknown>;

/** How deep the schema of a schema (of a CustomResourceDefinition) and the like are followed. */
const DEPTH_MAX = 9;

/** Keys that JavaScript treats specially, and keys that no name may have. */
const WEIRD_KEYS = [
  "constructor",
  "toString",
  "__proto__",
  "hasOwnProperty",
  "valueOf",
  "",
  "\0",
  "a.b",
  "[0]",
  "\ud800",
  "é",
  "x".repeat(300),
  "length",
];

const WEIRD_STRINGS = [
  "",
  " ",
  "\0",
  "\ud800",
  "a\udc00b",
  "__proto__",
  "constructor",
  "toString",
  "🚢",
  "\u0301",
  "\u202e",
  "a\nb",
  "%s%d%v",
  "$(A)",
  "x".repeat(70),
  "y".repeat(300),
  "[1-",
  "(((((((((((((((((((",
  "../..",
  "/",
  ":",
  "-",
  "0",
  "null",
  "1e999",
  "9".repeat(400),
  "١٢",
  "{{",
  "a=b,c in (d",
  "\\",
];

const PLAUSIBLE_STRINGS = [
  "web",
  "a",
  "default",
  "app.kubernetes.io/name",
  "nginx:1.27",
  "10.0.0.1",
  "2001:db8::1",
  "10.0.0.0/8",
  "/healthz",
  "80",
  "http",
  "TCP",
  "UDP",
  "example.com",
  "*",
  "100m",
  "1Gi",
  "50%",
  "200%",
  "-1",
  "cpu",
  "memory",
  "pods",
  "requests.cpu",
  "Pod",
  "apps",
  "v1",
  "kubernetes.io/hostname",
  "* * * * *",
  "TZ=UTC * * * * *",
  "Europe/Paris",
  "2026-01-01T00:00:00Z",
  "2026-01-01T00:00:00.000001Z",
  "object.spec.x > 1",
  "ReadWriteOnce",
  "Always",
  "None",
  "kubernetes.io/tls",
  "eyJhIjoxfQ==",
  "metadata.name",
  "example.com/device",
  "system:masters",
  "unknown",
];

const NUMBERS = [
  1,
  0,
  2,
  80,
  100,
  443,
  30000,
  65535,
  65536,
  3600,
  -1,
  -0,
  0.5,
  1e9,
  2147483647,
  2147483648,
  -2147483649,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  -(2 ** 63),
  1e21,
  1e308,
  5e-324,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

const QUANTITIES = [
  "1",
  "0",
  "100m",
  "1Gi",
  "1.5",
  "-1",
  "0.0001m",
  "1e3",
  "1E",
  "12Ei",
  "9".repeat(40),
  "1e999999",
  "1KiB",
  "",
  ".",
  "+",
  1,
  0.1,
  1e300,
  5e-324,
];

function anyValue(choices: Choices, depth: number): unknown {
  switch (choices.int(depth > 3 ? 8 : 11)) {
    case 0:
      return null;
    case 1:
      return choices.pick(WEIRD_STRINGS);
    case 2:
      return choices.pick(PLAUSIBLE_STRINGS);
    case 3:
      return choices.pick(NUMBERS);
    case 4:
      return choices.chance(50);
    case 5:
      return choices.pick<unknown>([10n, 2n ** 63n, -(2n ** 64n)]);
    case 6:
      return [];
    case 7:
      return {};
    case 8:
      return Array.from({ length: 1 + choices.int(4) }, () => anyValue(choices, depth + 1));
    case 9:
      return depth === 0 && choices.chance(3) ? nested(choices.pick([40, 900, 1500, 12_000]), choices.chance(50)) : [null];
    default:
      return record(Array.from({ length: 1 + choices.int(4) }, () => [anyKey(choices), anyValue(choices, depth + 1)] as const));
  }
}

function nested(levels: number, list: boolean): unknown {
  let value: unknown = list ? [] : {};
  for (let i = 0; i < levels; i++) value = list ? [value] : { properties: value };
  return value;
}

const anyKey = (choices: Choices): string => choices.pick(choices.chance(40) ? WEIRD_KEYS : PLAUSIBLE_STRINGS);

/** Every key is the object's own, also `__proto__`. */
function record(entries: readonly (readonly [string, unknown])[]): Json {
  const out: Json = {};
  for (const [key, value] of entries) Object.defineProperty(out, key, { value, enumerable: true, writable: true, configurable: true });
  return out;
}

/** A value of a schema, with a wrong one now and then. */
function fromSchema(choices: Choices, schema: FieldSchema, schemas: SchemaTable, depth: number): unknown {
  if (choices.chance(3)) return anyValue(choices, 0);
  switch (schema.type) {
    case "string":
      return choices.pick(
        choices.chance(12) ? WEIRD_STRINGS : schema.enum !== undefined && schema.enum.length > 0 ? schema.enum : PLAUSIBLE_STRINGS,
      );
    case "boolean":
      return choices.chance(50);
    case "int32":
    case "int64":
    case "double":
      return choices.pick(NUMBERS);
    case "bytes":
      return choices.pick(["eA==", "", "AAAA", "=", "a", "é", "eyJhdXRocyI6e319"]);
    case "time":
    case "micro-time":
      return choices.pick([
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.123456Z",
        "2026-13-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:60+99:99",
        "yesterday",
      ]);
    case "duration":
      return choices.pick(["5s", "1h", "", "-1s", "999999999h", "x"]);
    case "quantity":
      return choices.pick(QUANTITIES);
    case "int-or-string":
      return choices.pick<unknown>([80, "http", "50%", "101%", "%", -1, 0, 2 ** 31, 1.5, ""]);
    case "any":
      return anyValue(choices, 1);
    case "ref":
      return structOf(choices, schema.ref!, schemas, depth + 1);
    case "list":
      return Array.from({ length: listLength(choices, depth) }, () => fromSchema(choices, schema.items!, schemas, depth + 1));
    case "map":
      return record(
        Array.from({ length: listLength(choices, depth) }, () => [anyKey(choices), fromSchema(choices, schema.items!, schemas, depth + 1)]),
      );
  }
}

function listLength(choices: Choices, depth: number): number {
  if (choices.exhausted || depth > DEPTH_MAX) return 0;
  return choices.pick([1, 1, 2, 0, 1, 3]);
}

function structOf(choices: Choices, name: string, schemas: SchemaTable, depth: number): Json {
  const entries: [string, unknown][] = [];
  const fields = Object.entries(schemas[name]!.fields);
  for (const [field, schema] of fields) {
    const wanted = schema.required === true ? !choices.chance(5) : !choices.exhausted && choices.chance(Math.min(40, 250 / fields.length));
    if (wanted && (depth <= DEPTH_MAX || schema.type !== "ref")) entries.push([field, fromSchema(choices, schema, schemas, depth)]);
  }
  if (choices.chance(3)) entries.push([anyKey(choices), anyValue(choices, 1)]);
  return record(entries);
}

/** From the schema alone: rarely valid, but every field gets its turn. */
export function schemaObject(choices: Choices, info: ResourceInfo, schemas: SchemaTable): Json {
  const apiVersion = info.group === "" ? info.version : `${info.group}/${info.version}`;
  const made = structOf(choices, info.schema, schemas, 0);
  const name = choices.pick(["a", "b", "web-1", "x.example.com", "system:node:a"]);
  const metadata = choices.chance(70) ? { name, ...(info.namespaced ? { namespace: "default" } : {}) } : made["metadata"];
  return record([
    ...Object.entries(made).filter(([key]) => key !== "metadata"),
    ["apiVersion", apiVersion],
    ["kind", info.kind],
    ["metadata", metadata],
  ]);
}

/** An object with some of its places changed: removed, of another value, of another type, doubled, or with a further field of the schema. */
export function mutated(choices: Choices, object: Json, info: ResourceInfo, schemas: SchemaTable): Json {
  let out = object;
  for (let left = choices.pick([1, 1, 2, 0, 3, 6]); left > 0; left--)
    out = changed(choices, out, { type: "ref", ref: info.schema }, schemas, 0) as Json;
  return out;
}

function changed(choices: Choices, value: unknown, schema: FieldSchema | undefined, schemas: SchemaTable, depth: number): unknown {
  const here = depth > 0 && (depth > 200 || typeof value !== "object" || value === null || choices.chance(12));
  if (here) return choices.chance(35) || !schema ? anyValue(choices, 0) : fromSchema(choices, schema, schemas, depth);
  if (Array.isArray(value)) return changedList(choices, value, schema?.items, schemas, depth);
  const map = value as Json;
  const fields = schema?.type === "ref" ? schemas[schema.ref!]!.fields : undefined;
  const fieldOf = (key: string): FieldSchema | undefined =>
    fields ? (Object.hasOwn(fields, key) ? fields[key] : undefined) : schema?.items;
  // What an object is must stay, mostly: else nothing further is looked at.
  const keys = Object.keys(map).filter((key) => depth > 0 || (key !== "kind" && key !== "apiVersion") || choices.chance(1));
  switch (keys.length === 0 ? 3 : choices.int(10)) {
    case 1: {
      const gone = choices.pick(keys);
      return record(Object.entries(map).filter(([key]) => key !== gone));
    }
    case 2:
    case 3:
    case 4: {
      const key = fields && !choices.chance(15) ? choices.pick(Object.keys(fields)) : anyKey(choices);
      const field = fieldOf(key);
      if (depth === 0 && (key === "kind" || key === "apiVersion")) return map;
      const added = field ? fromSchema(choices, field, schemas, depth + 1) : anyValue(choices, 0);
      return record([...Object.entries(map).filter(([k]) => k !== key), [key, added]]);
    }
    default: {
      const at = choices.pick(keys);
      return record(Object.entries(map).map(([key, v]) => [key, key === at ? changed(choices, v, fieldOf(key), schemas, depth + 1) : v]));
    }
  }
}

function changedList(
  choices: Choices,
  list: readonly unknown[],
  items: FieldSchema | undefined,
  schemas: SchemaTable,
  depth: number,
): unknown {
  const fresh = (): unknown => (items ? fromSchema(choices, items, schemas, depth + 1) : anyValue(choices, 1));
  if (list.length === 0) return [fresh()];
  const at = choices.int(list.length);
  switch (choices.int(8)) {
    case 1:
      return list.filter((_, i) => i !== at);
    case 2:
      return [...list, list[at]];
    case 3:
      return [...list, fresh()];
    case 4:
      return [...list].reverse();
    default:
      return list.map((item, i) => (i === at ? changed(choices, item, items, schemas, depth + 1) : item));
  }
}

/** A patch document for an object: of any of the three kinds. */
export function randomPatch(
  choices: Choices,
  object: Json,
  info: ResourceInfo,
  schemas: SchemaTable,
): { readonly type: "merge" | "json" | "strategic"; readonly patch: unknown } {
  const type = choices.pick(["merge", "json", "strategic"] as const);
  if (choices.chance(8)) return { type, patch: anyValue(choices, 0) };
  if (type !== "json") {
    const patch = mutated(choices, { ...(choices.chance(50) ? object : {}), ...schemaObject(choices, info, schemas) }, info, schemas);
    const { metadata: _, ...rest } = patch;
    return { type, patch: choices.chance(60) ? rest : { ...rest, ...directives(choices) } };
  }
  const operations = Array.from({ length: 1 + choices.int(4) }, () => ({
    op: choices.pick(["add", "remove", "replace", "move", "copy", "test", "nothing"]),
    path: randomPointer(choices, object),
    from: randomPointer(choices, object),
    value: anyValue(choices, 0),
  }));
  return { type, patch: operations };
}

function directives(choices: Choices): Json {
  return record([
    [
      choices.pick(["$patch", "$retainKeys", "$setElementOrder/containers", "$deleteFromPrimitiveList/finalizers"]),
      choices.chance(50) ? choices.pick(["replace", "delete", "merge"]) : anyValue(choices, 0),
    ],
    [
      "spec",
      choices.chance(50)
        ? { $patch: "replace", containers: [{ $patch: "delete", name: "a" }, { $patch: "replace" }, anyValue(choices, 0)] }
        : anyValue(choices, 0),
    ],
  ]);
}

function randomPointer(choices: Choices, object: Json): string {
  if (choices.chance(6))
    return choices.pick([
      "",
      "/",
      "x",
      "/~2",
      "/spec/-",
      "/__proto__/polluted",
      "/constructor/prototype/polluted",
      "/metadata/labels/a~1b",
    ]);
  let path = "";
  let value: unknown = object;
  while (typeof value === "object" && value !== null && !choices.chance(20)) {
    const keys = Object.keys(value);
    if (keys.length === 0) break;
    const key = choices.pick(keys);
    path += `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    value = (value as Json)[key];
    if (choices.exhausted) break;
  }
  return choices.chance(15) ? `${path}/${choices.pick(["-", "0", "99", "-1", "01", "new", "1e3"])}` : path;
}
