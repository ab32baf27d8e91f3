import { test } from "uvu";
import * as assert from "uvu/assert";
import { exactAmount, inOneUnit, shortAmount } from "./amounts.ts";
import { barOf, showBar } from "./bar.ts";
import { changedLines } from "./line-diff.ts";
import { table } from "./table.ts";
import { showValue } from "./words.ts";

const BARS: readonly [before: number, after: number, want: string][] = [
  [0, 0, "░░░░░░░░░░"],
  [0, 1, "▓░░░░░░░░░"],
  [50, 50, "█████░░░░░"],
  [50, 99, "█████▓▓▓▓░"],
  [50, 100, "█████▓▓▓▓▓"],
  [100, 30, "███▒▒▒▒▒▒▒"],
  [0, 250, "▓▓▓▓▓▓▓▓▓▓"],
];
for (const [before, after, want] of BARS)
  test(`bar from ${before}% to ${after}%`, () => assert.is(showBar(barOf(before, after, 10)), want));

const AMOUNTS: readonly [text: string, exact: string, short: string][] = [
  ["0", "0", "0"],
  ["6700m", "6.7", "6.7"],
  ["5m", "0.005", "0.01"],
  ["4", "4", "4"],
  ["3680m", "3.68", "3.68"],
  ["4608Mi", "4608Mi", "4.5Gi"],
  ["1Ki", "1Ki", "1Ki"],
  ["100Gi", "100Gi", "100Gi"],
  ["1k", "1k", "1000"],
  ["not a quantity", "not a quantity", "not a quantity"],
];
for (const [text, exact, short] of AMOUNTS)
  test(`amount ${text}`, () => assert.equal([exactAmount(text), shortAmount(text)], [exact, short]));

test("amounts in one unit", () => {
  assert.equal(inOneUnit(["1", "500m", "0"]), ["1000m", "500m", "0m"]);
  assert.equal(inOneUnit(["1", "2"]), ["1", "2"]);
  assert.equal(inOneUnit(["1Gi", "512Mi"]), ["1Gi", "512Mi"]);
});

const LINES: readonly [about: string, before: unknown, after: unknown, want: readonly string[] | undefined][] = [
  ["one line", "a", "b", undefined],
  ["no text", "a\nb", 3, undefined],
  ["a line in the middle", "a\nb\nc\nd", "a\nb\nX\nd", [" b", "-c", "+X", " d"]],
  ["a line at the end", "a\n", "a\nb\n", [" a", "+b", " "]],
  ["far apart", "1\n2\n3\n4\n5\n6\n7", "X\n2\n3\n4\n5\n6\nY", ["-1", "+X", " 2", " 6", "-7", "+Y"]],
  ["from nothing", "", "a\nb", ["-", "+a", "+b"]],
];
for (const [about, before, after, want] of LINES)
  test(`lines: ${about}`, () =>
    assert.equal(
      changedLines(before, after)?.map((l) => l.sign + l.text),
      want,
    ));

test("a text of very many changed lines is one value, one of many is cut", () => {
  const lines = (n: number, text: string): string => Array.from({ length: n }, (_, i) => `${text}${i}`).join("\n");
  assert.is(changedLines(lines(1000, "a"), lines(1000, "b")), undefined);
  assert.match(changedLines(lines(100, "a"), lines(100, "b"))?.at(-1)?.text ?? "", /^… 140 more lines$/);
});

test("a table has columns as wide as they need, and lines as long as the terminal at most", () => {
  const rows = [
    [{ text: "漢字" }, { text: "x" }],
    [{ text: "a" }, { text: "y".repeat(100) }],
  ];
  assert.equal(table(rows, 30, "  "), ["  漢字  x", `  a     ${"y".repeat(21)}…`]);
});

const VALUES: readonly [value: unknown, want: string][] = [
  ["nginx:1.27", "nginx:1.27"],
  [" a", '" a"'],
  ["", '""'],
  ["a\nb", '"a\\nb"'],
  [3, "3"],
  [["-v"], '["-v"]'],
  ["x".repeat(50), `${"x".repeat(19)}…`],
];
for (const [value, want] of VALUES) test(`value ${JSON.stringify(value).slice(0, 20)}`, () => assert.is(showValue(value, 20), want));

test.run();
