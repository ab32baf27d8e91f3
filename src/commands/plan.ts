/** `seatrial plan`: the dry run. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { showLocation } from "../api/source-location.ts";
import { builtInNodes } from "../cluster/built-in-nodes.ts";
import { type PlanInput, simulatePlan, type WantedObject } from "../cluster/simulation.ts";
import { makePlan } from "../plan/plan.ts";
import { renderHtml } from "../plan/render/html.ts";
import { renderJson } from "../plan/render/json.ts";
import { renderMarkdown } from "../plan/render/markdown.ts";
import { renderText } from "../plan/render/text.ts";
import type { Plan } from "../plan/schema.ts";
import { refuseDuplicates } from "../sdk/identity.ts";
import { isModule } from "../sdk/load/entry.ts";
import { LoadError } from "../sdk/load/load-error.ts";
import type { LoadedObject } from "../sdk/load/loaded.ts";
import { refuseTooManyPods } from "../sdk/load/pods-limit.ts";
import { type Command, type CommandContext, CommandError, UsageError } from "./command.ts";
import { checkOut, commitOf, headOf } from "./git-base.ts";
import { CLOUD, desired, envFor, fixesOf, load, loadSchedulerConfig, progressOn, SCHEDULER_CONFIG } from "./inputs.ts";
import { planEnvironments } from "./plan-environments.ts";

export const command: Command = {
  name: "plan",
  summary: "Dry run: what the cluster will look like, and what will not work",
  usage: "plan [ENTRY] [--cluster C] [--base B] [--format FORMAT] [-o FILE]",
  description: `Applies ENTRY to a Kubernetes control plane in this process, on virtual time, lets it settle, and
reports the state against the base: what changes, which pods land where and which stay Pending and
why, whether rollouts complete, quotas, services.

ENTRY is a TypeScript or JavaScript module, a YAML or JSON file, a folder of them, or - for standard
input: helm template . | seatrial plan -
C is YAML or JSON as kubectl get nodes,... -o yaml prints it, a folder, or a module; without it, three
empty nodes of 4 CPUs and 16 GiB in three zones.
B is what is deployed now: a git ref (ENTRY as it was there), a folder or a file; without it, nothing
but C.

Exit codes: 0 healthy; 1 findings at or above --fail-on; 2 could not plan.
With --detailed-exitcode: 0 no change; 1 could not plan; 2 changes and healthy; 3 changes and blocked.`,
  options: {
    cluster: { type: "string", value: "C", about: "The cluster as it is" },
    base: { type: "string", value: "B", about: "What is deployed now: a git ref, a folder or a file" },
    "scheduler-config": SCHEDULER_CONFIG,
    cloud: CLOUD,
    env: { type: "string", value: "NAME", about: "The environment handed to ENTRY; all: one report for each" },
    format: { type: "string", about: "How to report", choices: ["text", "markdown", "json", "html"], default: "text" },
    output: { type: "string", short: "o", value: "FILE", about: "Where to write the report to; default: standard output" },
    "fail-on": {
      type: "string",
      value: "SEVERITY",
      about: "From which severity on a finding fails the plan",
      choices: ["error", "warning", "never"],
      default: "error",
    },
    "detailed-exitcode": { type: "boolean", about: "Tell by the exit code whether anything changes" },
    kubernetes: { type: "string", value: "VERSION", about: "The Kubernetes version to be", choices: ["1.36"], default: "1.36" },
  },
  examples: [
    { command: "seatrial plan infra.ts --env prod --base main", about: "What this branch changes" },
    {
      command: "kubectl get nodes,pods -A -o yaml > now.yaml; seatrial plan infra.ts --cluster now.yaml",
      about: "Does it fit into the cluster as it is?",
    },
    { command: "helm template . | seatrial plan - --format markdown -o plan.md", about: "A comment for a pull request" },
  ],
  positionalsMax: 1,
  run: plan,
};

/** Virtual seconds that a container takes to start: what the simulated kubelets take. */
const START_SECONDS = 1;

async function plan(ctx: CommandContext): Promise<number> {
  try {
    return await planEnvironments(ctx, planned);
  } catch (error) {
    if (!ctx.flag("detailed-exitcode")) throw error;
    if (error instanceof LoadError && error.source) ctx.err(`${showLocation(error.source)}: error: ${error.message}\n`);
    else if (error instanceof CommandError || error instanceof LoadError) ctx.err(`seatrial: ${error.message}\n`);
    else throw error;
    return 1;
  }
}

