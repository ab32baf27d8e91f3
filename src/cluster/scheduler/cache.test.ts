import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { node, pod } from "../../../test/support/scheduler-world.ts";
import { SchedulerCache } from "./cache.ts";
import type { NodeInfo } from "./node-info.ts";

const zone = (name: string, z: string | undefined): ReturnType<typeof node> =>
  node(name, z === undefined ? {} : { labels: { "topology.kubernetes.io/zone": z } });

const ORDERS: readonly (readonly [name: string, nodes: readonly (readonly [string, string | undefined])[], order: string])[] = [
  [
    "without zones as they came",
    [
      ["b", undefined],
      ["a", undefined],
    ],
    "b a",
  ],
  [
    "one of each zone in turn",
    [
      ["a1", "a"],
      ["a2", "a"],
      ["b1", "b"],
      ["a3", "a"],
      ["b2", "b"],
    ],
    "a1 b1 a2 b2 a3",
  ],
  [
    "zones in the order of their first node",
    [
      ["b1", "b"],
      ["a1", "a"],
      ["x", undefined],
      ["a2", "a"],
    ],
    "b1 a1 x a2",
  ],
];
for (const [name, nodes, order] of ORDERS) {
  test(`order of nodes: ${name}`, () => {
    const cache = new SchedulerCache(() => ({}));
    for (const [n, z] of nodes) cache.setNode(zone(n, z));
    assert.is(
      cache
        .order()
        .map((n) => n.name)
        .join(" "),
      order,
    );
  });
}

test("a node that leaves and comes back goes to the end of its zone", () => {
  const cache = new SchedulerCache(() => ({}));
  for (const n of ["a", "b", "c"]) cache.setNode(zone(n, undefined));
  cache.removeNode("a");
  cache.setNode(zone("a", undefined));
  assert.is(
    cache
      .order()
      .map((n) => n.name)
      .join(" "),
    "b c a",
  );
});

test("Pods are remembered while their node is away", () => {
  const cache = new SchedulerCache(() => ({}));
  cache.setPod(pod("p", { nodeName: "n", requests: { cpu: "1" } }));
  assert.is(cache.node("n"), undefined);
  cache.setNode(node("n"));
  assert.is(cache.node("n")?.milliCpu, 1000);
  cache.removeNode("n");
  cache.removePod("default/p");
  cache.setNode(node("n"));
  assert.is(cache.node("n")?.milliCpu, 0);
});

const NAMES = ["p0", "p1", "p2", "p3", "p4"] as const;
const steps = fc.array(
  fc.record({
    verb: fc.constantFrom("pod", "pod", "pod", "gone", "node", "no node"),
    name: fc.constantFrom(...NAMES),
    node: fc.constantFrom("n0", "n1", "n2"),
    cpu: fc.constantFrom("0", "100m", "1"),
    port: fc.constantFrom(undefined, 80),
    app: fc.constantFrom("a", "b"),
    deleting: fc.boolean(),
  }),
  { maxLength: 40 },
);

test("totals and counts kept step by step equal those counted afresh", () => {
  fc.assert(
    fc.property(steps, (list) => {
      const cache = new SchedulerCache(() => ({}));
      const counted = [[{ matchLabels: { app: "a" } }], [{ matchExpressions: [{ key: "app", operator: "In", values: ["b"] }] }]];
      const now = new Map<string, ReturnType<typeof pod>>();
      const nodes = new Set<string>();
      for (const s of list) {
        cache.counts.selected("default", counted[s.name === "p0" ? 0 : 1]!);
        if (s.verb === "node") {
          cache.setNode(node(s.node));
          nodes.add(s.node);
        } else if (s.verb === "no node") {
          cache.removeNode(s.node);
          nodes.delete(s.node);
        } else if (s.verb === "gone") {
          cache.removePod(`default/${s.name}`);
          now.delete(s.name);
        } else {
          const requests = { cpu: s.cpu, "nvidia.com/gpu": s.cpu === "1" ? "1" : "0" };
          const ports = s.port === undefined ? [] : [{ containerPort: 1, hostPort: s.port }];
          const made = pod(s.name, {
            nodeName: s.node,
            labels: { app: s.app },
            containers: [{ name: "c", resources: { requests }, ports }],
          });
          const p = s.deleting ? { ...made, metadata: { ...made.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } } : made;
          cache.setPod(p);
          now.set(s.name, p);
        }
      }
      const fresh = new SchedulerCache(() => ({}));
      for (const n of nodes) fresh.setNode(node(n));
      for (const p of now.values()) fresh.setPod(p);
      const seen = (c: SchedulerCache): unknown => {
        const total = (n: NodeInfo): unknown => [
          n.name,
          n.milliCpu,
          n.nonZeroMilliCpu,
          n.nonZeroMemory,
          [...n.scalars],
          [...n.pods.keys()].sort(),
          n.ports.clashes({ ip: "0.0.0.0", protocol: "TCP", port: 80 }),
        ];
        const counts = counted.map((selectors) =>
          [...c.counts.selected("default", selectors)].map(([n, count]) => `${n.name} ${count}`).sort(),
        );
        return [["n0", "n1", "n2"].map((n) => c.node(n)).map((n) => n && total(n)), counts];
      };
      assert.equal(seen(cache), seen(fresh));
    }),
  );
});

test.run();
