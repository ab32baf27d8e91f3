/** Runs the built program, as a user does. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../dist/src/cli.js", import.meta.url));
const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
/** A command that takes longer hangs. */
const SECONDS_MAX = 60;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Project {
  readonly dir: string;
  /** `nodeOptions` go to Node itself. */
  run(args: readonly string[], stdin?: string | Uint8Array, nodeOptions?: readonly string[]): Ran;
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
  read(path: string): string;
  /** Every file below a folder of the project: path → text. */
  files(folder: string): Readonly<Record<string, string>>;
}

const made: string[] = [];
process.on("exit", () => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

/** A fresh folder with these files, gone when the process ends. */
export function project(files: Readonly<Record<string, string | Uint8Array>>): Project {
  const dir = mkdtempSync(join(tmpdir(), "seatrial-e2e-"));
  made.push(dir);
  const it: Project = {
    dir,
    run(args, stdin, nodeOptions = []) {
      const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
      const done = spawnSync(process.execPath, [...nodeOptions, CLI, ...args], {
        cwd: dir,
        env,
        input: stdin ?? "",
        encoding: "utf8",
        timeout: SECONDS_MAX * 1000,
        maxBuffer: 256 * 1024 * 1024,
      });
      return { code: done.status, stdout: done.stdout, stderr: done.stderr };
    },
    write(more) {
      for (const [path, text] of Object.entries(more)) {
        mkdirSync(dirname(join(dir, path)), { recursive: true });
        writeFileSync(join(dir, path), text);
      }
    },
    read: (path) => readFileSync(join(dir, path), "utf8"),
    files(folder) {
      const paths = (readdirSync(join(dir, folder), { recursive: true }) as string[]).map((p) => join(dir, folder, p));
      return Object.fromEntries(
        paths
          .filter((p) => statSync(p).isFile())
          .map((p) => [relative(join(dir, folder), p), readFileSync(p, "utf8")] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    },
  };
  it.write(files);
  return it;
}

/** Where the typed constructors are: what `node_modules/seatrial` of a project would be. */
export const packageFolder: string = PACKAGE;

/** What no output for people has: a stack of ours or Node's. */
export const STACK: RegExp = /^\s+at .*(?:node:|\.[jt]s:\d)/m;
