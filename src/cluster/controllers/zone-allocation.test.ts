import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Node } from "../../../generated/v1.36/model.ts";
import { allocate, isOverloaded, redistribution, zoneShares } from "./zone-allocation.ts";

function node(zone: string | undefined, cpu: string, more: { ready?: string; labels?: Record<string, string> } = {}): Node {
  const labels = { ...(zone === undefined ? {} : { "topology.kubernetes.io/zone": zone }), ...more.labels };
  const conditions = [{ type: "Ready", status: more.ready ?? "True" }];
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n", labels },
    spec: {},
    status: { allocatable: { cpu }, conditions },
  } as Node;
}

test("shares are those of the CPU of ready Nodes, control planes apart", () => {
  const master = { labels: { "node-role.kubernetes.io/control-plane": "" } };
  const cases: readonly (readonly [nodes: readonly Node[], want: Record<string, number> | undefined])[] = [
    [[node("b", "1"), node("a", "3")], { a: 0.75, b: 0.25 }],
    [[node("a", "500m"), node("a", "500m"), node("b", "1")], { a: 0.5, b: 0.5 }],
    [[node("a", "1"), node("b", "1"), node("c", "1", { ready: "False" }), node(undefined, "1", master)], { a: 0.5, b: 0.5 }],
    [[node("a", "1"), node(undefined, "1")], undefined],
    [[node("a", "1"), node("b", "0")], undefined],
    [[node("a", "1"), node("a", "1")], undefined],
    [[], undefined],
  ];
  for (const [nodes, want] of cases) {
    const shares = zoneShares(nodes);
    assert.equal(shares && Object.fromEntries(shares), want);
  }
  assert.equal([...(zoneShares([node("b", "1"), node("a", "1")])?.keys() ?? [])], ["a", "b"]);
});

test("what zones get of so many endpoints", () => {
  const cases: readonly (readonly [
    shares: Record<string, number>,
    endpoints: number,
    want: Record<string, readonly [min: number, max: number, desired: number]> | string,
  ])[] = [
    [{ a: 0.5, b: 0.5 }, 6, { a: [3, 3, 3], b: [3, 3, 3] }],
    [{ a: 0.5, b: 0.5 }, 12, { a: [5, 7, 6], b: [5, 7, 6] }],
    [{ a: 0.7, b: 0.3 }, 10, { a: [6, 7, 7], b: [3, 4, 3] }],
    [{ a: 0.5, b: 0.5 }, 1, "Insufficient number of endpoints (1 endpoints, 2 zones)"],
    [
      { a: 0.33, b: 0.33, c: 0.34 },
      4,
      "Unable to allocate minimum required endpoints to each zone without exceeding overload threshold (4 endpoints, 3 zones)",
    ],
  ];
  for (const [shares, endpoints, want] of cases) {
    const got = allocate(new Map(Object.entries(shares)), endpoints);
    const plain =
      "error" in got
        ? got.error
        : Object.fromEntries([...got].map(([zone, a]) => [zone, [a.minimum, a.maximum, Math.round(a.desired * 100) / 100]]));
    assert.equal(plain, want);
  }
  assert.match((allocate(undefined, 6) as { error: string }).error, /^Insufficient Node information: /);
});

test("who gives to whom", () => {
  const even = allocate(new Map(Object.entries({ a: 0.5, b: 0.5 })), 6);
  assert.ok(!("error" in even));
  const { giving, receiving } = redistribution(
    even,
    new Map([
      ["a", 5],
      ["b", 1],
    ]),
  );
  assert.equal([[...giving], [...receiving]], [[["a", 2]], [["b", 2]]]);
  const none = redistribution(
    even,
    new Map([
      ["a", 3],
      ["b", 3],
    ]),
  );
  assert.equal([none.giving.size, none.receiving.size], [0, 0]);
});

test("when a zone is overloaded", () => {
  const shares = new Map(Object.entries({ a: 0.5, b: 0.5 }));
  const cases: readonly (readonly [allocated: Record<string, number>, want: boolean])[] = [
    [{ a: 3, b: 3 }, false],
    [{ a: 7, b: 5 }, false],
    [{ a: 8, b: 4 }, true],
    [{ a: 6 }, true],
    [{}, false],
  ];
  for (const [allocated, want] of cases) assert.is(isOverloaded(new Map(Object.entries(allocated)), shares), want);
  assert.is(isOverloaded(new Map([["a", 1]]), undefined), true);
});

test.run();
