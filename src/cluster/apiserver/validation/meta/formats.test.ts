/** Names are looked at letter by letter, for speed: held against the regular expressions that the messages show. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { configMapKey, dnsLabel, dnsSubdomain, labelValue, portName, qualifiedName } from "./formats.ts";

const NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;

const CASES: readonly (readonly [string, (text: string) => readonly string[], RegExp])[] = [
  ["a DNS label", dnsLabel, new RegExp(`^(?=.{1,63}$)${LABEL}$`)],
  ["a DNS subdomain", dnsSubdomain, new RegExp(`^(?=.{1,253}$)${SUBDOMAIN}$`)],
  ["a qualified name", qualifiedName, new RegExp(`^((?=[^/]{1,253}/)${SUBDOMAIN}/)?(?=.{1,63}$)${NAME}$`)],
  ["a label's value", labelValue, new RegExp(`^((?=.{1,63}$)${NAME})?$`)],
  ["a key of a ConfigMap", configMapKey, /^(?!\.\.?$)(?!\.\.)[-._a-zA-Z0-9]{1,253}$/],
  ["a port's name", portName, /^(?=.{1,15}$)(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/],
];

const piece = fc.constantFrom("a", "0", "Z", "-", ".", "_", "/", "--", "a.b", "é", " ", "\n", "x".repeat(20), "y".repeat(61));
const texts = fc.oneof(
  fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
  fc.string(),
);

for (const [what, errorsOf, pattern] of CASES)
  test(`${what} is what its pattern says`, () => {
    let right = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const isRight = pattern.test(text);
        if (isRight) right++;
        assert.is(errorsOf(text).length === 0, isRight, JSON.stringify(text));
      }),
      { numRuns: 3000, seed: 36 },
    );
    assert.ok(right > 100, `${right} were right`);
  });

test.run();
