/**
 * Runs every `*.test.ts` with uvu and closes with `N passed, N failed`. `npm test -- PATTERN` runs the files whose path has PATTERN.
 * Each file runs in its own process, two at a time: a test that hangs or exits takes only its own file with it.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
/** A file that has not ended by then has failed. */
const FILE_SECONDS_MAX = 300;

function testFiles(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    if (e.name === "node_modules" || e.name === "dist" || e.name === "peers") return [];
    const path = join(dir, e.name);
    return e.isDirectory() ? testFiles(path) : /\.test\.ts$/.test(e.name) ? [path] : [];
  });
}

interface Outcome {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly output: string;
}

function run(file: string): Promise<Outcome> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ["--import", "tsx", file], {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: "0" },
      timeout: FILE_SECONDS_MAX * 1000,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (d) => (output += d));
    child.on("close", (code) => {
      const figure = (name: string): number =>
        [...output.matchAll(new RegExp(`${name}:\\s+(\\d+)(?:\\s*/\\s*(\\d+))?`, "g"))].reduce((n, m) => n + Number(m[1]), 0);
      const total = figure("Total");
      const passed = figure("Passed");
      const skipped = figure("Skipped");
      const failed = Math.max(total - passed - skipped, code === 0 && total > 0 ? 0 : 1);
      done({ file: relative(root, file), passed, failed, skipped, output });
    });
  });
}

const pattern = process.argv[2] ?? "";
const queue = [...testFiles(join(root, "src")), ...testFiles(join(root, "test"))].filter((f) => f.includes(pattern)).sort();
const outcomes: Outcome[] = [];
async function worker(): Promise<void> {
  for (let file = queue.shift(); file; file = queue.shift()) {
    const outcome = await run(file);
    outcomes.push(outcome);
    console.log(`${outcome.failed ? "FAIL" : "ok  "} ${outcome.file} (${outcome.passed})`);
    if (outcome.failed) console.log(outcome.output);
    for (const notice of outcome.output.match(/^SKIPPED .*$/gm) ?? []) console.log(notice);
  }
}
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
const sum = (key: "passed" | "failed" | "skipped"): number => outcomes.reduce((n, o) => n + o[key], 0);
if (outcomes.length === 0) console.error(`no test file has ${JSON.stringify(pattern)} in its path`);
console.log(`${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
process.exit(sum("failed") > 0 || outcomes.length === 0 ? 1 : 0);
