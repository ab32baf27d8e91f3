/** The quick way through decoding gives what the exact one gives, or nothing: on the recorded objects, and on random changes of them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RESOURCES } from "../../generated/v1.36/resources.ts";
import { SCHEMAS } from "../../generated/v1.36/schemas.ts";
import type { ResourceInfo } from "../../src/api/schema.ts";
import { decodeExactly } from "../../src/cluster/apiserver/decode.ts";
import { decodePlain } from "../../src/cluster/apiserver/decode-plain.ts";
import { Choices, mutated, schemaObject } from "../support/random-object.ts";
import { MORE_VALID_OBJECTS } from "../support/valid-objects.ts";

type Json = Record<string, unknown>;

const OBJECTS_PER_KIND = 300;
const BASES: Readonly<Record<string, Json>> = JSON.parse(
  readFileSync(fileURLToPath(new URL("../conformance/oracle/admission/bases.json", import.meta.url)), "utf8"),
);
const VALID: readonly Json[] = [...Object.values(BASES), ...MORE_VALID_OBJECTS];
const apiVersionOf = ({ group, version }: ResourceInfo): string => (group === "" ? version : `${group}/${version}`);

/** Whether the quick way took it. */
function sameBothWays(object: Json, info: ResourceInfo): boolean {
  const plain = decodePlain(object, info.schema, SCHEMAS);
  if (plain === undefined) return false;
  const exact = decodeExactly(object, info, SCHEMAS, "Strict");
  assert.ok("object" in exact, "refused" in exact ? exact.refused.message : "");
  assert.is(JSON.stringify(plain), JSON.stringify(exact.object));
  return true;
}

test("recorded objects go the quick way, but for definitions, whose schemas have unions", () => {
  for (const object of VALID) {
    const info = RESOURCES.find((r) => r.kind === object["kind"] && apiVersionOf(r) === object["apiVersion"]);
    if (info) assert.is(sameBothWays(object, info), info.kind !== "CustomResourceDefinition", info.kind);
  }
});

test("random objects are the same both ways", () => {
  let taken = 0;
  for (const info of RESOURCES.filter((r) => r.verbs.includes("create"))) {
    const valid = VALID.filter((o) => o["apiVersion"] === apiVersionOf(info) && o["kind"] === info.kind);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 320, size: "max" }), (bytes) => {
        const choices = new Choices(bytes);
        const seed = valid.length > 0 && !choices.chance(35) ? choices.pick(valid) : schemaObject(choices, info, SCHEMAS);
        if (sameBothWays(mutated(choices, seed, info, SCHEMAS), info)) taken++;
      }),
      { numRuns: OBJECTS_PER_KIND, seed: 36 },
    );
  }
  assert.ok(taken > OBJECTS_PER_KIND, `${taken} taken`);
});

test("what may be large is left alone, whatever makes it so", () => {
  const [pod, map] = ["Pod", "ConfigMap"].map((kind) => RESOURCES.find((r) => r.kind === kind)!);
  const many = <T>(value: T): T[] => Array.from({ length: 50_000 }, () => value);
  const large: readonly [ResourceInfo, Json][] = [
    [map!, { data: { a: "x".repeat(300_000) } }],
    [map!, { data: Object.fromEntries(many("").map((_, i) => [`${i}`, ""])) }],
    [pod!, { spec: { containers: many({}) } }],
    [pod!, { spec: { securityContext: { supplementalGroups: many(1) } } }],
    [pod!, { metadata: { managedFields: [{ fieldsV1: { a: many("abcdefgh") } }] } }],
  ];
  for (const [info, object] of large) assert.is(decodePlain(object, info.schema, SCHEMAS), undefined, Object.keys(object).join());
});

test("what has members by inheritance is left alone", () => {
  const info = RESOURCES.find((r) => r.kind === "ConfigMap")!;
  assert.is(decodePlain(Object.create({ kind: "ConfigMap" }), info.schema, SCHEMAS), undefined);
});

test.run();
