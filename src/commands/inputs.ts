/** What plan and explain are given: the entry, the cluster, the scheduler's configuration. */
import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { showLocation } from "../api/source-location.ts";
import type { KubeSchedulerConfiguration } from "../cluster/scheduler/config/scheduler-config.ts";
import { problemText, readSchedulerConfig } from "../cluster/scheduler/config/scheduler-config.ts";
import { type PlanInput, type PlanSnapshots, resumeSimulation, simulatePlan, type WantedObject } from "../cluster/simulation.ts";
import { findFixes } from "../plan/fixes.ts";
import type { Plan } from "../plan/schema.ts";
import { isModule, type LoadOptions, loadEntry } from "../sdk/load/entry.ts";
import { LoadError } from "../sdk/load/load-error.ts";
import type { LoadedObject } from "../sdk/load/loaded.ts";
import { readYaml } from "../sdk/load/yaml-documents.ts";
import { type CommandContext, type OptionSpec, UsageError } from "./command.ts";

/** Milliseconds between two lines of progress. */
const PROGRESS_EVERY_MS = 100;

export const SCHEDULER_CONFIG: OptionSpec = {
  type: "string",
  value: "FILE",
  about: "KubeSchedulerConfiguration, as kube-scheduler --config takes it",
};

export const CLOUD: OptionSpec = {
  type: "boolean",
  about: "Assume a cloud: load balancers get addresses, nodes get routes and are initialized",
};

/** An entry's objects, with their places worked out now: a place is found by the folder of the latest load, and a base's folder does not stay. */
export async function load(entry: string | undefined, options: LoadOptions): Promise<readonly LoadedObject[]> {
  const { objects, cni } = await loadEntry(entry, options);
  if (cni.length > 0)
    options.notice?.(`${cni.length} CNI ${cni.length === 1 ? "configuration is" : "configurations are"} left out: no API server sees them`);
  const module = entry === undefined || isModule(entry);
  return objects.map((loaded) => {
    const { object, source } = loaded;
    return { object, source, locate: module ? () => source : (path) => loaded.locate(path) };
  });
}

export function desired(loaded: LoadedObject): {
  object: Readonly<Record<string, unknown>>;
  source: LoadedObject["source"];
  locate: LoadedObject["locate"];
} {
  return { object: loaded.object as unknown as Readonly<Record<string, unknown>>, source: loaded.source, locate: loaded.locate };
}

/** Changes that were tried on top of the same input, and help. */
export function fixesOf(
  input: PlanInput,
  { before, after }: Pick<PlanSnapshots, "before" | "after">,
  { pending, fixSearch }: Pick<Plan, "pending" | "fixSearch">,
): Pick<Plan, "fixes" | "fixSearch"> {
  if (pending.length === 0) return { fixes: [], fixSearch };
  const { fixes, report } = findFixes<WantedObject>({
    inputs: { cluster: input.cluster, next: input.next },
    before,
    after,
    pending,
    simulate: (inputs) => simulatePlan({ ...input, ...inputs }).after,
    resume: (from) => resumeSimulation(input, from),
    wrap: (object) => ({ object, source: undefined }),
  });
  return { fixes, fixSearch: report };
}

/** YAML has no environments. */
export function envFor(ctx: CommandContext, path: string): string | undefined {
  return isModule(path) ? ctx.option("env") : undefined;
}

/** @throws LoadError or CommandError that names the file, the line and the field */
export async function loadSchedulerConfig(ctx: CommandContext): Promise<KubeSchedulerConfiguration | undefined> {
  const path = ctx.option("scheduler-config");
  if (path === undefined) return undefined;
  if (path === "") throw new UsageError("--scheduler-config needs a file");
  const absolute = resolve(ctx.cwd, path);
  const shown = relative(ctx.cwd, absolute).startsWith("..") ? path : relative(ctx.cwd, absolute);
  let text: string;
  try {
    text = await readFile(absolute, "utf8");
  } catch (error) {
    throw new LoadError(`--scheduler-config: ${shown} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
  const documents = readYaml(text, shown);
  const [document] = documents;
  if (!document) throw new LoadError(`${shown} has no KubeSchedulerConfiguration`);
  if (documents.length > 1) throw new LoadError("only one KubeSchedulerConfiguration is expected in the file", documents[1]?.source);
  const setup = readSchedulerConfig(document.value);
  if (!("problems" in setup)) return document.value as KubeSchedulerConfiguration;
  const [first, ...others] = setup.problems.map((p) => ({
    place: p.path === "" ? document.source : document.locate(p.path),
    text: problemText(p),
  }));
  for (const { place, text: problem } of others) ctx.err(`${showLocation(place)}: error: ${problem}\n`);
  throw new LoadError(first?.text ?? "", first?.place);
}

/** One line on standard error that is written over, on a terminal only. */
export function progressOn(ctx: CommandContext): { show: (part: "cluster" | "base" | "change", done: number) => void; clear: () => void } {
  if (!ctx.stderr.isTerminal) return { show: () => {}, clear: () => {} };
  const words = { cluster: "loading the cluster", base: "settling the base", change: "applying the change" };
  let last = Number.NEGATIVE_INFINITY;
  let shown = false;
  return {
    show: (part, done) => {
      const now = ctx.nowMs();
      if (now - last < PROGRESS_EVERY_MS) return;
      last = now;
      shown = true;
      ctx.err(`\r\u001b[K${words[part]}: ${done}`);
    },
    clear: () => {
      if (shown) ctx.err("\r\u001b[K");
    },
  };
}
