import { test } from "uvu";
import * as assert from "uvu/assert";
import { project, STACK } from "./run-cli.ts";

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop\ndata:\n  port: "80"\n';
const CONFIG_TS = '{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "shop" }, data: { port: "80" } }';

test("every form of an entry gives the same YAML", () => {
  const p = project({
    "package.json": '{ "type": "module" }',
    "object.ts": `interface Data { port: string }\nconst o: object = ${CONFIG_TS};\nexport default o;\n`,
    "nested.mts": `export default [[], [[${CONFIG_TS}], undefined, false, null]];\n`,
    "function.ts": `export default () => [${CONFIG_TS}];\n`,
    "async.ts": `export default async (): Promise<object[]> => [${CONFIG_TS}];\n`,
    "awaited.ts": `export default await Promise.resolve([Promise.resolve(${CONFIG_TS})]);\n`,
    "promised.ts": `export default Promise.resolve([${CONFIG_TS}]);\n`,
    "list.ts": `export default { apiVersion: "v1", kind: "List", items: [${CONFIG_TS}] };\n`,
    "plain.js": `export default ${CONFIG_TS};\n`,
    "plain.mjs": `export default ${CONFIG_TS};\n`,
    "old.cjs": `module.exports = ${CONFIG_TS};\n`,
    "old.cts": `const o: object = ${CONFIG_TS};\nmodule.exports = [o];\n`,
    "enum.ts": `enum Port { Http = "80" }\nclass P { constructor(readonly port: string) {} }\nexport default { ...${CONFIG_TS}, data: { port: new P(Port.Http).port } };\n`,
    "a.yaml": CONFIG,
    "b.yml": `---\n${CONFIG}---\n`,
    "c.json": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"shop"},"data":{"port":"80"}}',
    "d.yaml": `apiVersion: v1\nkind: List\nitems:\n${CONFIG.replace(/^/gm, "  ").replace("  apiV", "- apiV").trimEnd()}\n`,
    "folder/x/a.yaml": CONFIG,
    "folder/README.md": "no manifest",
    "folder/values.yaml": "replicas: 3\n",
  });
  const entries = [
    "object.ts",
    "nested.mts",
    "function.ts",
    "async.ts",
    "awaited.ts",
    "list.ts",
    "plain.js",
    "plain.mjs",
    "old.cjs",
    "old.cts",
  ];
  for (const entry of [...entries, "enum.ts", "a.yaml", "b.yml", "c.json", "d.yaml", "folder", "./folder/x/"]) {
    const ran = p.run(["synth", entry, "-o", "-"]);
    assert.is(ran.stderr, entry === "folder" ? "folder/values.yaml: skipped, there is no Kubernetes object in it\n" : "", entry);
    assert.is(ran.stdout, CONFIG, entry);
    assert.is(ran.code, 0);
  }
  assert.is(p.run(["synth", "-", "-o", "-"], CONFIG).stdout, CONFIG);
});

test("without an entry: seatrial.ts, or an error that says so", () => {
  const p = project({ "package.json": '{ "type": "module" }', "seatrial.ts": `export default ${CONFIG_TS};\n` });
  assert.is(p.run(["synth", "-o", "-"]).stdout, CONFIG);
  const none = project({}).run(["synth"]);
  assert.match(none.stderr, /no entry is named and there is none of seatrial\.ts, /);
  assert.is(none.code, 2);
});

test("a project without package.json, with imports as TypeScript allows them", () => {
  const p = project({
    "tsconfig.json": '{ /* c */ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"], }, }, }',
    "infra.ts":
      'import { Port, type Other, port } from "@lib/ports";\nimport { name } from "./lib/index.js";\nimport values from "./values.json";\nimport { more } from "./more";\n' +
      "// Port is only a type here\nconst p: Port = port;\n" +
      'export default { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: values.namespace }, data: { port: p, ...more } };\n',
    "lib/ports.ts": 'export type Port = string;\nexport interface Other { a: 1 }\nexport const port: Port = "80";\n',
    "lib/index.ts": 'export const name = "a" as const;\n',
    "more/index.ts": "export const more = {};\n",
    "values.json": '{ "namespace": "shop" }',
  });
  const ran = p.run(["synth", "infra.ts", "-o", "-"]);
  assert.is(ran.stderr, "");
  assert.is(ran.stdout, CONFIG);
});

