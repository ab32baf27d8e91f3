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
  FakeAddresses,
  fixture,
  NAMESPACE,
  POD,
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
  server.delete(NAMESPACE, "n");
  assert.is(status(server.get(NAMESPACE, "n"))["phase"], "Terminating");
  assert.is(server.create(configMap("c", {}, { namespace: "n" })).code, 403);
  server.patch(NAMESPACE, "n", undefined, { spec: { finalizers: null } });
  assert.ok(server.get(NAMESPACE, "n"), "a plain write leaves the finalizers alone");
  server.patch(NAMESPACE, "n", undefined, { spec: { finalizers: null } }, { subresource: "finalize" });
  assert.is(server.get(NAMESPACE, "n"), undefined);
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
  assert.equal(seen, ["ADDED a 9<", "MODIFIED a 10<9", "ADDED b 11<", "DELETED a 12<10"]);
  server.watch(CONFIG_MAP, () => server.create(configMap("loop", {})));
  assert.throws(() => server.create(configMap("c", {})), /no handler of a watch writes/);
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

test("Services: addresses and ports by type, kept over updates, given back", () => {
  const { server, addresses } = fixture();
  const of = (name: string): Json => spec(server.get(SERVICE, name, "default"));
  const nodePort = (name: string): unknown => (of(name)["ports"] as readonly Json[])[0]?.["nodePort"];
  accepted(
    server.create(
      service("np", {
        type: "NodePort",
        ports: [
          { name: "a", port: 53, protocol: "UDP" },
          { name: "b", port: 53 },
        ],
      }),
    ),
  );
  assert.equal(
    (of("np")["ports"] as readonly Json[]).map((p) => p["nodePort"]),
    [30_100, 30_100],
  );
  assert.equal(
    [of("np")["clusterIP"], of("np")["clusterIPs"], of("np")["ipFamilies"], of("np")["ipFamilyPolicy"]],
    ["10.96.1.1", ["10.96.1.1"], ["IPv4"], "SingleStack"],
  );
  server.apply(service("web", { type: "NodePort" }));
  const before = [of("web")["clusterIP"], nodePort("web")];
  accepted(server.apply(service("web", { type: "NodePort", sessionAffinity: "ClientIP" })));
  assert.equal([of("web")["clusterIP"], nodePort("web")], before);
  accepted(server.update(service("web", { type: "NodePort" }) as unknown as KubeObject));
  assert.equal([of("web")["clusterIP"], nodePort("web")], before);
  accepted(server.update(service("web", { type: "ClusterIP" }) as unknown as KubeObject));
  assert.equal([of("web")["clusterIP"], nodePort("web")], [before[0], undefined]);
  assert.not.ok([...addresses.taken].some((t) => t.startsWith(`${before[1]} `)));
  accepted(server.update(service("web", { type: "ExternalName", externalName: "x.y" }) as unknown as KubeObject));
  assert.equal([of("web")["clusterIP"], of("web")["ipFamilies"]], [undefined, undefined]);
  assert.not.ok(addresses.taken.has(String(before[0])));
  accepted(server.create(service("none", { clusterIP: "None" })));
  assert.equal([of("none")["clusterIPs"], of("none")["ipFamilyPolicy"]], [["None"], "SingleStack"]);
  accepted(server.create(service("open", { clusterIP: "None", selector: undefined })));
  assert.equal([of("open")["ipFamilies"], of("open")["ipFamilyPolicy"]], [["IPv4", "IPv6"], "RequireDualStack"]);
  accepted(server.create(service("lb", { type: "LoadBalancer", externalTrafficPolicy: "Local" })));
  assert.ok(Number(of("lb")["healthCheckNodePort"]) >= 30_100);
  for (const name of ["np", "web", "none", "open", "lb"]) server.delete(SERVICE, name, "default");
  assert.equal([...addresses.taken], ["10.96.0.1"]);
});

