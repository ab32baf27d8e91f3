/** Whatever is written: a value or an error, never a throw, and soon. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { check } from "./check.ts";
import { compile } from "./program.ts";
import { fromCel, toCel } from "./values.ts";

const WORDS = [
  ..."self oldSelf x y true null in has all exists map filter transformMap cel.bind size matches Object optional.of quantity ip".split(" "),
  ..."( ) [ ] { } . , ? : ! - + * / % < > == != && || .? [? ' \" 'a' \"b\" r'\\d' b'x' 1 2.5 0x1f 1u // # \\ \n".split(" "),
];
const LIMIT_MS = 2_000;

function survives(source: string, self: unknown): boolean {
  check(source, { self: "any", oldSelf: { fields: { a: "any" } } });
  const compiled = compile(source, ["self", "oldSelf"]);
  if ("program" in compiled) {
    const outcome = compiled.program.run({ self: toCel(self), oldSelf: null });
    if ("value" in outcome) fromCel(outcome.value);
  }
  return true;
}

test("words in any order", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 25 }), fc.jsonValue(), (words, self) => survives(words.join(" "), self)),
    { numRuns: 1_000, seed: 1, interruptAfterTimeLimit: LIMIT_MS },
  );
});

test("any text", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60, unit: "grapheme" }), (source) => survives(source, {})),
    { numRuns: 500, seed: 2, interruptAfterTimeLimit: LIMIT_MS },
  );
});

const DEEP = 100_000;
for (const [about, source] of [
  ["brackets", "(".repeat(DEEP) + ")".repeat(DEEP)],
  ["signs", `${"-".repeat(DEEP)}1`],
  ["fields", `self${".a".repeat(DEEP)}`],
  ["sums", `1${"+1".repeat(DEEP)}`],
  ["conditions", `${"true ? 1 : ".repeat(5_000)}2`],
  ["lists", "[".repeat(300) + "]".repeat(300)],
  ["quotes", `'${"\\'".repeat(DEEP)}`],
  ["blanks", " ".repeat(DEEP)],
] as const)
  test(`many ${about}`, () => {
    assert.ok(survives(source, {}));
  });

test("names that objects have by themselves", () => {
  const self = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "toString": 3}') as unknown;
  const compiled = compile("self.all(k, k != '') && !has(self.valueOf) && self.constructor == 2", ["self"]);
  assert.equal("program" in compiled && "value" in compiled.program.run({ self: toCel(self) }), true);
});

test.run();
