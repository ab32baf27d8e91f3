import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pod } from "../../../generated/v1.36/model.ts";
import type { Measured } from "../../sim/metrics.ts";
import {
  groupPods,
  type PodGroups,
  podRequests,
  replicasForAverage,
  replicasForShare,
  replicasForUtilization,
  replicasForValue,
} from "./hpa.ts";

const TOLERANCE = { up: 0.1, down: 0.1 };
const measured = (milli: number, atMs = 1e6): Measured => ({ milli, atMs, windowMs: 30_000 });

function groups(uses: readonly number[], unready = 0, missing = 0): PodGroups {
  return {
    ready: new Map(uses.map((milli, i) => [`p${i}`, measured(milli)])),
    unready: Array.from({ length: unready }, (_, i) => `u${i}`),
    missing: Array.from({ length: missing }, (_, i) => `m${i}`),
  };
}

const everyone = (request: number): ReadonlyMap<string, number> =>
  new Map([..."pum"].flatMap((kind) => Array.from({ length: 10 }, (_, i) => [`${kind}${i}`, request] as const)));

/** current, target %, uses in milli of a request of 1000, unready, missing → replicas. */
const UTILIZATION: readonly (readonly [number, number, readonly number[], number, number, number, string])[] = [
  [3, 30, [300, 500, 700], 0, 0, 5, "up"],
  [3, 30, [300, 310, 290], 0, 0, 3, "at the target"],
  [3, 30, [320, 330, 330], 0, 0, 3, "within the tolerance above"],
  [3, 30, [280, 280, 280], 0, 0, 3, "within the tolerance below"],
  [3, 50, [100, 100, 100], 0, 0, 1, "down"],
  [5, 50, [100, 300, 500, 250, 250], 0, 0, 3, "down, rounded up"],
  [3, 30, [300, 500], 1, 0, 3, "an unready Pod counts as idle on the way up: 800 of 3000 is within the tolerance"],
  [3, 30, [900, 900], 1, 0, 6, "an unready Pod counts as idle on the way up"],
  [3, 50, [100, 100], 1, 0, 1, "an unready Pod does not count on the way down"],
  [2, 50, [900], 0, 1, 2, "a Pod without a measure counts as idle on the way up"],
  [4, 50, [100, 450], 0, 2, 4, "a Pod without a measure counts as full on the way down, which would be up: nothing"],
  [4, 100, [500, 500, 500], 0, 1, 3, "a Pod without a measure counts as full on the way down"],
  [1, 110, [100], 0, 0, 1, "never none"],
];

test("replicas for a utilization", () => {
  for (const [current, target, uses, unready, missing, want, about] of UTILIZATION) {
    const got = replicasForUtilization(current, target, groups(uses, unready, missing), everyone(1000), TOLERANCE);
    assert.is("error" in got ? got.error : got.replicas, want, about);
  }
});

test("what is shown is what the Pods that count use", () => {
  const got = replicasForUtilization(3, 30, groups([300, 500, 700], 1), everyone(1000), TOLERANCE);
  assert.equal(got, { replicas: 5, average: 500, utilization: 50 });
});

test("replicas for an average: amount, target, unready, missing", () => {
  const replicas = (current: number, target: number, uses: readonly number[], unready = 0, missing = 0): unknown => {
    const got = replicasForAverage(current, target, groups(uses, unready, missing), TOLERANCE);
    return "error" in got ? got.error : got.replicas;
  };
  assert.is(replicas(3, 15_000, [20_000, 10_000, 30_000]), 4);
  assert.is(replicas(3, 25_000, [20_000, 10_000, 30_000]), 3);
  assert.is(replicas(3, 20_000, [10_000, 10_000, 10_000]), 2);
  assert.is(replicas(3, 20_000, [10_000, 10_000], 0, 1), 2, "one without a measure is at the target on the way down");
  assert.is(replicas(3, 20_000, [], 2, 1), "did not receive metrics for targeted pods (pods might be unready)");
});

