/**
 * 1,000 random objects of each kind through every way into the API server. Whatever they hold, the answer is a well-formed value in bounded time,
 * what was handed in stays as it was, and what was stored is valid still. Then some of them through a whole cluster and a plan.
 *
 * `SEATRIAL_FUZZ_SEED=N npm test -- fuzz` tries others.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RESOURCES } from "../../generated/v1.36/resources.ts";
import { SCHEMAS } from "../../generated/v1.36/schemas.ts";
import { type KubeObject, kindOf, type Unchecked } from "../../src/api/object.ts";
import type { ResourceInfo } from "../../src/api/schema.ts";
import { type Cluster, createCluster } from "../../src/cluster/cluster.ts";
import { simulatePlan } from "../../src/cluster/simulation.ts";
import { deepEqual } from "../../src/lib/deep-equal.ts";
import { makePlan } from "../../src/plan/plan.ts";
import { renderJson } from "../../src/plan/render/json.ts";
import { renderMarkdown } from "../../src/plan/render/markdown.ts";
import { renderText } from "../../src/plan/render/text.ts";
import { type Answer, isRefused } from "../../src/sim/answer.ts";
import { Choices, mutated, randomPatch, schemaObject } from "../support/random-object.ts";
import { MORE_VALID_OBJECTS } from "../support/valid-objects.ts";

type Json = Record<string, unknown>;

const SEED = Number(process.env["SEATRIAL_FUZZ_SEED"] ?? 36);
const OBJECTS_PER_KIND = 1000;
/** Of one object through everything: generous, for a busy machine. Most take less than a millisecond. */
const OBJECT_MS_MAX = 5000;
const BASES: Readonly<Record<string, Json>> = JSON.parse(
  readFileSync(fileURLToPath(new URL("../conformance/oracle/admission/bases.json", import.meta.url)), "utf8"),
);
const VALID: readonly Json[] = [...Object.values(BASES), ...MORE_VALID_OBJECTS];

const KINDS: readonly ResourceInfo[] = RESOURCES.filter((r) => r.verbs.includes("create"));
const apiVersionOf = ({ group, version }: ResourceInfo): string => (group === "" ? version : `${group}/${version}`);
const validOf = (info: ResourceInfo): readonly Json[] =>
  VALID.filter((o) => o["apiVersion"] === apiVersionOf(info) && o["kind"] === info.kind);

const bytes = fc.uint8Array({ minLength: 24, maxLength: 320, size: "max" });

/** Half of them a valid object with changes, half from the schema alone. */
function randomObject(choices: Choices, info: ResourceInfo, valid: readonly Json[]): Json {
  const seed = valid.length > 0 && !choices.chance(35) ? choices.pick(valid) : schemaObject(choices, info, SCHEMAS);
  return mutated(choices, seed, info, SCHEMAS);
}

/** An object that anyone writes to throws. */
function frozen<T>(value: T): T {
  const todo: unknown[] = [value];
  for (let next = todo.pop(); todo.length > 0 || next !== undefined; next = todo.pop()) {
    if (typeof next !== "object" || next === null || Object.isFrozen(next)) continue;
    Object.freeze(next);
    todo.push(...Object.values(next));
  }
  return value;
}

