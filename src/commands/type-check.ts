/** The author's own TypeScript compiler, run on the author's own tsconfig.json. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface TypeCheck {
  readonly ok: boolean;
  /** What the compiler printed. */
  readonly output: string;
  /** Why there was no check, if there was none. */
  readonly skipped?: string;
}

/** The tsconfig.json that holds for a folder, if any: there or above. */
export function nearestTsConfig(folder: string): string | undefined {
  const path = join(folder, "tsconfig.json");
  if (existsSync(path)) return path;
  const above = dirname(folder);
  return above === folder ? undefined : nearestTsConfig(above);
}

/** Runs `tsc --noEmit -p TSCONFIG` of the TypeScript that the project has installed. */
export async function typeCheck(tsconfig: string, colors: boolean): Promise<TypeCheck> {
  const compiler = compilerOf(tsconfig);
  if (!compiler)
    return {
      ok: true,
      output: "",
      skipped: "TypeScript is not installed there, so types are not checked: npm install --save-dev typescript",
    };
  return new Promise((done) => {
    const child = spawn(process.execPath, [compiler, "--noEmit", "-p", tsconfig, "--pretty", String(colors)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", (error) => done({ ok: false, output: `${output}the compiler could not be started: ${error.message}\n` }));
    child.on("close", (code) => done({ ok: code === 0, output }));
  });
}

/** The script behind the `tsc` of the TypeScript package that the tsconfig's folder sees. */
function compilerOf(tsconfig: string): string | undefined {
  try {
    const manifest = createRequire(tsconfig).resolve("typescript/package.json");
    const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin?: Readonly<Record<string, string>> };
    const script = bin?.["tsc"];
    return script === undefined ? undefined : join(dirname(manifest), script);
  } catch {
    return undefined;
  }
}
