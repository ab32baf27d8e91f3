/**
 * `npm run generate` writes everything under `generated/` anew; with `--check` nothing is written and the files that differ are listed
 * (exit code 1).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "./generate.ts";
import { readSpec } from "./spec.ts";

const VERSIONS = ["1.36"] as const;
const root = fileURLToPath(new URL("../../", import.meta.url));
const generated = join(root, "generated");

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((a) => a !== "--check");
  if (unknown !== undefined) {
    console.error(`unknown argument ${unknown}; use: npm run generate [-- --check]`);
    return 2;
  }
  const files = new Map<string, string>();
  for (const version of VERSIONS) for (const [path, text] of await generate(readSpec(version))) files.set(path, text);
  const stale = filesUnder(generated).filter((path) => !files.has(path));
  const changed = [...files.keys()].filter((path) => !hasText(path, files.get(path)!));
  const differing = [...changed, ...stale].sort();
  if (args.includes("--check")) {
    for (const path of differing) console.error(`${path} is not what npm run generate writes`);
    return differing.length > 0 ? 1 : 0;
  }
  for (const path of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), files.get(path)!);
  }
  for (const path of stale) rmSync(join(root, path));
  console.log(`${files.size} files, ${changed.length} written, ${stale.length} removed`);
  return 0;
}

function hasText(path: string, text: string): boolean {
  const at = join(root, path);
  return existsSync(at) && readFileSync(at, "utf8") === text;
}

function filesUnder(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => {
    const path = join(dir, e.name);
    return e.isDirectory() ? filesUnder(path) : [relative(root, path)];
  });
}

process.exitCode = await main(process.argv.slice(2));
