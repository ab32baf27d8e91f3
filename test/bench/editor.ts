/** What an editor waits for: the whole run of a compiler that type-checks one file of 20 objects, beside other typed libraries. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./median.ts";
import { installPeers } from "./synth.ts";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
/** Odd, so that the median is one of them; compilers and libraries take turns, so that a busy minute hits all alike. */
const RUNS = 7;
/** As many Services again: 20 objects. */
const DEPLOYMENTS = 10;

export interface EditorRow {
  readonly what: string;
  /** Median of each compiler, in the order of `editorCompilers`; none where it was not installed. */
  readonly medianMs: readonly (number | undefined)[];
}

export const editorCompilers: readonly string[] = ["TypeScript 7.0 (native)", "TypeScript 5.9"];

interface Contender {
  readonly what: string;
  readonly source: string;
  /** The library's folder, or the folder of all modules. */
  readonly modules: (folder: string) => void;
}

/** @param withPeers false leaves out the other libraries and TypeScript 5.9, which `npm ci` in peers/ would install */
export function benchEditor(withPeers: boolean): readonly EditorRow[] {
  const dir = mkdtempSync(join(tmpdir(), "seatrial-bench-"));
  try {
    const peerModules = withPeers ? installPeers() : undefined;
    const compilers = [
      join(PACKAGE, "node_modules/typescript/bin/tsc"),
      ...(peerModules === undefined ? [] : [join(peerModules, "typescript/bin/tsc")]),
    ];
    const contenders = [...own(), ...(peerModules === undefined ? [] : peers(peerModules))].map((contender, i) => ({
      what: contender.what,
      folder: projectOf(join(dir, String(i)), contender),
    }));
    const times = contenders.map(() => compilers.map((): number[] => []));
    for (let run = 0; run <= RUNS; run++)
      contenders.forEach(({ what, folder }, i) => {
        compilers.forEach((compiler, j) => {
          const ms = time(compiler, folder, what);
          // The first turn warms the file cache.
          if (run > 0) times[i]![j]!.push(ms);
        });
      });
    return contenders.map(({ what }, i) => ({
      what,
      medianMs: editorCompilers.map((_, j) => (times[i]![j] ? median(times[i]![j]!) : undefined)),
    }));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function projectOf(folder: string, { source, modules }: Contender): string {
  mkdirSync(folder);
  const compilerOptions = {
    target: "ES2023",
    module: "NodeNext",
    lib: ["ES2023"],
    types: [],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "main.ts"), source);
  modules(folder);
  return folder;
}

function time(compiler: string, folder: string, what: string): number {
  const start = performance.now();
  const done = spawnSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" });
  const ms = performance.now() - start;
  if (done.status !== 0) throw new Error(`${what} does not type-check:\n${done.stdout.slice(0, 2000)}${done.stderr}`);
  return ms;
}

const names = Array.from({ length: DEPLOYMENTS }, (_, i) => `web-${i}`);

/** The fields of a Deployment, as kubernetes-models has them too. */
function deployment(name: string): string {
  return `{
    metadata: { name: "${name}", namespace: "shop", labels: { app: "${name}" } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "${name}" } },
      template: {
        metadata: { labels: { app: "${name}" } },
        spec: {
          containers: [
            {
              name: "web",
              image: "nginx:1.27",
              ports: [{ name: "http", containerPort: 80 }],
              resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } },
              readinessProbe: { httpGet: { path: "/healthz", port: "http" } },
            },
          ],
        },
      },
    },
  }`;
}

function service(name: string): string {
  return `{
    metadata: { name: "${name}", namespace: "shop" },
    spec: { selector: { app: "${name}" }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
  }`;
}

function list(make: (name: string) => string): string {
  return `export default [\n${names.map((name) => `  ${make(name)},\n`).join("")}];\n`;
}

function own(): readonly Contender[] {
  const modules = (folder: string): void => {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(PACKAGE, join(folder, "node_modules/seatrial"), "dir");
  };
  return [
    {
      what: "seatrial, constructors",
      modules,
      source: `import { Deployment } from "seatrial/apps/v1";\nimport { Service } from "seatrial/core/v1";\n\n${list(
        (name) => `Deployment(${deployment(name)}),\n  Service(${service(name)})`,
      )}`,
    },
    {
      what: "seatrial, helpers",
      modules,
      source: `import { expose, httpProbe, workload } from "seatrial";\n\n${names
        .map((name, i) => `const w${i} = workload("${name}", ${HELPER_OPTIONS});\nconst s${i} = expose(w${i}, { 80: "http" });\n`)
        .join("")}export default [${names.map((_, i) => `w${i}, s${i}`).join(", ")}];\n`,
    },
  ];
}

const HELPER_OPTIONS = `{
  namespace: "shop",
  image: "nginx:1.27",
  replicas: 2,
  ports: { http: 80 },
  resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } },
  probes: { readiness: httpProbe("http", { path: "/healthz" }) },
}`;

function peers(peerModules: string): readonly Contender[] {
  const modules = (folder: string): void => symlinkSync(peerModules, join(folder, "node_modules"), "dir");
  return [
    {
      what: "kubernetes-models",
      modules,
      source: `import { Deployment } from "kubernetes-models/apps/v1";\nimport { Service } from "kubernetes-models/v1";\n\n${list(
        (name) => `new Deployment(${deployment(name)}),\n  new Service(${service(name)})`,
      )}`,
    },
    {
      what: "cdk8s-plus",
      modules,
      source: `import { App, Chart, Size } from "cdk8s";
import { Cpu, Deployment, Probe } from "cdk8s-plus-33";

const chart = new Chart(new App(), "shop", { namespace: "shop" });
${names
  .map(
    (name) => `new Deployment(chart, "${name}", {
  replicas: 2,
  containers: [
    {
      image: "nginx:1.27",
      ports: [{ name: "http", number: 80 }],
      resources: { cpu: { request: Cpu.millis(100) }, memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) } },
      readiness: Probe.fromHttpGet("/healthz", { port: 80 }),
    },
  ],
}).exposeViaService({ name: "${name}", ports: [{ name: "http", port: 80, targetPort: 80 }] });
`,
  )
  .join("")}`,
    },
  ];
}
