/**
 * What the generated constructors do: a plain object in the usual key order, and the position in the author's code that made it.
 *
 * A position is captured as an unread stack (a few microseconds) and read only when someone asks: most objects never need theirs.
 */
import type { SourceLocation } from "./source-location.ts";

/** Registered, so that two copies of this module (one loaded by a transpiler, one not) agree. */
const SOURCE: unique symbol = Symbol.for("seatrial.dev/source") as never;

/** Frames looked at: our helpers between the author's line and the constructor are fewer. */
const FRAMES_MAX = 10;

/** The folders of seatrial's own code (from its checkout also the built one), whose frames are not the author's. Our unit tests are authors. */
const ROOT: string = new URL("../../", import.meta.url).href;
const OWN_FOLDERS = ["src/", "generated/", "dist/"].map((folder) => ROOT + folder);
const OWN_TEST = /\.test\.[jt]s$/;

/** A place as the JavaScript engine names it: a file URL or a path; line and column from 1. */
interface EnginePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Turns the engine's position into the one to show (source map, path relative to the working directory); `undefined` keeps it unknown. */
export type PositionResolver = (position: EnginePosition) => SourceLocation | undefined;

const asItIs: PositionResolver = ({ file, line, column }) => ({ file: pathOf(file), line, column });
let resolver: PositionResolver = asItIs;

/** Replaces the resolver; without an argument the position is shown as the engine names it, without `file://`. */
export function setPositionResolver(resolve: PositionResolver = asItIs): void {
  resolver = resolve;
}

interface StackHolder {
  /** A text, unless the program has its own Error.prepareStackTrace. */
  readonly stack?: unknown;
}

interface StackCapture extends ErrorConstructor {
  captureStackTrace(holder: object, until?: unknown): void;
  stackTraceLimit: number;
}

type Located = { [SOURCE]?: SourceLocation | StackHolder };

/**
 * The object of a constructor: `apiVersion`, `kind`, `metadata`, then the input's other fields in the input's order. The input is copied
 * one level deep and never changed.
 * @param maker the constructor that the author calls, where it lies in the author's own files
 * @throws TypeError when the input is no object, or names another apiVersion or kind.
 */
export function construct<T extends object>(apiVersion: string, kind: string, input: object, maker: Maker = construct): T {
  checkInput(apiVersion, kind, input);
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = input as Record<string, unknown>;
  const object = { apiVersion, kind, metadata, ...rest };
  remember(object, maker);
  return object as object as T;
}

/** Remembers the position in the author's code for an object that another of our constructors makes. Returns the object. */
export function located<T extends object>(object: T): T {
  remember(object, located);
  return object;
}

/** A function, whatever it takes. */
export type Maker = (...args: never[]) => unknown;

function remember(object: object, until: unknown): void {
  const holder: StackHolder = {};
  const errors = Error as StackCapture;
  const limit = errors.stackTraceLimit;
  errors.stackTraceLimit = FRAMES_MAX;
  errors.captureStackTrace(holder, until);
  errors.stackTraceLimit = limit;
  keep(object, holder);
}

function checkInput(apiVersion: string, kind: string, input: unknown): void {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    const got = input === null ? "null" : Array.isArray(input) ? "a list" : input === undefined ? "nothing" : `a ${typeof input}`;
    throw new TypeError(
      `${kind}() takes an object with the fields of a ${apiVersion} ${kind}, such as { metadata: { name: "..." } }; it got ${got}`,
    );
  }
  const given = input as { readonly apiVersion?: unknown; readonly kind?: unknown };
  if (given.kind !== undefined && given.kind !== kind)
    throw new TypeError(`${kind}() was given an object of kind ${JSON.stringify(given.kind)}`);
  if (given.apiVersion !== undefined && given.apiVersion !== apiVersion) {
    throw new TypeError(`${kind}() makes objects of ${apiVersion}, and was given one of ${JSON.stringify(given.apiVersion)}`);
  }
}

/** Where the object was made, if that is known. */
export function sourceOf(object: object): SourceLocation | undefined {
  const kept = (object as Located)[SOURCE];
  if (kept === undefined || "line" in kept) return kept as SourceLocation | undefined;
  const position = authorPosition(kept.stack);
  const source = position && resolver(position);
  keep(object, source);
  return source;
}

/** Says where an object was made: for objects read from files, or made from another one. Returns the object. */
export function setSource<T extends object>(object: T, location: SourceLocation): T {
  keep(object, location);
  return object;
}

/** Says that an object was made from another one, at the same place; the place stays unread. Returns the new object. */
export function sameSource<T extends object>(from: object, to: T): T {
  if (SOURCE in from) keep(to, (from as Located)[SOURCE]);
  return to;
}

/** Not enumerable: in no YAML, no JSON, no comparison. A frozen object stays without. */
function keep(object: object, value: SourceLocation | StackHolder | undefined): void {
  if (Object.isExtensible(object) || SOURCE in object) {
    Object.defineProperty(object, SOURCE, { value, enumerable: false, configurable: true, writable: true });
  }
}

/** `    at f (file:///a/b.ts:1:2)`, `    at /a/b.ts:1:2`. */
const FRAME = /(?:\(|at (?:async )?)((?:file:\/\/|[/\\]|[A-Za-z]:[/\\]).*):(\d+):(\d+)\)?$/;

/** The innermost frame of a stack text that is not in our own files. */
function authorPosition(stack: unknown): EnginePosition | undefined {
  if (typeof stack !== "string") return undefined;
  for (const line of stack.split("\n")) {
    const [, file, row, column] = FRAME.exec(line) ?? [];
    if (file === undefined || file.includes("<anonymous>") || isOwn(file)) continue;
    return { file, line: Number(row), column: Number(column) };
  }
  return undefined;
}

function isOwn(file: string): boolean {
  const url = file.startsWith("file://") ? file : `file://${file.startsWith("/") ? "" : "/"}${file.replaceAll("\\", "/")}`;
  return OWN_FOLDERS.some((folder) => url.startsWith(folder)) && !OWN_TEST.test(url);
}

/** The path of a file URL; a path stays what it is. */
function pathOf(file: string): string {
  if (!file.startsWith("file://")) return file;
  const path = decodeURIComponent(new URL(file).pathname);
  return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
}
