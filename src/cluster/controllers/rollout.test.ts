import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nextNewSize, type Resize, resolveBounds, type Size, shareOut, shrinkOld } from "./rollout.ts";

const selector = {};
const template = {};
const size = (name: string, replicas: number, available = replicas, maxReplicas?: number): Size => ({
  name,
  replicas,
  available,
  maxReplicas,
  createdMs: name.charCodeAt(0),
});
const shown = (list: readonly Resize[] | "behind"): unknown => (list === "behind" ? list : list.map((r) => `${r.name}${r.to}`).join(" "));

for (const [replicas, maxSurge, maxUnavailable, surge, unavailable] of [
  [3, "25%", "25%", 1, 0],
  [6, "25%", "25%", 2, 1],
  [4, "25%", "25%", 1, 1],
  [10, 0, 0, 0, 1],
  [2, 0, "10%", 0, 1],
  [10, "100%", "100%", 10, 10],
  [2, 1, 5, 1, 2],
  [0, "25%", "25%", 0, 0],
  [0, 1, 1, 1, 0],
] as const)
  test(`bounds of ${replicas} with ${maxSurge} and ${maxUnavailable}`, () => {
    const spec = {
      replicas,
      selector,
      template,
      strategy: { type: "RollingUpdate" as const, rollingUpdate: { maxSurge, maxUnavailable } },
    };
    assert.equal(resolveBounds(spec), { maxSurge: surge, maxUnavailable: unavailable });
  });

for (const [what, replicas, surge, all, current, next] of [
  ["room for the surge", 4, 1, [size("a", 4), size("b", 0)], 0, 1],
  ["no room", 4, 1, [size("a", 4), size("b", 1)], 1, 1],
  ["more room than needed", 4, 2, [size("a", 1), size("b", 3)], 3, 4],
  ["too big", 2, 1, [size("b", 5)], 5, 2],
] as const)
  test(`the new one grows: ${what}`, () => assert.is(nextNewSize(replicas, surge, all, current), next));

for (const [what, replicas, bounds, old, next, wanted] of [
  ["one available may go", 4, [1, 1], [size("a", 4)], size("b", 1, 0), "a3"],
  ["none may go before one comes", 3, [1, 0], [size("a", 3)], size("b", 1, 0), ""],
  ["one came, one goes", 3, [1, 0], [size("a", 3)], size("b", 1, 1), "a2"],
  ["unavailable ones go first", 5, [2, 1], [size("a", 2, 2), size("b", 3, 0)], size("c", 2, 0), "b2"],
  ["a status that is behind", 4, [1, 1], [size("a", 3, 4)], size("b", 2, 2), "behind"],
] as const)
  test(`old ones shrink: ${what}`, () => {
    const [maxSurge, maxUnavailable] = bounds;
    assert.is(shown(shrinkOld(replicas, { maxSurge, maxUnavailable }, old, next)), wanted);
  });

for (const [what, replicas, surge, active, wanted] of [
  ["up, in proportion", 15, 4, [size("a", 8, 8, 13), size("b", 5, 5, 13)], "a12 b7"],
  ["up, the leftover to the biggest", 12, 3, [size("a", 5, 5, 13), size("b", 4, 4, 13), size("c", 4, 4, 13)], "a6 c5 b4"],
  ["down, in proportion", 5, 2, [size("a", 8, 8, 13), size("b", 5, 5, 13)], "a4 b3"],
  ["to nothing", 0, 0, [size("a", 8, 8, 13), size("b", 5, 5, 13)], "a0 b0"],
] as const)
  test(`scaling during a rollout: ${what}`, () => assert.is(shown(shareOut(replicas, surge, active, 0)), wanted));

test("shares always add up, and never fall below nothing", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 5 });
  const counts = fc.integer({ min: 0, max: 60 });
  fc.assert(
    fc.property(sizes, counts, counts, counts, (list, replicas, surge, slack) => {
      const before = list.reduce((n, s) => n + s, slack);
      const active = list.map((s, i) => size(String.fromCharCode(97 + i), s, 0, before));
      const shares = shareOut(replicas, surge, active, 0);
      assert.ok(shares.every((s) => s.to >= 0));
      assert.is(
        shares.reduce((n, s) => n + s.to, 0),
        replicas > 0 ? replicas + surge : 0,
      );
    }),
  );
});

test.run();
