/**
 * What `helm template` makes of the chart and the typed values.
 *
 *   tsx render.ts prod       prints it: pipe it into seatrial
 *   tsx render.ts --write    renders every environment into rendered/, which is committed, so that a plan knows what was there before
 *
 * Where helm is not installed, rendered/ serves as long as values and chart are those that it was made from.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Environment, environments } from "./values.ts";

const folder = import.meta.dirname;
const chart = join(folder, "chart");
const release = "{{name}}";

/** Of the values and the chart, in the first line of what was rendered from them. */
export function fingerprint(env: Environment): string {
  const hash = createHash("sha256").update(JSON.stringify(environments[env]));
  const files = (readdirSync(chart, { recursive: true }) as string[]).map((path) => path.replaceAll("\\", "/")).sort();
  for (const path of files) if (statSync(join(chart, path)).isFile()) hash.update(`\0${path}\0`).update(readFileSync(join(chart, path)));
  return `# values ${hash.digest("hex").slice(0, 16)}\n`;
}

export function renderedFile(env: Environment): string {
  return join(folder, "rendered", `${env}.yaml`);
}

/** Undefined where there is no helm. */
function helm(env: Environment): string | undefined {
  const input = JSON.stringify(environments[env]);
  const done = spawnSync("helm", ["template", release, chart, "--namespace", release, "--values", "-"], { input, encoding: "utf8" });
  if ((done.error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") return undefined;
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`helm template failed:\n${done.stderr}`);
  return fingerprint(env) + done.stdout;
}

function rendered(env: Environment): string {
  const fresh = helm(env);
  if (fresh !== undefined) return fresh;
  const file = renderedFile(env);
  const kept = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (!kept.startsWith(fingerprint(env))) throw new Error(`values or chart have changed since ${file} was rendered: install helm, then npm run render`);
  return kept;
}

function main([what]: readonly string[]): void {
  const names = Object.keys(environments) as Environment[];
  if (what === "--write") {
    for (const env of names) {
      const text = helm(env);
      if (text === undefined) throw new Error("helm is not installed");
      mkdirSync(join(folder, "rendered"), { recursive: true });
      writeFileSync(renderedFile(env), text);
    }
    return;
  }
  const env = names.find((name) => name === what);
  if (env === undefined) throw new Error(`render.ts takes an environment (${names.join(", ")}) or --write`);
  process.stdout.write(rendered(env));
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === realpathSync(import.meta.filename)) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
