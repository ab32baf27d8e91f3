import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Unchecked } from "../../api/object.ts";
import { accepted, configMap, DEPLOYMENT, deployment, dump, fixture, service } from "./server-fixture.ts";

type Json = Readonly<Record<string, unknown>>;
const fields = (object: { metadata: { managedFields?: readonly unknown[] | undefined } }): readonly Json[] =>
  (object.metadata.managedFields ?? []) as readonly Json[];
const byManager = (object: Parameters<typeof fields>[0]): Json =>
  Object.fromEntries(fields(object).map((e) => [`${e["operation"]} ${e["manager"]}`, e["fieldsV1"]]));

test("an applied object is created, and its fields belong to who applied it", () => {
  const { server } = fixture();
  const answer = server.apply(deployment("web", { replicas: 3 }));
  assert.is(answer.code, 201);
  assert.equal(fields(accepted(answer)), [
    {
      manager: "kubectl",
      operation: "Apply",
      apiVersion: "apps/v1",
      time: "2026-01-01T00:00:00Z",
      fieldsType: "FieldsV1",
      fieldsV1: {
        "f:spec": {
          "f:replicas": {},
          "f:selector": {},
          "f:template": {
            "f:metadata": { "f:labels": { "f:app": {} } },
            "f:spec": { "f:containers": { 'k:{"name":"main"}': { ".": {}, "f:image": {}, "f:name": {} } } },
          },
        },
      },
    },
  ]);
});

test("what a plain create sets belongs to it with its defaults, as an update", () => {
  const { server } = fixture();
  const made = accepted(server.create(configMap("c", { a: "1" }, { labels: { x: "y" } }), { fieldManager: "kubectl-create" }));
  assert.equal(byManager(made), {
    "Update kubectl-create": { "f:data": { ".": {}, "f:a": {} }, "f:metadata": { "f:labels": { ".": {}, "f:x": {} } } },
  });
});

test("changing another's field is a conflict, told in full; forced, the field changes hands", () => {
  const { server } = fixture();
  server.apply(configMap("c", { a: "1", b: "1" }));
  const one = server.apply(configMap("c", { a: "2" }), { fieldManager: "other" });
  assert.is(one.code, 409);
  assert.is(one.reason, "Conflict");
  assert.is(one.message, 'Apply failed with 1 conflict: conflict with "kubectl": .data.a');
  assert.equal((one as { causes?: unknown }).causes, [
    { reason: "FieldManagerConflict", field: ".data.a", message: 'conflict with "kubectl"' },
  ]);
  const two = server.apply(configMap("c", { a: "2", b: "2" }), { fieldManager: "other" });
  assert.is(two.message, 'Apply failed with 2 conflicts: conflicts with "kubectl":\n- .data.a\n- .data.b');
  const forced = accepted(server.apply(configMap("c", { a: "2" }), { fieldManager: "other", force: true }));
  assert.equal((forced as unknown as Json)["data"], { a: "2", b: "1" });
  assert.equal(byManager(forced), { "Apply kubectl": { "f:data": { "f:b": {} } }, "Apply other": { "f:data": { "f:a": {} } } });
});

test("a conflict with an updater names its version", () => {
  const { server } = fixture();
  server.create(deployment("web", { replicas: 1 }), { fieldManager: "edit" });
  const answer = server.apply(deployment("web", { replicas: 2 }));
  assert.is(answer.message, 'Apply failed with 1 conflict: conflict with "edit" using apps/v1: .spec.replicas');
});

test("what a component changes of an applied object is no longer the applier's", () => {
  const { server } = fixture();
  const made = accepted(server.apply(deployment("web", { replicas: 2 })));
  const scaler = server.trustedClient("autoscaler");
  const scaled = { ...made, spec: { ...(made as unknown as { spec: Json }).spec, replicas: 5 } };
  accepted(scaler.update(scaled as typeof made));
  const again = server.apply(deployment("web", { replicas: 2 }));
  assert.is(again.message, 'Apply failed with 1 conflict: conflict with "autoscaler" using apps/v1: .spec.replicas');
});

