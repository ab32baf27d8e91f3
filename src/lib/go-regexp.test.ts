/** RE2's syntax and words, and its time. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { findAll, goRegExp } from "./go-regexp.ts";

const CASES: readonly (readonly [pattern: string, text: string, found: readonly string[] | string])[] = [
  ["^\\S+( \\S+){4}$", "0 3 * * *", ["0 3 * * *"]],
  ["(?i)AB", "xabAB", ["ab", "AB"]],
  ["[[:alpha:]]+\\z", "1 abc", ["abc"]],
  ["\\Qa.b\\E", "axb a.b", ["a.b"]],
  ["(?P<x>a)\\d", "a1a2", ["a1", "a2"]],
  ["\\p{L}+", "héllo 1", ["héllo"]],
  ["(", "", "error parsing regexp: missing closing ): `(`"],
  ["a{1001}", "", "error parsing regexp: invalid repeat count: `{1001}`"],
  ["(?=a)", "", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"],
];

for (const [pattern, text, found] of CASES)
  test(`${pattern} in ${text}`, () => {
    const compiled = goRegExp(pattern);
    assert.equal("error" in compiled ? compiled.error : findAll(compiled.pattern, text, -1), found);
  });

test("nested repetitions do not take long", () => {
  const compiled = goRegExp("(a+)+$");
  assert.equal("pattern" in compiled && compiled.pattern.test(`${"a".repeat(50_000)}!`), false);
});

test.run();
