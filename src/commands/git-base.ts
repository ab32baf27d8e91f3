/** The files of a git ref in a folder of their own: what `--base main` reads. The repository, its index and its work tree stay untouched. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { CommandError } from "./command.ts";

const run = promisify(execFile);
/** Bytes of git's output at most: names of refs and folders only. */
const OUTPUT_MAX = 1 << 20;

export interface GitBase {
  /** The working directory as it was at the ref; the same place in the other tree. */
  readonly cwd: string;
  /** `main@4f1c2ab`. */
  readonly shown: string;
  /** A path of the work tree in the other tree; itself when it lies outside. */
  translate(path: string): string;
  /** Removes the folder. */
  dispose(): Promise<void>;
}

/** Where git runs: a command's context. */
interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The commit that a text names; nothing when it names none, or there is no repository. */
export async function commitOf(ref: string, { cwd, env }: Place): Promise<string | undefined> {
  if (ref === "" || ref.startsWith("-")) return undefined;
  return git(cwd, env, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]).catch(() => undefined);
}

/** The commit that the work tree stands at, and whether something is changed on top of it: `9d03e7e`, `9d03e7e with changes`. */
export async function headOf({ cwd, env }: Place): Promise<string | undefined> {
  try {
    const head = await git(cwd, env, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
    // Optional locks: the index of the repository stays as it is.
    const changes = await git(cwd, { ...env, GIT_OPTIONAL_LOCKS: "0" }, ["status", "--porcelain", "--untracked-files=no"]);
    return `${head.slice(0, 7)}${changes === "" ? "" : " with changes"}`;
  } catch {
    return undefined;
  }
}

/** @throws CommandError */
export async function checkOut(ref: string, commit: string, { cwd, env }: Place): Promise<GitBase> {
  const top = await realpath(
    await git(cwd, env, ["rev-parse", "--show-toplevel"]).catch(() => fail("--base: this repository has no work tree")),
  );
  const here = await realpath(cwd);
  const folder = await realpath(await mkdtemp(join(tmpdir(), "seatrial-base-")));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const index = join(folder, ".seatrial-index");
    const withIndex = { ...env, GIT_INDEX_FILE: index };
    await git(top, withIndex, ["read-tree", commit]);
    await git(top, withIndex, ["checkout-index", "--all", "--quiet", `--prefix=${folder}/`]);
    await rm(index, { force: true });
    await linkModules(top, here, folder);
  } catch (error) {
    await dispose();
    throw new CommandError(
      `--base: ${ref} cannot be checked out: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`,
    );
  }
  const translate = (path: string): string => {
    const below = relative(top, resolve(here, path));
    return below.startsWith("..") ? resolve(here, path) : join(folder, below);
  };
  return {
    cwd: translate(here),
    shown: ref.startsWith(commit.slice(0, 7)) ? commit.slice(0, 7) : `${ref}@${commit.slice(0, 7)}`,
    translate,
    dispose,
  };
}

/** Installed packages are not in git: those of the work tree serve both, from the working directory up to the top. */
async function linkModules(top: string, here: string, folder: string): Promise<void> {
  for (let at = here; ; at = dirname(at)) {
    const modules = join(at, "node_modules");
    const link = join(folder, relative(top, modules));
    if (existsSync(modules) && existsSync(dirname(link)) && !existsSync(link)) await symlink(modules, link, "dir");
    if (at === top || at === dirname(at)) return;
  }
}

async function git(cwd: string, env: Place["env"], args: readonly string[]): Promise<string> {
  const { stdout } = await run("git", [...args], { cwd, maxBuffer: OUTPUT_MAX, env: { ...env } });
  return stdout.trim();
}

function fail(message: string): never {
  throw new CommandError(message);
}
