/**
 * Reads a scenario file: its steps, checked one by one, and the manifests they name. What is wrong is said with file and line.
 */
import { readFile, stat } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, parseDocument } from "yaml";
import type { Unchecked } from "../api/object.ts";
import type { Action, Scenario, ScenarioStep } from "../cluster/scenario.ts";
import { isModule } from "./load/entry.ts";
import { LoadError } from "./load/load-error.ts";
import { decodeText, loadManifests, unreadable } from "./load/manifests.ts";
import { PODS_MAX, refuseTooManyPods } from "./load/pods-limit.ts";
import { ALIASES_MAX } from "./load/yaml-schema.ts";

/** How long a step waits for quiet unless it says otherwise, in virtual seconds. */
const SETTLE_SECONDS = 3;
const VERBS = ["apply", "scale", "delete", "cordon", "uncordon", "drain", "nodeDown", "nodeUp", "rollback", "restart", "advance"] as const;
const CASCADES = ["background", "foreground", "orphan"] as const;

/** @throws LoadError when the file cannot be read, is no YAML, or is no scenario */
export async function loadScenario(path: string, cwd: string): Promise<Scenario> {
  const file = relative(cwd, resolve(cwd, path)) || path;
  const bytes = await readFile(resolve(cwd, path)).catch((e: NodeJS.ErrnoException) => {
    if (e.code === "EISDIR") throw new LoadError(`${file} is a folder: a scenario is a file`);
    throw e.code === "ENOENT" ? new LoadError(`there is no file ${file}`) : unreadable(file, e);
  });
  const text = decodeText(bytes, file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fail = (message: string, node?: unknown): never => {
    const offset = (node as Node | undefined)?.range?.[0] ?? 0;
    const { line, col } = lines.linePos(offset);
    throw new LoadError(message, { file, line, column: col });
  };
  const [error] = document.errors;
  if (error) fail(error.message.split("\n")[0]!.replace(/ at line.*$/, ""), { range: error.pos });
  const reader = new ScenarioReader(fail);
  const root = reader.map(document.contents, "a scenario", ["about", "startsAtSecond", "steps"]);
  const steps: unknown = document.get("steps", true);
  if (!isSeq<Node>(steps)) return fail("a scenario has a list of steps", steps ?? document.contents);
  const startsAtSecond = root["startsAtSecond"];
  if (
    startsAtSecond !== undefined &&
    !(Number.isInteger(startsAtSecond) && (startsAtSecond as number) >= 0 && (startsAtSecond as number) < 60)
  )
    fail("startsAtSecond is the second of a minute, 0 to 59", document.get("startsAtSecond", true));
  const base = dirname(resolve(cwd, path));
  const cache = new Map<string, readonly Unchecked[]>();
  const manifests = async (name: string): Promise<readonly Unchecked[]> => {
    const known = cache.get(name);
    if (known) return known;
    const path = resolve(base, name);
    if (isModule(path)) throw new LoadError(`apply takes YAML or JSON: seatrial synth makes it of ${name}`);
    const loaded = await loadManifests(path, { cwd });
    refuseTooManyPods(loaded);
    const isFolder = (await stat(path)).isDirectory();
    const objects = isFolder ? [] : asRecorded(decodeText(await readFile(path), name));
    // The two readers see the same objects; they differ in what a bare word stands for.
    const read = objects.length === loaded.length ? objects : loaded.map((l) => l.object as unknown as Unchecked);
    cache.set(name, read);
    return read;
  };
  const read: ScenarioStep[] = [];
  for (const item of steps.items) read.push(await reader.step(item, manifests));
  return {
    about: typeof root["about"] === "string" ? root["about"] : "",
    ...(startsAtSecond === undefined ? {} : { startsAtSecond: startsAtSecond as number }),
    steps: read,
  };
}

/**
 * The objects of a text, read as YAML 1.2: in a scenario `name: off` is a name. So the recordings were made, by a client that sent JSON; kubectl
 * itself reads YAML 1.1, and so do `plan` and `check`.
 */
function asRecorded(text: string): readonly Unchecked[] {
  const items = (value: unknown): readonly Unchecked[] => {
    if (value === null || typeof value !== "object") return [];
    const list = value as { kind?: unknown; items?: readonly unknown[] };
    return String(list.kind).endsWith("List") && Array.isArray(list.items) ? list.items.flatMap(items) : [value as Unchecked];
  };
  return parseAllDocuments(text, { merge: true, logLevel: "silent" }).flatMap((d) => items(d.toJS({ maxAliasCount: ALIASES_MAX })));
}

type Fail = (message: string, node?: unknown) => never;

class ScenarioReader {
  readonly #fail: Fail;

  constructor(fail: Fail) {
    this.#fail = fail;
  }

  /** The keys and plain values of a map that may have just these keys. */
  map(node: unknown, what: string, keys: readonly string[]): Readonly<Record<string, unknown>> {
    if (!isMap(node)) return this.#fail(`${what} is a map with ${keys.join(", ")}`, node);
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : "";
      if (!keys.includes(key)) this.#fail(`${what} has no ${JSON.stringify(key)}: it has ${keys.join(", ")}`, pair.key);
    }
    return node.toJSON() as Record<string, unknown>;
  }

  async step(node: Node, manifests: (name: string) => Promise<readonly Unchecked[]>): Promise<ScenarioStep> {
    const written = this.map(node, "a step", [...VERBS, "settle"]);
    const verbs = VERBS.filter((v) => v in written);
    const [verb] = verbs;
    if (verb === undefined || verbs.length > 1)
      return this.#fail(`a step has one verb of ${VERBS.join(", ")}${verbs.length > 1 ? `, not ${verbs.join(" and ")}` : ""}`, node);
    const settle = written["settle"] ?? SETTLE_SECONDS;
    if (typeof settle !== "number" || !(settle >= 0)) this.#fail("settle is a number of seconds, 0 or more", this.#value(node, "settle"));
    const value = this.#value(node, verb);
    return { action: await this.#action(verb, written[verb], value, manifests), settleSeconds: settle as number, written };
  }

  #value(node: unknown, key: string): unknown {
    return isMap(node) ? node.get(key, true) : undefined;
  }

  async #action(
    verb: (typeof VERBS)[number],
    plain: unknown,
    node: unknown,
    manifests: (name: string) => Promise<readonly Unchecked[]>,
  ): Promise<Action> {
    switch (verb) {
      case "apply": {
        const names = Array.isArray(plain) ? plain : [plain];
        const objects: Unchecked[] = [];
        for (const name of names) {
          if (typeof name !== "string") return this.#fail("apply names a file or a list of files", node);
          try {
            objects.push(...(await manifests(name)));
          } catch (e) {
            if (e instanceof LoadError && !e.source) return this.#fail(e.message, node);
            throw e;
          }
        }
        return { verb, objects };
      }
      case "scale": {
        const of = this.map(node, "scale", ["kind", "name", "namespace", "replicas"]);
        const replicas = of["replicas"];
        if (!Number.isInteger(replicas) || (replicas as number) < 0 || (replicas as number) > PODS_MAX)
          this.#fail(`replicas is a count, 0 to ${PODS_MAX.toLocaleString("en")}`, this.#value(node, "replicas") ?? node);
        return { verb, target: this.#target(of, node), replicas: replicas as number };
      }
      case "delete": {
        const of = this.map(node, "delete", ["kind", "name", "namespace", "cascade"]);
        const cascade = of["cascade"] as (typeof CASCADES)[number] | undefined;
        if (cascade !== undefined && !CASCADES.includes(cascade))
          this.#fail(`cascade is one of ${CASCADES.join(", ")}`, this.#value(node, "cascade"));
        return { verb, target: this.#target(of, node), ...(cascade ? { cascade } : {}) };
      }
      case "rollback": {
        const of = this.map(node, "rollback", ["kind", "name", "namespace", "toRevision"]);
        const toRevision = of["toRevision"];
        if (toRevision !== undefined && !(Number.isInteger(toRevision) && (toRevision as number) >= 0))
          this.#fail("toRevision is a revision, or 0 for the one before", this.#value(node, "toRevision"));
        return { verb, target: this.#target(of, node), ...(toRevision === undefined ? {} : { toRevision: toRevision as number }) };
      }
      case "restart":
        return { verb, target: this.#target(this.map(node, "restart", ["kind", "name", "namespace"]), node) };
      case "advance":
        if (typeof plain !== "number" || !(plain >= 0)) return this.#fail("advance is a number of seconds, 0 or more", node);
        return { verb, seconds: plain };
      default:
        if (typeof plain !== "string" || plain === "") return this.#fail(`${verb} names a node`, node);
        return { verb, node: plain };
    }
  }

  #target(of: Readonly<Record<string, unknown>>, node: unknown): { kind: string; name: string; namespace?: string } {
    for (const key of ["kind", "name"]) if (typeof of[key] !== "string" || of[key] === "") this.#fail(`${key} is missing`, node);
    const namespace = of["namespace"];
    if (namespace !== undefined && typeof namespace !== "string") this.#fail("namespace is a text", node);
    return {
      kind: of["kind"] as string,
      name: of["name"] as string,
      ...(namespace === undefined ? {} : { namespace: namespace as string }),
    };
  }
}
