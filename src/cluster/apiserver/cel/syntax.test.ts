/** Expressions and what the real parser says of them. @see https://github.com/google/cel-go/blob/master/parser/parser_test.go */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { check } from "./check.ts";

const OPERAND = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const ENTRY = OPERAND.replace("'{', ", "'{', '}', ").replace("'.', ", "'.', ',', ").replace("'!', ", "'!', '?', ");

/** Places are `column why`, of the first line. */
const CASES: readonly (readonly [string, ...string[]])[] = [
  ["a == 1"],
  ["a.b[0].c(1, [2, 3,], {'x': 4})"],
  ["a ? b : c ? d : e"],
  ["Object{spec: Object.spec{a: 1}}"],
  ["", `0 mismatched input '<EOF>' expecting ${OPERAND}`],
  ["a b", "3 extraneous input 'b' expecting <EOF>"],
  ["a b c", "3 mismatched input 'b' expecting <EOF>"],
  ["a = 1", "3 token recognition error at: '= '", "5 extraneous input '1' expecting <EOF>"],
  ["a | b", "3 token recognition error at: '| '", "5 extraneous input 'b' expecting <EOF>"],
  [
    "*@a | b",
    `1 extraneous input '*' expecting ${OPERAND}`,
    "2 token recognition error at: '@'",
    "5 token recognition error at: '| '",
    "7 extraneous input 'b' expecting <EOF>",
  ],
  ["1 + $", "5 token recognition error at: '$'", `6 mismatched input '<EOF>' expecting ${OPERAND}`],
  ["1 + +", `5 mismatched input '+' expecting ${OPERAND}`, `6 mismatched input '<EOF>' expecting ${OPERAND}`],
  ["?", `1 mismatched input '?' expecting ${OPERAND}`, `2 mismatched input '<EOF>' expecting ${OPERAND}`],
  ["in", `1 mismatched input 'in' expecting ${OPERAND}`, `3 mismatched input '<EOF>' expecting ${OPERAND}`],
  ["{", `2 mismatched input '<EOF>' expecting ${ENTRY}`],
  ["{a}", "3 mismatched input '}' expecting ':'"],
  ["T{}()", "4 mismatched input '(' expecting <EOF>"],
  ["x{.", "3 mismatched input '.' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}"],
  ["self.true == 1", "6 mismatched input 'true' expecting IDENTIFIER"],
  ['{"a": 1}."a"', "10 no viable alternative at input '.\"a\"'"],
  ["(a", "3 missing ')' at '<EOF>'"],
  ["f(a, b", "7 missing ')' at '<EOF>'"],
  ["f(a b)", "5 extraneous input 'b' expecting ')'"],
  ["f(", `3 mismatched input '<EOF>' expecting ${OPERAND.replace("'(', ", "'(', ')', ")}`],
  ["a[1", "4 missing ']' at '<EOF>'"],
  ["[1, 2", "6 mismatched input '<EOF>' expecting {']', ','}"],
  ["a)", "2 extraneous input ')' expecting <EOF>"],
  ["a ? b", "6 mismatched input '<EOF>' expecting ':'"],
  ["'abc", "1 token recognition error at: ''abc'", `5 mismatched input '<EOF>' expecting ${OPERAND}`],
];

for (const [source, ...wanted] of CASES) {
  test(`\`${source}\``, () => {
    const { errors } = check(
      source,
      new Proxy({}, { get: () => "any", getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }) }),
    );
    const syntax = errors.map((e) => e.split("\n")[0]!).filter((e) => e.includes("Syntax error"));
    assert.equal(
      syntax,
      wanted.map((w) => w.replace(/^(\d+) /, "ERROR: <input>:1:$1: Syntax error: ")),
    );
  });
}

test("reserved words are no names", () => {
  assert.equal(check("var == 1", {}).errors[0]?.split("\n")[0], "ERROR: <input>:1:1: reserved identifier: var");
});

test.run();
