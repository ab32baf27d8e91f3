import { test } from "uvu";
import * as assert from "uvu/assert";
import { Loop } from "../../sim/loop.ts";
import { WorkQueue } from "../../sim/work-queue.ts";
import { SyncDuration } from "./sync-duration.ts";

test("changes during the sync of a large set share the next one", () => {
  for (const [pods, want] of [
    [200, [0, 1, 2, 3]],
    [1000, [0, 20]],
  ] as const) {
    const loop = new Loop();
    const duration = new SyncDuration();
    const syncs: number[] = [];
    const queue = new WorkQueue(loop, (key) => {
      duration.begins(key, pods, loop.now());
      syncs.push(loop.now());
    });
    for (const atMs of [0, 1, 2, 3]) loop.at(atMs, () => duration.wake(queue, "a/web", loop.now()));
    while (loop.step());
    assert.equal(syncs, want, `${pods}`);
  }
});

test.run();
