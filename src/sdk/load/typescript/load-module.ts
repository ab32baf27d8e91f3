/** Runs an entry that is a module and gives what its default export makes. */
import { pathToFileURL } from "node:url";
import { setPositionResolver, sourceOf } from "../../../api/construct.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { SourceLocation } from "../../../api/source-location.ts";
import { isCniConfig } from "../../cni/file.ts";
import { plainData } from "../../plain.ts";
import { isPlainObject } from "../../yaml/refused.ts";
import { LoadError } from "../load-error.ts";
import type { LoadedCni, LoadedObject } from "../loaded.ts";
import { checkedObject, describe, shownPath } from "../manifests.ts";
import { moduleError, pathOf } from "./module-error.ts";
import { registerTypeScript } from "./register.ts";

/** Lists in lists that an entry may give. */
const NESTING_MAX = 100;
/** Items of all its lists, also empty ones. */
const ITEMS_MAX = 500_000;

export interface ModuleOutput {
  readonly objects: readonly LoadedObject[];
  readonly cni: readonly LoadedCni[];
  /** The names that `--env` may have; undefined when the entry does not say. */
  readonly environments: readonly string[] | undefined;
}

export interface ModuleOptions {
  readonly cwd: string;
  /** `--env NAME`. */
  readonly env?: string | undefined;
  /** Hears that a module takes long. */
  readonly notice?: (text: string) => void;
}

/** After so many milliseconds the user is told what is waited for. */
const SLOW_MS = 5000;

/**
 * @param path absolute
 * @throws LoadError with the author's file and line
 */
export async function loadModule(path: string, options: ModuleOptions): Promise<ModuleOutput> {
  const shown = shownPath(path, options.cwd);
  setPositionResolver(({ file, line, column }) => ({ file: shownPath(pathOf(file), options.cwd), line, column }));
  registerTypeScript();
  const start: SourceLocation = { file: shown, line: 1 };
  let environments: readonly string[] | undefined;
  let output: unknown;
  // A promise that never resolves keeps the process when something else (a timer, a server) does: silence would look like our own work.
  const slow = setTimeout(() => options.notice?.(`still waiting for ${shown}: does it await something that never comes?`), SLOW_MS);
  slow.unref();
  try {
    const exported = defaultExport(await import(pathToFileURL(path).href), start);
    environments = environmentsOf(exported);
    output = await (typeof exported === "function" ? exported(chosen(environments, options.env, start)) : exported);
  } catch (error) {
    throw moduleError(error, path, options.cwd);
  } finally {
    clearTimeout(slow);
  }
  const found: Found = { objects: [], cni: [], itemsLeft: ITEMS_MAX };
  try {
    await collect(output, "", shown, NESTING_MAX, found);
  } catch (error) {
    // A getter or a Proxy of the author's.
    throw moduleError(error, path, options.cwd);
  }
  return { objects: found.objects, cni: found.cni, environments };
}

/** The names that `--env` may have for a module; undefined when it does not say. @throws LoadError */
export async function moduleEnvironments(path: string, cwd: string): Promise<readonly string[] | undefined> {
  registerTypeScript();
  try {
    return environmentsOf(defaultExport(await import(pathToFileURL(path).href), { file: shownPath(path, cwd), line: 1 }));
  } catch (error) {
    throw moduleError(error, path, cwd);
  }
}

function defaultExport(module: Readonly<Record<string, unknown>>, start: SourceLocation): unknown {
  // `module.exports = …` of a CommonJS file is its default export; compiled ones have `exports.default`.
  const value = module["default"];
  const compiled = typeof value === "object" && value !== null && (value as { __esModule?: unknown }).__esModule === true;
  const exported = compiled ? (value as { default?: unknown }).default : value;
  const missing = exported === undefined || (isEmptyObject(exported) && !("default" in module && Object.keys(module).length > 1));
  if (missing)
    throw new LoadError("this module has no default export: `export default` an object, a list of objects, a function, or app(...)", start);
  return exported;
}

/** What a CommonJS file without exports has for a default. */
function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && isPlainObject(value) && Object.keys(value).length === 0;
}

/** `app(...)` returns a function that names its environments. */
function environmentsOf(exported: unknown): readonly string[] | undefined {
  if (typeof exported !== "function") return undefined;
  const { environments } = exported as { readonly environments?: unknown };
  return Array.isArray(environments) ? environments.map(String) : undefined;
}

function chosen(environments: readonly string[] | undefined, env: string | undefined, start: SourceLocation): string | undefined {
  if (!environments) return env;
  const list = environments.join(", ");
  if (env === undefined) {
    if (environments.length === 1) return environments[0];
    throw new LoadError(`this app has several environments: choose one with --env (${list})`, start);
  }
  if (!environments.includes(env)) throw new LoadError(`this app has no environment ${JSON.stringify(env)}: it has ${list}`, start);
  return env;
}

interface Found {
  readonly objects: LoadedObject[];
  readonly cni: LoadedCni[];
  itemsLeft: number;
}

/** Flattens lists, awaits promises, unwraps `kind: List`, leaves out what is not there. */
async function collect(value: unknown, path: string, file: string, nestingLeft: number, found: Found): Promise<void> {
  if (--found.itemsLeft < 0)
    throw new LoadError(`the default export holds more than ${ITEMS_MAX.toLocaleString("en")} items`, { file, line: 1 });
  const item = isPromise(value) ? await value : value;
  if (item === undefined || item === null || item === false) return;
  const what = path === "" ? "the default export" : `${path} of the default export`;
  if (nestingLeft === 0) throw new LoadError(`the default export is nested more than ${NESTING_MAX} lists deep`, { file, line: 1 });
  if (Array.isArray(item)) {
    for (let i = 0; i < item.length; i++) await collect(item[i], `${path}[${i}]`, file, nestingLeft - 1, found);
    return;
  }
  if (typeof item !== "object") throw new LoadError(`${what} is ${describe(item)}, not a Kubernetes object`, { file, line: 1 });
  // Worked out when someone asks: most objects never need theirs.
  const locate = (): SourceLocation => sourceOf(item) ?? { file, line: 1 };
  // An object literal does not know where it stands: then its place in the export helps.
  const refuse = (why: string): LoadError => new LoadError(sourceOf(item) ? why : `${what}: ${why}`, locate());
  if (isCniConfig(item)) {
    found.cni.push({ config: item, source: locate() });
    return;
  }
  const checked = plainData(item);
  if ("refused" in checked) throw refuse(`${checked.refused.path} ${checked.refused.why}`.trim());
  const object = checkedObject(checked.data, refuse);
  if (object.kind.endsWith("List") && Array.isArray(object["items"])) {
    await collect(object["items"], `${path}.items`, file, nestingLeft - 1, found);
    return;
  }
  if (typeof object["metadata"] !== "object" || object["metadata"] === null) throw refuse(`this ${object.kind} has no metadata`);
  found.objects.push({
    object: object as unknown as KubeObject,
    get source() {
      return locate();
    },
    locate,
  });
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
