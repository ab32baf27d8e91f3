/** `seatrial generate`: typed constructors from CustomResourceDefinitions. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { modulesOf } from "../generate/crd/modules.ts";
import { LoadError } from "../sdk/load/load-error.ts";
import type { LoadedObject } from "../sdk/load/loaded.ts";
import { decodeText, loadManifests, manifestObjects } from "../sdk/load/manifests.ts";
import { type Command, type CommandContext, CommandError, UsageError } from "./command.ts";

export const command: Command = {
  name: "generate",
  summary: "Write typed constructors for custom resources",
  usage: "generate FILE... [-o DIR]",
  description: `FILE is YAML or JSON with CustomResourceDefinitions, a folder of such files, or - for standard input.
Writes DIR/<group>/<version>.ts with a type and a constructor for each kind, and DIR/definitions.ts with
the definitions themselves, which bring defaults and validation into a plan. Kinds and fields keep their
names; enums become unions, int-or-string takes both, what preserves unknown fields takes any.`,
  options: {
    output: { type: "string", short: "o", value: "DIR", about: "Where to write to", default: "src/crds" },
    check: { type: "boolean", about: "Write nothing; fail when a file would change" },
  },
  examples: [
    { command: "seatrial generate crds/ -o src/crds", about: "From a folder" },
    { command: "kubectl get crds -o yaml | seatrial generate -", about: "From a cluster" },
  ],
  run,
};

async function run(ctx: CommandContext): Promise<number> {
  if (ctx.positionals.length === 0) throw new UsageError("generate needs a file, a folder, or - for standard input");
  const output = ctx.option("output")!;
  if (output === "" || output === "-") throw new UsageError("--output needs a folder");
  const loaded = (await Promise.all(ctx.positionals.map((p) => load(ctx, p)))).flat();
  const definitions = loaded.filter(isDefinition);
  if (definitions.length === 0) throw new CommandError("there is no CustomResourceDefinition of apiextensions.k8s.io/v1 in what was given");
  const others = loaded.length - definitions.length;
  if (others > 0) ctx.err(`${others} other ${others === 1 ? "object" : "objects"} left out\n`);
  for (const d of definitions) validate(d);
  const files = generated(definitions);
  const changed: string[] = [];
  for (const { path, text } of files) {
    const absolute = resolve(ctx.cwd, output, path);
    if ((await readFile(absolute, "utf8").catch(() => undefined)) === text) continue;
    changed.push(path);
    if (ctx.flag("check")) continue;
    await mkdir(dirname(absolute), { recursive: true });
    await writeFile(absolute, text);
  }
  if (ctx.flag("check")) for (const path of changed) ctx.err(`${join(output, path)} is not up to date\n`);
  else ctx.err(`${output}: ${changed.length} written, ${files.length - changed.length} unchanged\n`);
  return ctx.flag("check") && changed.length > 0 ? 1 : 0;
}

function generated(definitions: readonly LoadedObject[]): ReturnType<typeof modulesOf> {
  try {
    return modulesOf(definitions.map((d) => fieldsOf(d)));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CommandError(error.message);
  }
}

/** What is wrong with one definition is said with its place. */
function validate(definition: LoadedObject): void {
  try {
    modulesOf([fieldsOf(definition)]);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new LoadError(error.message, definition.source);
  }
}

async function load(ctx: CommandContext, path: string): Promise<readonly LoadedObject[]> {
  if (path === "-") return manifestObjects(decodeText(await ctx.stdin(), "standard input"), "stdin");
  return loadManifests(path, { cwd: ctx.cwd, notice: (text) => ctx.err(`${text}\n`) });
}

function isDefinition({ object, source }: LoadedObject): boolean {
  if (object.kind !== "CustomResourceDefinition") return false;
  if (object.apiVersion !== "apiextensions.k8s.io/v1")
    throw new LoadError(
      `a CustomResourceDefinition of ${object.apiVersion} is served by no Kubernetes since 1.22: write it as apiextensions.k8s.io/v1`,
      source,
    );
  return true;
}

function fieldsOf({ object }: LoadedObject): Readonly<Record<string, unknown>> {
  return object as unknown as Readonly<Record<string, unknown>>;
}
