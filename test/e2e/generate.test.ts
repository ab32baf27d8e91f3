/** Constructors of custom kinds: generated, type-checked, planned. */
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { golden } from "../support/golden.ts";
import { type Project, packageFolder, project } from "./run-cli.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const THINGS = join(here, "fixtures/crds/things.yaml");

function withPackage(files: Readonly<Record<string, string>>): Project {
  const compilerOptions = {
    ...{ strict: true, noEmit: true, module: "NodeNext", target: "ES2023", lib: ["ES2023"], types: [], skipLibCheck: true },
    ...{ exactOptionalPropertyTypes: true, allowImportingTsExtensions: true, erasableSyntaxOnly: true, verbatimModuleSyntax: true },
  };
  const p = project({
    ...files,
    "package.json": '{ "type": "module" }',
    "tsconfig.json": JSON.stringify({ compilerOptions, include: ["."] }),
  });
  mkdirSync(join(p.dir, "node_modules"));
  symlinkSync(packageFolder, join(p.dir, "node_modules/seatrial"));
  return p;
}

/** What the compiler says, and how long it took. */
function typeErrors(p: Project): { readonly text: string; readonly ms: number } {
  const start = performance.now();
  const ran = spawnSync(join(packageFolder, "node_modules/.bin/tsc"), ["-p", p.dir, "--pretty", "false"], { cwd: p.dir, encoding: "utf8" });
  return { text: ran.stdout, ms: performance.now() - start };
}

test("types, names and facts", () => {
  const p = withPackage({});
  const ran = p.run(["generate", THINGS, "-o", "crds"]);
  assert.is(ran.code, 0, ran.stderr);
  assert.equal(Object.keys(p.files("crds")), ["definitions.ts", "example.com/v1.ts", "example.com/v1beta1.ts"]);
  golden(join(here, "golden/crds/v1.ts.txt"), p.read("crds/example.com/v1.ts"));
  golden(join(here, "golden/crds/v1beta1.ts.txt"), p.read("crds/example.com/v1beta1.ts"));
  assert.match(p.run(["generate", THINGS, "-o", "crds"]).stderr, /0 written, 3 unchanged/);
  assert.is(p.run(["generate", THINGS, "-o", "crds", "--check"]).code, 0);
  p.write({ "crds/example.com/v1.ts": "" });
  const stale = p.run(["generate", THINGS, "-o", "crds", "--check"]);
  assert.is(stale.code, 1);
  assert.match(stale.stderr, /crds\/example.com\/v1.ts is not up to date/);
});

