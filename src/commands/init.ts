/** `seatrial init`: a project to start from. */
import { chmodSync, lstatSync, mkdirSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { nearest } from "./args.ts";
import { type Command, type CommandContext, CommandError, UsageError } from "./command.ts";
import { ownVersion, TEMPLATES, type TemplateFile, templateFiles } from "./templates.ts";

/** A name is part of others, such as `shop-prod-web`, which have 63 characters at most. */
const NAME_LENGTH_MAX = 40;
/** Files that a refusal names. */
const NAMED_MAX = 10;

export const command: Command = {
  name: "init",
  summary: "Start a project from a template",
  usage: "init [DIR] [--template NAME]",
  description: `Writes a project into DIR (default: here): infrastructure in TypeScript, its test, and what GitHub,
GitLab or a shell needs to plan every change. The folder's name becomes the project's.

Templates:
${templateList()}

Nothing is written over: when one of the files is there already, none is written.`,
  options: {
    template: { type: "string", short: "t", value: "NAME", about: "What to start from", default: "app" },
    name: { type: "string", value: "NAME", about: "The project's name; default: that of DIR" },
  },
  examples: [
    { command: "seatrial init shop && cd shop && npm install && npm run plan", about: "A service, planned" },
    { command: "seatrial init --template platform", about: "A platform team's quotas and policies, here" },
  ],
  positionalsMax: 1,
  run: init,
};

async function init(ctx: CommandContext): Promise<number> {
  const template = ctx.option("template")!;
  if (!Object.hasOwn(TEMPLATES, template)) {
    const near = nearest(template, Object.keys(TEMPLATES));
    throw new UsageError(
      `there is no template ${JSON.stringify(template)}${near ? `; did you mean ${near}? There are` : "; there are"}:\n${templateList()}`,
    );
  }
  const shown = ctx.positionals[0] ?? ".";
  if (shown === "") throw new UsageError("init takes the folder of the project");
  const dir = resolve(ctx.cwd, shown);
  const wanted = ctx.option("name");
  const name = projectName(wanted ?? basename(dir));
  if (wanted !== undefined && name !== wanted)
    throw new UsageError(
      `--name: ${JSON.stringify(wanted)} cannot be part of Kubernetes' names (lower case letters, digits and -): ${name} can`,
    );
  const files = templateFiles(template, { name, version: ownVersion() });
  refuseCollisions(dir, files, shown);
  for (const file of files) write(dir, file, shown);
  const folder = shown === "." ? "this folder" : shown;
  ctx.out(`${folder}: ${name}, from the template ${template}\n${files.map((f) => `  ${f.path}\n`).join("")}`);
  const enter = dir === ctx.cwd ? "" : `  cd ${quoted(shown)}\n`;
  ctx.out(`\nNext:\n${enter}  npm install\n  npm run plan\n`);
  return 0;
}

function templateList(): string {
  const width = Math.max(...Object.keys(TEMPLATES).map((name) => name.length));
  return Object.entries(TEMPLATES)
    .map(([name, about]) => `  ${name.padEnd(width)}  ${about}`)
    .join("\n");
}

/** A DNS label out of a folder's name: `My Shop` → `my-shop`. A name that leaves nothing becomes `app`. */
export function projectName(folder: string): string {
  const label = folder
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    // Names of Services begin with a letter.
    .replace(/^[^a-z]+/, "")
    .slice(0, NAME_LENGTH_MAX)
    .replace(/-+$/, "");
  return label === "" ? "app" : label;
}

/** @throws CommandError when a file is there already, or a file stands where a folder is needed */
function refuseCollisions(dir: string, files: readonly TemplateFile[], shown: string): void {
  const blocked = files.flatMap(({ path }) => foldersAbove(path)).find((folder) => !isFolderOrFree(join(dir, folder)));
  if (blocked !== undefined)
    throw new CommandError(`${blocked === "." ? shown : blocked}: there is a file where init needs a folder; nothing was written`);
  const there = files.map((f) => f.path).filter((path) => isThere(join(dir, path)));
  if (there.length === 0) return;
  const named = there.slice(0, NAMED_MAX).join(", ");
  const more = there.length > NAMED_MAX ? ` and ${there.length - NAMED_MAX} more` : "";
  throw new CommandError(
    `${shown === "." ? "this folder" : shown} has ${named}${more} already, and init writes over nothing: nothing was written`,
  );
}

/** `a/b/c` → `.`, `a`, `a/b`. */
function foldersAbove(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return [".", ...parts.map((_, i) => parts.slice(0, i + 1).join("/"))];
}

function isFolderOrFree(path: string): boolean {
  // A link to a folder is a folder; one to nothing is in the way.
  const real = realpathIfAny(path);
  return real === undefined ? !isThere(path) : statSync(real).isDirectory();
}

function realpathIfAny(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Also a link that leads nowhere, and what would lie below a file. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

function write(dir: string, { path, text, executable }: TemplateFile, shown: string): void {
  const file = join(dir, path);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
    if (executable) chmodSync(file, 0o755);
  } catch (error) {
    throw new CommandError(`${join(shown, path)} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

function quoted(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
