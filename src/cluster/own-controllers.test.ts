import { test } from "uvu";
import * as assert from "uvu/assert";
import { POD } from "../api/kinds.ts";
import { type Kind, type KubeObject, kindOf, type Unchecked } from "../api/object.ts";
import type { ReconcileResult } from "../sim/work-queue.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { defineController, type ReconcileContext } from "./own-controllers.ts";

interface Gadget extends KubeObject {
  readonly spec?: { readonly size?: number };
}
const GADGET: Kind<Gadget> = kindOf("example.com/v1", "Gadget");

const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.example.com" },
  spec: {
    group: "example.com",
    names: { kind: "Gadget", plural: "gadgets" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};
const gadget = (name: string, rest: Unchecked = {}): Unchecked => ({
  apiVersion: "example.com/v1",
  kind: "Gadget",
  metadata: { name, namespace: "default" },
  ...rest,
});
const configMap = (name: string, owner?: KubeObject): Unchecked => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name,
    namespace: "default",
    ...(owner
      ? {
          ownerReferences: [
            { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid ?? "", controller: true },
          ],
        }
      : {}),
  },
});

/** A cluster whose controller notes the keys it was called with, and does what it is told. */
function noting(
  does: (object: Gadget, context: ReconcileContext) => ReconcileResult = () => {},
  more: Partial<Parameters<typeof defineController<Gadget>>[0]> = {},
): { cluster: Cluster; calls: string[] } {
  const calls: string[] = [];
  const controller = defineController<Gadget>({
    name: "gadget-controller",
    for: GADGET,
    reconcile(object, context) {
      calls.push(context.key);
      return does(object, context);
    },
    gone: ({ key }) => {
      calls.push(`${key} gone`);
    },
    ...more,
  });
  const cluster = createCluster({ controllers: [controller] });
  cluster.create(definition);
  cluster.settle();
  return { cluster, calls };
}

test("an object is reconciled when it comes, when it changes and when it has gone, also of a kind that came later", () => {
  const { cluster, calls } = noting();
  cluster.create(gadget("a"));
  cluster.settle();
  assert.equal(calls.splice(0), ["default/a"]);
  cluster.apply(gadget("a", { spec: { size: 2 } }));
  cluster.apply(gadget("a", { spec: { size: 3 } }));
  cluster.settle();
  assert.equal(calls.splice(0), ["default/a"], "two changes, one look");
  cluster.delete({ kind: "Gadget", name: "a" });
  cluster.settle();
  assert.equal(calls, ["default/a gone"]);
});

test("a change of what it owns reconciles the owner, that of another's does not", () => {
  const { cluster, calls } = noting(undefined, { owns: [kindOf("v1", "ConfigMap")] });
  cluster.create(gadget("a"));
  cluster.settle();
  const owner = cluster.get("Gadget", "a");
  calls.splice(0);
  cluster.create(configMap("mine", owner));
  cluster.create(configMap("nobodys"));
  cluster.create(configMap("of-one-that-was", { ...owner!, metadata: { ...owner!.metadata, uid: "another" } }));
  cluster.settle();
  assert.equal(calls.splice(0), ["default/a"]);
  cluster.delete({ kind: "ConfigMap", name: "mine" });
  cluster.settle();
  assert.equal(calls, ["default/a"]);
});

test("a watch says which keys another object wakes, before and after its change", () => {
  const named = (object: KubeObject): readonly string[] => {
    const name = object.metadata.labels?.["gadget"];
    return name === undefined ? [] : [`default/${name}`];
  };
  const { cluster, calls } = noting(undefined, { watches: [{ kind: kindOf("v1", "Secret"), keysOf: named }] });
  for (const name of ["a", "b"]) cluster.create(gadget(name));
  cluster.settle();
  calls.splice(0);
  const secret = (name: string): Unchecked => ({ apiVersion: "v1", kind: "Secret", metadata: { name: "s", labels: { gadget: name } } });
  cluster.create(secret("a"));
  cluster.settle();
  assert.equal(calls.splice(0), ["default/a"]);
  cluster.apply(secret("b"), { force: true });
  cluster.settle();
  assert.equal(calls.sort(), ["default/a", "default/b"]);
});

test("what it writes is checked as any user's, and applying the same again writes nothing", () => {
  const answers: number[] = [];
  const { cluster, calls } = noting(
    (object, { client }) => {
      answers.push(client.create({ apiVersion: "v1", kind: "Pod", metadata: { name: "broken" }, spec: { containers: [] } }).code);
      const same = { apiVersion: "v1", kind: "ConfigMap", metadata: configMap("mine", object)["metadata"], data: { a: "b" } };
      answers.push(client.apply(same).code);
    },
    { owns: [kindOf("v1", "ConfigMap")] },
  );
  cluster.create(gadget("a"));
  cluster.settle();
  assert.equal(answers, [422, 201, 422, 200]);
  assert.is(calls.length, 2, "its own write brings it back once");
  assert.is(cluster.get("ConfigMap", "mine")?.metadata.managedFields?.[0]?.manager, "gadget-controller");
});

