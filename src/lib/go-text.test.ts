import { test } from "uvu";
import * as assert from "uvu/assert";
import { goQuote } from "./go-text.ts";

for (const [text, quoted] of [
  ["plain", '"plain"'],
  ['a "b" \\c', '"a \\"b\\" \\\\c"'],
  ["a\nb\tc\0", '"a\\nb\\tc\\x00"'],
  ["\u007f", '"\\x7f"'],
  ["é€𝄞", '"é€𝄞"'],
  ["\u00a0\u200b", '"\\u00a0\\u200b"'],
  ["\u{e0001}", '"\\U000e0001"'],
] as const)
  test(`%q of ${JSON.stringify(text)}`, () => assert.is(goQuote(text), quoted));

test.run();