test("seatrial itself is found by a project that has not installed it, and its objects know their line", () => {
  const p = project({
    "package.json": '{ "type": "module" }',
    "infra.ts":
      'import { ConfigMap } from "seatrial/core/v1";\n\nconst make = (): ConfigMap =>\n  ConfigMap({ metadata: { name: "a", namespace: "shop" }, data: { port: "80" } });\nexport default [make()];\n',
    "twice.ts":
      'import one from "./infra.ts";\nimport { ConfigMap } from "seatrial/core/v1";\n\nexport default [one, ConfigMap({ metadata: { name: "a", namespace: "shop" } })];\n',
  });
  const ran = p.run(["synth", "infra.ts", "-o", "-"]);
  assert.is(ran.stderr, "");
  assert.is(ran.stdout, CONFIG);
  const twice = p.run(["synth", "twice.ts"]);
  assert.is(twice.stderr, "twice.ts:4:22: error: ConfigMap shop/a is there twice: at infra.ts:4:3 and at twice.ts:4:22\n");
  assert.is(twice.code, 2);
});

test("environments", () => {
  const p = project({
    "package.json": '{ "type": "module" }',
    "app.ts":
      'import { app } from "seatrial";\nexport default app({ envs: { dev: { port: "80" }, prod: { port: "443" } } }, ({ env, port }) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: env }, data: { port } }));\n',
    "one.ts":
      'import { app } from "seatrial";\nexport default app({ envs: { only: {} } }, async ({ env }) => [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: env } }]);\n',
    "plain.ts": 'export default (env = "none") => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: env } });\n',
    "a.yaml": CONFIG,
  });
  const name = (args: readonly string[]): string => /name: (.*)/.exec(p.run(["synth", ...args, "-o", "-"]).stdout)?.[1] ?? "";
  assert.is(name(["app.ts", "--env", "prod"]), "prod");
  assert.is(name(["app.ts", "--env=dev"]), "dev");
  assert.is(name(["one.ts"]), "only");
  assert.is(name(["plain.ts"]), "none");
  assert.is(name(["plain.ts", "--env", "prod"]), "prod");
  assert.match(p.run(["synth", "app.ts"]).stderr, /several environments: choose one with --env \(dev, prod\)/);
  assert.match(p.run(["synth", "app.ts", "--env", "test"]).stderr, /no environment "test": it has dev, prod/);
  assert.match(p.run(["synth", "a.yaml", "--env", "test"]).stderr, /no environments/);
});

const OBJECTS = `
const meta = (name: string, namespace?: string) => ({ metadata: namespace ? { name, namespace } : { name } });
export default [
  { apiVersion: "v1", kind: "Service", ...meta("web", "shop") },
  { apiVersion: "serving.knative.dev/v1", kind: "Service", ...meta("web", "shop") },
  { apiVersion: "v1", kind: "Namespace", ...meta("shop") },
  { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", ...meta("system:node/../x") },
  { apiVersion: "v1", kind: "ConfigMap", ...meta("UPPER", "shop") },
  { apiVersion: "v1", kind: "ConfigMap", ...meta("upper", "shop") },
  { apiVersion: "batch/v1", kind: "Job", metadata: { generateName: "run-" } },
  { apiVersion: "batch/v1", kind: "Job", metadata: { generateName: "run-" } },
];
`;

test("one file per object, none in the way of another", () => {
  const p = project({ "package.json": '{ "type": "module" }', "infra.ts": OBJECTS });
  const ran = p.run(["synth", "infra.ts", "-o", "out"]);
  assert.is(ran.code, 0, ran.stderr);
  const names = Object.keys(p.files("out"));
  assert.equal(
    names.map((n) => n.replace(/-[0-9a-f]{8}\./, "-HASH.")),
    [
      ".seatrial-synth.json",
      "clusterrole-system_node_.._x.yaml",
      "job-run-1.yaml",
      "job-run-2.yaml",
      "namespace-shop.yaml",
      "shop/configmap-UPPER-HASH.yaml",
      "shop/configmap-upper-HASH.yaml",
      "shop/service-web.yaml",
      "shop/service.serving.knative.dev-web.yaml",
    ],
  );
  assert.is(new Set(names.map((n) => n.toLowerCase())).size, names.length);
});

test("the same input gives the same bytes", () => {
  const p = project({ "package.json": '{ "type": "module" }', "infra.ts": OBJECTS });
  p.run(["synth", "infra.ts", "-o", "one"]);
  p.run(["synth", "infra.ts", "-o", "two"]);
  assert.equal(p.files("one"), p.files("two"));
  assert.is(p.run(["synth", "infra.ts", "-o", "-"]).stdout, p.run(["synth", "infra.ts", "-o", "-"]).stdout);
});

