/** Whatever a schema allows gets an answer: decoding, defaults and rules never throw. */
import { test } from "uvu";
import { RESOURCES } from "../../../../generated/v1.36/resources.ts";
import { SCHEMAS } from "../../../../generated/v1.36/schemas.ts";
import type { Unchecked } from "../../../api/object.ts";
import type { FieldSchema, ResourceInfo } from "../../../api/schema.ts";
import { type RandomStream, randomStream } from "../../../lib/random.ts";
import { decode } from "../decode.ts";
import { applyDefaults } from "../defaults/index.ts";
import { validateCreate, validateStatusUpdate, validateUpdate } from "./index.ts";

const ROUNDS = 100;
const DEPTH_MAX = 9;
const TEXTS = ["", "x", "a.b", "A B", "__proto__", "10.0.0.1/33", "::1", "100%", "*/5 * * * *", "Always", "In", "\u0000", "x".repeat(300)];
const NUMBERS = [-1, 0, 1, 80, 70_000, 2_147_483_647];

/** A value that the schema allows, with fields missing and lists empty. */
function draw(schema: FieldSchema, random: RandomStream, depth: number): unknown {
  const text = (): string => TEXTS[random.int(TEXTS.length)]!;
  switch (schema.type) {
    case "string":
      return schema.enum && random.int(2) === 0 ? schema.enum[random.int(schema.enum.length)] : text();
    case "boolean":
      return random.int(2) === 0;
    case "int32":
    case "int64":
    case "double":
      return NUMBERS[random.int(NUMBERS.length)];
    case "bytes":
      return ["", "e30=", "AAAA"][random.int(3)];
    case "time":
      return "2026-01-01T00:00:00Z";
    case "micro-time":
      return "2026-01-01T00:00:00.000000Z";
    case "quantity":
      return ["0", "-1", "1.5Gi", "3m", 2][random.int(5)];
    case "int-or-string":
      return random.int(2) === 0 ? text() : NUMBERS[random.int(NUMBERS.length)];
    case "list":
      return Array.from({ length: depth > DEPTH_MAX ? 0 : random.int(3) }, () =>
        random.int(8) === 0 ? null : draw(schema.items!, random, depth + 1),
      );
    case "map":
      return Object.fromEntries(
        Array.from({ length: depth > DEPTH_MAX ? 0 : random.int(3) }, () => [text(), draw(schema.items!, random, depth + 1)]),
      );
    case "ref":
      return drawStruct(schema.ref!, random, depth + 1);
    default:
      return [null, "x", 1, { a: [] }, []][random.int(5)];
  }
}

function drawStruct(name: string, random: RandomStream, depth: number): Unchecked {
  const out: Record<string, unknown> = {};
  for (const [field, schema] of Object.entries(SCHEMAS[name]!.fields)) {
    if (depth > DEPTH_MAX || random.int(3) === 0) continue;
    out[field] = random.int(12) === 0 ? null : draw(schema, random, depth);
  }
  return out;
}

function check(resource: ResourceInfo): void {
  const random = randomStream(`robust ${resource.group} ${resource.kind}`);
  const apiVersion = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
  let before: ReturnType<typeof applyDefaults> | undefined;
  for (let i = 0; i < ROUNDS; i++) {
    const answer = decode({ ...drawStruct(resource.schema, random, 0), apiVersion, kind: resource.kind }, resource, SCHEMAS, "Ignore");
    if ("refused" in answer) continue;
    const object = applyDefaults(answer.object);
    validateCreate(object, resource);
    if (before) {
      validateUpdate(object, before, resource);
      validateStatusUpdate(object, before, resource);
    }
    before = object;
  }
}

for (const resource of RESOURCES) {
  if (resource.verbs.includes("update")) test(`${resource.group}/${resource.version} ${resource.kind} never throws`, () => check(resource));
}

test.run();