test("Services: what cannot be had is refused in the allocators' words, and nothing stays taken", () => {
  const { server, addresses } = fixture();
  accepted(server.create(service("first", { type: "NodePort", clusterIP: "10.96.5.5", ports: [{ port: 80, nodePort: 30_163 }] })));
  const before = [...addresses.taken].sort();
  const cases: readonly (readonly [Unchecked, string])[] = [
    [
      { type: "NodePort", ports: [{ port: 80, nodePort: 30_163 }] },
      "spec.ports[0].nodePort: Invalid value: 30163: provided port is already allocated",
    ],
    [
      {
        type: "NodePort",
        ports: [
          { name: "a", port: 80 },
          { name: "b", port: 81, nodePort: 1234 },
        ],
      },
      "spec.ports[1].nodePort: Invalid value: 1234: provided port is not in the valid range. The range of valid ports is 30000-32767",
    ],
    [
      { clusterIP: "10.96.5.5" },
      'spec.clusterIPs: Invalid value: ["10.96.5.5"]: failed to allocate IP 10.96.5.5: provided IP is already allocated',
    ],
    [
      { ipFamilyPolicy: "RequireDualStack" },
      'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
    [{ ipFamilies: ["IPv6"] }, 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
    [{ clusterIP: "fd00::5" }, 'spec.clusterIPs[0]: Invalid value: ["fd00::5"]: IPv6 is not configured on this cluster'],
  ];
  for (const [by, text] of cases) {
    const answer = server.create(service("second", by));
    assert.is(answer.message, `Service "second" is invalid: ${text}`);
    assert.equal([...addresses.taken].sort(), before, text);
  }
});

test("Services on two families", () => {
  const { server } = fixture(new FakeAddresses(["IPv4", "IPv6"]));
  const made = spec(accepted(server.create(service("d", { ipFamilyPolicy: "PreferDualStack" }))));
  assert.equal(
    [made["ipFamilies"], made["clusterIPs"]],
    [
      ["IPv4", "IPv6"],
      ["10.96.1.1", "fd00::1:1"],
    ],
  );
  const single = accepted(server.patch(SERVICE, "d", "default", { spec: { ipFamilyPolicy: "SingleStack" } }));
  assert.equal([spec(single)["ipFamilies"], spec(single)["clusterIPs"]], [["IPv4"], ["10.96.1.1"]]);
  const again = accepted(server.patch(SERVICE, "d", "default", { spec: { ipFamilyPolicy: "RequireDualStack" } }));
  assert.equal(spec(again)["clusterIPs"], ["10.96.1.1", "fd00::1:1"]);
});

const WIDGETS = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { kind: "Widget", plural: "widgets", shortNames: ["wd"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  size: { type: "integer" },
                  parts: {
                    type: "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["id"],
                    items: { type: "object", properties: { id: { type: "string" }, n: { type: "integer" } } },
                  },
                },
              },
              status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            },
          },
        },
      },
    ],
  },
};

test("a definition makes its kind known; its objects are kept, merged by their schema, and go with it", () => {
  const { server } = fixture();
  const widget = (s: Unchecked, name = "w"): Unchecked => ({ apiVersion: "example.com/v1", kind: "Widget", metadata: { name }, spec: s });
  assert.is(server.create(widget({})).code, 404);
  accepted(server.apply(WIDGETS));
  const crd = server.get({ apiVersion: WIDGETS.apiVersion, kind: WIDGETS.kind }, "widgets.example.com")!;
  assert.equal(
    (status(crd)["conditions"] as readonly Json[]).map((c) => `${c["type"]} ${c["status"]} ${c["reason"]}`),
    ["NamesAccepted True NoConflicts", "Established True InitialNamesAccepted"],
  );
  assert.equal(server.resolveKind("wd")?.kind, { apiVersion: "example.com/v1", kind: "Widget" });
  accepted(server.apply(widget({ size: 1, parts: [{ id: "a", n: 1 }] })));
  const merged = accepted(server.apply(widget({ parts: [{ id: "b", n: 2 }] }), { fieldManager: "other" }));
  assert.equal(spec(merged), {
    size: 1,
    parts: [
      { id: "a", n: 1 },
      { id: "b", n: 2 },
    ],
  });
  assert.equal([merged.metadata.generation, merged.metadata.namespace], [2, "default"]);
  assert.is(
    server.apply(widget({ shedule: "x" }, "u")).message,
    "failed to create typed patch object (default/u; example.com/v1, Kind=Widget): .spec.shedule: field not declared in schema",
  );
  const stated = accepted(server.updateStatus(change(merged, { status: { ready: true } })));
  assert.equal([status(stated), stated.metadata.generation], [{ ready: true }, 2]);
  server.delete({ apiVersion: WIDGETS.apiVersion, kind: WIDGETS.kind }, "widgets.example.com");
  assert.is(server.get({ apiVersion: "example.com/v1", kind: "Widget" }, "w", "default"), undefined);
  assert.is(server.resolveKind("widgets"), undefined);
});

