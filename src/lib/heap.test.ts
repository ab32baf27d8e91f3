import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Heap } from "./heap.ts";

test("a heap gives its items back in order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (items) => {
      const heap = new Heap<number>((a, b) => a < b);
      for (const i of items) heap.push(i);
      const out: number[] = [];
      while (heap.size > 0) out.push(heap.pop()!);
      assert.equal(
        out,
        [...items].sort((a, b) => a - b),
      );
      assert.is(heap.pop(), undefined);
    }),
  );
});

test.run();
