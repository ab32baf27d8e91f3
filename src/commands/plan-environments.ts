/** `seatrial plan --env all`: one report for each environment of an app, made in one process, and one exit code for all. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { renderHtmlOfAll } from "../plan/render/html.ts";
import type { Plan } from "../plan/schema.ts";
import { everyEnvironment } from "../sdk/load/entry.ts";
import { type CommandContext, CommandError, UsageError } from "./command.ts";

/** GitHub's limit for a comment, in characters, with room for the headings. */
const MARKDOWN_LENGTH_MAX = 65_000;

interface Report {
  readonly environment: string;
  readonly text: string;
  readonly code: number;
}

/** Runs `planOne` for the environment asked for, or for each. */
export async function planEnvironments(ctx: CommandContext, planOne: (ctx: CommandContext) => Promise<number>): Promise<number> {
  if (ctx.option("env") !== "all") return planOne(ctx);
  const environments = await everyEnvironment(ctx.positionals[0], { cwd: ctx.cwd });
  if (!environments) return planOne(ctx);
  if ([ctx.option("cluster"), ctx.option("base")].includes("-"))
    throw new UsageError("--env all reads the cluster and the base once for each environment: standard input can be read only once");
  const reports: Report[] = [];
  for (const environment of environments) reports.push(await reportOf(ctx, environment, planOne));
  const text = joined(reports, ctx.option("format") ?? "text");
  const output = ctx.option("output");
  if (output === undefined || output === "-") ctx.out(text);
  else
    await writeFile(resolve(ctx.cwd, output), text).catch((error: NodeJS.ErrnoException) => {
      throw new CommandError(`${output} cannot be written: ${error.code ?? error.message}`);
    });
  return worst(reports.map((r) => r.code));
}

async function reportOf(ctx: CommandContext, environment: string, planOne: (ctx: CommandContext) => Promise<number>): Promise<Report> {
  let text = "";
  const toFile = ![undefined, "-"].includes(ctx.option("output"));
  const code = await planOne({
    ...ctx,
    option: (name) => {
      if (name === "env") return environment;
      if (name === "output") return ctx.option("output") === "" ? "" : undefined;
      // One page is made of all plans: each is wanted as data.
      return name === "format" && ctx.option("format") === "html" ? "json" : ctx.option(name);
    },
    out: (more) => {
      text += more;
    },
    // A file has no colors, and no width of a terminal.
    stdout: toFile ? { isTerminal: false, colors: false, columns: 80 } : ctx.stdout,
  });
  return { environment, text, code };
}

function joined(reports: readonly Report[], format: string): string {
  if (format === "json") {
    const environments = Object.fromEntries(reports.map((r) => [r.environment, JSON.parse(r.text) as unknown]));
    return `${JSON.stringify({ schema: "seatrial.dev/plans/v1", environments }, null, 2)}\n`;
  }
  if (format === "markdown") return joinedMarkdown(reports);
  if (format === "html") return renderHtmlOfAll(reports.map((r) => ({ environment: r.environment, plan: JSON.parse(r.text) as Plan })));
  return reports.map((r) => `── ${r.environment} ──\n${r.text}`).join("\n");
}

/** One comment for all: where they do not fit, the later ones are shown by their first lines. */
function joinedMarkdown(reports: readonly Report[]): string {
  const share = Math.floor(MARKDOWN_LENGTH_MAX / Math.max(reports.length, 1));
  const total = reports.reduce((n, r) => n + r.text.length, 0);
  const parts = reports.map((r) => {
    const fits = total <= MARKDOWN_LENGTH_MAX || r.text.length <= share;
    const shown = fits ? r.text : `${firstParagraph(r.text)}\n\n_Too long for one comment: plan \`${r.environment}\` alone shows all._\n`;
    return `# ${r.environment}\n\n${shown}`;
  });
  return parts.join("\n");
}

function firstParagraph(text: string): string {
  return text.split(/\n\n/, 1)[0] ?? "";
}

/** 1 (with --detailed-exitcode: could not plan) never comes here as a code among others; of the rest the highest is the worst. */
function worst(codes: readonly number[]): number {
  return Math.max(0, ...codes);
}
