import { test } from "uvu";
import * as assert from "uvu/assert";
import { Loop } from "../../sim/loop.ts";
import { PacedQueue } from "./paced-queue.ts";

test("changes during the sync of many Pods share the next one; that of few is over at once", () => {
  for (const [pods, want] of [
    [200, [0, 1, 2, 3, 30]],
    [1000, [0, 20, 40]],
  ] as const) {
    const loop = new Loop();
    const syncs: number[] = [];
    const queue = new PacedQueue(
      loop,
      () => pods,
      () => {
        syncs.push(loop.now());
      },
    );
    for (const atMs of [0, 1, 2, 3, 30]) loop.at(atMs, () => queue.add("a/web"));
    while (loop.step());
    assert.equal(syncs, want, `${pods}`);
  }
});

test.run();
