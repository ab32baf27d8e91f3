import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject } from "../../api/object.ts";
import { accepted, configMap, DEPLOYMENT, deployment, fixture, NAMESPACE, POD, pod } from "./server-fixture.ts";

type Json = Readonly<Record<string, unknown>>;
const spec = (object: KubeObject | undefined): Json => (object as unknown as { spec: Json }).spec;
const status = (object: KubeObject | undefined): Json => (object as unknown as { status: Json }).status;

test("deletion waits for finalizers, and counts as a generation", () => {
  const { server } = fixture();
  server.create(deployment("web", {}, "x"));
  server.patch(DEPLOYMENT, "web", "default", { metadata: { finalizers: ["example.com/a"] } });
  const going = accepted(server.delete(DEPLOYMENT, "web", "default"));
  assert.equal([going.metadata.deletionTimestamp, going.metadata.generation], ["2026-01-01T00:00:00Z", 2]);
  assert.ok(server.get(DEPLOYMENT, "web", "default"));
  assert.match(server.create(deployment("web")).message!, /^object is being deleted: deployments.apps "web" already exists$/);
  server.patch(DEPLOYMENT, "web", "default", { metadata: { finalizers: null } });
  assert.is(server.get(DEPLOYMENT, "web", "default"), undefined);
});

test("cascades leave a finalizer for the garbage collector", () => {
  const { server } = fixture();
  for (const [cascade, want] of [
    ["foreground", ["foregroundDeletion"]],
    ["orphan", ["orphan"]],
    ["background", undefined],
  ] as const) {
    server.create(deployment(cascade));
    server.delete(DEPLOYMENT, cascade, "default", { cascade });
    assert.equal(server.get(DEPLOYMENT, cascade, "default")?.metadata.finalizers, want, cascade);
  }
  const made = accepted(server.create(deployment("pre")));
  const wrong = server.delete(DEPLOYMENT, "pre", "default", { preconditions: { uid: "x" } });
  assert.match(wrong.message!, /the UID in the precondition \(x\) does not match the UID in record/);
  assert.is(server.delete(DEPLOYMENT, "pre", "default", { preconditions: { uid: made.metadata.uid! } }).code, 200);
});

test("Pods have time to stop once they are scheduled, and none when they are not or are finished", () => {
  const { server } = fixture();
  const start = (name: string, phase?: string): void => {
    server.create(pod(name));
    server.bind(name, "default", "node-1");
    if (phase) server.patch(POD, name, "default", { status: { phase } }, { subresource: "status" });
  };
  server.create(pod("unscheduled"));
  start("running", "Running");
  start("done", "Succeeded");
  for (const name of ["unscheduled", "done"]) {
    server.delete(POD, name, "default");
    assert.is(server.get(POD, name, "default"), undefined, name);
  }
  server.delete(POD, "running", "default");
  const going = server.get(POD, "running", "default")!;
  assert.equal(
    [going.metadata.deletionTimestamp, going.metadata.deletionGracePeriodSeconds, going.metadata.generation],
    ["2026-01-01T00:00:30Z", 30, 2],
  );
  server.delete(POD, "running", "default", { gracePeriodSeconds: 60 });
  assert.is(server.get(POD, "running", "default")?.metadata.deletionGracePeriodSeconds, 30);
  server.delete(POD, "running", "default", { gracePeriodSeconds: 5 });
  assert.is(server.get(POD, "running", "default")?.metadata.deletionTimestamp, "2026-01-01T00:00:05Z");
  server.delete(POD, "running", "default", { gracePeriodSeconds: 0 });
  assert.is(server.get(POD, "running", "default"), undefined);
});

test("a Pod is bound once, and not while it is gated or going", () => {
  const { server } = fixture();
  server.create({ apiVersion: "v1", kind: "Node", metadata: { name: "n", labels: { "topology.kubernetes.io/zone": "a" } } });
  server.create(pod("p"));
  assert.is(server.bind("p", "default", "n").code, 201);
  const bound = server.get(POD, "p", "default")!;
  assert.is(spec(bound)["nodeName"], "n");
  assert.is(bound.metadata.labels?.["topology.kubernetes.io/zone"], "a");
  assert.equal(status(bound)["conditions"], [{ type: "PodScheduled", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" }]);
  assert.is(
    server.bind("p", "default", "m").message,
    'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n"',
  );
  server.create(pod("gated", { schedulingGates: [{ name: "x/y" }] }));
  assert.match(server.bind("gated", "default", "n").message!, /pod gated has non-empty .spec.schedulingGates$/);
});

test("a namespace is Terminating until its finalizer is taken off", () => {
  const { server } = fixture();
  server.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } });
  const made = server.get(NAMESPACE, "n")!;
  assert.equal(
    [spec(made), status(made), made.metadata.labels],
    [{ finalizers: ["kubernetes"] }, { phase: "Active" }, { "kubernetes.io/metadata.name": "n" }],
  );
  assert.is(server.delete(NAMESPACE, "default").message, 'namespaces "default" is forbidden: this namespace may not be deleted');
  server.delete(NAMESPACE, "n");
  assert.is(status(server.get(NAMESPACE, "n"))["phase"], "Terminating");
  assert.is(server.create(configMap("c", {}, { namespace: "n" })).code, 403);
  server.patch(NAMESPACE, "n", undefined, { spec: { finalizers: null } });
  assert.ok(server.get(NAMESPACE, "n"), "a plain write leaves the finalizers alone");
  server.patch(NAMESPACE, "n", undefined, { spec: { finalizers: null } }, { subresource: "finalize" });
  assert.is(server.get(NAMESPACE, "n"), undefined);
});

test.run();
