import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { choose, nodesWanted } from "./cycle.ts";

const WANTED: readonly (readonly [nodes: number, percentage: number, wanted: number])[] = [
  [0, 0, 0],
  [99, 0, 99],
  [100, 0, 100],
  [150, 0, 100],
  [500, 0, 230],
  [1000, 0, 420],
  [5000, 0, 500],
  [6000, 0, 300],
  [15000, 0, 750],
  [1000, 30, 300],
  [1000, 5, 100],
  [50, 5, 50],
];
for (const [nodes, percentage, wanted] of WANTED) {
  test(`of ${nodes} nodes at ${percentage || "the adaptive"} % ${wanted} are enough`, () =>
    assert.is(nodesWanted(nodes, percentage), wanted));
}

const CHOICES: readonly (readonly [totals: readonly number[], index: number, size: number])[] = [
  [[5], 0, 1],
  [[5, 5], 0, 2],
  [[5, 5, 5], 0, 3],
  [[4, 5, 5], 1, 2],
  [[4, 5, 6], 2, 1],
  // The left subtree's root is compared first: index 3 below 1 loses to 2 only if 2 is strictly better.
  [[1, 2, 5, 5], 3, 2],
  [[1, 5, 5, 5, 5], 1, 4],
  [[1, 1, 1, 1, 1, 9, 9], 5, 2],
];
for (const [totals, index, size] of CHOICES) {
  test(`of ${totals.join(" ")} the one at ${index} is taken`, () => assert.equal(choose(Float64Array.from(totals)), { index, size }));
}

/** Go's container/heap: Init, then the root. */
function rootOfHeap(totals: readonly number[]): number {
  const heap = totals.map((_, i) => i);
  const better = (a: number, b: number): boolean => totals[heap[a]!]! > totals[heap[b]!]!;
  for (let start = Math.floor(heap.length / 2) - 1; start >= 0; start--) {
    for (let i = start; ; ) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && better(child + 1, child)) child++;
      if (!better(child, i)) break;
      [heap[i], heap[child]] = [heap[child]!, heap[i]!];
      i = child;
    }
  }
  return heap[0]!;
}

test("the choice is the root of the heap that Go builds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(3), { minLength: 1, maxLength: 40 }),
      (totals) => choose(Float64Array.from(totals)).index === rootOfHeap(totals),
    ),
  );
});

test.run();
