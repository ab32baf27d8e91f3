import { test } from "uvu";
import * as assert from "uvu/assert";
import { matchesSelector } from "../../lib/labels.ts";
import { loadAt } from "./hpa-load.ts";
import { parseSelector, selectorText } from "./scale-target.ts";

/** A selector as a custom resource tells it, labels that it takes, labels that it does not. */
const SELECTORS: readonly (readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, string>>])[] = [
  ["app=web", { app: "web" }, { app: "db" }],
  ["app==web,tier!=old", { app: "web", tier: "new" }, { app: "web", tier: "old" }],
  ["tier in (a, b),app", { tier: "b", app: "x" }, { tier: "c", app: "x" }],
  ["tier notin (a,b)", { tier: "c" }, { tier: "a" }],
  ["!old", {}, { old: "yes" }],
];

test("selectors as text", () => {
  for (const [text, takes, leaves] of SELECTORS) {
    const selector = parseSelector(text);
    assert.ok(matchesSelector(selector, takes), text);
    assert.not.ok(matchesSelector(selector, leaves), text);
  }
  const matchExpressions = [
    { key: "tier", operator: "In", values: ["b", "a"] } as const,
    { key: "old", operator: "DoesNotExist" } as const,
  ];
  assert.is(selectorText({ matchLabels: { app: "web" }, matchExpressions }), "app=web,!old,tier in (a,b)");
});

test("load profiles: the amount at a time, in thousandths", () => {
  const at = (profile: string, seconds: number): number | undefined => loadAt(profile, seconds * 1000);
  assert.is(at("500m", 1000), 500);
  assert.equal(
    [0, 59, 60, 299, 300].map((s) => at("500m, 60s=4, 300s=1", s)),
    [500, 500, 4000, 4000, 1000],
  );
  assert.is(at("30s=2", 10), 0, "nothing before it begins");
  assert.is(at("1.5s=2Gi", 2), 2 * 1024 ** 3 * 1000);
  for (const wrong of ["", "much", "1, 2", "10=3", "10s=", "10s=3 4"]) assert.is(at(wrong, 0), undefined, wrong);
});

test.run();
