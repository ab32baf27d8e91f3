/** `seatrial import`: manifests, or a Compose file, to TypeScript. */
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import { RESOURCES } from "../../generated/v1.36/resources.ts";
import { SCHEMAS } from "../../generated/v1.36/schemas.ts";
import { importCompose, isCompose } from "../generate/compose/compose.ts";
import { cleaned } from "../generate/import/clean.ts";
import { commentsOf } from "../generate/import/comments.ts";
import { importManifests, type ManifestObject } from "../generate/import/manifests.ts";
import { LoadError } from "../sdk/load/load-error.ts";
import { decodeText, manifestObjects, shownPath, unreadable } from "../sdk/load/manifests.ts";
import { readYaml } from "../sdk/load/yaml-documents.ts";
import { YAML_OPTIONS } from "../sdk/load/yaml-schema.ts";
import { type Command, type CommandContext, CommandError, UsageError } from "./command.ts";

export const command: Command = {
  name: "import",
  summary: "Turn YAML manifests, or a Compose file, into TypeScript",
  usage: "import FILE... [-o FILE]",
  description: `FILE is YAML or JSON, a folder of such files, or - for standard input; or a Compose file (services: at
its top). Writes one module: a constant for each object, made by its typed constructor, with the
comments of the YAML, and with references where objects name each other (config maps, secrets, claims,
accounts, Services, namespaces) or share their labels. What synth makes of it are the same objects.

Where a manifest says what the types refuse (an unknown field, a number for a text), the value stays
and a cast shows the place. Of a Compose file, what has no equivalent is listed on standard error.`,
  options: {
    output: { type: "string", short: "o", value: "FILE", about: "Where to write the TypeScript to; default: standard output" },
    clean: { type: "boolean", about: "Leave out what an API server set: status, uid, managed fields, …" },
    force: { type: "boolean", about: "Write over a file that is there" },
  },
  examples: [
    { command: "kubectl get deploy,svc -o yaml | seatrial import - --clean -o infra.ts", about: "What runs now" },
    { command: "seatrial import manifests.yaml -o infra.ts", about: "One module from one file" },
    { command: "helm template . | seatrial import -", about: "From what a chart renders" },
    { command: "seatrial import compose.yaml -o infra.ts", about: "From a Compose file" },
  ],
  run,
};

/** Folders in folders that are followed. */
const DEPTH_MAX = 32;

interface Input {
  readonly text: string;
  readonly shown: string;
  /** In a folder, what is no manifest is left out. */
  readonly inFolder: boolean;
}

async function run(ctx: CommandContext): Promise<number> {
  if (ctx.positionals.length === 0) throw new UsageError("import needs a file, a folder, or - for standard input");
  const output = ctx.option("output");
  if (output === "") throw new UsageError("--output needs a file");
  const inputs = (await Promise.all(ctx.positionals.map((p) => inputsOf(ctx, p)))).flat();
  const compose = inputs.filter((i) => isCompose(readYaml(i.text, i.shown).map((d) => d.value)));
  if (compose.length > 0 && inputs.length > 1) throw new UsageError(`${compose[0]!.shown} is a Compose file: import it by itself`);
  const text = compose[0] ? fromCompose(ctx, compose[0]) : fromManifests(ctx, inputs);
  if (output === undefined || output === "-") ctx.out(text);
  else await write(ctx, output, text);
  return 0;
}

function fromCompose(ctx: CommandContext, input: Input): string {
  const { text, notes } = importCompose(readYaml(input.text, input.shown)[0]?.value);
  for (const note of notes) ctx.err(`${input.shown}: ${note}\n`);
  return text;
}

function fromManifests(ctx: CommandContext, inputs: readonly Input[]): string {
  const objects = inputs.flatMap((input) => objectsOf(ctx, input).map((o) => (inputs.length > 1 ? { ...o, file: input.shown } : o)));
  if (objects.length === 0) throw new CommandError("there are no Kubernetes objects to import");
  return importManifests(objects, { resources: RESOURCES, schemas: SCHEMAS });
}

/** Values are read as every command reads them; comments by a second look. */
function objectsOf(ctx: CommandContext, input: Input): readonly ManifestObject[] {
  const documents = readYaml(input.text, input.shown);
  const parsed = [parseAllDocuments(input.text, YAML_OPTIONS)]
    .flat()
    .filter((d) => (d.contents as { value?: unknown } | null) !== null && d.toJS({ maxAliasCount: -1 }) != null);
  return documents.flatMap((document, i) => {
    if (input.inFolder && !isManifest(document.value)) {
      ctx.err(`${input.shown}: ${documents.length > 1 ? `document ${i + 1} is` : "skipped, it is"} no Kubernetes object\n`);
      return [];
    }
    if (!isManifest(document.value)) manifestObjects(JSON.stringify(document.value), input.shown); // says what is missing
    const comments = parsed.length === documents.length ? commentsOf(parsed[i]!) : undefined;
    return itemsOf(document.value as Record<string, unknown>, "").map(({ object, path }) => ({
      object: ctx.flag("clean") ? cleaned(object) : object,
      path,
      comments,
    }));
  });
}

function itemsOf(
  value: Record<string, unknown>,
  path: string,
): readonly { readonly object: Record<string, unknown>; readonly path: string }[] {
  const { kind, items } = value;
  if (!String(kind).endsWith("List") || !Array.isArray(items)) return [{ object: value, path }];
  return items.flatMap((item, i) => itemsOf(item as Record<string, unknown>, path === "" ? `items[${i}]` : `${path}.items[${i}]`));
}

function isManifest(value: unknown): boolean {
  const { apiVersion, kind } = (value ?? {}) as Record<string, unknown>;
  return typeof apiVersion === "string" && typeof kind === "string";
}

async function inputsOf(ctx: CommandContext, path: string): Promise<readonly Input[]> {
  if (path === "-") return [{ text: decodeText(await ctx.stdin(), "standard input"), shown: "stdin", inFolder: false }];
  const absolute = resolve(ctx.cwd, path);
  const shown = shownPath(absolute, ctx.cwd);
  const about = await stat(absolute).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(shown, error);
  });
  if (about.isDirectory()) return folderInputs(ctx, absolute, DEPTH_MAX);
  return [{ text: decodeText(await readFile(absolute), shown), shown, inFolder: false }];
}

async function folderInputs(ctx: CommandContext, folder: string, depthLeft: number): Promise<readonly Input[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: Input[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depthLeft > 0) found.push(...(await folderInputs(ctx, path, depthLeft - 1)));
    else if ([".yaml", ".yml", ".json"].includes(extname(entry.name).toLowerCase())) {
      const shown = shownPath(path, ctx.cwd);
      found.push({ text: decodeText(await readFile(path), shown), shown, inFolder: true });
    }
  }
  return found;
}

async function write(ctx: CommandContext, output: string, text: string): Promise<void> {
  const path = resolve(ctx.cwd, output);
  const there = await stat(path).catch(() => undefined);
  if (there && !ctx.flag("force")) throw new CommandError(`${output} is there already: --force writes over it`);
  await mkdir(dirname(path), { recursive: true }).catch(() => undefined);
  await writeFile(path, text).catch((error: NodeJS.ErrnoException) => {
    throw new LoadError(`${output} cannot be written: ${error.code ?? error.message}`);
  });
  ctx.err(`${output}: written\n`);
}