async function planned(ctx: CommandContext): Promise<number> {
  const format = ctx.option("format") ?? "text";
  const output = ctx.option("output");
  if (output === "") throw new UsageError("--output needs a file");
  const notice = (text: string): void => ctx.err(`${text}\n`);
  const entry = ctx.positionals[0];
  if ([entry, ctx.option("cluster"), ctx.option("base")].filter((p) => p === "-").length > 1)
    throw new UsageError("standard input can be only one of ENTRY, --cluster and --base");
  const loadOptions = { cwd: ctx.cwd, stdin: ctx.stdin, notice };
  const next = await load(entry, { ...loadOptions, env: ctx.option("env") });
  refuseDuplicates(next);
  refuseTooManyPods(next);
  const clusterPath = ctx.option("cluster");
  const cluster = clusterPath === undefined ? undefined : await load(clusterPath, { ...loadOptions, env: envFor(ctx, clusterPath) });
  const base = await loadBase(ctx, entry, notice);
  if (base) refuseDuplicates(base.objects);
  if (base) refuseTooManyPods(base.objects);
  const scheduler = await loadSchedulerConfig(ctx);
  const progress = progressOn(ctx);
  const input: PlanInput = {
    version: "1.36",
    cluster: cluster ?? builtInNodes().map((object): WantedObject => ({ object, source: undefined })),
    ...(base ? { base: base.objects } : {}),
    ...(scheduler ? { scheduler } : {}),
    ...(ctx.flag("cloud") ? { cloud: true } : {}),
    next,
    onProgress: progress.show,
  };
  const snapshots = simulatePlan(input);
  const planned = makePlan({
    ...snapshots,
    next: next.map(desired),
    base: (base?.objects ?? []).map(desired),
    kubernetes: ctx.option("kubernetes") ?? "1.36",
    builtInCluster: cluster === undefined,
    clusterAsOf: asOf(cluster ?? []),
    startSeconds: START_SECONDS,
    inputs: {
      entry: entry ?? "seatrial.ts",
      base: base?.shown ?? null,
      head: base?.head ?? null,
      cluster: clusterPath ?? "built-in",
      environment: ctx.option("env") ?? null,
    },
  });
  const result = { ...planned, ...fixesOf(input, snapshots, planned) };
  progress.clear();
  await write(ctx, rendered(result, format, output === undefined ? ctx : undefined), output);
  return exitCode(result, ctx.option("fail-on") ?? "error", ctx.flag("detailed-exitcode"));
}

/** When the Nodes of a cluster were last heard of: the date of its snapshot. Nothing for one that was written by hand. */
function asOf(cluster: readonly LoadedObject[]): string | undefined {
  let last: string | undefined;
  for (const { object } of cluster) {
    const { kind, status } = object as { readonly kind?: unknown; readonly status?: { readonly conditions?: unknown } };
    if (kind !== "Node" || !Array.isArray(status?.conditions)) continue;
    for (const { lastHeartbeatTime: at } of status.conditions as readonly { readonly lastHeartbeatTime?: unknown }[])
      if (typeof at === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at) && (last === undefined || at > last)) last = at;
  }
  return last;
}

interface Base {
  readonly objects: readonly LoadedObject[];
  readonly shown: string;
  /** What the work tree stands at, when the base is a git ref. */
  readonly head?: string | undefined;
}

async function loadBase(ctx: CommandContext, entry: string | undefined, notice: (text: string) => void): Promise<Base | undefined> {
  const wanted = ctx.option("base");
  if (wanted === undefined) return undefined;
  if (wanted === "") throw new UsageError("--base needs a git ref, a folder or a file");
  const path = resolve(ctx.cwd, wanted);
  const commit = /^\.{0,2}\//.test(wanted) ? undefined : await commitOf(wanted, ctx);
  const isPath = wanted === "-" || existsSync(path);
  if (commit !== undefined && isPath)
    throw new UsageError(`--base: ${wanted} is a git ref and a path: write ./${wanted} for the path, or refs/heads/${wanted}`);
  if (commit === undefined) {
    if (!isPath) throw new CommandError(`--base: ${wanted} is no git ref, and there is no such file or folder`);
    const objects = await load(wanted, { cwd: ctx.cwd, env: envFor(ctx, wanted), stdin: ctx.stdin, notice });
    return { objects, shown: wanted };
  }
  if (entry === "-") throw new UsageError("--base: standard input has no past; with a git ref, ENTRY must be a file or a folder");
  const tree = await checkOut(wanted, commit, ctx);
  const head = await headOf(ctx);
  try {
    const then = entry === undefined ? undefined : tree.translate(resolve(ctx.cwd, entry));
    if (!existsSync(then ?? tree.cwd)) {
      notice(`--base: ${tree.shown} has no ${entry ?? "such folder"}: everything is new`);
      return { objects: [], shown: tree.shown, head };
    }
    const env = entry === undefined || isModule(entry) ? ctx.option("env") : undefined;
    return { objects: await load(then, { cwd: tree.cwd, env, notice }), shown: tree.shown, head };
  } finally {
    await tree.dispose();
  }
}

function rendered(result: Plan, format: string, terminal: CommandContext | undefined): string {
  if (format === "json") return renderJson(result);
  if (format === "markdown") return renderMarkdown(result);
  if (format === "html") return renderHtml(result);
  return renderText(result, {
    colors: terminal?.stdout.colors ?? false,
    columns: terminal?.stdout.isTerminal ? terminal.stdout.columns : 100,
  });
}

async function write(ctx: CommandContext, text: string, output: string | undefined): Promise<void> {
  if (output === undefined || output === "-") return ctx.out(text);
  try {
    await writeFile(resolve(ctx.cwd, output), text);
  } catch (error) {
    throw new CommandError(`${output} cannot be written: ${(error as NodeJS.ErrnoException).code ?? messageOf(error)}`);
  }
}

function exitCode(result: Plan, failOn: string, detailed: boolean): number {
  const { errors, warnings, changed } = result.verdict;
  const blocked = failOn === "never" ? false : errors > 0 || (failOn === "warning" && warnings > 0);
  if (!detailed) return blocked ? 1 : 0;
  if (!changed) return 0;
  return blocked ? 3 : 2;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
