import { test } from "uvu";
import * as assert from "uvu/assert";
import { Turns } from "./turns.ts";

test("one after the other, closer the more there are", () => {
  const turns = new Turns();
  const delays = Array.from({ length: 100_000 }, () => turns.nextDelayMs(5000));
  assert.is(delays[0], 1 / 1024);
  assert.ok(delays.every((delay, i) => i === 0 || delay > delays[i - 1]!));
  for (const [index, about] of [
    [9, 170],
    [99, 870],
    [99_999, 1100],
  ] as const)
    assert.ok(Math.abs(delays[index]! - about) < about / 20, `${index}: ${delays[index]}`);
  assert.ok(
    delays.every((delay) => Number.isInteger(delay * 1024)),
    "exact",
  );
});

test("who comes when nobody waits does not wait for others", () => {
  const turns = new Turns();
  assert.is(turns.nextDelayMs(0), 1 / 1024);
  assert.is(turns.nextDelayMs(1000), 1 / 1024);
  assert.ok(Math.abs(turns.nextDelayMs(1010) - 10) < 0.01, "20 ms behind the one before");
});

test.run();
