/** `compilerOptions.paths` and `baseUrl` of the nearest tsconfig.json, with `extends`. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";

const EXTENDS_MAX = 16;

export interface PathMapping {
  /** Prefix and suffix around the `*`, or the whole name when there is none. */
  readonly prefix: string;
  readonly suffix: string | undefined;
  /** Absolute, with `*`. */
  readonly targets: readonly string[];
}

export interface TsConfig {
  readonly path: string;
  readonly paths: readonly PathMapping[];
  readonly baseUrl: string | undefined;
}

const byFolder = new Map<string, TsConfig | undefined>();

/** The tsconfig.json that holds for files in `folder`: there, or in the nearest folder above. */
export function tsConfigFor(folder: string): TsConfig | undefined {
  if (byFolder.has(folder)) return byFolder.get(folder);
  const path = join(folder, "tsconfig.json");
  const above = dirname(folder);
  const found = isFile(path) ? read(path) : above === folder ? undefined : tsConfigFor(above);
  byFolder.set(folder, found);
  return found;
}

/** Where a bare import may lie by the mappings, best match first: exact names, then the longest prefix; absolute paths. */
export function mappedPaths(config: TsConfig, specifier: string): readonly string[] {
  const exact = config.paths.filter((m) => m.suffix === undefined && m.prefix === specifier);
  const patterns = config.paths
    .filter(
      (m) =>
        m.suffix !== undefined &&
        specifier.startsWith(m.prefix) &&
        specifier.endsWith(m.suffix) &&
        specifier.length >= m.prefix.length + m.suffix.length,
    )
    .sort((a, b) => b.prefix.length - a.prefix.length);
  const mapping = exact[0] ?? patterns[0];
  const star = mapping?.suffix === undefined ? "" : specifier.slice(mapping.prefix.length, specifier.length - mapping.suffix.length);
  const mapped = mapping?.targets.map((t) => t.replace("*", () => star)) ?? [];
  return config.baseUrl === undefined ? mapped : [...mapped, join(config.baseUrl, specifier)];
}

interface Options {
  readonly paths?: Readonly<Record<string, readonly string[]>>;
  readonly baseUrl?: string;
}

function read(path: string): TsConfig {
  const merged = readOptions(path, EXTENDS_MAX);
  const base = merged.baseUrl ?? merged.pathsBase ?? dirname(path);
  const paths = Object.entries(merged.paths ?? {}).map(([pattern, targets]) => {
    const star = pattern.indexOf("*");
    return {
      prefix: star < 0 ? pattern : pattern.slice(0, star),
      suffix: star < 0 ? undefined : pattern.slice(star + 1),
      targets: (Array.isArray(targets) ? targets : []).filter((t) => typeof t === "string").map((t) => resolve(base, t)),
    };
  });
  return { path, paths, baseUrl: merged.baseUrl };
}

/** The options of a file over those of what it extends. A file that cannot be read counts as empty: `check` lets the compiler complain. */
function readOptions(path: string, extendsLeft: number): { paths?: Options["paths"]; pathsBase?: string; baseUrl?: string } {
  let config: { extends?: unknown; compilerOptions?: Options };
  try {
    config = JSON.parse(withoutComments(readFileSync(path, "utf8"))) as typeof config;
  } catch {
    return {};
  }
  const parents = (Array.isArray(config.extends) ? config.extends : [config.extends]).filter((e) => typeof e === "string");
  const inherited = extendsLeft > 0 ? parents.map((p) => parentPath(p, path)).map((p) => (p ? readOptions(p, extendsLeft - 1) : {})) : [];
  const own = config.compilerOptions ?? {};
  return Object.assign(
    {},
    ...inherited,
    typeof own.baseUrl === "string" ? { baseUrl: resolve(dirname(path), own.baseUrl) } : {},
    own.paths && typeof own.paths === "object" ? { paths: own.paths, pathsBase: dirname(path) } : {},
  ) as ReturnType<typeof readOptions>;
}

function parentPath(name: string, from: string): string | undefined {
  if (name.startsWith(".") || isAbsolute(name)) {
    const path = resolve(dirname(from), name);
    return [path, `${path}.json`, join(path, "tsconfig.json")].find(isFile);
  }
  const require = createRequire(from);
  for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
    try {
      return require.resolve(candidate);
    } catch {
      // The next form of the name.
    }
  }
  return undefined;
}

/** JSON with comments and trailing commas, as tsconfig.json may have them. */
function withoutComments(text: string): string {
  return text
    .replace(/^\uFEFF/, "")
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, literal: string | undefined) => literal ?? "")
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, literal: string | undefined) => literal ?? "");
}

export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
