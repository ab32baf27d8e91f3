import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  addQuantity,
  canonicalQuantity,
  compareQuantity,
  formatQuantity,
  milliOf,
  parseQuantity,
  roundUpToMilli,
  subtractQuantity,
  unitsOf,
} from "./quantity.ts";

/** Text → the canonical text that a real API server keeps. */
const CANONICAL: readonly (readonly [string | number, string | undefined])[] = [
  ["0", "0"],
  ["0Mi", "0"],
  ["-0", "0"],
  ["1000", "1k"],
  ["1000m", "1"],
  ["1500m", "1500m"],
  ["0.5", "500m"],
  [".5", "500m"],
  ["5.", "5"],
  ["1.5Gi", "1536Mi"],
  ["1024", "1024"],
  ["1024Ki", "1Mi"],
  ["1023Ki", "1023Ki"],
  ["0.5Ki", "512"],
  ["0.0001Ki", "102400u"],
  ["100.5Mi", "102912Ki"],
  ["0.1Mi", "104858"],
  ["1e3", "1e3"],
  ["1E3", "1e3"],
  ["12e6", "12e6"],
  ["1500e0", "1500"],
  ["15e-1", "1500e-3"],
  ["0.1n", "1n"],
  ["1E", "1E"],
  ["100E", "9223372036854775807"],
  ["-1.5", "-1500m"],
  [2, "2"],
  [0.1, "100m"],
  [1e21, "9223372036854775807"],
  ["", undefined],
  ["5OOm", undefined],
  ["64GB", undefined],
  ["1 Gi", undefined],
  ["Gi", undefined],
  ["1.2.3", undefined],
  ["0x10", undefined],
  ["NaN", undefined],
  ["1e", undefined],
];

for (const [text, canonical] of CANONICAL)
  test(`${JSON.stringify(text)} is kept as ${canonical}`, () => assert.is(canonicalQuantity(text), canonical));

const texts = fc
  .tuple(
    fc.constantFrom("", "-", "+"),
    fc.nat(1_000_000),
    fc.option(fc.nat(9999)),
    fc.constantFrom("", "n", "u", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "e3", "E-2", "e+6"),
  )
  .map(([sign, whole, fraction, suffix]) => `${sign}${whole}${fraction === null ? "" : `.${fraction}`}${suffix}`);

test("the canonical text reads back as the same value, and is its own canonical text", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const q = parseQuantity(text)!;
      const canonical = formatQuantity(q);
      const again = parseQuantity(canonical)!;
      // A binary quantity with a fraction is written rounded up to whole units.
      if (q.format !== "BinarySI") assert.is(again.nano, q.nano);
      assert.is(formatQuantity(again), canonical);
    }),
  );
});

test("sums and differences undo each other; comparison agrees with the difference", () => {
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      const x = parseQuantity(a)!;
      const y = parseQuantity(b)!;
      assert.is(subtractQuantity(addQuantity(x, y), y).nano, x.nano);
      assert.is(compareQuantity(x, y), Math.sign(Number(subtractQuantity(x, y).nano)));
    }),
  );
});

test("rounding goes away from zero", () => {
  assert.is(unitsOf(parseQuantity("1500m")!), 2n);
  assert.is(unitsOf(parseQuantity("-1500m")!), -2n);
  assert.is(milliOf(parseQuantity("1u")!), 1n);
  assert.is(formatQuantity(roundUpToMilli(parseQuantity("1500u")!)), "2m");
});

test("a text with a giant exponent is read in no time", () => {
  assert.is(canonicalQuantity("1e2147483647"), "9223372036854775807");
  assert.is(canonicalQuantity("1e-2147483647"), canonicalQuantity("1e-9"));
  assert.is(canonicalQuantity(`1${"0".repeat(300)}`), undefined);
});

test.run();
