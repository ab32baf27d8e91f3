import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import * as jsYaml from "js-yaml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as yaml from "yaml";
import { YAML_OPTIONS } from "../load/yaml-schema.ts";
import { writeYaml, YamlWriteError } from "./write.ts";

/** Every reader at hand, each with the schemas of both versions that it has. */
const READERS: readonly (readonly [string, (text: string) => unknown])[] = [
  ["yaml, 1.2", (text) => yaml.parse(text, { version: "1.2" })],
  ["yaml, 1.1", (text) => yaml.parse(text, { version: "1.1", merge: true })],
  ["our own, as kubectl", (text) => yaml.parse(text, YAML_OPTIONS)],
  ["js-yaml", (text) => jsYaml.load(text)],
  ...["JSON_SCHEMA", "CORE_SCHEMA", "YAML11_SCHEMA", "DEFAULT_SCHEMA"]
    .filter((name) => name in jsYaml)
    .map(
      (name) =>
        [`js-yaml ${name}`, (text: string) => jsYaml.load(text, { schema: (jsYaml as Record<string, unknown>)[name] as never })] as const,
    ),
];

/** Strings that some reader of some version takes for something else, and strings that are hard to write. */
const NASTY: readonly string[] = [
  ..."y Y yes Yes YES n N no No NO on On ON off Off OFF true True TRUE false False FALSE null Null NULL ~ = << yEs tRUE".split(" "),
  ..."0 1 -1 +1 007 0o17 0O17 017 0x1F 0X1f -0x1F 0b101 1_000 1,000 -1_0 12:30 12:30:45 -12:30:45.5 190:20:30 8080:80".split(" "),
  ...".5 5. . -. +. ._ 1e3 1E3 1.5e+3 1e -e 1.0 1. 1.2.3 .e3 e1 E1 -e5 +E-5 e E e1x +.5 -.5e-3 .inf -.inf +.INF .Inf .nan .NaN .NAN 0.0.0.0 10.0.0.0/8".split(
    " ",
  ),
  ..."2026-01-01 2026-1-1 2026-01-01T00:00:00Z 2026-01-01t1:2:3 2026-01-01-rc1 2026-13".split(" "),
  "2026-01-01 10:00:00",
  ...["", " ", "  ", " a", "a ", "\t", "a\t", "\ta", "a\tb", "-", "- a", "-a", "--", "---", "--- a", "---a", "...", "... a", "...a", ".. "],
  ...["a: b", "a:b", "a:", ":", ":a", ": a", "a :b", "http://x:80/y", "a #b", "a#b", "#", "#a", "# a", "?", "? a", "?a"],
  ...[
    "[",
    "]",
    "[]",
    "[a]",
    "{",
    "}",
    "{}",
    "{a: b}",
    "a, b",
    ",",
    "a]",
    "*",
    "*a",
    "&",
    "&a",
    "!",
    "!a",
    "!!str",
    "|",
    "|-",
    ">",
    ">-",
    "%",
    "%a",
  ],
  ...["@", "@a", "`", "`a`", "'", '"', "'a'", '"a"', 'a"b', "a'b", "\\", "a\\nb", '{"a": "b"}', "it's", `'"`],
  ...[
    "\n",
    "\n\n",
    "a\n",
    "a\n\n",
    "a\nb",
    "\na",
    "\n\na\n",
    " a\nb",
    "a\n b\n",
    "a\n\n\nb\n",
    "a \nb \n",
    "a\n  \nb",
    "a\n  ",
    "  \na",
    "a\n\t\nb",
  ],
  ...[
    "\ta\nb",
    "a\n\tb\n",
    "a\r\nb\r\n",
    "a\rb",
    "\r",
    "a\n---\nb\n",
    "---\na\n",
    "a\n...\n",
    "#a\nb\n",
    "- a\n- b\n",
    "a: b\nc: d\n",
    "a\n\n ",
    "a\n \n",
  ],
  ...[
    "\n a",
    "\n\ta",
    "a\n\n\n",
    "|\n a",
    "\0",
    "a\0b",
    "\u0007",
    "\u001b[0m",
    "\u007f",
    "\u0080",
    "\u0085",
    "a\u0085b",
    "\u00a0",
    "a\u00a0",
    "\u00ad",
  ],
  ...[
    "\u2028",
    "a\u2028b",
    "a\n\u2029b",
    "\ufeff",
    "\ufeffa",
    "a\ufeff",
    "a\n\ufeff\n",
    "\ufffe",
    "\uffff",
    "\u200b",
    "\u3000a",
    "日本語",
    "a日\nb",
    "😀",
    "😀\n😀\n",
    "é",
    "\u0301",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "length",
    "null ",
    " null",
    "a".repeat(2000),
    `${"a ".repeat(1000)}b`,
    `"${"x".repeat(1100)}`,
    "a:\nb",
    "%YAML 1.2\n---\n",
  ],
];

