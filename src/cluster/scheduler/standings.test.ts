import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { choose } from "./cycle.ts";
import { type Standing, Standings } from "./standings.ts";

/** The same by looking at one node after another. */
function walked(totals: readonly (number | undefined)[], start: number, wanted: number): Standing {
  const found: number[] = [];
  let processed = 0;
  for (; processed < totals.length && found.length < wanted; processed++) {
    const place = (start + processed) % totals.length;
    if (totals[place] !== undefined) found.push(place);
  }
  const { index, size } = choose(Float64Array.from(found.map((place) => totals[place]!)));
  return { place: found[index] ?? -1, size, processed };
}

const total = fc.option(fc.nat(3), { nil: undefined, freq: 4 });

test("the choice is that of a walk over the nodes, also after changes", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.array(total, { minLength: 1, maxLength: 70 }), fc.array(fc.nat(2), { minLength: 1, maxLength: 300 })),
      fc.array(fc.record({ place: fc.nat(299), to: total, start: fc.nat(299), wanted: fc.integer({ min: 1, max: 320 }) }), {
        minLength: 1,
        maxLength: 20,
      }),
      (made, steps) => {
        const totals: (number | undefined)[] = [...made];
        const standings = new Standings(totals.length, (place) => totals[place]);
        for (const { place, to, start, wanted } of steps) {
          const from = start % totals.length;
          assert.equal(standings.choose(from, wanted), walked(totals, from, wanted));
          totals[place % totals.length] = to;
          standings.set(place % totals.length, to);
          assert.equal(standings.choose(from, wanted), walked(totals, from, wanted));
        }
      },
    ),
    { numRuns: 400 },
  );
});

test.run();