test("what compiles, and what does not", () => {
  const p = withPackage({
    "good.ts": `import { inNamespace } from "seatrial";
import { definitions } from "./crds/definitions.ts";
import { Gadget, Record } from "./crds/example.com/v1.ts";

const gadget = Gadget({
  metadata: { name: "g" },
  spec: {
    size: 3, port: "http", snake_case: null, "with-dash": 1.5, labels: { a: "b" }, free: { any: [1] }, anything: 1,
    template: { apiVersion: "v1", kind: "Pod", spec: {} }, parts: [{ name: "a", limits: { cpu: "1" } }], half: { known: "a", other: 1 },
  },
});
export default [definitions, inNamespace("default", [gadget, Record({ metadata: { name: "r" } })])];
`,
    "bad.ts": `import { Gadget, Record } from "./crds/example.com/v1.ts";
const metadata = { name: "g" };
const spec = { size: 3, parts: [{ name: "a" }] } as const;
Gadget({ metadata });
Gadget({ metadata, spec: { ...spec, sise: 3 } });
Gadget({ metadata, spec: { ...spec, mode: "fats" } });
Gadget({ metadata, spec: { ...spec, size: "3" } });
Gadget({ metadata, spec: { ...spec, parts: [] } });
Gadget({ metadata, spec: { ...spec, parts: [{ limits: {} }] } });
Gadget({ metadata: {}, spec });
Record({ metadata: { name: "r", namespace: "n" } });
`,
  });
  assert.is(p.run(["generate", THINGS, "-o", "crds"]).code, 0);
  const wrong = typeErrors(p).text;
  assert.equal(
    [...new Set([...wrong.matchAll(/^(\S+)\((\d+),/gm)].map((m) => `${m[1]}:${m[2]}`))],
    [4, 5, 6, 7, 8, 9, 10, 11].map((n) => `bad.ts:${n}`),
    wrong,
  );
  const synth = p.run(["synth", "good.ts", "-o", "out"]);
  assert.is(synth.code, 0, synth.stderr);
  assert.ok(p.files("out")["default/gadget-g.yaml"]);
  assert.ok(p.files("out")["record-r.yaml"], "what lies outside of namespaces stays outside");
});

test("a definition's defaults, bounds and rules hold in a plan", () => {
  const p = withPackage({
    "a.ts": `import { definitions } from "./crds/definitions.ts";
import { Gadget } from "./crds/example.com/v1.ts";
const gadget = (name: string, size: number) => Gadget({ metadata: { name }, spec: { size, parts: [{ name: "a" }] } });
export default [
  definitions,
  gadget("good", 3),
  gadget("unlucky", 13),
  gadget("huge", 1000),
];
`,
  });
  assert.is(p.run(["generate", THINGS, "-o", "crds"]).code, 0);
  const checked = p.run(["check", "a.ts"]);
  assert.is(checked.code, 1, checked.stdout + checked.stderr);
  assert.match(checked.stdout, /^a\.ts:3:\d+: error: Gadget unlucky: .*thirteen is not a size/m);
  assert.match(checked.stdout, /^a\.ts:3:\d+: error: Gadget huge: .*1000.*less than or equal to 100/m);
  assert.match(checked.stderr, /5 objects checked, 2 refused/);
});

/** As large as those of the Prometheus operator: whole Pods, many times, in words. */
function hugeDefinition(): object {
  const leaf = (i: number): object => ({
    type: "string",
    description: `Field ${i}. ${"It says what there is to say about it. ".repeat(9)}`,
    pattern: "^[a-z]+$",
  });
  const node = (depth: number, seed: number): object => ({
    type: "object",
    description: `Level ${depth} of ${seed}.`,
    properties: Object.fromEntries(
      Array.from({ length: depth === 0 ? 9 : 6 }, (_, i) => [
        `field${i}`,
        depth > 0 && i < 4 ? { type: "array", items: node(depth - 1, seed * 4 + i) } : leaf(seed * 10 + i),
      ]),
    ),
  });
  return {
    ...{ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: "huges.example.com" } },
    spec: {
      ...{ group: "example.com", scope: "Namespaced", names: { kind: "Huge", plural: "huges" } },
      versions: [
        { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object", properties: { spec: node(4, 1) } } } },
      ],
    },
  };
}

test("a definition of a megabyte", () => {
  const text = JSON.stringify(hugeDefinition());
  assert.ok(text.length > 900_000, `${text.length} characters`);
  const p = withPackage({
    "crd.json": text,
    "a.ts": `import { Huge } from "./crds/example.com/v1.ts";
export default Huge({ metadata: { name: "a" }, spec: { field0: [{ field1: [{ field5: "a" }] }] } });
`,
  });
  const start = performance.now();
  assert.is(p.run(["generate", "crd.json", "-o", "crds"]).code, 0);
  const took = performance.now() - start;
  assert.ok(took < 10_000, `generated in ${took} ms`);
  const { text: errors, ms } = typeErrors(p);
  assert.is(errors, "");
  assert.ok(ms < 10_000, `type-checked in ${ms} ms`);
  console.log(`generated in ${Math.round(took)} ms, type-checked in ${Math.round(ms)} ms`);
});

test("what is no definition", () => {
  const crd = (spec: string, version = "v1"): string =>
    `apiVersion: apiextensions.k8s.io/${version}\nkind: CustomResourceDefinition\nmetadata: {name: a}\nspec: ${spec}\n`;
  const says = (yaml: string): string => withPackage({ "a.yaml": yaml }).run(["generate", "a.yaml"]).stderr;
  assert.match(says("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"), /there is no CustomResourceDefinition/);
  assert.match(
    says(crd("{}", "v1beta1")),
    /^a.yaml:1:1: error: a CustomResourceDefinition of apiextensions.k8s.io\/v1beta1 is served by no Kubernetes since 1.22/,
  );
  assert.match(says(crd("{}")), /^a.yaml:1:1: error: CustomResourceDefinition a has no spec.group/);
  assert.match(says(crd("{group: ../up, scope: Cluster, names: {kind: A}}")), /spec.group "..\/up" is no domain name/);
  assert.match(says(crd("{group: x, scope: Namespaced, names: {kind: 'a b'}}")), /has no spec.names.kind that can be a name/);
  const one = crd("{group: x.y, scope: Cluster, names: {kind: A}, versions: [{name: v1}]}");
  assert.match(says(`${one}---\n${one}`), /A of x.y\/v1 is defined twice/);
  assert.match(withPackage({}).run(["generate"]).stderr, /generate needs a file/);
});

test.run();
