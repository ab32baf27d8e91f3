import { test } from "uvu";
import * as assert from "uvu/assert";
import { fnv32a, NAME_ALPHABET, nameSuffix, randomStream, safeEncode, uuidOf } from "./random.ts";

test("FNV-1a as published", () => {
  assert.is(fnv32a(""), 0x811c9dc5);
  assert.is(fnv32a("a"), 0xe40c292c);
  assert.is(fnv32a("foobar"), 0xbf9cf968);
});

test("a stream depends on its key alone", () => {
  const draw = (key: string): number[] => {
    const stream = randomStream(key);
    return Array.from({ length: 8 }, () => stream.int(1000));
  };
  assert.equal(draw("web-1"), draw("web-1"));
  assert.not.equal(draw("web-1"), draw("web-2"));
});

test("10,000 suffixes of running keys collide no more often than chance has it", () => {
  // 27^5 = 14.3 million suffixes: 3.5 collisions expected among 10,000; 20 has a chance below 1e-9.
  const suffixes = new Set(Array.from({ length: 10_000 }, (_, i) => nameSuffix(`web-${i}`)));
  assert.ok(suffixes.size > 9_980, `${suffixes.size} distinct`);
  for (const s of suffixes) assert.match(s, new RegExp(`^[${NAME_ALPHABET}]{5}$`));
});

test("uuids are of version 4 and distinct", () => {
  const ids = new Set(Array.from({ length: 10_000 }, (_, i) => uuidOf(`Pod default/web-${i}`)));
  assert.is(ids.size, 10_000);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("safe encoding spells digits in the name alphabet", () => {
  // '0' is 48, and 48 mod 27 is 21: the letter "4".
  assert.is(safeEncode("0123456789"), "456789bcdf");
});

test.run();
