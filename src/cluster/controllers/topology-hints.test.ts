import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Endpoint, EndpointSlice, Node, Service } from "../../../generated/v1.36/model.ts";
import { builtInNodes } from "../built-in-nodes.ts";
import { createCluster } from "../cluster.ts";
import { type HintDraft, TopologyHints } from "./topology-hints.ts";

/** `a`: ready in zone a, on node-a; `a!`: not ready; `-`: without a zone. After `>`: the zone that it is for. */
function endpoint(text: string): Endpoint {
  const [, zone = "", unready, to] = /^(\w|-)(!?)(?:>(\w))?$/.exec(text) ?? [];
  return {
    addresses: [text],
    conditions: { ready: unready === "" },
    nodeName: `node-${zone}`,
    ...(zone === "-" ? {} : { zone }),
    ...(to === undefined ? {} : { hints: { forZones: [{ name: to }] } }),
  };
}

function shown(e: Endpoint): string {
  const base = `${e.zone ?? "-"}${e.conditions?.ready ? "" : "!"}`;
  const zones = e.hints?.forZones?.map((z) => z.name).join() ?? "";
  const nodes = e.hints?.forNodes?.map((n) => n.name).join() ?? "";
  return `${base}${zones || nodes ? `>${zones}` : ""}${nodes ? `@${nodes}` : ""}`;
}

const endpoints = (text: string): readonly Endpoint[] => text.split(" ").map(endpoint);
const draft = (text: string): HintDraft => ({ ports: [], endpoints: endpoints(text) });
const slice = (text: string): EndpointSlice => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: text },
  addressType: "IPv4",
  endpoints: endpoints(text),
});

function service(trafficDistribution?: string, mode?: string): Service {
  const annotations = mode === undefined ? {} : { annotations: { "service.kubernetes.io/topology-mode": mode } };
  const spec = trafficDistribution === undefined ? {} : { trafficDistribution };
  return { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "default", ...annotations }, spec } as Service;
}

function node(zone: string, cpu: string): Node {
  const labels = { "topology.kubernetes.io/zone": zone };
  const status = { allocatable: { cpu }, conditions: [{ type: "Ready", status: "True" }] };
  return { apiVersion: "v1", kind: "Node", metadata: { name: zone, labels }, spec: {}, status } as Node;
}

interface Setup {
  readonly hints: TopologyHints<HintDraft>;
  readonly told: string[];
  run(service: Service, create: readonly string[], unchanged?: readonly string[]): string;
}

function setUp(nodes: readonly Node[] = [node("a", "2"), node("b", "2")]): Setup {
  const hints = new TopologyHints<HintDraft>(
    () => nodes,
    (_slice, list) => ({ ports: [], endpoints: list }),
  );
  const told: string[] = [];
  return {
    hints,
    told,
    run(of, create, unchanged = []) {
      const changes = { create: create.map(draft), update: [], unchanged: unchanged.map(slice) };
      const done = hints.apply(of, "default/web", "IPv4", changes, (type, reason, message) => told.push(`${type} ${reason} ${message}`));
      const created = done.create.map((d) => d.endpoints.map(shown).join(" "));
      return [...created, ...done.update.map((u) => `${u.slice.metadata.name} => ${u.draft.endpoints.map(shown).join(" ")}`)].join("; ");
    },
  };
}

test("traffic distribution: every ready endpoint is for its own zone, and Node", () => {
  const cases: readonly (readonly [distribution: string | undefined, create: string, want: string])[] = [
    [undefined, "a b", "a b"],
    ["PreferClose", "a b", "a>a b>b"],
    ["PreferSameZone", "a b! -", "a>a b! -"],
    ["PreferSameNode", "a b! -", "a>a@node-a b! ->@node--"],
    ["Somehow", "a", "a"],
  ];
  for (const [distribution, create, want] of cases) assert.is(setUp().run(service(distribution), [create]), want, distribution);
});

test("slices that would be unchanged are updated where their hints are not right", () => {
  assert.is(setUp().run(service("PreferClose"), [], ["a>a b>b"]), "");
  assert.is(setUp().run(service("PreferClose"), [], ["a b>a"]), "a b>a => a>a b>b");
  assert.is(setUp().run(service(), [], ["a>a b"]), "a>a b => a b");
});

test("the zones get endpoints by their CPU", () => {
  const t = setUp();
  assert.is(t.run(service(undefined, "Auto"), ["a a a a a b"]), "a>b a>b a>a a>a a>a b>b");
  assert.equal(t.told, ["Normal TopologyAwareHintsEnabled Topology Aware Hints has been enabled, addressType: IPv4"]);
  assert.is(t.run(service(undefined, "auto"), [], ["a>b a>b a>a a>a a>a b>b"]), "", "and keep them");
  assert.is(t.told.length, 1);
  assert.is(t.run(service(), [], ["a>b b"]), "a>b b => a b");
  assert.is(t.told[1], "Warning TopologyAwareHintsDisabled Topology Aware Hints has been disabled, addressType: IPv4");
});

test("the annotation goes before the field", () => {
  assert.is(setUp().run(service("PreferClose", "Auto"), ["a a a b"]), "a>b a>a a>a b>b");
});

test("where the zones cannot get their share there are no hints", () => {
  const nodes = [node("a", "2"), node("b", "2")];
  const cases: readonly (readonly [nodes: readonly Node[], create: string, why: RegExp])[] = [
    [nodes, "a", /^Warning TopologyAwareHintsDisabled Insufficient number of endpoints \(1 endpoints, 2 zones\), addressType: IPv4$/],
    [nodes, "a b - a", /One or more endpoints do not have a zone specified/],
    [[node("a", "2")], "a a", /Insufficient Node information/],
    [[...nodes, node("c", "2")], "a b c c", /Unable to allocate minimum required endpoints/],
  ];
  for (const [list, create, why] of cases) {
    const t = setUp(list);
    assert.is(t.run(service(undefined, "Auto"), [create]), create);
    assert.match(t.told[0] ?? "", why);
  }
});

test("a Service is looked at again when its zones are overloaded by now", () => {
  const nodes = [node("a", "2"), node("b", "2")];
  const t = setUp(nodes);
  t.run(service(undefined, "Auto"), ["a a a b b b"]);
  assert.equal(t.hints.overloaded(), []);
  nodes.push(node("b", "20"));
  assert.equal(t.hints.overloaded(), ["default/web"]);
  t.hints.forget("default/web");
  assert.equal(t.hints.overloaded(), []);
});

test("in a cluster: hints come with the field, and go with it", () => {
  const cluster = createCluster();
  for (const built of builtInNodes())
    cluster.create({ ...built, metadata: { ...built.metadata, labels: { "topology.kubernetes.io/zone": "z" } } });
  const labels = { app: "web" };
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", labels }, spec: { containers: [{ name: "c", image: "i" }] } };
  const own = (more: object): object => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: { selector: labels, ports: [{ port: 80 }], ...more },
  });
  const found = (): unknown => (cluster.list("EndpointSlice", "default") as readonly EndpointSlice[])[0]?.endpoints?.map((e) => e.hints);
  for (const object of [pod, own({ trafficDistribution: "PreferSameZone" })]) assert.ok(cluster.apply(object).code < 400);
  cluster.settle();
  assert.equal(found(), [{ forZones: [{ name: "z" }] }]);
  cluster.apply(own({}));
  cluster.settle();
  assert.equal(found(), [undefined]);
});

test.run();