function wellFormed(answer: Answer, what: string): Answer {
  assert.ok(Number.isInteger(answer.code) && answer.code >= 200 && answer.code < 600, `${what}: code ${answer.code}`);
  for (const warning of answer.warnings ?? []) assert.type(warning, "string", what);
  if (!isRefused(answer)) {
    assert.type(answer.object, "object", what);
    assert.type(answer.object.metadata, "object", what);
    return answer;
  }
  assert.ok(
    answer.code < 500 || answer.reason === "" || answer.reason === "InternalError",
    `${what}: ${answer.code} ${answer.reason} ${answer.message}`,
  );
  assert.type(answer.reason, "string", what);
  assert.type(answer.message, "string", what);
  assert.not.match(
    answer.message,
    /\[object |\bundefined\b(?! field)|\bNaN\b|is not a function|Cannot read prop/,
    `${what}: ${answer.message}`,
  );
  assert.ok(answer.message !== "", `${what}: no message`);
  for (const cause of answer.causes ?? [])
    assert.ok(
      [cause.reason, cause.field, cause.message].every((t) => typeof t === "string"),
      what,
    );
  return answer;
}

const VALIDATIONS = ["Strict", "Warn", "Ignore"] as const;

function throughTheServer(cluster: Cluster, info: ResourceInfo, valid: readonly Json[], choices: Choices): void {
  const object = frozen(randomObject(choices, info, valid));
  const fieldValidation = choices.pick(VALIDATIONS);
  wellFormed(cluster.create(object, { dryRun: true, fieldValidation }), "dry run");
  wellFormed(cluster.apply(object, { dryRun: true, force: choices.chance(50) }), "apply");
  wellFormed(cluster.update(object, { dryRun: true, fieldValidation }), "update of what may not be there");
  wellFormed(cluster.server.updateStatus(object as unknown as KubeObject, { dryRun: true }), "update of a status");
  const created = choices.chance(50) ? cluster.create(object, { fieldValidation }) : cluster.apply(object);
  if (isRefused(wellFormed(created, "create"))) return;
  const kept = created.object;
  if (kept === undefined || cluster.server.get(kept, kept.metadata.name, kept.metadata.namespace) === undefined) return;
  const stored = frozen(kept);
  const again = wellFormed(cluster.update(stored), "update with what is stored");
  // As in the real server, only an update looks at them.
  if (/status\.addresses\[\d+\]: Duplicate value/.test(again.message ?? "")) return;
  assert.is(again.message, undefined, "what is stored is valid");
  assert.ok(deepEqual(again.object, stored), "an update with what is stored changes nothing");
  const { name, namespace } = stored.metadata;
  const { patch, type } = randomPatch(choices, stored as unknown as Json, info, SCHEMAS);
  const kind = kindOf(stored.apiVersion, stored.kind);
  wellFormed(cluster.server.patch(kind, name, namespace, frozen(patch), { type, fieldValidation }), `${type} patch`);
  const now = cluster.server.get(kind, name, namespace);
  if (now) wellFormed(cluster.update(frozen(mutated(choices, now as unknown as Json, info, SCHEMAS))), "update");
  const last = cluster.server.get(kind, name, namespace);
  if (last) assert.is(cluster.update(last).message, undefined, "what patches and updates left is valid");
  wellFormed(cluster.server.apply(object), "apply again");
  for (let i = 0; i < 2 && cluster.server.get(kind, name, namespace); i++) {
    wellFormed(cluster.server.delete(kind, name, namespace), "delete");
    if (cluster.server.get(kind, name, namespace)) cluster.server.patch(kind, name, namespace, { metadata: { finalizers: null } });
  }
}

for (const info of KINDS)
  test(`${OBJECTS_PER_KIND} random objects: ${apiVersionOf(info)} ${info.kind}`, () => {
    const valid = validOf(info);
    let cluster = createCluster({ controllers: false });
    let taken = 0;
    fc.assert(
      fc.property(bytes, (given) => {
        const start = performance.now();
        // What is left over must not add up.
        if (taken++ % 200 === 199) cluster = createCluster({ controllers: false });
        throughTheServer(cluster, info, valid, new Choices(given));
        const ms = performance.now() - start;
        assert.ok(ms < OBJECT_MS_MAX, `${ms} ms`);
      }),
      { numRuns: OBJECTS_PER_KIND, seed: SEED },
    );
  });

const KEPT: readonly ResourceInfo[] = KINDS.filter((r) => r.verbs.includes("list"));
const node = (name: string): Json => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels: { "kubernetes.io/hostname": name } },
  status: { capacity: { cpu: "8", memory: "32Gi", pods: "110" }, allocatable: { cpu: "8", memory: "32Gi", pods: "110" } },
});

/** Objects of any kinds: most of them what controllers act on. */
function randomApp(choices: Choices, count: number): readonly Json[] {
  return Array.from({ length: count }, () => {
    const info = choices.pick(KEPT);
    return randomObject(choices, info, validOf(info));
  });
}

test("random objects in a cluster with controllers: it settles", () => {
  fc.assert(
    fc.property(bytes, (given) => {
      const choices = new Choices(given);
      const cluster = createCluster();
      for (const name of ["a", "b"]) cluster.server.load(frozen(node(name)));
      const objects = frozen(randomApp(choices, 12));
      for (const object of objects) {
        wellFormed(cluster.create(object), "create");
        if (choices.chance(30)) cluster.settle({ maxSeconds: 30 });
      }
      cluster.settle();
      for (const object of objects)
        wellFormed(cluster.apply(mutated(choices, object, choices.pick(KEPT), SCHEMAS), { force: true }), "apply");
      cluster.settle();
      assert.not.ok(cluster.limitReached);
    }),
    { numRuns: 60, seed: SEED },
  );
});

test("clusters of random objects as they might be dumped: loaded, and planned on", () => {
  fc.assert(
    fc.property(bytes, (given) => {
      const choices = new Choices(given);
      // What the loaders let through has these three.
      const isObject = ({ apiVersion, kind, metadata }: Json): boolean =>
        typeof apiVersion === "string" &&
        typeof kind === "string" &&
        typeof metadata === "object" &&
        metadata !== null &&
        !Array.isArray(metadata);
      const wanted = (objects: readonly Json[]) =>
        objects.filter(isObject).map((object) => ({ object: object as Unchecked, source: undefined }));
      const base = randomApp(choices, 6);
      const next = base.flatMap((o) =>
        choices.chance(20) ? [] : choices.chance(50) ? [o] : [mutated(choices, o, choices.pick(KEPT), SCHEMAS)],
      );
      const { before, after } = simulatePlan({
        cluster: wanted([node("a"), ...randomApp(choices, 6)]),
        base: wanted(base),
        next: wanted(next),
      });
      const plan = makePlan({
        before,
        after,
        base: wanted(base),
        next: wanted(next),
        inputs: { entry: "a.yaml", base: "b.yaml", head: null, cluster: "c.yaml", environment: null },
        kubernetes: "1.36",
        builtInCluster: false,
        startSeconds: 1,
      });
      for (const text of [renderText(plan, { colors: true, columns: 100 }), renderMarkdown(plan), renderJson(plan)])
        assert.type(text, "string");
      assert.ok(after.settled);
    }),
    { numRuns: 40, seed: SEED },
  );
});

test.run();
