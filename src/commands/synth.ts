/** `seatrial synth`: TypeScript to YAML. */
import { join, resolve } from "node:path";
import { cniFileName, cniText } from "../sdk/cni/file.ts";
import { objectName, refuseDuplicateCni, refuseDuplicates } from "../sdk/identity.ts";
import { everyEnvironment, loadEntry } from "../sdk/load/entry.ts";
import { LoadError } from "../sdk/load/load-error.ts";
import type { LoadedCni, LoadedObject } from "../sdk/load/loaded.ts";
import { fileNames } from "../sdk/output/file-names.ts";
import { writeFiles } from "../sdk/output/write-files.ts";
import { writeYaml, YamlWriteError } from "../sdk/yaml/write.ts";
import { type Command, type CommandContext, CommandError, UsageError } from "./command.ts";

export const command: Command = {
  name: "synth",
  summary: "Write the YAML of what the entry describes",
  usage: "synth [ENTRY] [-o DIR|-] [--env NAME]",
  description: `ENTRY is a TypeScript or JavaScript module, a YAML or JSON file, a folder of them, or - for standard
input. A module's default export is an object, a list of objects, a function of the environment, or
app(...). Without ENTRY: seatrial.ts.

Each object gets a file <namespace>/<kind>-<name>.yaml in DIR; objects without a namespace lie at its
top, as do CNI configurations (.conf, .conflist). The same input gives the same bytes. Files that an
earlier run wrote and that are no longer made are removed; other files are never touched. With -o -
everything is one stream on standard output.`,
  options: {
    output: { type: "string", short: "o", value: "DIR|-", about: "Where to write to; - is standard output", default: "manifests" },
    env: { type: "string", about: "The environment to build; all: each in a folder of its own", value: "NAME" },
    kubernetes: { type: "string", value: "VERSION", about: "The Kubernetes version to write for", choices: ["1.36"], default: "1.36" },
  },
  examples: [
    { command: "seatrial synth infra.ts", about: "One file per object in manifests/" },
    { command: "seatrial synth infra.ts --env prod -o - | kubectl apply -f -", about: "One stream" },
  ],
  positionalsMax: 1,
  run: synth,
};

async function synth(ctx: CommandContext): Promise<number> {
  const output = ctx.option("output")!;
  if (output === "") throw new UsageError("--output needs a folder, or - for standard output");
  const entry = ctx.positionals[0];
  const env = ctx.option("env");
  const environments = env === "all" ? await everyEnvironment(entry, { cwd: ctx.cwd }) : undefined;
  if (!environments) return synthOne(ctx, env, output);
  if (output === "-") throw new UsageError("--env all writes a folder for each environment: name one with -o DIR");
  for (const name of environments) await synthOne(ctx, name, join(output, folderName(name)));
  return 0;
}

/** An environment may be called anything that a person types; its folder lies in the output folder. */
function folderName(environment: string): string {
  if (environment === "" || environment === "." || environment === ".." || /[/\\\0]/.test(environment))
    throw new CommandError(`the environment ${JSON.stringify(environment)} cannot be the name of a folder: build it alone with --env`);
  return environment;
}

async function synthOne(ctx: CommandContext, env: string | undefined, output: string): Promise<number> {
  const loaded = await loadEntry(ctx.positionals[0], {
    cwd: ctx.cwd,
    env,
    stdin: ctx.stdin,
    notice: (text) => ctx.err(`${text}\n`),
  });
  refuseDuplicates(loaded.objects);
  refuseDuplicateCni(loaded.cni);
  const texts = loaded.objects.map(yamlOf);
  if (output === "-") {
    ctx.out(stream(texts, loaded.cni, ctx));
    return 0;
  }
  const names = fileNames(loaded.objects);
  const files = new Map(names.map((name, i) => [name, texts[i]!]));
  for (const { config } of loaded.cni) files.set(cniFileName(config), cniText(config));
  const { written, unchanged, removed, kept } = writeFiles(resolve(ctx.cwd, output), files, output.replace(/\/+$/, ""));
  for (const path of kept) ctx.err(`${output}/${path}: no longer made, but it was changed since it was written, so it is left there\n`);
  ctx.err(`${output}: ${written} written, ${unchanged} unchanged, ${removed.length} removed\n`);
  return 0;
}

/** A CNI configuration is no manifest: alone it is printed as it is, beside manifests it is left out. */
function stream(texts: readonly string[], cni: readonly LoadedCni[], ctx: CommandContext): string {
  if (texts.length === 0 && cni.length === 1) return cniText(cni[0]!.config);
  for (const { config } of cni) ctx.err(`${cniFileName(config)} is no manifest and left out of the stream: -o DIR writes it\n`);
  return texts.join("---\n");
}

function yamlOf(loaded: LoadedObject): string {
  try {
    return writeYaml(loaded.object);
  } catch (error) {
    if (!(error instanceof YamlWriteError)) throw error;
    throw new LoadError(`${objectName(loaded.object)}: ${error.message}`, loaded.locate(error.path));
  }
}