test("only files that an earlier run wrote, and nobody changed, are removed", () => {
  const two = (a: string, b: string): string =>
    `export default ["${a}", "${b}"].map((name) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "x" } }));\n`;
  const p = project({ "package.json": '{ "type": "module" }', "infra.ts": two("a", "b"), "out/x/mine.yaml": "mine\n" });
  assert.match(p.run(["synth", "infra.ts", "-o", "out"]).stderr, /2 written, 0 unchanged, 0 removed/);
  assert.match(p.run(["synth", "infra.ts", "-o", "out"]).stderr, /0 written, 2 unchanged, 0 removed/);
  p.write({ "infra.ts": two("c", "d"), "out/x/configmap-b.yaml": "changed by hand\n" });
  const ran = p.run(["synth", "infra.ts", "-o", "out"]);
  assert.match(ran.stderr, /x\/configmap-b\.yaml: no longer made, but it was changed since/);
  assert.match(ran.stderr, /2 written, 0 unchanged, 1 removed/);
  assert.equal(Object.keys(p.files("out")), [
    ".seatrial-synth.json",
    "x/configmap-b.yaml",
    "x/configmap-c.yaml",
    "x/configmap-d.yaml",
    "x/mine.yaml",
  ]);
  assert.is(p.read("out/x/mine.yaml"), "mine\n");
  // A file of another origin is not overwritten.
  p.write({ "infra.ts": two("mine", "c"), "out/x/configmap-mine.yaml": "not ours\n" });
  const refused = p.run(["synth", "infra.ts", "-o", "out"]);
  assert.match(refused.stderr, /out\/x\/configmap-mine\.yaml is there already and was not written by seatrial/);
  assert.is(refused.code, 2);
  assert.is(p.read("out/x/configmap-mine.yaml"), "not ours\n");
});

test("two objects of one identity: both places are named", () => {
  const p = project({ "a.yaml": `${CONFIG}---\n# two\n${CONFIG}`, "b/1.yaml": CONFIG, "b/2.yaml": `\n\n${CONFIG}` });
  const ran = p.run(["synth", "a.yaml", "-o", "-"]);
  assert.is(
    ran.stderr,
    "a.yaml:10:1 (document 2): error: ConfigMap shop/a is there twice: at a.yaml:1:1 (document 1) and at a.yaml:10:1 (document 2)\n",
  );
  assert.is(ran.stdout, "");
  assert.is(ran.code, 2);
  assert.match(p.run(["synth", "b"]).stderr, /at b\/1\.yaml:1:1 and at b\/2\.yaml:3:1/);
});

test("what the author's code logs is not in the YAML, and timers do not keep the program", () => {
  const p = project({ "infra.mjs": `console.log("noise");\nsetInterval(() => {}, 1000);\nexport default ${CONFIG_TS};\n` });
  const ran = p.run(["synth", "infra.mjs", "-o", "-"]);
  assert.is(ran.stdout, CONFIG);
  assert.is(ran.stderr, "noise\n");
  assert.is(ran.code, 0);
});

test("CNI configurations are files of their own", () => {
  const bridge = (name: string): string =>
    `NetworkConfig({ cniVersion: "0.2.0", name: "${name}", type: "bridge", ipam: { type: "host-local", subnet: "10.22.0.0/16" } })`;
  const p = project({
    "package.json": '{ "type": "module" }',
    "one.ts": `import { NetworkConfig } from "seatrial/cni";\nexport default ${bridge("mynet")};\n`,
    "mixed.ts": `import { NetworkConfig } from "seatrial/cni";\nexport default [${CONFIG_TS}, ${bridge("mynet")}];\n`,
    "twice.ts": `import { NetworkConfig } from "seatrial/cni";\nexport default [\n  ${bridge("mynet")},\n  ${bridge("mynet")},\n];\n`,
  });
  const alone = p.run(["synth", "one.ts", "-o", "-"]);
  assert.is(alone.stderr, "");
  assert.equal(JSON.parse(alone.stdout), {
    cniVersion: "0.2.0",
    name: "mynet",
    type: "bridge",
    ipam: { type: "host-local", subnet: "10.22.0.0/16" },
  });
  const mixed = p.run(["synth", "mixed.ts", "-o", "-"]);
  assert.is(mixed.stdout, CONFIG);
  assert.match(mixed.stderr, /10-mynet\.conf is no manifest/);
  p.run(["synth", "mixed.ts", "-o", "out"]);
  assert.equal(Object.keys(p.files("out")), [".seatrial-synth.json", "10-mynet.conf", "shop/configmap-a.yaml"]);
  assert.is(p.read("out/10-mynet.conf"), alone.stdout);
  assert.match(p.run(["synth", "twice.ts"]).stderr, /10-mynet\.conf is there twice: at twice\.ts:3:3 and at twice\.ts:4:3/);
});

