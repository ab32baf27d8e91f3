import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject, Unchecked } from "../../api/object.ts";
import {
  accepted,
  CONFIG_MAP,
  configMap,
  DEPLOYMENT,
  deployment,
  dump,
  fixture,
  NAMESPACE,
  pod,
  SERVICE,
  service,
} from "./server-fixture.ts";

type Json = Readonly<Record<string, unknown>>;
const spec = (object: KubeObject | undefined): Json => (object as unknown as { spec: Json }).spec;
const status = (object: KubeObject | undefined): Json => (object as unknown as { status: Json }).status;
const change = <T extends KubeObject>(object: T, by: Unchecked): T => ({ ...object, ...by });

test("a fresh cluster has its namespaces, its Service and the system's priorities, and nothing else to tell of", () => {
  const { server } = fixture();
  const all = server.kinds().flatMap(({ kind }) => server.list(kind));
  assert.equal(
    all.map((o) => `${o.kind} ${o.metadata.name}`),
    [
      "Namespace default",
      "Namespace kube-node-lease",
      "Namespace kube-public",
      "Namespace kube-system",
      "Service kubernetes",
      "ServiceAccount default",
      "PriorityClass system-cluster-critical",
      "PriorityClass system-node-critical",
    ],
  );
  assert.is(spec(server.get(SERVICE, "kubernetes", "default"))["clusterIP"], "10.96.0.1");
  assert.ok(all.every((o) => server.isPristine(o)));
  const touched = accepted(server.patch(NAMESPACE, "default", undefined, { metadata: { labels: { a: "b" } } }));
  assert.not.ok(server.isPristine(touched));
});

test("a namespace whose name was generated has its label, and an update with itself changes nothing", () => {
  const { server } = fixture();
  const made = accepted(server.create({ apiVersion: "v1", kind: "Namespace", metadata: { generateName: "web-" } }));
  assert.is(made.metadata.labels?.["kubernetes.io/metadata.name"], made.metadata.name);
  assert.is(accepted(server.update(made)).metadata.resourceVersion, made.metadata.resourceVersion);
});

test("a kind that nobody serves is told as kubectl tells it", () => {
  const { server } = fixture();
  const answer = server.create({ apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } });
  assert.is(answer.code, 404);
  assert.match(answer.message!, /no matches for kind "Widget" in version "example.com\/v1"\nensure CRDs are installed first$/);
  assert.is(server.create({ kind: "Pod", metadata: { name: "x" } }).code, 400);
  assert.is(server.create("text" as unknown as Unchecked).code, 400);
});

test("a stale write is refused, a fresh one is not, and one that changes nothing gives no revision", () => {
  const { server } = fixture();
  const made = accepted(server.create(deployment("web", { replicas: 1 })));
  const newer = accepted(server.update(change(made, { spec: { ...spec(made), replicas: 2 } })));
  const stale = server.update(change(made, { spec: { ...spec(made), replicas: 3 } }));
  assert.is(stale.code, 409);
  assert.is(
    stale.message,
    'Operation cannot be fulfilled on deployments.apps "web": the object has been modified; please apply your changes to the latest version and try again',
  );
  assert.is(accepted(server.update(newer)), newer);
  const { resourceVersion: _, ...unversioned } = made.metadata;
  assert.is(accepted(server.update(change(made, { metadata: unversioned }))).metadata.generation, 3);
  const reborn = server.update(change(newer, { metadata: { ...newer.metadata, uid: "other", resourceVersion: undefined } }));
  assert.match(reborn.message!, /Precondition failed: UID in precondition: other, UID in object meta: /);
});

test("names: taken, missing, generated", () => {
  const { server } = fixture();
  server.create(configMap("c", {}));
  assert.is(server.create(configMap("c", {})).message, 'configmaps "c" already exists');
  assert.is(server.update({ ...configMap("d", {}) } as unknown as KubeObject).message, 'configmaps "d" not found');
  assert.is(server.delete(CONFIG_MAP, "d", "default").message, 'configmaps "d" not found');
  const names = [1, 2, 3].map(
    () => accepted(server.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "g-" } })).metadata.name,
  );
  assert.is(new Set(names).size, 3);
  for (const name of names) assert.match(name, /^g-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  const again = fixture().server;
  again.create(configMap("unrelated", {}));
  assert.is(accepted(again.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "g-" } })).metadata.name, names[0]);
});

test("the uid hangs on the name and on how many bore it before", () => {
  const uids = (run: (server: ReturnType<typeof fixture>["server"]) => void): readonly (string | undefined)[] => {
    const { server } = fixture();
    run(server);
    const first = accepted(server.create(configMap("c", {}))).metadata.uid;
    server.delete(CONFIG_MAP, "c", "default");
    return [first, accepted(server.create(configMap("c", {}))).metadata.uid];
  };
  const [a, b] = uids(() => {});
  assert.is.not(a, b);
  assert.equal(
    uids((server) => server.create(configMap("x", {}))),
    [a, b],
  );
});

test("the namespace of the request and of the object", () => {
  const { server } = fixture();
  const mismatch = server.create(configMap("c", {}, { namespace: "kube-system" }), { namespace: "default" });
  assert.equal(
    [mismatch.code, mismatch.message],
    [400, "the namespace of the provided object does not match the namespace sent on the request"],
  );
  assert.is(accepted(server.create(configMap("c", {}), { namespace: "kube-system" })).metadata.namespace, "kube-system");
  assert.is(accepted(server.create(configMap("c", {}))).metadata.namespace, "default");
  assert.is(
    accepted(server.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "n", namespace: "x" } })).metadata.namespace,
    undefined,
  );
  assert.is(server.create(configMap("c", {}, { namespace: "nowhere" })).message, 'namespaces "nowhere" not found');
});

