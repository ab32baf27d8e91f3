import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { unifiedDiff } from "./unified-diff.ts";

const lines = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => `line ${from + i}`).join("\n");

const CASES: readonly (readonly [string, string, string, string])[] = [
  ["nothing", "a\nb", "a\nb", ""],
  ["one line", "a\nb\nc", "a\nx\nc", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"],
  ["an end", "a", "a\nb", "@@ -1 +1,2 @@\n a\n+b\n"],
  ["all", "", "a", "@@ -1 +1 @@\n-\n+a\n"],
];
for (const [what, a, b, diff] of CASES) test(what, () => assert.is(unifiedDiff(a, b), diff));

test("changes that are far apart are apart", () => {
  const diff = unifiedDiff(`x\n${lines(0, 20)}\ny`, `X\n${lines(0, 20)}\nY`);
  assert.is(diff.match(/^@@/gm)?.length, 2);
  assert.match(diff, /@@ -1,4 \+1,4 @@\n-x\n\+X\n line 0\n line 1\n line 2\n@@ -19,4 \+19,4 @@/);
});

/** Takes the additions and leaves the removals of a difference. */
function applied(a: string, diff: string): string {
  const source = a.split("\n");
  const out: string[] = [];
  let at = 0;
  for (const line of diff.split("\n").slice(0, -1)) {
    const start = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (start) {
      const first = Number(start[1]) - (start[2] === "0" ? 0 : 1);
      while (at < first) out.push(source[at++]!);
    } else if (line.startsWith("+")) out.push(line.slice(1));
    else {
      assert.is(source[at], line.slice(1));
      if (!line.startsWith("-")) out.push(source[at]!);
      at++;
    }
  }
  return [...out, ...source.slice(at)].join("\n");
}

test("a difference leads from one text to the other", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "{", "}"), { maxLength: 300 }).map((l) => l.join("\n"));
  fc.assert(
    fc.property(text, text, (a, b) => applied(a, unifiedDiff(a, b)) === b),
    { seed: 1, numRuns: 200 },
  );
});

test.run();