const nastyString = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NASTY) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...NASTY.filter((s) => s.length < 30)), { maxLength: 4 }).map((parts) => parts.join("")),
  },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(..."ab01 \n\n\t:#-'\"\\.,[]{}&*!|>%@`~=<?_+eExo".split("")), maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }).filter((s) => !/\p{Surrogate}/u.test(s)) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
);
const key = nastyString.filter((k) => k !== "__proto__");
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 1e21, 1e-7, 2 ** 53, 5e-324, 1.7e308),
);
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 4, arbitrary: nastyString },
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

function readsBack(value: unknown): void {
  const text = writeYaml(value);
  for (const [name, read] of READERS) {
    let back: unknown;
    try {
      back = read(text);
    } catch (error) {
      throw new Error(`${name} cannot read ${JSON.stringify(text)}: ${(error as Error).message}`);
    }
    assert.ok(isDeepStrictEqual(back, value), `${name} reads ${JSON.stringify(text)} as ${JSON.stringify(back)}`);
  }
}

test("there are readers of both versions", () => {
  assert.ok(READERS.length >= 5, READERS.map(([name]) => name).join());
});

test("every nasty string reads back, as a value, an item and a key, wherever it stands", () => {
  for (const text of NASTY) {
    readsBack({ a: text, b: "after" });
    readsBack([text, "after", [text, [text]], { a: text, b: [text] }]);
    readsBack({ a: { b: { c: text } }, d: [{ e: text }] });
    if (text !== "__proto__") readsBack({ [text]: "a", b: { [text]: { c: 1 } }, c: [{ [text]: [1, { [text]: text }] }] });
  }
});

test("any value of nasty strings and numbers reads back with every reader", () => {
  fc.assert(fc.property(anyValue, readsBack), { numRuns: 3000 });
});

test("the same value gives the same text", () => {
  fc.assert(
    fc.property(anyValue, (value) => assert.is(writeYaml(value), writeYaml(structuredClone(value)))),
    { numRuns: 200 },
  );
});

test("no text has an anchor, an alias, a tag or a folded line", () => {
  const shared = { cpu: "100m" };
  assert.is(writeYaml({ a: shared, b: shared, c: [shared, shared] }), "a:\n  cpu: 100m\nb:\n  cpu: 100m\nc:\n- cpu: 100m\n- cpu: 100m\n");
  const long = "word ".repeat(400).trim();
  assert.is(writeYaml({ long }), `long: ${long}\n`);
});

/** What is plain, and what is quoted and how: `value | text`. */
const TEXTS: readonly (readonly [unknown, string])[] = [
  ["nginx:1.27", "nginx:1.27"],
  ["10.96.0.0/12", "10.96.0.0/12"],
  ["192.168.0.1", "192.168.0.1"],
  ["1.2.3", "1.2.3"],
  ["100m", "100m"],
  ["64Mi", "64Mi"],
  ["-c", "-c"],
  ["-e", "-e"],
  ["e2e", "e2e"],
  ["--port=8080", "--port=8080"],
  ["app.kubernetes.io/name", "app.kubernetes.io/name"],
  ["/healthz?x=y&z", "/healthz?x=y&z"],
  ["$(POD_IP):80", "$(POD_IP):80"],
  ["a, b [c] {d}", "a, b [c] {d}"],
  ["it's", "it's"],
  ["yesterday", "yesterday"],
  ["1.27-alpine", "1.27-alpine"],
  ["日本語", "日本語"],
  ["80", '"80"'],
  ["true", '"true"'],
  ["No", '"No"'],
  ["", '""'],
  ["*", '"*"'],
  ["a: b", '"a: b"'],
  ["2026-01-01", '"2026-01-01"'],
  ["12:30:45", '"12:30:45"'],
  ['{"a": 1}', `'{"a": 1}'`],
  ["\\d: '", "'\\d: '''"],
  ["a\rb", '"a\\rb"'],
  ["\u0085", '"\\u0085"'],
  [3, "3"],
  [-0, "-0"],
  [1e21, "1.0e+21"],
  [1.5e-9, "1.5e-9"],
  [0.1, "0.1"],
  [true, "true"],
  [null, "null"],
  [[], "[]"],
  [{}, "{}"],
  [{ a: undefined }, "{}"],
];

