import { test } from "uvu";
import * as assert from "uvu/assert";
import { type LabelSelectorShape, type Labels, matchesLabels, matchesSelector } from "./labels.ts";

const labels: Labels = { app: "web", tier: "front" };
const expression = (key: string, operator: string, values?: readonly string[]): LabelSelectorShape => ({
  matchExpressions: [{ key, operator, values }],
});

const CASES: readonly (readonly [string, LabelSelectorShape | undefined, boolean])[] = [
  ["an absent selector takes nothing", undefined, false],
  ["an empty selector takes everything", {}, true],
  ["all matchLabels must match", { matchLabels: { app: "web", tier: "back" } }, false],
  ["matchLabels", { matchLabels: { app: "web" } }, true],
  ["In", expression("app", "In", ["api", "web"]), true],
  ["In, absent key", expression("zone", "In", ["a"]), false],
  ["NotIn", expression("app", "NotIn", ["web"]), false],
  ["NotIn, absent key", expression("zone", "NotIn", ["a"]), true],
  ["Exists", expression("app", "Exists"), true],
  ["DoesNotExist", expression("app", "DoesNotExist"), false],
  ["an unknown operator takes nothing", expression("app", "Like", ["web"]), false],
];
for (const [name, selector, taken] of CASES) test(name, () => assert.is(matchesSelector(selector, labels), taken));

test("a map selector: an empty one takes everything, an object without labels only that", () => {
  assert.is(matchesLabels({}, undefined), true);
  assert.is(matchesLabels({ app: "web" }, undefined), false);
  assert.is(matchesLabels(undefined, labels), true);
});

test.run();