/** Bad input: file → text and what is said about it. */
const BAD: Readonly<Record<string, readonly [string | Uint8Array, RegExp]>> = {
  "kind.yaml": [
    "apiVersion: v1\nkind: A\nmetadata: {name: x}\n---\n# c\nmetadata: {name: y}\napiVersion: v1\n",
    /^kind\.yaml:6:1 \(document 2\): error: this object has no kind$/,
  ],
  "version.yaml": ["kind: A\n", /^version\.yaml:1:1: error: this object has no apiVersion$/],
  "typed.yaml": ["apiVersion: 1\nkind: A\n", /error: apiVersion is the number 1, not a text$/],
  "meta.yaml": ["apiVersion: v1\nkind: A\n", /error: this A has no metadata$/],
  "dup.yaml": ["apiVersion: v1\nkind: A\nkind: B\n", /^dup\.yaml:3:1: error: this key is already in the map/],
  "tab.yaml": ["apiVersion: v1\nmetadata:\n\tname: x\n", /^tab\.yaml:3:1: error: a tab indents this line/],
  "scalar.yaml": ["hello\n", /error: expected a Kubernetes object, found the text "hello"$/],
  "list.yaml": ["- a\n", /expected a Kubernetes object, found a list/],
  "open.yaml": ['a: "b\n', /^open\.yaml:2:1: error: not valid YAML: missing closing "quote/],
  "alias.yaml": ["a: *x\n", /not valid YAML: unresolved alias/],
  "self.yaml": [
    "apiVersion: v1\nkind: A\nmetadata: &m\n  name: x\n  self: *m\n",
    /^self\.yaml:5:3: error: metadata\.self contains itself$/,
  ],
  "nan.yaml": ["apiVersion: v1\nkind: A\nmetadata:\n  name: .nan\n", /^nan\.yaml:4:3: error: metadata\.name is NaN/],
  "nul.yaml": ["apiVersion: v1\nkind: A\0\n", /^nul\.yaml:2:8: error: control characters are not allowed \(U\+0000\)$/],
  "utf8.yaml": [Uint8Array.of(0x61, 0x3a, 0xff, 0xfe), /utf8\.yaml is not valid UTF-8$/],
  "empty.yaml": ["", /empty\.yaml has no Kubernetes objects$/],
  "bomb.yaml": [
    `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefghi"].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(",")}]\n`).join("")}`,
    /aliases repeat too much/,
  ],
  "flow.yaml": ["[".repeat(100_000), /nested more than 500 levels deep$/],
  "flows.yaml": ["{a: ".repeat(100_000), /nested more than 500 levels deep$/],
  "dashes.yaml": ["- ".repeat(100_000), /nested more than 500 levels deep$/],
  "deep.json": [`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, /nested more than 500 levels deep$/],
  "bad.json": ['{"apiVersion": "v1",\n "kind": }\n', /^bad\.json:\d:\d+: error: /],
  "notes.txt": ["x", /notes\.txt is neither a module nor a manifest/],
  "syntax.ts": ["const a = 1;\nexport default [\n  { a: , }\n];\n", /^syntax\.ts:3:8: error: syntax error: /],
  "syntax.mjs": ["const a = 1;\nexport default [\n  { a: , }\n];\n", /^syntax\.mjs:3:8: error: syntax error: /],
  "again.ts": [
    "\nlet a: number = 1;\nlet a = 2;\nexport default a;\n",
    /^again\.ts:3:5: error: syntax error: identifier 'a' has already been declared$/,
  ],
  "imports.ts": ['import a from "./again.ts";\nexport default a;\n', /^again\.ts:3:5: error: syntax error: /],
  "throws.ts": ['function f(): never {\n  throw new Error("no good");\n}\nexport default () => f();\n', /^throws\.ts:2:9: error: no good$/],
  "type-error.ts": [
    "const o: any = undefined;\n\nexport default o.spec;\n",
    /^type-error\.ts:3:18: error: TypeError: Cannot read properties of undefined/,
  ],
  "enum.ts": [
    'enum E { A }\n\nfunction f(e: E): never {\n  throw new Error("in " + e);\n}\nexport default () => f(E.A);\n',
    /^enum\.ts:4:9: error: in 0$/,
  ],
  "text.ts": ['throw "boo";\n', /^text\.ts:1: error: text\.ts threw "boo"$/],
  "none.ts": ["export const a = 1;\n", /^none\.ts:1: error: this module has no default export/],
  "blank.ts": ["", /^blank\.ts:1: error: this module has no default export/],
  "missing.ts": [
    'const a = 1;\nimport { x } from "./nowhere";\nexport default x;\n',
    /^missing\.ts:2:19: error: there is no module "\.\/nowhere"$/,
  ],
  "package.ts": [
    'import { x } from "no-such-package";\nexport default x;\n',
    /^package\.ts:1:19: error: there is no module "no-such-package"$/,
  ],
  "unlinked.ts": [
    'import { x } from "./none.ts";\nexport default x;\n',
    /^unlinked\.ts:\d+: error: .*does not provide an export named 'x'/,
  ],
  "number.ts": ["export default 3;\n", /error: the default export is the number 3, not a Kubernetes object$/],
  "item.ts": ['export default [[], ["x"]];\n', /error: \[1\]\[0\] of the default export is the text "x", not a Kubernetes object$/],
  "no-kind.ts": ['export default [{ apiVersion: "v1" }];\n', /error: \[0\] of the default export: this object has no kind$/],
  "cycle.ts": [
    'const a: any = { apiVersion: "v1", kind: "A", metadata: { name: "x" } };\na.spec = { a };\nexport default a;\n',
    /spec\.a contains itself$/,
  ],
  "date.ts": [
    'export default { apiVersion: "v1", kind: "A", metadata: { name: "x" }, at: new Date() };\n',
    /at is a Date; write date\.toISOString\(\)$/,
  ],
  "nested.ts": ["let a: any = [];\nfor (let i = 0; i < 100000; i++) a = [a];\nexport default a;\n", /nested more than 100 lists deep$/],
  "recursive.ts": ["function f(): any { return f(); }\nexport default f();\n", /calls itself without an end/],
  "never.ts": ["export default await new Promise(() => {});\n", /stopped before it was done/],
  "exits.ts": ["process.exit(0);\nexport default {};\n", /stopped before it was done/],
  "exits-1.ts": ["process.exit(1);\nexport default {};\n", /stopped before it was done/],
  "late.ts": [
    'setTimeout(() => {\n  throw new Error("late");\n}, 10);\nexport default new Promise((done) => setTimeout(done, 500));\n',
    /^late\.ts:2:9: error: late$/,
  ],
  "lost.ts": [
    'Promise.reject(new Error("lost"));\nexport default new Promise((done) => setTimeout(done, 500));\n',
    /^lost\.ts:1:16: error: lost$/,
  ],
};