test("what the server alone may say is dropped at creation", () => {
  const { server } = fixture();
  const made = accepted(
    server.create({
      ...pod(
        "p",
        {},
        {
          uid: "mine",
          resourceVersion: undefined,
          creationTimestamp: "2020-01-01T00:00:00Z",
          deletionTimestamp: "2020-01-01T00:00:00Z",
          generation: 9,
        },
      ),
      status: { phase: "Running" },
    }),
  );
  assert.is.not(made.metadata.uid, "mine");
  assert.equal(
    [made.metadata.creationTimestamp, made.metadata.deletionTimestamp, made.metadata.generation],
    ["2026-01-01T00:00:00Z", undefined, 1],
  );
  assert.equal(status(made), { phase: "Pending", qosClass: "BestEffort" });
  const node = { apiVersion: "v1", kind: "Node", metadata: { name: "n" }, status: { capacity: { cpu: "4" } } };
  assert.equal(status(accepted(server.create(node)))["capacity"], { cpu: "4" });
});

test("generations count changes of the spec, not of labels or status", () => {
  const { server } = fixture();
  let web = accepted(server.create(deployment("web", { replicas: 1 })));
  const step = (by: Unchecked, want: number): void => {
    web = accepted(server.patch(DEPLOYMENT, "web", "default", by));
    assert.is(web.metadata.generation, want, JSON.stringify(by));
  };
  step({ metadata: { labels: { a: "b" } } }, 1);
  step({ spec: { replicas: 2 } }, 2);
  step({ spec: { replicas: 2 } }, 2);
  step({ status: { replicas: 2 } }, 2);
  assert.equal(status(web), {});
  step({ metadata: { annotations: { a: "b" } } }, 3);
  step({ metadata: { generation: 40 } }, 3);
  const told = accepted(server.updateStatus(change(web, { status: { replicas: 2 }, spec: { ...spec(web), replicas: 9 } })));
  assert.equal([told.metadata.generation, spec(told)["replicas"], status(told)], [3, 2, { replicas: 2 }]);
});

test("watches tell of every write at once and in order; what was there comes first", () => {
  const { server } = fixture();
  server.create(configMap("a", { n: "1" }));
  const seen: string[] = [];
  const cancel = server.watch(CONFIG_MAP, (type, object, before) =>
    seen.push(`${type} ${object.metadata.name} ${object.metadata.resourceVersion}<${before?.metadata.resourceVersion ?? ""}`),
  );
  server.patch(CONFIG_MAP, "a", "default", { data: { n: "2" } });
  server.create(configMap("b", {}));
  server.delete(CONFIG_MAP, "a", "default");
  cancel();
  server.delete(CONFIG_MAP, "b", "default");
  assert.equal(seen, ["ADDED a 219<", "MODIFIED a 220<219", "ADDED b 221<", "DELETED a 222<220"]);
  server.watch(CONFIG_MAP, () => server.create(configMap("loop", {})));
  assert.throws(() => server.create(configMap("c", {})), /no handler of a watch writes/);
});

test("an event takes a revision, a moment later", () => {
  const { server, loop } = fixture();
  const version = (name: string): number => Number(accepted(server.create(configMap(name, {}))).metadata.resourceVersion);
  const first = version("a");
  server.countEvent();
  assert.is(version("b"), first + 1);
  loop.at(loop.now() + 10, () => {});
  while (loop.step());
  assert.is(version("c"), first + 3);
});

test("lists are in order of key, and the same list while nothing changes", () => {
  const { server } = fixture();
  for (const name of ["b", "a", "c"]) server.create(configMap(name, {}));
  server.create(configMap("z", {}, { namespace: "kube-public" }));
  const names = (list: readonly KubeObject[]): readonly string[] => list.map((o) => o.metadata.name);
  assert.equal(names(server.list(CONFIG_MAP)), ["a", "b", "c", "z"]);
  assert.is(server.list(CONFIG_MAP), server.list(CONFIG_MAP));
  const inDefault = server.list(CONFIG_MAP, "default");
  server.create(configMap("y", {}, { namespace: "kube-public" }));
  assert.is(server.list(CONFIG_MAP, "default"), inDefault);
  server.delete(CONFIG_MAP, "b", "default");
  assert.equal(names(server.list(CONFIG_MAP, "default")), ["a", "c"]);
});

test("a dry run leaves no trace", () => {
  const objects = fc.constantFrom<Unchecked>(
    configMap("c", { a: "1" }),
    { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "g-" } },
    deployment("web", { replicas: 2 }),
    pod("p"),
    service("s", { type: "NodePort" }),
    service("s", { type: "NodePort", ports: [{ port: 80, nodePort: 30_163 }], clusterIP: "10.96.7.7" }),
    service("s", { type: "LoadBalancer", externalTrafficPolicy: "Local" }),
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } },
    { ...service("s", { type: "Bogus" }) },
  );
  fc.assert(
    fc.property(fc.array(objects, { maxLength: 4 }), fc.array(objects, { minLength: 1, maxLength: 4 }), (real, dry) => {
      const { server, addresses } = fixture();
      for (const object of real) server.create(object);
      const before = [dump(server), [...addresses.taken].sort()];
      let told = 0;
      server.onWrite(() => told++);
      for (const object of dry) {
        server.create(object, { dryRun: true });
        server.apply(object, { dryRun: true, force: true });
        server.update(object as unknown as KubeObject, { dryRun: true });
      }
      server.delete(CONFIG_MAP, "c", "default", { dryRun: true });
      assert.equal([dump(server), [...addresses.taken].sort(), told], [...before, 0]);
    }),
    { numRuns: 40 },
  );
});

test.run();