test("replicas for one value", () => {
  assert.is(replicasForValue(3, 3, 20_000, 15_000, TOLERANCE), 4);
  assert.is(replicasForValue(3, 2, 20_000, 15_000, TOLERANCE), 3, "times those that are ready");
  assert.is(replicasForValue(3, 3, 16_000, 15_000, TOLERANCE), 3);
  assert.is(replicasForValue(0, 0, 100_000, 15_000, TOLERANCE), 7, "from none");
  assert.is(replicasForShare(3, 30_000, 10_000, TOLERANCE), 3);
  assert.is(replicasForShare(3, 30_000, 5_000, TOLERANCE), 6);
  assert.is(replicasForShare(5, 20_000, 10_000, TOLERANCE), 2);
});

const NOW = 1_000_000;
const clock = { nowMs: NOW, instantOf: (text: string): number => Number(text) };

/** Phase, seconds since start, Ready and seconds since it changed, deleted, measured → the group. */
const GROUPS: readonly (readonly [string, number, string | undefined, number, boolean, boolean, string])[] = [
  ["Running", 600, "True", 590, false, true, "ready"],
  ["Running", 600, "True", 590, false, false, "missing"],
  ["Running", 600, "True", 590, true, true, "out"],
  ["Failed", 600, "False", 590, false, true, "out"],
  ["Pending", 10, undefined, 0, false, false, "unready"],
  ["Running", 100, "False", 90, false, true, "unready"],
  ["Running", 100, "True", 90, false, true, "ready"],
  ["Running", 100, "True", 20, false, true, "unready"],
  ["Running", 600, "False", 590, false, true, "unready"],
  ["Running", 600, "False", 300, false, true, "ready"],
  ["Running", 600, undefined, 0, false, true, "unready"],
];

test("whose CPU counts", () => {
  for (const [phase, started, ready, changed, deleted, isMeasured, want] of GROUPS) {
    const at = (seconds: number): string => String(NOW - seconds * 1000);
    const conditions = ready === undefined ? [] : [{ type: "Ready", status: ready, lastTransitionTime: at(changed) }];
    const metadata = { name: "p", ...(deleted ? { deletionTimestamp: at(0) } : {}) };
    const pod = { metadata, spec: { containers: [] }, status: { phase, startTime: at(started), conditions } } as unknown as Pod;
    const got = groupPods([pod], isMeasured ? new Map([["p", measured(1, NOW - 5000)]]) : new Map(), "cpu", clock);
    const group = got.ready.size > 0 ? "ready" : got.unready.length > 0 ? "unready" : got.missing.length > 0 ? "missing" : "out";
    assert.is(group, want, JSON.stringify([phase, started, ready, changed, deleted, isMeasured]));
  }
});

test("requests: sidecars count, one container alone, a missing one is named, those of the Pod go first", () => {
  const container = (name: string, cpu?: string, more = {}): unknown => ({
    name,
    ...(cpu ? { resources: { requests: { cpu } } } : {}),
    ...more,
  });
  const pod = (containers: unknown[], initContainers: unknown[] = [], resources?: unknown): Pod =>
    ({ metadata: { name: "p" }, spec: { containers, initContainers, resources } }) as unknown as Pod;
  const sidecar = container("s", "50m", { restartPolicy: "Always" });
  const sum = (p: Pod, name?: string): unknown => {
    const got = podRequests([p], "cpu", name);
    return "error" in got ? got.error : (got as ReadonlyMap<string, number>).get("p");
  };
  assert.is(sum(pod([container("a", "100m"), container("b", "1")], [sidecar, container("i", "5")])), 1150);
  assert.is(sum(pod([container("a", "100m"), container("b")]), "a"), 100);
  assert.is(sum(pod([container("a", "100m"), container("b")])), "missing request for cpu in container b of Pod p");
  assert.is(sum(pod([container("a")], [], { requests: { cpu: "2" } })), 2000);
});

test.run();
