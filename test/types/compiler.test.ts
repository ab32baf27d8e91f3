/**
 * What authors read: the TypeScript compiler's own messages about mistakes, and what checking costs. The compiler runs as authors run it, over
 * files of their own.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const root = fileURLToPath(new URL("../../", import.meta.url));
const generated = join(root, "generated/v1.36");
const IMPORTS = `import { Deployment } from "${generated}/apps/v1.ts"; import { Pod, Service } from "${generated}/core/v1.ts";`;
/** Far above what it takes (a quarter of a second), far below what an editor's user would bear. */
const CHECK_MS_MAX = 10_000;

const inContainer = (fields: string): string =>
  `Pod({ metadata: { name: "a" }, spec: { containers: [{ name: "a", image: "b", ${fields} }] } });`;
const inPod = (fields: string): string => `Pod({ metadata: { name: "a" }, spec: { containers: [{ name: "a", image: "b" }], ${fields} } });`;
const port80 = "ports: [{ port: 80 }]";

/** A mistake, and what the compiler says of it. */
const MISTAKES: readonly (readonly [source: string, says: RegExp])[] = [
  // The compiler's own "Did you mean" needs longer words than these; the allowed values are named.
  [inContainer(`ports: [{ containerPort: 80, protocol: "TPC" }]`), /'"TPC"' is not assignable to type '"SCTP" \| "TCP" \| "UDP"/],
  [`Service({ metadata: { name: "a" }, spec: { type: "Nodeport", ${port80} } });`, /Did you mean '"NodePort"'\?/],
  [inPod(`restartPolicy: "never"`), /Did you mean '"Never"'\?/],
  [inContainer(`imagePullPolicy: "IfNotpresent"`), /Did you mean '"IfNotPresent"'\?/],
  [inContainer(`imag: "x"`), /'imag' does not exist in type 'Container'. Did you mean to write 'image'\?/],
  [inContainer("volumeMount: []"), /Did you mean to write 'volumeMounts'\?/],
  [inPod(`volumes: [{ name: "a", confgMap: { name: "a" } }]`), /Did you mean to write 'configMap'\?/],
  [inPod(`volumes: [{ name: "a", configMap: { nmae: "a" } }]`), /'nmae' does not exist in type 'ConfigMapVolumeSource'/],
  [inPod(`volumes: [{ name: "a" }]`), /not assignable to type 'Volume'/],
  [inContainer("livenessProbe: { periodSeconds: 1 }"), /not assignable to type 'Probe/],
  [inContainer(`resources: { requests: { cpu: "5OOm" } }`), /'"5OOm"' is not assignable to type 'Cpu/],
  [inContainer(`resources: { requests: { memory: "64GB" } }`), /'"64GB"' is not assignable to type 'Bytes/],
  [inContainer("replicas: 1"), /'replicas' does not exist in type 'Container'/],
  [`Pod({ metadata: { name: "a" }, spec: { containers: [] } });`, /0 element\(s\) but target requires 1/],
  [`Pod({ metadata: {}, spec: { containers: [{ name: "a", image: "b" }] } });`, /NamedObjectMeta/],
  [
    `Deployment({ metadata: { name: "a" }, spec: { template: { spec: { containers: [{ name: "a", image: "b" }] } } } });`,
    /Property 'selector' is missing/,
  ],
  [`Deployment({ kind: "Deployment", metadata: { name: "a" } });`, /'kind' does not exist in type 'DeploymentInput'/],
];

/** Runs the compiler over one file; its messages by line, from 1. */
function messages(source: string, options: Readonly<Record<string, unknown>> = {}): ReadonlyMap<number, string> {
  const dir = mkdtempSync(join(tmpdir(), "seatrial-types-"));
  try {
    writeFileSync(join(dir, "author.ts"), source);
    const compilerOptions = {
      ...{ strict: true, noEmit: true, module: "NodeNext", target: "ES2023", lib: ["ES2023"], types: ["node"], skipLibCheck: true },
      ...{ typeRoots: [join(root, "node_modules/@types")], allowImportingTsExtensions: true, ...options },
    };
    writeFileSync(join(dir, "package.json"), `{ "type": "module" }`);
    writeFileSync(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["author.ts"] }));
    return byLine(run(dir));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function run(dir: string): string {
  try {
    return execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", dir, "--pretty", "false"], {
      cwd: dir,
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

/** A message's further lines are indented. */
function byLine(output: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  let at = 0;
  for (const line of output.split("\n")) {
    const start = /^.*?\((\d+),\d+\): error /.exec(line);
    if (start) at = Number(start[1]);
    if (line !== "") found.set(at, `${found.get(at) ?? ""}${line}\n`);
  }
  return found;
}

test("each mistake is refused in words that help", () => {
  const found = messages([IMPORTS, ...MISTAKES.map(([source]) => source)].join("\n"), { exactOptionalPropertyTypes: true });
  for (const [i, [source, says]] of MISTAKES.entries()) {
    assert.match(found.get(i + 2) ?? `no message about ${source}`, says);
  }
  assert.is(found.size, MISTAKES.length, [...found.values()].join(""));
});

test("a file of twenty objects is checked quickly, strictly and less strictly", () => {
  const object = (i: number): string =>
    `export const d${i} = Deployment({ metadata: { name: "d${i}" }, spec: { replicas: ${i}, selector: { matchLabels: { app: "a" } }, template: { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "a", image: "b", env: [{ name: "A", value: "b" }], livenessProbe: { httpGet: { port: 80 } }, resources: { requests: { cpu: "100m", memory: "64Mi" } } }], volumes: [{ name: "a", emptyDir: {} }] } } } });`;
  const source = [IMPORTS, "void Pod; void Service;", ...Array.from({ length: 20 }, (_, i) => object(i))].join("\n");
  for (const options of [{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }, { strict: false }]) {
    const began = performance.now();
    assert.equal([...messages(source, options).values()], []);
    assert.ok(performance.now() - began < CHECK_MS_MAX);
  }
});

test.run();
