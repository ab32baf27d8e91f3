import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RESOURCES } from "../../../generated/v1.36/resources.ts";
import { SCHEMAS } from "../../../generated/v1.36/schemas.ts";
import type { Unchecked } from "../../api/object.ts";
import type { ResourceInfo } from "../../api/schema.ts";
import { decode } from "./decode.ts";

const resource = (kind: string): ResourceInfo => RESOURCES.find((r) => r.kind === kind && r.version === "v1")!;

function messageOf(kind: string, object: Unchecked): string | undefined {
  const decoded = decode(object, resource(kind), SCHEMAS, "Strict");
  return "refused" in decoded ? decoded.refused.message : undefined;
}

function decoded(kind: string, object: Unchecked): unknown {
  const answer = decode(object, resource(kind), SCHEMAS, "Strict");
  assert.ok("object" in answer, "refused" in answer ? answer.refused.message : "");
  return answer.object;
}

const container = (c: Unchecked): Unchecked => ({ metadata: { name: "p" }, spec: { containers: [c] } });
const POD = 'Pod in version "v1" cannot be handled as a Pod: ';

const refusals: readonly [string, Unchecked, string][] = [
  [
    "a wrong type deep inside",
    container({ ports: [{ containerPort: "x" }] }),
    "json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
  ],
  [
    "a type of its own name",
    container({ imagePullPolicy: 1 }),
    "json: cannot unmarshal number into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy",
  ],
  [
    "an embedded struct is part of the path",
    { spec: { volumes: [{ emptyDir: [] }] } },
    "json: cannot unmarshal array into Go struct field Volume.spec.volumes.VolumeSource.emptyDir of type v1.EmptyDirVolumeSource",
  ],
  [
    "beyond int32",
    container({ ports: [{ containerPort: 2147483648 }] }),
    "json: cannot unmarshal number 2147483648 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
  ],
  [
    "the first of two wrong types",
    { metadata: { name: 1, labels: [] } },
    "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string",
  ],
  [
    "a quantity ends decoding",
    { metadata: { name: 1 }, spec: { overhead: { cpu: "much" } } },
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [
    "unknown fields, in order",
    { bogus: 1, spec: { containers: [{ x: 1 }, { y: 1 }] } },
    'strict decoding error: unknown field "bogus", unknown field "spec.containers[0].x", unknown field "spec.containers[1].y"',
  ],
  ["the prototype is no field", JSON.parse('{"__proto__": {"a": 1}}') as Unchecked, 'strict decoding error: unknown field "__proto__"'],
  [
    "a time that is none",
    { metadata: { creationTimestamp: "today" } },
    'parsing time "today" as "2006-01-02T15:04:05Z07:00": cannot parse "today" as "2006"',
  ],
  [
    "an impossible month",
    { metadata: { creationTimestamp: "2026-13-01T00:00:00Z" } },
    'parsing time "2026-13-01T00:00:00Z": month out of range',
  ],
];
for (const [name, object, want] of refusals) test(`refused: ${name}`, () => assert.is(messageOf("Pod", object), POD + want));

test("base64 names the byte", () => {
  assert.is(
    messageOf("Secret", { data: { a: "Not_Valid!" } }),
    'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3',
  );
});

test("canonical quantities, empty fields left out, null absent", () => {
  const pod = decoded(
    "Pod",
    container({ name: "c", image: "", command: [], resources: { limits: { cpu: 1000, memory: "1024Ki" } }, env: null, stdin: false }),
  ) as {
    spec: { containers: unknown[] };
  };
  assert.equal(pod.spec.containers[0], { name: "c", resources: { limits: { cpu: "1k", memory: "1Mi" } } });
});

test("what is no pointer is always there", () => {
  const deployment = decoded("Deployment", { metadata: { name: "d" } }) as { spec: { template: unknown } };
  assert.equal(deployment.spec.template, { metadata: {}, spec: {} });
});

test("a map key named __proto__ is kept as a key", () => {
  const map = decoded("ConfigMap", JSON.parse('{"metadata": {"name": "m"}, "data": {"__proto__": "x"}}') as Unchecked) as { data: object };
  assert.equal(Object.entries(map.data), [["__proto__", "x"]]);
  assert.is(Object.getPrototypeOf(map.data), Object.prototype);
});

test("warnings instead of a refusal, or nothing", () => {
  const object = { metadata: { name: "m" }, bogus: 1 };
  const warn = decode(object, resource("ConfigMap"), SCHEMAS, "Warn");
  assert.ok("warnings" in warn);
  assert.equal(warn.warnings, ['unknown field "bogus"']);
  const ignore = decode(object, resource("ConfigMap"), SCHEMAS, "Ignore");
  assert.ok("warnings" in ignore);
  assert.equal(ignore.warnings, []);
});

test("deep nesting is refused, not a crash", () => {
  let schema: Unchecked = { type: "object" };
  for (let i = 0; i < 50_000; i++) schema = { type: "object", properties: { a: schema } };
  const crd = { spec: { versions: [{ name: "v1", schema: { openAPIV3Schema: schema } }] } };
  assert.match(messageOf("CustomResourceDefinition", crd) ?? "", /exceeded max depth$/);
  let free: unknown = 1;
  for (let i = 0; i < 50_000; i++) free = [free];
  assert.match(
    messageOf("CustomResourceDefinition", { spec: { versions: [{ schema: { openAPIV3Schema: { default: free } } }] } }) ?? "",
    /exceeded max depth$/,
  );
});

test("any JSON gives an answer, and the input is left alone", () => {
  const kinds = ["Pod", "Service", "Deployment", "CustomResourceDefinition", "Secret"].map(resource);
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.dictionary(fc.constantFrom("metadata", "spec", "data", "x"), fc.jsonValue({ maxDepth: 4 })),
      (kind, object) => {
        const before = JSON.stringify(object);
        decode(object, kind, SCHEMAS, "Strict");
        assert.is(JSON.stringify(object), before);
      },
    ),
    { numRuns: 300, seed: 36 },
  );
});

test.run();
