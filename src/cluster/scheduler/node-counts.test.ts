import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ChangeLog } from "./change-log.ts";
import { NodeCounts, SumsRoom } from "./node-counts.ts";
import { NodeInfo } from "./node-info.ts";

const NODES = 6;
const ids = fc.array(fc.integer({ min: -1, max: 2 }), { minLength: NODES, maxLength: NODES });
const eligible = fc.option(fc.array(fc.nat(1), { minLength: NODES, maxLength: NODES }), { nil: undefined });

test("sums by domain, kept while Pods come and go, equal those made afresh", () => {
  const asked = fc.record({ ids, eligible, before: fc.nat(12) });
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 7 }), fc.array(fc.nat(NODES - 1), { maxLength: 12 }), (sums, pods) => {
      const nodes = Array.from({ length: NODES }, (_, i) => new NodeInfo(`n${i}`, i, new ChangeLog()));
      const kept = new NodeCounts(new SumsRoom());
      const made = sums.map((s) => ({
        domains: { ids: Int32Array.from(s.ids), count: 3 },
        eligible: s.eligible && Uint8Array.from(s.eligible),
      }));
      const here: number[] = [];
      pods.forEach((place, i) => {
        for (const [k, { before }] of sums.entries()) if (before === i) kept.byDomain(made[k]!.domains, made[k]!.eligible);
        // Every third goes again.
        const by = i % 3 === 2 ? -1 : 1;
        const at = by === 1 ? place : here.pop()!;
        if (by === 1) here.push(place);
        kept.change(nodes[at]!, by);
      });
      for (const { domains, eligible: only } of made) {
        const want = new Int32Array(3);
        for (const place of here) if (domains.ids[place]! >= 0 && only?.[place] !== 0) want[domains.ids[place]!]!++;
        const sum = kept.byDomain(domains, only);
        assert.equal([...sum.values], [...want]);
        assert.is(
          sum.total,
          want.reduce((n, v) => n + v, 0),
        );
      }
      assert.is(kept.size, new Set(here).size);
      for (const node of nodes) assert.is(kept.get(node), here.filter((place) => place === node.slot).length);
    }),
  );
});

test("sums asked for longest ago make room, and are right when asked for again", () => {
  const room = new SumsRoom(6);
  const node = new NodeInfo("n", 0, new ChangeLog());
  const domains = { ids: Int32Array.from([1]), count: 3 };
  const three = [1, 2, 3].map(() => new NodeCounts(room));
  const sums = three.map((counts) => counts.byDomain(domains));
  for (const counts of three) counts.change(node, 1);
  // The first had to go: what was handed out is not kept up.
  assert.equal(
    sums.map((s) => s.total),
    [0, 1, 1],
  );
  assert.equal([...three[0]!.byDomain(domains).values], [0, 1, 0]);
});

test.run();
