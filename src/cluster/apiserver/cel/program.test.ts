/** The dialect of Kubernetes: an expression, the value of `self`, and what comes of it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { COST_EXCEEDED, compile } from "./program.ts";
import { fromCel, toCel, toCelBySchema } from "./values.ts";

function evaluate(source: string, self: unknown): unknown {
  const compiled = compile(source, ["self"]);
  if ("error" in compiled) return `compile: ${compiled.error.split("\n")[0]}`;
  const outcome = compiled.program.run({ self: toCel(self) });
  return "error" in outcome ? `error: ${outcome.error}` : fromCel(outcome.value);
}

const CASES: readonly (readonly [source: string, self: unknown, want: unknown])[] = [
  ["self.from < self.to", { from: 1, to: 2 }, true],
  ["self.a + 1 == 3", { a: 2 }, true],
  ["self.x", {}, "error: no such key: x"],
  ["has(self.a) && self.a.size() > 0", {}, false],
  ["self.all(x, x > 0)", [1, 2], true],
  ["self.exists(x, x == 2)", [1, 2], true],
  ["self.exists_one(x, x == 2)", [1, 2, 2], false],
  ["self.map(x, x * 2)", [1, 2], [2, 4]],
  ["self.map(x, x > 1, x * 2)", [1, 2], [4]],
  ["self.filter(x, x != 'a')", ["a", "b"], ["b"]],
  ["self.all(k, k.startsWith('a'))", { ab: 1 }, true],
  ["self.all(i, x, i < x)", [1, 2], true],
  ["self.exists(k, v, k == 'b' && v == 2)", { a: 1, b: 2 }, true],
  ["self.transformMap(k, v, v + 1)", { a: 1 }, { a: 2 }],
  ["self.transformList(i, v, i > 0, v)", ["a", "b"], ["b"]],
  ["self.a.all(i, x, self.b.exists(j, y, i == j && x == y))", { a: [1, 2], b: [1, 2] }, true],
  ["'a.b'.split('.')", null, ["a", "b"]],
  ["'héllo'.charAt(1) + 'héllo'.substring(0, 2)", null, "éhé"],
  ["'a,b,a'.replace('a', 'c', 1)", null, "c,b,a"],
  ["'%s is %d of %.1f%%'.format(['a', 2, 0.5])", null, "a is 2 of 0.5%"],
  ["'abc 123'.find('[0-9]+')", null, "123"],
  ["'a1b2'.findAll('[0-9]')", null, ["1", "2"]],
  ["self.matches(r'^[[:alpha:]]+\\z')", "abc", true],
  ["self.matches('(')", "a", "error: error parsing regexp: missing closing ): `(`"],
  ["self.isSorted() && self.sum() == 6 && self.max() == 3 && self.min() == 1", [1, 2, 3], true],
  ["self.indexOf(2)", [1, 2], 1],
  ["sets.contains(self, [1])", [1, 2], true],
  ["sets.equivalent([1, 1], [1])", null, true],
  ["self.sortBy(x, x.n).map(x, x.n)", [{ n: 2 }, { n: 1 }], [1, 2]],
  ["quantity('1Gi').isGreaterThan(quantity('1Mi')) && isQuantity('1k') && !isQuantity('x')", null, true],
  ["quantity('50k').add(20).asInteger()", null, 50_020],
  ["quantity('1Gi') == quantity('1024Mi')", null, true],
  ["cidr('10.0.0.0/8').containsIP('10.1.2.3') && ip('::1').isLoopback() && ip('10.0.0.1').family() == 4", null, true],
  ["cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && ip.isCanonical('::1')", null, true],
  ["url('https://a.example:80/x?k=v').getHostname() + url('https://a.example:80/x').getPort()", null, "a.example80"],
  ["isURL('a b') || isURL('x')", null, false],
  ["semver('1.2.3').isLessThan(semver('1.10.0')) && isSemver('1.0.0-rc.1')", null, true],
  ["format.dns1123Label().validate(self).hasValue()", "Not_A_Label", true],
  ["self.?a.orValue('none')", {}, "none"],
  ["self[?'a'].hasValue()", { a: 1 }, true],
  ["self.?a.optMap(x, x + 1).orValue(0)", { a: 1 }, 2],
  ["{'a': 1, ?'b': self.?b}", {}, { a: 1 }],
  ["[1, ?self.?b]", { b: 2 }, [1, 2]],
  ["Object{spec: Object.spec{replicas: 3, ?paused: self.?x}}", {}, { spec: { replicas: 3 } }],
  [
    "[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b'), value: 'c'}]",
    null,
    [{ op: "add", path: "/metadata/labels/a~1b", value: "c" }],
  ],
  ["self.d == 1.0 && self.d < 2", { d: 1 }, true],
  ["cel.bind(x, self.a, x + x)", { a: 2 }, 4],
  ["duration('90m') > duration('1h') && string(duration('90m')) == '5400s'", null, true],
  ["timestamp('2024-02-01T00:00:00Z').getDayOfYear()", null, 31],
  ["type(self.a) == string ? 'text' : 'other'", { a: "x" }, "text"],
  ["self.a == 1 || self.b == 'x'", { a: "1", b: "x" }, true],
  ["self.x && false", {}, false],
  ["1 / self.n", { n: 0 }, "error: division by zero"],
  ["self[3]", [], "error: index out of bounds: 3"],
  ["self.a + 1", { a: "x" }, "error: no such overload"],
  ["self.__dash__", {}, "error: no such key: __dash__"],
  ["object.x", {}, "compile: ERROR: <input>:1:1: undeclared reference to 'object' (in container '')"],
  ["self.nosuch(1)", {}, "compile: ERROR: <input>:1:1: undeclared reference to 'nosuch' (in container '')"],
  ["nosuch(1)", {}, "compile: ERROR: <input>:1:1: undeclared reference to 'nosuch' (in container '')"],
  ["self.a ==", {}, "compile: ERROR: <input>:1:1: Syntax error: Unexpected token: EOF"],
  ["(self", {}, "compile: ERROR: <input>:1:1: Syntax error: token recognition error or unmatched bracket"],
  ["// a remark\nself == 1 // and another", 1, true],
  ["\"it's\" + 'a \\'b\\''", null, "it'sa 'b'"],
];

for (const [source, self, want] of CASES) test(source, () => assert.equal(evaluate(source, self), want));

test("a rule that takes too long is given up", () => {
  const many = Array.from({ length: 2_000 }, (_, i) => i);
  assert.is(evaluate("self.all(x, self.all(y, x + y >= 0))", many), `error: ${COST_EXCEEDED}`);
  assert.is(evaluate("self.map(x, self.filter(y, x == y)).size() > 0", many), `error: ${COST_EXCEEDED}`);
});

test("a schema says which fields there are, and of what type", () => {
  const value = toCelBySchema(
    {
      kind: "A",
      metadata: { name: "n", labels: {} },
      namespace: "x",
      n: 1,
      d: 1,
      other: 2,
      at: "2024-01-01T00:00:00Z",
      "a-b": 1,
      none: null,
    },
    {
      type: "object",
      properties: {
        namespace: { type: "string" },
        n: { type: "integer" },
        d: { type: "number" },
        at: { type: "string", format: "date-time" },
        "a-b": { type: "integer" },
        none: { type: "string" },
      },
    },
    true,
  );
  assert.equal(
    { ...(value as object) },
    {
      kind: "A",
      metadata: Object.assign(Object.create(null), { name: "n" }),
      __namespace__: "x",
      n: 1n,
      d: 1,
      at: new Date("2024-01-01T00:00:00Z"),
      a__dash__b: 1n,
    },
  );
});

test.run();