test("one-line values are quoted only where they must be", () => {
  for (const [value, text] of TEXTS) assert.is(writeYaml({ a: value }), `a: ${text}\n`);
});

test("text of several lines is a literal block", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a\nb\n", "k: |\n  a\n  b\n"],
    ["a\nb", "k: |-\n  a\n  b\n"],
    ["a\n\n", "k: |+\n  a\n\n"],
    ["  a\nb\n", "k: |2\n    a\n  b\n"],
    ["\ta\n", "k: |2\n  \ta\n"],
    ["a\n\n\tb  \n", "k: |\n  a\n\n  \tb  \n"],
    ["a\r\nb", 'k: "a\\r\\nb"\n'],
    ["\n", 'k: "\\n"\n'],
  ];
  for (const [value, text] of cases) assert.is(writeYaml({ k: value }), text);
});

test("the layout is the one of kubectl", () => {
  const pod = { kind: "Pod", spec: { containers: [{ name: "a", args: ["-c", "x"], env: [] }], tolerations: [{}], nested: [[1, [2]], []] } };
  assert.is(
    writeYaml(pod),
    "kind: Pod\nspec:\n  containers:\n  - name: a\n    args:\n    - -c\n    - x\n    env: []\n  tolerations:\n  - {}\n  nested:\n  - - 1\n    - - 2\n  - []\n",
  );
});

test("a field named __proto__ is a field", () => {
  assert.is(writeYaml(JSON.parse('{"__proto__": {"a": 1}}')), "__proto__:\n  a: 1\n");
});

class Custom {
  readonly a = 1;
}
const cycle: { self?: unknown } = {};
cycle.self = { again: [cycle] };
let deep: unknown = 1;
for (let i = 0; i < 100_000; i++) deep = [deep];

test("what has no YAML is refused, naming the field", () => {
  const cases: readonly (readonly [unknown, string, RegExp])[] = [
    [{ a: { b: [1, () => 1] } }, "a.b[1]", /is a function/],
    [{ spec: { at: new Date(0) } }, "spec.at", /is a Date; write date\.toISOString\(\)/],
    [{ m: new Map() }, "m", /is a Map/],
    [{ m: new Set() }, "m", /is a Set/],
    [{ n: 10n }, "n", /is the bigint 10n/],
    [{ s: Symbol("x") }, "s", /is a symbol/],
    [{ n: Number.NaN }, "n", /is NaN/],
    [{ "a.b/c": { n: Number.POSITIVE_INFINITY } }, '["a.b/c"].n', /is Infinity/],
    [{ l: [1, undefined] }, "l[1]", /is undefined/],
    [{ c: new Custom() }, "c", /is an instance of Custom/],
    [{ b: new Uint8Array(2) }, "b", /is binary data/],
    [{ p: Promise.resolve(1) }, "p", /is a Promise/],
    [{ s: "a\ud800" }, "s", /half of a surrogate pair/],
    [{ s: "a\n\udc00" }, "s", /half of a surrogate pair/],
    [{ "\ud800": 1 }, '["\\ud800"]', /half of a surrogate pair in its name/],
    [cycle, "self.again[0]", /contains itself/],
    [undefined, "", /is undefined/],
    [new Date(0), "", /is a Date/],
  ];
  for (const [value, path, why] of cases) {
    try {
      writeYaml(value);
      assert.unreachable(String(why));
    } catch (error) {
      assert.instance(error, YamlWriteError, (error as Error).stack ?? "");
      assert.is((error as YamlWriteError).path, path);
      assert.match((error as YamlWriteError).message, why);
    }
  }
  assert.throws(() => writeYaml({ deep }), /nested more than 500 levels deep/);
});

test.run();
