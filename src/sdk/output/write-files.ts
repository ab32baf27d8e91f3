/** Writes a folder of files and remembers which, so that the next run can take away those that are no longer made, and only those. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LoadError } from "../load/load-error.ts";

/** In the folder itself: path → SHA-256 of what was written. */
const RECORD = ".seatrial-synth.json";
const RECORD_VERSION = 1;

export interface WrittenFiles {
  readonly written: number;
  readonly unchanged: number;
  readonly removed: readonly string[];
  /** Written by an earlier run and changed by someone since: left alone. */
  readonly kept: readonly string[];
}

/**
 * @param folder absolute; made when it is not there
 * @param files path (relative, with `/`) → text
 * @throws LoadError before anything is written, when a file of another origin is in the way
 */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>, shownFolder: string): WrittenFiles {
  const before = readRecord(folder, shownFolder);
  const record: Record<string, string> = {};
  const changed: string[] = [];
  const there = filesThere(folder, files);
  for (const path of [...files.keys()].sort()) {
    const text = files.get(path)!;
    record[path] = digest(text);
    const existing = there.has(path.toLowerCase()) ? readIfThere(join(folder, path), `${shownFolder}/${path}`) : undefined;
    if (existing === text) continue;
    if (existing !== undefined && before[path] === undefined) {
      throw new LoadError(
        `${shownFolder}/${path} is there already and was not written by seatrial: move it away, or choose another folder`,
      );
    }
    changed.push(path);
  }
  make(folder, shownFolder);
  // First the record of all that may be there afterwards: a run that is interrupted leaves no file that the next one would not know.
  if (changed.length > 0) writeRecord(folder, { ...before, ...record });
  const folders = new Set<string>();
  for (const path of changed) {
    const target = join(folder, path);
    const parent = dirname(target);
    if (!folders.has(parent)) make(parent, shownFolder);
    folders.add(parent);
    writeFileSync(target, files.get(path)!);
  }
  const { removed, kept } = removeStale(folder, before, files);
  writeRecord(folder, record);
  return { written: changed.length, unchanged: files.size - changed.length, removed, kept };
}

/** What lies in the folders to be written to, in lower case, since on some file systems that is one and the same. */
function filesThere(folder: string, files: ReadonlyMap<string, string>): ReadonlySet<string> {
  const parents = new Set([...files.keys()].map((path) => path.slice(0, path.lastIndexOf("/") + 1)));
  return new Set([...parents].flatMap((parent) => namesIn(join(folder, parent)).map((name) => `${parent}${name}`.toLowerCase())));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function removeStale(
  folder: string,
  before: Readonly<Record<string, string>>,
  files: ReadonlyMap<string, string>,
): { removed: string[]; kept: string[] } {
  const removed: string[] = [];
  const kept: string[] = [];
  for (const path of Object.keys(before).sort()) {
    if (files.has(path)) continue;
    const target = join(folder, path);
    const text = readIfThere(target, path);
    if (text === undefined) continue;
    if (digest(text) !== before[path]) {
      kept.push(path);
      continue;
    }
    rmSync(target);
    removed.push(path);
    const parent = dirname(target);
    if (parent !== folder && readdirSync(parent).length === 0) rmdirSync(parent);
  }
  return { removed, kept };
}

function readRecord(folder: string, shownFolder: string): Readonly<Record<string, string>> {
  const text = readIfThere(join(folder, RECORD), `${shownFolder}/${RECORD}`);
  if (text === undefined) return {};
  try {
    const { version, files } = JSON.parse(text) as { version?: unknown; files?: unknown };
    if (version !== RECORD_VERSION || typeof files !== "object" || files === null) return {};
    // A path that leads out of the folder was not written by us.
    return Object.fromEntries(
      Object.entries(files).filter(
        ([path, hash]) => typeof hash === "string" && /^[\w.-]+(?:\/[\w.-]+)?$/.test(path) && !path.split("/").includes(".."),
      ),
    );
  } catch {
    return {};
  }
}

function writeRecord(folder: string, files: Readonly<Record<string, string>>): void {
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(folder, RECORD), `${JSON.stringify({ version: RECORD_VERSION, files: sorted }, null, 1)}\n`);
}

function readIfThere(path: string, shown: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new LoadError(code === "EISDIR" ? `${shown} is a folder, and a file should be there` : `${shown} cannot be read: ${code}`);
  }
}

function make(folder: string, shown: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LoadError(code === "EEXIST" || code === "ENOTDIR" ? `${shown} is a file, not a folder` : `${shown} cannot be made: ${code}`);
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
