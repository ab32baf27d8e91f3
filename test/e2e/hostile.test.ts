/** Input made to break things: an answer in bounded time and memory (512 MB of heap), in one clear line, with no stack. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { project, STACK } from "./run-cli.ts";

const METADATA = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";
const deployment = (replicas: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  replicas: ${replicas}\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: a, image: b}]}\n`;
const lines = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join("\n");
const typescript = (value: string): string =>
  `const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } };\n${value}\n`;

/** Options of Node. */
const HEAP: readonly string[] = ["--max-old-space-size=512"];

type Cases = Readonly<Record<string, readonly [text: string | Uint8Array, said: RegExp]>>;

/** Refused while it is read: by every command alike, exit code 2, nothing on standard output. */
const UNREADABLE: Cases = {
  "closers.yaml": [`a: ${"]".repeat(1_000_000)}\n`, /^closers\.yaml:1:4: error: not valid YAML: unexpected/],
  "flow-keys.yaml": [`${METADATA}data: {${lines(300_000, (i) => `k${i}: v,`)}}\n`, /more than 2,000,000 tokens$/],
  "unclosed.json": [`[${"1,".repeat(3_000_000)}`, /more than 2,000,000 tokens$/],
  "anchors.yaml": [`${METADATA}data:\n${lines(100_000, (i) => `  k${i}: &a${i} x`)}\n`, /more than 20,000 anchors and aliases$/],
  "aliases.yaml": [`${METADATA}data:\n  a: &a x\n${lines(100_000, (i) => `  k${i}: *a`)}\n`, /more than 20,000 anchors and aliases$/],
  "bomb.yaml": [
    `${METADATA}data:\n  a: &a {x: x, y: x}\n${lines(30, (i) => `  k${i}: &k${i} {x: *${i ? `k${i - 1}` : "a"}, y: *${i ? `k${i - 1}` : "a"}}`)}\n`,
    /aliases repeat too much/,
  ],
  "twice.json": [
    `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{${lines(100_000, (i) => `${i ? "," : ""}"k":"v${i}"`)}}}`,
    /^twice\.json:2:2: error: this key is already in the map/,
  ],
  "deep.json": [`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, /nested more than 500 levels deep$/],
  "deep-block.yaml": [`${lines(3000, (i) => `${" ".repeat(i)}a:`)}\n`, /nested more than 500 levels deep$/],
  "map-key.yaml": [`${METADATA}data:\n  ? {a: b}\n  : c\n`, /^map-key\.yaml:6:5: error: a key is a text, not a map$/],
  "list-key.yaml": [`${METADATA}data: {[a]: c}\n`, /error: a key is a text, not a list$/],
  "huge-number.yaml": [deployment("1e999"), /^huge-number\.yaml:5:3: error: spec\.replicas is Infinity/],
  "utf-16.yaml": [Buffer.from(`\ufeff${METADATA}`, "utf16le"), /utf-16\.yaml is UTF-16: save it as UTF-8$/],
  "utf-16-bare.yaml": [Buffer.from(METADATA, "utf16le"), /control characters are not allowed \(U\+0000\)$/],
  "tag.yaml": [`${"!".repeat(500_000)} x\n`, /error: not valid YAML: /],
  "getter.ts": [
    typescript("export default { ...object,\n  get data(): never { throw new Error('no data'); },\n};"),
    /^getter\.ts:2:19: error: no data$|^getter\.ts:3:29: error: no data$/,
  ],
  "proxy.ts": [
    typescript("export default new Proxy(object, { ownKeys() { throw new Error('no keys'); } });"),
    /^proxy\.ts:2:\d+: error: no keys$/,
  ],
  "revoked.ts": [typescript("const { proxy, revoke } = Proxy.revocable(object, {});\nrevoke();\nexport default proxy;"), /revoked$/],
  "endless-proxy.ts": [
    typescript(
      "const p: any = new Proxy(object, { get: (t: any, k) => (k === 'then' ? undefined : k in t ? t[k] : p), ownKeys: () => ['apiVersion', 'kind', 'metadata', 'x'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) });\nexport default p;",
    ),
    /x contains itself$/,
  ],
  "awkward-error.ts": [
    "const e = new Error('x');\nObject.defineProperty(e, 'stack', { get() { throw 1; } });\nthrow e;\n",
    /threw something that cannot be shown$/,
  ],
  "long-error.ts": ["throw new Error('x'.repeat(10_000_000));\n", /x… \(10,000,000 characters\)$/],
  "sparse.ts": ["const a: unknown[] = [];\na.length = 4294967295;\nexport default a;\n", /more than 500,000 items$/],
  "many.ts": [typescript("export default Array(3_000_000).fill(object);"), /more than 500,000 items$/],
  "shared.ts": [
    typescript("let a: any = { x: 'y' };\nfor (let i = 0; i < 40; i++) a = { l: a, r: a };\nexport default { ...object, data: a };"),
    /holds more than 10,000,000 values$/,
  ],
  "never.ts": ["export default () => new Promise(() => {});\n", /stopped before it was done/],
};

/** Read, and refused by the API server: exit code 1. */
const REFUSED: Cases = {
  "long.yaml": [`${METADATA}data:\n  a: "${"x".repeat(1_100_000)}"\n`, /Too long: may not be more than 1048576 bytes/],
  "huge.yaml": [
    `${METADATA}data:\n  a: "${"x".repeat(10_000_000)}"\n`,
    /(Request entity too large: limit is 3145728|RequestEntityTooLarge)/,
  ],
  "literal.yaml": [
    `${METADATA}data:\n  a: |\n${"    a line of text\n".repeat(500_000)}`,
    /(Request entity too large: limit is 3145728|RequestEntityTooLarge)/,
  ],
  "one-line.yaml": [`${METADATA}data: {a: ${"x ".repeat(600_000)}}\n`, /Too long: may not be more than 1048576 bytes/],
  "proto.yaml": [`${METADATA}__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n`, /__proto__/],
  "proto-kind.yaml": ["apiVersion: v1\nkind: __proto__\nmetadata:\n  name: toString\n", /__proto__ toString/],
  "escapes.yaml": [
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "a\\n\\e[31mb", namespace: {a: b}}\n',
    /metadata\.namespace|ConfigMap/,
  ],
  "2-53.yaml": [deployment("9007199254740993"), /cannot unmarshal number|expected/],
  "2-31.yaml": [deployment("2147483648"), /2147483648/],
};

test("what cannot be read", () => {
  const p = project({
    "package.json": '{ "type": "module" }',
    ...Object.fromEntries(Object.entries(UNREADABLE).map(([n, [text]]) => [n, text])),
  });
  for (const [name, [, said]] of Object.entries(UNREADABLE)) {
    const ran = p.run(["plan", name], "", HEAP);
    assert.is(ran.code, 2, `${name}: ${ran.stderr.slice(0, 500)}`);
    assert.is(ran.stdout, "", name);
    assert.match(ran.stderr.trimEnd(), said, name);
    assert.not.match(ran.stderr, STACK, name);
    assert.ok(ran.stderr.length < 3000, `${name} says ${ran.stderr.length} characters`);
  }
});

test("what an API server refuses", () => {
  const p = project(Object.fromEntries(Object.entries(REFUSED).map(([n, [text]]) => [n, text])));
  for (const [name, [, said]] of Object.entries(REFUSED))
    for (const command of ["check", "plan"]) {
      const ran = p.run([command, name], "", HEAP);
      assert.is(ran.code, 1, `${command} ${name}: ${ran.stderr.slice(0, 500)}`);
      assert.match(ran.stdout, said, `${command} ${name}`);
      assert.not.match(ran.stdout + ran.stderr, STACK, name);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would act on it.
      assert.not.match(ran.stdout, /\x1b/, name);
      assert.not.match(ran.stdout, /\[object Object\]/, name);
      assert.ok(ran.stdout.length < 20_000, `${command} ${name} says ${ran.stdout.length} characters`);
    }
});

test("much, but right: 50,000 documents and a list of 20,000", () => {
  const item = (i: number): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c${i}\n`;
  const p = project({
    "documents.yaml": Array.from({ length: 50_000 }, (_, i) => item(i)).join("---\n"),
    "list.yaml": `apiVersion: v1\nkind: List\nitems:\n${Array.from({ length: 20_000 }, (_, i) => `- ${item(i).trimEnd().replaceAll("\n", "\n  ")}\n`).join("")}`,
    "empty.yaml": "---\n".repeat(1_000_000),
  });
  assert.is(p.run(["check", "documents.yaml"], "", HEAP).stderr, "50000 objects checked, an API server takes them all\n");
  assert.is(p.run(["check", "list.yaml"], "", HEAP).stderr, "20000 objects checked, an API server takes them all\n");
  assert.match(p.run(["check", "empty.yaml"], "", HEAP).stderr, /has no Kubernetes objects$/m);
});

test.run();
