/** What went wrong while the author's module was loaded or run, as the author should read it: message, file, line and column, no stack. */
import { existsSync, readFileSync } from "node:fs";
import { basename, isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import type { SourceLocation } from "../../../api/source-location.ts";
import { LoadError } from "../load-error.ts";
import { shownPath } from "../manifests.ts";
import { SYNTAX_ERROR_MARK } from "./strip.ts";
import { syntaxPosition } from "./syntax-position.ts";

/** The folders of seatrial's own code; this file is four levels below the package. */
const ROOT = new URL("../../../../", import.meta.url).href;
const FRAME = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/;
const HEAD = /^(file:\/\/\S+|\/\S+):(\d+)$/;

/** @param entry the module that was asked for, absolute */
export function moduleError(error: unknown, entry: string, cwd: string): LoadError {
  try {
    return describedError(error, entry, cwd);
  } catch {
    // What was thrown throws when it is looked at.
    const file = shownPath(entry, cwd);
    return new LoadError(`${file} threw something that cannot be shown`, { file, line: 1 });
  }
}

function describedError(error: unknown, entry: string, cwd: string): LoadError {
  if (error instanceof LoadError) return error;
  const shownEntry = shownPath(entry, cwd);
  if (!isError(error)) return new LoadError(`${shownEntry} threw ${thrown(error)}`, { file: shownEntry, line: 1 });
  const marked = error.message.indexOf(SYNTAX_ERROR_MARK);
  if (marked >= 0) {
    const { file, line, column, message } = JSON.parse(error.message.slice(marked + SYNTAX_ERROR_MARK.length)) as Marked;
    return new LoadError(`syntax error: ${message}`, { file: shownPath(file, cwd), line, column });
  }
  const missing = missingModule(error, cwd);
  if (missing) return missing;
  const source = positionIn(error.stack ?? "", cwd) ?? checkedPosition(error, entry, cwd) ?? { file: shownEntry, line: 1 };
  return new LoadError(withoutPaths(messageOf(error), cwd), source);
}

interface Marked {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Also of another realm. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

function thrown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? "an object that is no Error" : String(value);
}

function messageOf(error: Error): string {
  const [first = ""] = error.message.split("\n");
  if (/does not provide an export named/.test(first)) return `${first}; if that is a type, import it with \`import type\``;
  if (error instanceof SyntaxError || error.name === "SyntaxError") return `syntax error: ${lowerFirst(first)}`;
  if (error instanceof RangeError && /call stack/i.test(first)) return "it calls itself without an end (maximum call stack size exceeded)";
  return error.name === "Error" || first === "" ? first || error.name : `${error.name}: ${error.message.trimEnd()}`;
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

function checkedPosition(error: Error, entry: string, cwd: string): SourceLocation | undefined {
  const found = error.name === "SyntaxError" && !/export named/.test(error.message) ? syntaxPosition(entry) : undefined;
  return found && { ...found, file: shownPath(found.file, cwd) };
}

/** Node names the file that imports what is not there; the line is where that file names it. */
function missingModule(error: Error, cwd: string): LoadError | undefined {
  const [, what, importer] = /^Cannot find (?:module|package) '(.+?)' imported from (.+)$/m.exec(error.message) ?? [];
  if (what === undefined || importer === undefined) return undefined;
  const file = pathOf(importer);
  const name = basename(what);
  const quoted = new RegExp(`["'\`][^"'\`]*${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:/[^"'\`]*)?["'\`]`);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const index = lines.findIndex((line) => /\b(?:import|from|require)\b/.test(line) && quoted.test(line));
  const found = index < 0 ? undefined : quoted.exec(lines[index]!);
  const specifier = found ? found[0].slice(1, -1) : name;
  const source = { file: shownPath(file, cwd), line: Math.max(index, 0) + 1, ...(found ? { column: found.index + 1 } : {}) };
  return new LoadError(`there is no module ${JSON.stringify(specifier)}`, source);
}

/** The first place of a stack that is the author's: `file:///a/b.ts:3` above a code frame, or the innermost frame of the author's. */
function positionIn(stack: string, cwd: string): SourceLocation | undefined {
  for (const line of stack.split("\n")) {
    const head = HEAD.exec(line);
    if (head) return { file: shownPath(pathOf(head[1]!), cwd), line: Number(head[2]) };
    const frame = FRAME.exec(line);
    if (!frame || !isAuthors(frame[1]!)) continue;
    return { file: shownPath(pathOf(frame[1]!), cwd), line: Number(frame[2]), column: Number(frame[3]) };
  }
  return undefined;
}

function isAuthors(file: string): boolean {
  const url = file.startsWith("file:") ? file : `file://${file}`;
  if (url.includes("/node_modules/")) return false;
  return !["src/", "generated/", "dist/"].some((folder) => url.startsWith(ROOT + folder)) && !url.startsWith(`${ROOT}dist`);
}

export function pathOf(file: string): string {
  const bare = file.replace(/[?#].*$/, "");
  if (!bare.startsWith("file:")) return bare;
  try {
    return fileURLToPath(bare);
  } catch {
    return bare;
  }
}

/** Node's messages name absolute paths and URLs. */
function withoutPaths(message: string, cwd: string): string {
  return message.replace(/file:\/\/[^\s'"]+|(?<=['"])\/[^'"]+(?=['"])/g, (path) => {
    const plain = pathOf(path);
    return isAbsolute(plain) ? shownPath(plain, cwd) : plain;
  });
}
