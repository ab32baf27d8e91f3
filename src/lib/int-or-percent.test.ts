import { test } from "uvu";
import * as assert from "uvu/assert";
import { scaledValue } from "./int-or-percent.ts";

for (const [value, total, round, want] of [
  [3, 10, "up", 3],
  ["25%", 10, "up", 3],
  ["25%", 10, "down", 2],
  ["0%", 10, "up", 0],
  ["150%", 2, "down", 3],
  ["25", 10, "up", undefined],
  ["x%", 10, "up", undefined],
] as const)
  test(`${value} of ${total} rounded ${round}`, () => assert.is(scaledValue(value, total, round), want));

test.run();