test("a retry backs off, a delay waits in virtual time, and another key does not wait for either", () => {
  const at: [string, number][] = [];
  const { cluster } = noting(({ metadata: { name } }, { clock, queue, key }) => {
    at.push([name, clock.now()]);
    if (name === "later" && clock.now() < 60_000) return { afterMs: 60_000 };
    return name === "retry" && queue.failuresOf(key) < 3 ? "retry" : undefined;
  });
  const start = cluster.now() * 1000;
  for (const name of ["retry", "later", "done"]) cluster.create(gadget(name));
  cluster.advance(120);
  const times = (name: string): number[] => at.flatMap(([n, ms]) => (n === name ? [ms - start] : []));
  assert.equal(times("retry"), [0, 5, 15, 35]);
  assert.equal(times("later"), [0, 60_000]);
  assert.equal(times("done"), [0]);
});

test("events carry the controller's name", () => {
  const { cluster } = noting((_, { report }) => report("Warning", "Odd", "it is odd"));
  cluster.create(gadget("a"));
  cluster.settle();
  const [event] = cluster.events().filter((e) => e.from === "gadget-controller");
  assert.equal([event?.type, event?.reason, event?.message, event?.object], ["Warning", "Odd", "it is odd", "Gadget default/a"]);
});

test("the built-in controllers go on beside it", () => {
  const { cluster } = noting((object, { client, informers }) => {
    if (informers.for(POD).controlledBy(object.metadata.uid ?? "").length > 0) return;
    client.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: configMap("p", object)["metadata"],
      spec: { containers: [{ name: "c", image: "i:1" }] },
    });
  });
  const size = { cpu: "1", memory: "1Gi", pods: "10" };
  cluster.create({ apiVersion: "v1", kind: "Node", metadata: { name: "n" }, status: { capacity: size, allocatable: size } });
  cluster.create(gadget("a"));
  cluster.settle();
  assert.is((cluster.get("Pod", "p") as { status?: { phase?: string } }).status?.phase, "Running");
  cluster.delete({ kind: "Gadget", name: "a" });
  cluster.settle();
  assert.is(cluster.get("Pod", "p"), undefined, "what it owns is collected");
});

const MISTAKES: readonly [string, (object: Gadget, context: ReconcileContext) => unknown, RegExp][] = [
  [
    "one that throws",
    () => {
      throw new RangeError("out of cheese");
    },
    /^controller gadget-controller: reconciling default\/a threw: out of cheese$/,
  ],
  ["an async one", async () => {}, /must not be async/],
  ["one that answers nonsense", () => 5, /returns nothing, "retry" or \{ afterMs/],
  ["a negative delay", () => ({ afterMs: -1 }), /0 or more/],
  [
    "one that answers itself for ever",
    (object, { client, queue, key }) => {
      client.patch(GADGET, object.metadata.name, "default", { status: { n: Math.random() } }, { subresource: "status" });
      queue.add(key);
    },
    /10000 times at one instant/,
  ],
];
for (const [what, does, message] of MISTAKES)
  test(`a mistake is named: ${what}`, () => {
    const { cluster } = noting(does as never);
    cluster.create(gadget("a"));
    assert.throws(() => cluster.settle(), message);
  });

test("what is no controller is refused when the cluster is made", () => {
  const fine = defineController<Gadget>({ name: "x", for: GADGET, reconcile: () => {} });
  assert.throws(() => createCluster({ controllers: [{}] as never }), /what defineController returns/);
  assert.throws(() => createCluster({ controllers: "all" as never }), /true, false or a list/);
  assert.throws(() => createCluster({ controllers: [fine, fine] }), /there is a controller x already/);
  assert.throws(() => createCluster({ controllers: [{ ...fine, name: "deployment-controller" }] }), /already/);
  assert.throws(() => defineController(undefined as never), /takes \{ name, for, reconcile \}/);
  assert.throws(() => defineController({ name: "x", for: "Gadget" as never, reconcile: () => {} }), /kindOf/);
  assert.throws(() => defineController({ name: "x", for: GADGET } as never), /no reconcile function/);
  assert.throws(() => defineController({ name: "", for: GADGET, reconcile: () => {} }), /has a name/);
});

test.run();
