import { test } from "uvu";
import * as assert from "uvu/assert";
import type { HPAScalingRules } from "../../../generated/v1.36/model.ts";
import { type Dated, limit, scaleDownLimit, scaleUpLimit, stabilize } from "./hpa-behavior.ts";

const NOW = 10_000_000;
const ago = (seconds: number, replicas: number): Dated => ({ atMs: NOW - seconds * 1000, replicas });
const NONE = { recommendations: [], ups: [], downs: [] };
const policies = (selectPolicy: string, ...list: readonly (readonly [string, number, number])[]): HPAScalingRules => ({
  selectPolicy,
  policies: list.map(([type, value, periodSeconds]) => ({ type, value, periodSeconds })),
});

test("without rules the highest recommendation of five minutes counts", () => {
  const got = (wanted: number, ...recent: readonly Dated[]): unknown => {
    const { replicas, reason } = stabilize(wanted, 5, recent, undefined, NOW);
    return `${replicas} ${reason}`;
  };
  assert.is(got(3), "3 ReadyForNewScale");
  assert.is(got(3, ago(200, 8), ago(100, 4)), "8 ScaleDownStabilized");
  assert.is(got(3, ago(301, 8), ago(100, 4)), "4 ScaleDownStabilized");
  assert.is(got(9, ago(200, 8)), "9 ReadyForNewScale");
});

test("with rules: the lowest of the window upwards, the highest of the window downwards", () => {
  const rules = { up: { stabilizationWindowSeconds: 60 }, down: { stabilizationWindowSeconds: 120 } };
  const got = (wanted: number, current: number, ...recent: readonly Dated[]): unknown => {
    const { replicas, reason } = stabilize(wanted, current, recent, rules, NOW);
    return `${replicas} ${reason}`;
  };
  assert.is(got(10, 5, ago(30, 7)), "7 ScaleUpStabilized");
  assert.is(got(10, 5, ago(30, 4)), "5 ScaleUpStabilized", "but not down");
  assert.is(got(10, 5, ago(90, 4)), "10 ReadyForNewScale");
  assert.is(got(2, 5, ago(90, 4)), "4 ScaleDownStabilized");
  assert.is(got(2, 5, ago(90, 8)), "5 ScaleDownStabilized", "but not up");
});

/** wanted, current, min, max → without rules. */
const PLAIN: readonly (readonly [number, number, number, number, string])[] = [
  [5, 3, 1, 10, "5 DesiredWithinRange"],
  [9, 3, 1, 10, "6 ScaleUpLimit"],
  [9, 1, 1, 10, "4 ScaleUpLimit"],
  [12, 8, 1, 10, "10 TooManyReplicas"],
  [1, 5, 2, 10, "2 TooFewReplicas"],
];

test("without rules: at most twice as many, or four", () => {
  for (const [wanted, current, min, max, want] of PLAIN) {
    const { replicas, reason } = limit(wanted, { current, min, max }, NONE, undefined, NOW);
    assert.is(`${replicas} ${reason}`, want);
  }
});

test("rates: what was changed in the period counts", () => {
  const pods = policies("Max", ["Pods", 4, 60]);
  assert.is(scaleUpLimit(10, NONE, pods, NOW), 14);
  assert.is(scaleUpLimit(10, { ...NONE, ups: [ago(30, 3)] }, pods, NOW), 11);
  assert.is(scaleUpLimit(10, { ...NONE, ups: [ago(61, 3)] }, pods, NOW), 14);
  assert.is(scaleUpLimit(10, { ...NONE, downs: [ago(30, 2)] }, pods, NOW), 16);
  assert.is(scaleUpLimit(3, NONE, policies("Max", ["Percent", 50, 60]), NOW), 5, "rounded up");
  assert.is(scaleUpLimit(10, NONE, policies("Max", ["Pods", 4, 60], ["Percent", 100, 60]), NOW), 20);
  assert.is(scaleUpLimit(10, NONE, policies("Min", ["Pods", 4, 60], ["Percent", 100, 60]), NOW), 14);
  assert.is(scaleUpLimit(10, NONE, policies("Disabled", ["Pods", 4, 60]), NOW), 10);
  assert.is(scaleDownLimit(10, NONE, policies("Max", ["Pods", 4, 60], ["Percent", 10, 60]), NOW), 6);
  assert.is(scaleDownLimit(10, NONE, policies("Min", ["Pods", 4, 60], ["Percent", 10, 60]), NOW), 9);
  assert.is(scaleDownLimit(7, NONE, policies("Max", ["Percent", 50, 60]), NOW), 3, "truncated");
  assert.is(scaleDownLimit(10, { ...NONE, downs: [ago(30, 3)] }, policies("Max", ["Pods", 4, 60]), NOW), 9);
});

test("with rules: bounds and rates, and which of them it was", () => {
  const rules = { up: policies("Max", ["Pods", 2, 60]), down: policies("Max", ["Pods", 1, 60]) };
  const got = (wanted: number, current: number, history = NONE as Parameters<typeof limit>[2]): string => {
    const { replicas, reason } = limit(wanted, { current, min: 2, max: 10 }, history, rules, NOW);
    return `${replicas} ${reason}`;
  };
  assert.is(got(6, 5), "6 DesiredWithinRange");
  assert.is(got(9, 5), "7 ScaleUpLimit");
  assert.is(got(20, 9), "10 TooManyReplicas");
  assert.is(got(9, 5, { ...NONE, ups: [ago(10, 3)] }), "5 ScaleUpLimit", "too much already: it stays");
  assert.is(got(3, 5), "4 ScaleDownLimit");
  assert.is(got(0, 2), "2 TooFewReplicas");
});

test.run();
