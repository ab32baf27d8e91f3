/** Whole-process time of `seatrial synth` beside cdk8s and kosko: the same 1,000 Deployments and Services in one TypeScript file. */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cdk8sMain, koskoComponent, PAIRS, seatrialLiterals, seatrialLoop } from "./inputs.ts";
import { median } from "./median.ts";

const CLI = fileURLToPath(new URL("../../dist/src/cli.js", import.meta.url));
const PEERS = fileURLToPath(new URL("peers", import.meta.url));
/** Odd, so that the median is one of them; the programs take turns, so that a busy minute hits all alike. */
const RUNS = 7;

export interface SynthRow {
  readonly what: string;
  readonly medianMs: number;
  readonly fastestMs: number;
}

interface Contender {
  readonly what: string;
  readonly cwd: string;
  readonly argv: readonly string[];
  /** Taken away before each run. */
  readonly output?: string;
}

/** @param withPeers false leaves out what `npm ci` in peers/ would install */
export function benchSynth(withPeers: boolean): readonly SynthRow[] {
  const dir = mkdtempSync(join(tmpdir(), "seatrial-bench-"));
  try {
    const contenders = [...seatrials(dir), ...(withPeers ? peers(dir) : [])];
    const times = contenders.map((): number[] => []);
    for (let run = 0; run <= RUNS; run++) {
      contenders.forEach((contender, i) => {
        const ms = time(contender);
        // The first turn warms the file cache.
        if (run > 0) times[i]!.push(ms);
      });
    }
    return contenders.map(({ what }, i) => ({ what, medianMs: median(times[i]!), fastestMs: Math.min(...times[i]!) }));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function seatrials(dir: string): readonly Contender[] {
  const cwd = join(dir, "seatrial");
  mkdirSync(cwd);
  writeFileSync(join(cwd, "package.json"), '{ "type": "module" }');
  writeFileSync(join(cwd, "loop.ts"), seatrialLoop());
  writeFileSync(join(cwd, "literals.ts"), seatrialLiterals());
  const run = (what: string, entry: string, output: string): Contender => ({
    what: `seatrial synth, ${what}`,
    cwd,
    argv: [CLI, "synth", entry, "-o", output],
    ...(output === "-" ? {} : { output: join(cwd, output) }),
  });
  return [
    run("a loop, one stream", "loop.ts", "-"),
    run(`a loop, ${PAIRS * 2} files`, "loop.ts", "out"),
    run("literal objects, one stream", "literals.ts", "-"),
    run(`literal objects, ${PAIRS * 2} files`, "literals.ts", "out"),
  ];
}

function peers(dir: string): readonly Contender[] {
  const modules = installPeers();
  const cdk8s = join(dir, "cdk8s");
  const kosko = join(dir, "kosko");
  for (const folder of [cdk8s, join(kosko, "components")]) mkdirSync(folder, { recursive: true });
  for (const folder of [cdk8s, kosko]) symlinkSync(modules, join(folder, "node_modules"));
  const template = join(modules, "cdk8s-cli/templates/typescript-app");
  for (const file of ["cdk8s.yaml", "tsconfig.json"]) copyFileSync(join(template, file), join(cdk8s, file));
  // The template also fetches the Kubernetes schema; cdk8s-plus brings the same classes compiled, which is less work for cdk8s.
  writeFileSync(join(cdk8s, "cdk8s.yaml"), readFileSync(join(cdk8s, "cdk8s.yaml"), "utf8").replace(/^imports:\n(?: .*\n?)*/m, ""));
  writeFileSync(join(cdk8s, "main.ts"), cdk8sMain());
  writeFileSync(join(kosko, "kosko.toml"), 'components = ["infra"]\nextensions = ["ts", "js"]\n');
  writeFileSync(join(kosko, "components/infra.ts"), koskoComponent());
  // kosko sets the environment on this module of the project; the program here reads none, so an empty one does.
  const env = join(dir, "node_modules/@kosko/env");
  mkdirSync(env, { recursive: true });
  writeFileSync(join(env, "index.js"), "exports.__esModule = true;\nexports.default = exports;\n");
  writeFileSync(join(env, "package.json"), '{ "name": "@kosko/env", "version": "0.0.0", "main": "index.js" }\n');
  return [
    {
      what: "cdk8s synth (its template: ts-node)",
      cwd: cdk8s,
      argv: [join(modules, "cdk8s-cli/bin/cdk8s"), "synth"],
      output: join(cdk8s, "dist"),
    },
    {
      what: "kosko generate (tsx, validating)",
      cwd: kosko,
      argv: ["--require", "tsx/cjs", join(modules, "@kosko/cli/bin/kosko.js"), "generate"],
    },
  ];
}

/** The peers have a lock file of their own and are no part of `npm ci` in the package. */
export function installPeers(): string {
  const modules = join(PEERS, "node_modules");
  if (!existsSync(join(modules, "cdk8s-cli"))) {
    const done = spawnSync("npm", ["ci", "--ignore-scripts"], { cwd: PEERS, stdio: ["ignore", "ignore", "inherit"] });
    if (done.status !== 0) throw new Error("npm ci of the peers failed; npm run bench -- --no-peers leaves them out");
  }
  return modules;
}

function time({ what, cwd, argv, output }: Contender): number {
  if (output) rmSync(output, { recursive: true, force: true });
  const start = performance.now();
  const done = spawnSync(process.execPath, argv, { cwd, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
  const ms = performance.now() - start;
  if (done.status !== 0) throw new Error(`${what} failed:\n${done.stderr}\n${done.stdout.slice(0, 2000)}`);
  return ms;
}
