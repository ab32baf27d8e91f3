import { test } from "uvu";
import * as assert from "uvu/assert";
import { pod } from "../../../test/support/scheduler-world.ts";
import { prioritySort } from "./plugins/priority-sort.ts";
import { type PodInfo, PodShapes } from "./pod-info.ts";
import { SchedulingQueue } from "./queue.ts";

const shapes = new PodShapes();
const info = (name: string, priority = 0): PodInfo => shapes.infoOf(pod(name, { priority }));
const names = (queue: SchedulingQueue): string[] => {
  const out: string[] = [];
  for (let w = queue.pop(); w; w = queue.pop()) out.push(w.info.pod.metadata.name);
  return out;
};

test("higher priority first, then who waits longer", () => {
  const queue = new SchedulingQueue(prioritySort.compare!);
  queue.add(info("a"), false, 0);
  queue.add(info("b", 10), false, 5);
  queue.add(info("c"), false, 3);
  queue.add(info("d", 10), false, 9);
  assert.equal(names(queue), ["b", "d", "a", "c"]);
});

test("a deleted Pod is not tried, a gated one only when it is woken", () => {
  const queue = new SchedulingQueue(prioritySort.compare!);
  queue.add(info("a"), false, 0);
  queue.add(info("gated"), true, 0);
  queue.delete("default/a");
  assert.equal(names(queue), []);
  queue.wake(queue.get("default/gated")!, 0, true);
  assert.equal(names(queue), ["gated"]);
});

test("a refused Pod waits for an event, then backs off; an active one goes before it, but nobody waits for nothing", () => {
  const queue = new SchedulingQueue(prioritySort.compare!);
  queue.add(info("a", 100), false, 0);
  const a = queue.pop()!;
  queue.setAside(a, new Set(["NodeResourcesFit"]), 0);
  assert.is(queue.pop(), undefined);
  queue.wake(a, 10);
  queue.add(info("b"), false, 10);
  assert.equal(names(queue), ["b", "a"]);
});

test("after its back-off a Pod is active again", () => {
  const queue = new SchedulingQueue(prioritySort.compare!);
  queue.add(info("a", 100), false, 0);
  const a = queue.pop()!;
  queue.setAside(a, new Set(), 0);
  queue.wake(a, 10);
  queue.add(info("b"), false, 10);
  queue.flush(1000);
  assert.equal(names(queue), ["a", "b"]);
});

test("after five minutes a Pod is tried again, event or not", () => {
  const queue = new SchedulingQueue(prioritySort.compare!);
  queue.add(info("a"), false, 0);
  queue.setAside(queue.pop()!, new Set(), 1000);
  assert.is(queue.nextFlushMs(), 301_000);
  queue.flush(300_999);
  assert.is(queue.pop(), undefined);
  queue.flush(301_000);
  assert.equal(names(queue), ["a"]);
});

test.run();