test("kinds by their names", () => {
  const { server } = fixture();
  for (const [text, kind] of [
    ["deploy", "apps/v1 Deployment"],
    ["deployments", "apps/v1 Deployment"],
    ["Deployment", "apps/v1 Deployment"],
    ["deployment.apps", "apps/v1 Deployment"],
    ["po", "v1 Pod"],
    ["hpa", "autoscaling/v2 HorizontalPodAutoscaler"],
    ["Event", "v1 Event"],
    ["Event.events.k8s.io", "events.k8s.io/v1 Event"],
  ] as const) {
    const found = server.resolveKind(text)?.kind;
    assert.is(found && `${found.apiVersion} ${found.kind}`, kind, text);
  }
  assert.is(server.resolveKind("frobs"), undefined);
});

test("Pods of one template are looked at once, and again when what admission adds may have changed", () => {
  const { server } = fixture();
  const client = server.trustedClient("replicaset-controller");
  const template = { containers: [{ name: "main", image: "nginx", resources: { requests: { memory: "1Gi" } } }] };
  const make = (s: Unchecked = template): ReturnType<typeof client.create> =>
    client.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { generateName: "web-", namespace: "default", labels: { app: "web" } },
      spec: s,
    });
  const [one, two] = [accepted(make()), accepted(make())];
  assert.is.not(one.metadata.name, two.metadata.name);
  assert.is((spec(one)["containers"] as readonly Json[])[0]?.["imagePullPolicy"], "Always");
  const limits = [{ type: "Container", default: { memory: "512Mi" } }];
  accepted(server.create({ apiVersion: "v1", kind: "LimitRange", metadata: { name: "l" }, spec: { limits } }));
  assert.is(make().code, 422);
  server.delete({ apiVersion: "v1", kind: "LimitRange" }, "l", "default");
  assert.is(make().code, 201);
  assert.is(make({ containers: [{ name: "Not_Valid!", image: "nginx" }] }).code, 422);
});

test("an autoscaler of the older version is kept in the newer one", () => {
  const { server } = fixture();
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const old = { apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler", metadata: { name: "h" } };
  const made = accepted(server.apply({ ...old, spec: { maxReplicas: 5, scaleTargetRef, targetCPUUtilizationPercentage: 60 } }));
  assert.is(made.apiVersion, "autoscaling/v2");
  assert.equal(spec(made)["metrics"], [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } },
  ]);
  const unsaid = accepted(server.create({ ...old, metadata: { name: "i" }, spec: { maxReplicas: 5, scaleTargetRef } }));
  assert.equal(spec(unsaid)["metrics"], [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
  ]);
  assert.is(server.list({ apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" }).length, 2);
});

test("a Job is labelled with its name and uid, and so are its Pods, unless it selects by hand", () => {
  const { server } = fixture();
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "c:1" }] } };
  const job = (name: string, more: Unchecked): Unchecked => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: { template, ...more },
  });
  const made = accepted(server.create(job("j", {})));
  const { uid } = made.metadata;
  const labels = { "job-name": "j", "batch.kubernetes.io/job-name": "j", "controller-uid": uid, "batch.kubernetes.io/controller-uid": uid };
  assert.equal(made.metadata.labels, labels);
  assert.equal(spec(made)["selector"], { matchLabels: { "batch.kubernetes.io/controller-uid": uid } });
  assert.equal((spec(made)["template"] as { metadata: Json }).metadata["labels"], labels);
  server.delete({ apiVersion: "batch/v1", kind: "Job" }, "j", "default");
  assert.equal(server.get({ apiVersion: "batch/v1", kind: "Job" }, "j", "default")?.metadata.finalizers, ["orphan"]);
});

test("an object of a running cluster is loaded as it is there", () => {
  const { server, addresses } = fixture();
  const meta = { uid: "1234", creationTimestamp: "2025-05-05T05:05:05Z", resourceVersion: "99" };
  const loaded = accepted(server.load({ ...pod("p", { nodeName: "n" }, meta), status: { phase: "Running" } }));
  assert.equal(
    [loaded.metadata.uid, loaded.metadata.creationTimestamp, status(loaded)["phase"], spec(loaded)["nodeName"]],
    ["1234", "2025-05-05T05:05:05Z", "Running", "n"],
  );
  accepted(server.load(service("s", { clusterIP: "10.96.9.9", clusterIPs: ["10.96.9.9"] })));
  assert.ok(addresses.taken.has("10.96.9.9"));
});

test.run();
