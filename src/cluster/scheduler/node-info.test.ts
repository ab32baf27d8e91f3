import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pod } from "../../../test/support/scheduler-world.ts";
import { ChangeLog } from "./change-log.ts";
import { NodeInfo } from "./node-info.ts";
import { type PodInfo, PodShapes } from "./pod-info.ts";

test("the lowest priority is that of the Pods that are there, as they come and go", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.constantFrom(-10, 0, 5, 1000)), { maxLength: 40 }), (steps) => {
      const shapes = new PodShapes();
      const node = new NodeInfo("n", 0, new ChangeLog());
      const there = new Map<number, PodInfo>();
      for (const [which, priority] of steps) {
        const known = there.get(which);
        if (known) {
          node.remove(known);
          there.delete(which);
        } else {
          const info = shapes.infoOf(pod(`p${which}`, { priority }));
          node.add(info);
          there.set(which, info);
        }
        assert.is(node.lowestPriority, Math.min(...[...there.values()].map((p) => p.priority)));
      }
    }),
  );
});

test.run();
