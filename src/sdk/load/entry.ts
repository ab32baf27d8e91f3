/** Loads an entry: a module, a YAML or JSON file, a folder of them, or standard input. */
import { stat } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { LoadError } from "./load-error.ts";
import type { LoadedCni, LoadedObject } from "./loaded.ts";
import { decodeText, loadManifests, manifestObjects, shownPath, unreadable } from "./manifests.ts";

const MODULE_EXTENSIONS: ReadonlySet<string> = new Set([".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"]);
/** Whether a path names a TypeScript or JavaScript module. */
export function isModule(path: string): boolean {
  return MODULE_EXTENSIONS.has(extname(path).toLowerCase());
}

const MANIFEST_EXTENSIONS: ReadonlySet<string> = new Set([".yaml", ".yml", ".json"]);
/** Looked for in this order when no entry is named. */
const DEFAULT_ENTRIES = ["seatrial.ts", "seatrial.mts", "seatrial.js", "seatrial.mjs", "index.ts", "src/index.ts"] as const;

export interface LoadOptions {
  /** Absolute; paths are shown relative to it. */
  readonly cwd: string;
  /** `--env NAME`: which environment of the entry. */
  readonly env?: string | undefined;
  /** The bytes of standard input, for the entry `-`. */
  readonly stdin?: () => Promise<Uint8Array>;
  /** Hears of what was skipped. */
  readonly notice?: (text: string) => void;
}

export interface Loaded {
  /** In the order written. */
  readonly objects: readonly LoadedObject[];
  /** Only a module can give such. */
  readonly cni: readonly LoadedCni[];
  /** The environments that `--env` may name; undefined when the entry has none. */
  readonly environments: readonly string[] | undefined;
}

/**
 * @param entry a path, or `-`; undefined looks for `seatrial.ts` and the like
 * @throws LoadError for everything that its author can put right
 */
export async function loadEntry(entry: string | undefined, options: LoadOptions): Promise<Loaded> {
  const path = entry ?? (await defaultEntry(options.cwd));
  if (path === "-") return fromStdin(options);
  if (path.includes("\0")) throw new LoadError("a path cannot have a NUL character in it");
  const absolute = resolve(options.cwd, path);
  const shown = shownPath(absolute, options.cwd);
  const about = await stat(absolute).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(shown, error);
  });
  const extension = extname(absolute).toLowerCase();
  if (about.isFile() && MODULE_EXTENSIONS.has(extension)) {
    const { loadModule } = await import("./typescript/load-module.ts");
    return loadModule(absolute, options);
  }
  if (about.isFile() && !MANIFEST_EXTENSIONS.has(extension)) {
    const known = [...MODULE_EXTENSIONS, ...MANIFEST_EXTENSIONS].join(" ");
    throw new LoadError(
      `${shown} is neither a module nor a manifest: an entry ends in one of ${known}, is a folder, or is - for standard input`,
    );
  }
  noEnvironments(options, shown);
  return { objects: await loadManifests(absolute, options), cni: [], environments: undefined };
}

/**
 * The environments that `--env all` means, in the order written; undefined when `all` is the name of one itself.
 * @throws LoadError when the entry has none
 */
export async function everyEnvironment(entry: string | undefined, options: LoadOptions): Promise<readonly string[] | undefined> {
  const path = entry ?? (await defaultEntry(options.cwd));
  const absolute = resolve(options.cwd, path);
  const shown = path === "-" ? "standard input" : shownPath(absolute, options.cwd);
  if (path === "-" || !isModule(path)) noEnvironments({ ...options, env: "all" }, shown);
  await stat(absolute).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(shown, error);
  });
  const { moduleEnvironments } = await import("./typescript/load-module.ts");
  const environments = await moduleEnvironments(absolute, options.cwd);
  if (!environments)
    throw new LoadError("--env all: this entry has no environments; app({ envs: { … } }, …) gives it some", { file: shown, line: 1 });
  return environments.includes("all") ? undefined : environments;
}

async function fromStdin(options: LoadOptions): Promise<Loaded> {
  if (!options.stdin) throw new LoadError("standard input cannot be read here");
  noEnvironments(options, "standard input");
  const objects = manifestObjects(decodeText(await options.stdin(), "standard input"), "stdin");
  if (objects.length === 0) throw new LoadError("standard input has no Kubernetes objects");
  return { objects, cni: [], environments: undefined };
}

function noEnvironments(options: LoadOptions, shown: string): void {
  if (options.env !== undefined) throw new LoadError(`${shown} is YAML or JSON, which has no environments: --env needs a TypeScript entry`);
}

async function defaultEntry(cwd: string): Promise<string> {
  for (const name of DEFAULT_ENTRIES) if ((await stat(join(cwd, name)).catch(() => undefined))?.isFile()) return name;
  throw new LoadError(
    `no entry is named and there is none of ${DEFAULT_ENTRIES.join(", ")} here: name a file or a folder, or - for standard input`,
  );
}
