/** Objects from YAML and JSON: a file, a folder, standard input. */
import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join, relative, resolve } from "node:path";
import type { KubeObject } from "../../api/object.ts";
import type { SourceLocation } from "../../api/source-location.ts";
import { LoadError } from "./load-error.ts";
import type { LoadedObject } from "./loaded.ts";
import { readYaml, type YamlDocument } from "./yaml-documents.ts";

const MANIFEST_EXTENSIONS: ReadonlySet<string> = new Set([".yaml", ".yml", ".json"]);
/** Folders in folders that are followed. */
const FOLDER_DEPTH_MAX = 32;

export interface ManifestOptions {
  /** Paths are shown relative to it. */
  readonly cwd: string;
  /** Hears of what was skipped: `web/values.yaml: skipped, it is no Kubernetes manifest`. */
  readonly notice?: (text: string) => void;
}

/**
 * Every object of a YAML or JSON file, or of all of them in a folder (in order of path), with `kind: List` unwrapped.
 * In a folder, what is no manifest is skipped with a notice.
 * @throws LoadError
 */
export async function loadManifests(path: string, options: ManifestOptions): Promise<readonly LoadedObject[]> {
  const absolute = resolve(options.cwd, path);
  const shown = shownPath(absolute, options.cwd);
  const about = await stat(absolute).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(shown, error);
  });
  if (about.isDirectory()) return loadFolder(absolute, options);
  if (!about.isFile()) throw new LoadError(`${shown} is neither a file nor a folder`);
  const objects = manifestObjects(await readText(absolute, shown), shown);
  if (objects.length === 0) throw new LoadError(`${shown} has no Kubernetes objects`);
  return objects;
}

/** The objects of one text. */
export function manifestObjects(text: string, file: string): readonly LoadedObject[] {
  return readYaml(text, file).flatMap((document) => objectsOf(document));
}

/** How a path is shown: relative to the working directory when it lies below it. */
export function shownPath(absolute: string, cwd: string): string {
  const below = relative(cwd, absolute);
  return below === "" ? "." : below.startsWith("..") ? absolute : below;
}

async function loadFolder(folder: string, options: ManifestOptions): Promise<readonly LoadedObject[]> {
  const objects: LoadedObject[] = [];
  for (const path of await manifestFiles(folder, FOLDER_DEPTH_MAX)) {
    const shown = shownPath(path, options.cwd);
    const documents = readYaml(await readText(path, shown), shown);
    const manifests = documents.filter((d) => looksLikeManifest(d.value));
    const skipped = documents.length - manifests.length;
    if (documents.length === 0 || manifests.length === 0) options.notice?.(`${shown}: skipped, there is no Kubernetes object in it`);
    else if (skipped > 0) options.notice?.(`${shown}: ${skipped} of ${documents.length} documents skipped, they are no Kubernetes objects`);
    for (const document of manifests) objects.push(...objectsOf(document));
  }
  if (objects.length === 0)
    throw new LoadError(`${shownPath(folder, options.cwd)} has no Kubernetes objects in .yaml, .yml or .json files`);
  return objects;
}

/** In order of path, compared by code unit. Hidden entries and node_modules are not looked at. */
async function manifestFiles(folder: string, depthLeft: number): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isDirectory());
    if (isFolder && depthLeft > 0) files.push(...(await manifestFiles(path, depthLeft - 1)));
    else if (!isFolder && MANIFEST_EXTENSIONS.has(extname(entry.name).toLowerCase())) files.push(path);
  }
  return files;
}

async function readText(path: string, shown: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(shown, error);
  });
  return decodeText(bytes, shown);
}

/** UTF-8, with or without a byte order mark. */
export function decodeText(bytes: Uint8Array, shown: string): string {
  const mark = `${bytes[0]} ${bytes[1]}`;
  if (mark === "255 254" || mark === "254 255") throw new LoadError(`${shown} is UTF-16: save it as UTF-8`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new LoadError(`${shown} is not valid UTF-8`);
  }
}

export function unreadable(shown: string, error: NodeJS.ErrnoException): LoadError {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return new LoadError(`there is no file or folder ${shown}`);
  if (error.code === "EACCES" || error.code === "EPERM") return new LoadError(`${shown} may not be read: permission denied`);
  return new LoadError(`${shown} cannot be read: ${error.code ?? error.message}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function looksLikeManifest(value: unknown): boolean {
  return isRecord(value) && typeof value["apiVersion"] === "string" && typeof value["kind"] === "string";
}

function objectsOf(document: YamlDocument): readonly LoadedObject[] {
  return unwrapped(document.value, "", document);
}

/** `kind: List`, and any other list as `kubectl get` prints it, gives its items. */
function unwrapped(value: unknown, path: string, document: YamlDocument): readonly LoadedObject[] {
  // Worked out when someone asks: it takes reading the document once more.
  const source = (): SourceLocation => (path === "" ? document.source : document.locate(path));
  const object = checkedObject(value, (why) => new LoadError(why, source()));
  if (object.kind.endsWith("List") && Array.isArray(object["items"])) {
    const items = object["items"] as readonly unknown[];
    return items.flatMap((item, i) => unwrapped(item, path === "" ? `items[${i}]` : `${path}.items[${i}]`, document));
  }
  if (!isRecord(object["metadata"])) throw new LoadError(`this ${object.kind} has no metadata`, source());
  const locate = (field: string): SourceLocation => document.locate(path === "" ? field : `${path}.${field}`);
  return [
    {
      object: object as unknown as KubeObject,
      get source() {
        return source();
      },
      locate,
    },
  ];
}

/** What every object must have before anything can be said about it. */
export function checkedObject(value: unknown, refuse: (why: string) => LoadError): Record<string, unknown> & { readonly kind: string } {
  if (!isRecord(value)) throw refuse(`expected a Kubernetes object, found ${describe(value)}`);
  for (const field of ["apiVersion", "kind"] as const) {
    const text = value[field];
    if (text === undefined || text === null || text === "") throw refuse(`this object has no ${field}`);
    if (typeof text !== "string") throw refuse(`${field} is ${describe(text)}, not a text`);
  }
  return value as Record<string, unknown> & { readonly kind: string };
}

export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string")
    return value.length > 40 ? `the text ${JSON.stringify(value.slice(0, 40))}…` : `the text ${JSON.stringify(value)}`;
  if (typeof value === "function") return "a function";
  return `the ${typeof value} ${String(value)}`;
}