test("a field that is no longer applied goes, unless somebody else has it too", () => {
  const { server } = fixture();
  const data = (answer: ReturnType<typeof server.apply>): unknown => (accepted(answer) as unknown as Json)["data"];
  assert.equal(data(server.apply(configMap("c", { a: "1", b: "1", c: "1" }))), { a: "1", b: "1", c: "1" });
  assert.equal(data(server.apply(configMap("c", { b: "1" }), { fieldManager: "other" })), { a: "1", b: "1", c: "1" });
  assert.equal(data(server.apply(configMap("c", { c: "1" }))), { b: "1", c: "1" });
  assert.equal(data(server.apply(configMap("c", {}))), { b: "1" });
});

test("an object that nobody applied to keeps what it had", () => {
  const { server } = fixture();
  const client = server.trustedClient("controller");
  client.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "default" }, data: { a: "1" } });
  const applied = accepted(server.apply(configMap("c", { b: "1" })));
  assert.equal((applied as unknown as Json)["data"], { a: "1", b: "1" });
  assert.equal(byManager(applied), {
    "Apply kubectl": { "f:data": { "f:b": {} } },
    "Update before-first-apply": { "f:data": { "f:a": {} } },
  });
});

const container = (name: string, image: string, more: Json = {}): Json => ({ name, image, ...more });
const withContainers = (...containers: readonly Json[]): Unchecked =>
  deployment("web", { template: { metadata: { labels: { app: "web" } }, spec: { containers } } });
const containersOf = (object: unknown): readonly Json[] =>
  (object as { spec: { template: { spec: { containers: readonly Json[] } } } }).spec.template.spec.containers;

test("lists by key: items are merged, kept in order, and go one by one", () => {
  const { server } = fixture();
  server.apply(withContainers(container("a", "x:1"), container("b", "x:1")));
  server.apply(withContainers(container("sidecar", "y:1"), container("a", "x:1")), { fieldManager: "mesh" });
  assert.equal(
    containersOf(server.get(DEPLOYMENT, "web", "default")).map((c) => c["name"]),
    ["sidecar", "a", "b"],
  );
  const changed = accepted(server.apply(withContainers(container("b", "x:2"))));
  assert.equal(
    containersOf(changed).map((c) => [c["name"], c["image"]]),
    [
      ["sidecar", "y:1"],
      ["a", "x:1"],
      ["b", "x:2"],
    ],
  );
  const gone = accepted(server.apply(withContainers(container("sidecar", "y:1")), { fieldManager: "mesh" }));
  assert.equal(
    containersOf(gone).map((c) => c["name"]),
    ["sidecar", "b"],
  );
});

test("keys that have a default need not be given", () => {
  const { server } = fixture();
  const dns = { port: 53, protocol: "UDP", name: "dns" };
  accepted(server.apply(service("s", { ports: [{ port: 80, name: "http" }, dns] })));
  const ports = { ports: [{ port: 80, protocol: "TCP", name: "http", appProtocol: "http" }] };
  const merged = accepted(server.apply(service("s", ports), { fieldManager: "other" }));
  assert.equal(
    (merged as unknown as { spec: { ports: readonly Json[] } }).spec.ports.map((p) => [
      p["port"],
      p["protocol"],
      p["name"],
      p["appProtocol"],
    ]),
    [
      [80, "TCP", "http", "http"],
      [53, "UDP", "dns", undefined],
    ],
  );
});

test("sets grow item by item, atomic values are replaced whole", () => {
  const { server } = fixture();
  const held = (...finalizers: readonly string[]): Unchecked => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c", finalizers },
  });
  server.apply(held("x/a"));
  const both = accepted(server.apply(held("x/b"), { fieldManager: "other" }));
  assert.equal(both.metadata.finalizers, ["x/a", "x/b"]);
  const one = accepted(server.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } }));
  assert.equal(one.metadata.finalizers, ["x/b"]);
  server.apply(service("s", { selector: { app: "web", tier: "front" } }));
  const replaced = server.apply(service("s", { selector: { app: "web" } }), { fieldManager: "other" });
  assert.is(replaced.message, 'Apply failed with 1 conflict: conflict with "kubectl": .spec.selector');
  const forced = accepted(server.apply(service("s", { selector: { app: "web" } }), { fieldManager: "other", force: true }));
  assert.equal((forced as unknown as { spec: Json }).spec["selector"], { app: "web" });
});

