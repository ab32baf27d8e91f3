/**
 * How Node finds and loads modules while an entry is read: TypeScript without a build step, imports as TypeScript allows them, and `seatrial`
 * itself also where the project has not installed it. These functions serve both of Node's ways to hook in: in the thread (22.15 and later)
 * and in a loader thread (20).
 */
import { readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stripTypes } from "./strip.ts";
import { isFile, mappedPaths, tsConfigFor } from "./tsconfig.ts";

const TYPESCRIPT: ReadonlySet<string> = new Set([".ts", ".mts", ".cts"]);
/** An import may name the file that the compiler would write. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = { ".js": [".ts", ".tsx"], ".mjs": [".mts"], ".cjs": [".cts"] };
const TRIED_EXTENSIONS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"] as const;

export interface ResolveContext {
  readonly parentURL?: string | undefined;
  readonly importAttributes?: Readonly<Record<string, string>>;
}

export interface LoadContext {
  readonly format?: string | null | undefined;
  readonly importAttributes?: Readonly<Record<string, string | undefined>>;
}

/** What replaces a specifier before Node resolves it: a file URL, or undefined to leave it as it is. */
export function resolveSpecifier(specifier: string, context: ResolveContext): string | undefined {
  const parent = context.parentURL;
  if (!parent?.startsWith("file:") || parent.includes("/node_modules/")) return undefined;
  const folder = dirname(fileURLToPath(parent));
  if (/^\.{1,2}(?:\/|$)/.test(specifier) || specifier.startsWith("/")) {
    const [path, query = ""] = splitQuery(specifier);
    const found = findModule(specifier.startsWith("/") ? decodeURI(path) : join(folder, decodeURI(path)));
    return found === undefined ? undefined : pathToFileURL(found).href + query;
  }
  if (/^[a-z][a-z+.-]*:/i.test(specifier) || specifier.startsWith("#")) return undefined;
  const config = tsConfigFor(folder);
  if (!config) return undefined;
  for (const path of mappedPaths(config, specifier)) {
    const found = findModule(path);
    if (found !== undefined) return pathToFileURL(found).href;
  }
  return undefined;
}

/** `seatrial` or `seatrial/apps/v1`, which resolve to this package when the project has none. */
export function isOwnName(specifier: string): boolean {
  return specifier === "seatrial" || specifier.startsWith("seatrial/");
}

export function isNotFound(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}

/** The module for a URL that Node cannot load by itself, or undefined. */
export function loadSource(url: string, context: LoadContext): { format: "module" | "commonjs" | "json"; source: string } | undefined {
  if (!url.startsWith("file:")) return undefined;
  const path = fileURLToPath(url);
  const extension = extname(path);
  // TypeScript allows a JSON import without `with { type: "json" }`, Node does not.
  if (extension === ".json" && context.importAttributes?.["type"] === undefined)
    return { format: "json", source: readFileSync(path, "utf8") };
  if (!TYPESCRIPT.has(extension)) return undefined;
  const source = stripTypes(readFileSync(path, "utf8"), path);
  return { format: formatOf(path, extension, source), source };
}

/** As Node decides it: by extension, by the nearest package.json, else by the syntax. */
function formatOf(path: string, extension: string, source: string): "module" | "commonjs" {
  if (extension === ".mts") return "module";
  if (extension === ".cts") return "commonjs";
  if (packageType(dirname(path)) === "module") return "module";
  if (/(?:^|[;}])\s*(?:import|export)\b/m.test(source)) return "module";
  return /\bmodule\.exports\b|\bexports\s*[.[]|\brequire\s*\(/.test(source) ? "commonjs" : "module";
}

const packageTypes = new Map<string, string | undefined>();

function packageType(folder: string): string | undefined {
  if (packageTypes.has(folder)) return packageTypes.get(folder);
  const path = join(folder, "package.json");
  const above = dirname(folder);
  let type: string | undefined;
  if (isFile(path)) {
    try {
      type = (JSON.parse(readFileSync(path, "utf8")) as { type?: string }).type;
    } catch {
      type = undefined;
    }
  } else if (above !== folder) type = packageType(above);
  packageTypes.set(folder, type);
  return type;
}

/** The file that an import of `path` means: itself, the TypeScript it is compiled from, with an extension, or a folder's index. */
function findModule(path: string): string | undefined {
  if (isFile(path)) return path;
  const extension = extname(path);
  for (const other of WRITTEN_AS[extension] ?? []) {
    const written = path.slice(0, -extension.length) + other;
    if (isFile(written)) return written;
  }
  for (const added of TRIED_EXTENSIONS) if (isFile(path + added)) return path + added;
  for (const added of TRIED_EXTENSIONS) if (isFile(join(path, `index${added}`))) return join(path, `index${added}`);
  return undefined;
}

function splitQuery(specifier: string): readonly [string, string?] {
  const at = specifier.search(/[?#]/);
  return at < 0 ? [specifier] : [specifier.slice(0, at), specifier.slice(at)];
}
