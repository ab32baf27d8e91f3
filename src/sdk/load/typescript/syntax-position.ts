/**
 * Where a module that Node refused to parse is wrong. Node keeps the place to itself when an import fails, so its own checker is asked again,
 * file by file from the entry on. Runs only when there is such an error.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { resolveSpecifier } from "./hooks.ts";
import { stripTypes } from "./strip.ts";

/** Files looked at: the checker takes 50 ms for each. */
const FILES_MAX = 40;
const CHECK_MS_MAX = 10_000;

export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The first place that Node's checker complains about, in the entry or in what it imports by relative paths. */
export function syntaxPosition(entry: string): Position | undefined {
  const queue = [entry];
  const seen = new Set(queue);
  for (let file = queue.shift(); file !== undefined && seen.size <= FILES_MAX; file = queue.shift()) {
    const source = sourceOf(file);
    if (source === undefined) continue;
    const found = check(source);
    if (found) return { file, ...found };
    for (const [, specifier] of source.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"'\n]+)["']/g)) {
      const url = resolveSpecifier(specifier!, { parentURL: pathToFileURL(file).href });
      const path = url === undefined ? undefined : fileURLToPath(url);
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      queue.push(path);
    }
  }
  return undefined;
}

/** Types are blanked, so that every position stays. */
function sourceOf(file: string): string | undefined {
  try {
    const text = readFileSync(file, "utf8");
    if (/^\.[mc]?ts$/.test(extname(file))) return stripTypes(text, file);
    return /^\.[mc]?js$/.test(extname(file)) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** `[stdin]:3`, the line itself, and `^` below the column. */
function check(source: string): { line: number; column: number } | undefined {
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--check", "-"], {
    input: source,
    encoding: "utf8",
    timeout: CHECK_MS_MAX,
  });
  const [, line, caret] = /^\[stdin\]:(\d+)\n[^\n]*\n( *)\^/m.exec(status === 0 ? "" : stderr) ?? [];
  return line === undefined ? undefined : { line: Number(line), column: (caret?.length ?? 0) + 1 };
}
