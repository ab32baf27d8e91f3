import { test } from "uvu";
import * as assert from "uvu/assert";
import { Loop } from "./loop.ts";
import { type ReconcileResult, WorkQueue } from "./work-queue.ts";

const runAll = (loop: Loop): void => {
  for (let i = 0; i < 10_000 && loop.step(); i++);
};

test("tasks run by time, then in the order in which they were asked for", () => {
  const loop = new Loop();
  const ran: string[] = [];
  loop.at(20, () => ran.push(`c@${loop.now()}`));
  loop.at(10, () => {
    ran.push(`a@${loop.now()}`);
    loop.after(0, () => ran.push(`late@${loop.now()}`));
  });
  loop.at(10, () => ran.push(`b@${loop.now()}`));
  const cancel = loop.at(15, () => ran.push("never"));
  cancel();
  runAll(loop);
  assert.equal(ran, ["a@10", "b@10", "late@10", "c@20"]);
});

test("a task asked for in the past runs now", () => {
  const loop = new Loop();
  loop.at(50, () => loop.at(10, () => assert.is(loop.now(), 50)));
  runAll(loop);
  assert.is(loop.executed, 2);
});

test("timestamps are those of 2026-01-01 plus virtual time", () => {
  const loop = new Loop({ startsAtSecond: 5 });
  loop.at(61_999, () => undefined);
  runAll(loop);
  assert.is(loop.timestamp(), "2026-01-01T00:01:06Z");
  assert.is(loop.microTimestamp(), "2026-01-01T00:01:06.999000Z");
  assert.is(loop.instantOf("2026-01-01T00:00:06Z"), 1000);
});

test("time does not skip what is due", () => {
  const loop = new Loop();
  loop.at(10, () => undefined);
  loop.skipTo(10);
  assert.is(loop.now(), 10);
  assert.throws(() => loop.skipTo(11), /nothing due is skipped/);
});

test("a work queue holds a key once and lets keys take turns", () => {
  const loop = new Loop();
  const seen: string[] = [];
  const queue = new WorkQueue(loop, (key) => void seen.push(key));
  for (const key of ["a", "b", "a"]) queue.add(key);
  runAll(loop);
  assert.equal(seen, ["a", "b"]);
});

test("a failing key comes back after 5 ms, doubling, and its back-off ends with success", () => {
  const loop = new Loop();
  const seen: number[] = [];
  const queue: WorkQueue = new WorkQueue(loop, (): ReconcileResult => {
    seen.push(loop.now());
    return seen.length < 5 ? "retry" : undefined;
  });
  queue.add("x");
  runAll(loop);
  assert.equal(seen, [0, 5, 15, 35, 75]);
  assert.is(queue.failuresOf("x"), 0);
});

test("of several delays the earliest counts", () => {
  const loop = new Loop();
  const seen: number[] = [];
  const queue = new WorkQueue(loop, () => void seen.push(loop.now()));
  queue.addAfter("x", 100);
  queue.addAfter("x", 30);
  queue.addAfter("x", 60);
  runAll(loop);
  assert.equal(seen, [30]);
});

test.run();