test("what cannot be read by the schema is refused before anything is merged", () => {
  const { server } = fixture();
  const web = deployment("web");
  const spec = web["spec"] as Json;
  const cases: readonly (readonly [Unchecked, string])[] = [
    [{ ...web, spec: { ...spec, bogus: 1 } }, ".spec.bogus: field not declared in schema"],
    [{ ...web, spec: { ...spec, replicas: "3" } }, ".spec.replicas: expected numeric (int or float), got string"],
    [{ ...web, spec: { ...spec, paused: "yes" } }, ".spec.paused: expected boolean, got &{yes}"],
    [{ ...web, spec: { ...spec, template: [] } }, ".spec.template: expected map, got &{[]}"],
    [
      withContainers(container("a", "x", { env: [{ name: "A", value: 1 }] })),
      '.spec.template.spec.containers[name="a"].env[name="A"].value: expected string, got &value.valueUnstructured{Value:1}',
    ],
    [withContainers(container("a", "x"), container("a", "y")), '.spec.template.spec.containers: duplicate entries for key [name="a"]'],
    [withContainers(container("a", "x", { ports: {} })), '.spec.template.spec.containers[name="a"].ports: expected list, got &{map[]}'],
    [
      { ...web, spec: { ...spec, replicas: "3", bogus: 1 } },
      "errors:\n  .spec.replicas: expected numeric (int or float), got string\n  .spec.bogus: field not declared in schema",
    ],
  ];
  const before = dump(server);
  for (const [config, text] of cases) {
    const answer = server.apply(config);
    assert.is(answer.code, 500, text);
    assert.is(answer.message?.split("Kind=Deployment): ")[1], text);
  }
  assert.is(server.apply({ ...web, metadata: {} }).message, "resource name may not be empty");
  assert.is(server.apply({ ...web, metadata: { generateName: "w-" } }).message, "from w-: cannot use generate name with apply");
  assert.is(server.apply({ ...web, metadata: { name: "web", managedFields: [] } }).message, "metadata.managedFields must be nil");
  assert.is(dump(server), before);
});

test("what a Secret holds is not part of its error", () => {
  const { server } = fixture();
  const answer = server.apply({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, stringData: { pin: 123456 }, data: [654321] });
  assert.not.match(answer.message!, /123456|654321/);
  assert.match(answer.message!, /\.stringData\.pin: expected string, got \(not shown\)/);
});

test("an empty namespace of a status is left to its own manager", () => {
  const { server } = fixture();
  server.apply({ ...deployment("web"), status: { replicas: 7 } });
  const stored = server.get(DEPLOYMENT, "web", "default")!;
  assert.equal((stored as unknown as Json)["status"], {});
  assert.is(JSON.stringify(stored.metadata.managedFields).includes("status"), false);
});

test("applying the same again changes nothing, not even the revision", () => {
  const key = fc.constantFrom("a", "b", "c", "d");
  const data = fc.dictionary(key, fc.constantFrom("1", "2"));
  const labels = fc.dictionary(key, fc.constantFrom("x", "y"));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom("m1", "m2"), data, labels), { minLength: 1, maxLength: 6 }), (steps) => {
      const { server, loop } = fixture();
      for (const [fieldManager, d, l] of steps) accepted(server.apply(configMap("c", d, { labels: l }), { fieldManager, force: true }));
      const before = dump(server);
      const [fieldManager, d, l] = steps.at(-1)!;
      loop.skipTo(5_000);
      const again = accepted(server.apply(configMap("c", d, { labels: l }), { fieldManager }));
      assert.is(dump(server), before);
      const got = again as unknown as { data?: Json };
      for (const [k, v] of Object.entries(d)) assert.is(got.data?.[k], v);
    }),
    { numRuns: 60 },
  );
});

test.run();