test("what is waited for long is said", () => {
  const p = project({ "slow.ts": "setTimeout(() => {}, 5500);\nexport default new Promise(() => {});\n" });
  const ran = p.run(["synth", "slow.ts", "-o", "-"]);
  assert.is(ran.code, 2);
  assert.match(
    ran.stderr,
    /^still waiting for slow\.ts: does it await something that never comes\?\nseatrial: stopped before it was done: /,
  );
});

test("bad input gets one clear line, exit code 2 and nothing on standard output", () => {
  const p = project({
    "package.json": '{ "type": "module" }',
    ...Object.fromEntries(Object.entries(BAD).map(([name, [text]]) => [name, text])),
  });
  for (const [name, [, said]] of Object.entries(BAD)) {
    const ran = p.run(["synth", name, "-o", "-"]);
    assert.is(ran.code, 2, `${name}: ${ran.stderr}`);
    assert.is(ran.stdout, "", name);
    assert.match(ran.stderr.trimEnd(), said, name);
    assert.not.match(ran.stderr, STACK, name);
    assert.ok(ran.stderr.length < 1000, `${name} says ${ran.stderr.length} characters`);
  }
  assert.match(p.run(["synth", "nowhere.ts"]).stderr, /there is no file or folder nowhere\.ts$/m);
  assert.is(p.run(["synth", "-"], "").code, 2);
});

test("10 MB of YAML, and keys that JavaScript treats specially", () => {
  const p = project({
    "big.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: "${"x".repeat(10_000_000)}"\n`,
    "proto.yaml":
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n    __proto__: x\n    constructor: b\n    toString: c\n",
    "proto.json":
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","labels":{"__proto__":"x","constructor":"b","toString":"c"}}}',
  });
  assert.is(p.run(["synth", "big.yaml", "-o", "-"]).stdout.length, 10_000_000 + 63);
  const text = p.read("proto.yaml");
  assert.is(p.run(["synth", "proto.yaml", "-o", "-"]).stdout, text);
  assert.is(p.run(["synth", "proto.json", "-o", "-"]).stdout, text);
});

test.run();
