/** `seatrial check`: types, and what an API server would say to each object. */
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { createCluster } from "../cluster/cluster.ts";
import { refuseDuplicates } from "../sdk/identity.ts";
import { isModule, loadEntry } from "../sdk/load/entry.ts";
import type { LoadedObject } from "../sdk/load/loaded.ts";
import { shownPath } from "../sdk/load/manifests.ts";
import { isRefused } from "../sim/answer.ts";
import { checkOrder } from "./check-order.ts";
import type { Command, CommandContext } from "./command.ts";
import { refusalLines, warningLines } from "./refusal-lines.ts";
import { nearestTsConfig, typeCheck } from "./type-check.ts";

export const command: Command = {
  name: "check",
  summary: "Check types, and whether an API server would take each object",
  usage: "check [ENTRY...] [--env NAME]",
  description: `Runs the project's own TypeScript compiler where there is a tsconfig.json, then hands each object to a
simulated API server of Kubernetes 1.36 and prints what it refuses, with the place in the source.
Namespaces that the entry does not make are taken to exist.

Exit code 0: all are taken; 1: some are refused; 2: type errors, or the entry could not be read.`,
  options: {
    env: { type: "string", value: "NAME", about: "The environment to build" },
    kubernetes: { type: "string", value: "VERSION", about: "The Kubernetes version to check against", choices: ["1.36"], default: "1.36" },
  },
  examples: [
    { command: "seatrial check infra.ts", about: "One entry" },
    { command: "helm template . | seatrial check -", about: "What a chart makes" },
  ],
  run: check,
};

async function check(ctx: CommandContext): Promise<number> {
  const entries = ctx.positionals.length > 0 ? ctx.positionals : [undefined];
  const types = checkTypes(ctx);
  const loaded: LoadedObject[] = [];
  let failure: unknown;
  try {
    for (const entry of entries) {
      const { objects } = await loadEntry(entry, {
        cwd: ctx.cwd,
        env: ctx.option("env"),
        stdin: ctx.stdin,
        notice: (text) => ctx.err(`${text}\n`),
      });
      loaded.push(...objects);
    }
    refuseDuplicates(loaded);
  } catch (error) {
    failure = error;
  }
  const typesAreRight = await types;
  if (failure !== undefined) throw failure;
  const refused = admit(loaded, ctx);
  const count = `${loaded.length} object${loaded.length === 1 ? "" : "s"}`;
  ctx.err(
    refused === 0
      ? `${count} checked, an API server takes ${loaded.length === 1 ? "it" : "them all"}\n`
      : `${count} checked, ${refused} refused\n`,
  );
  if (!typesAreRight) return 2;
  return refused === 0 ? 0 : 1;
}

/** Each tsconfig.json once. The compiler's errors are shown as they are. */
async function checkTypes(ctx: CommandContext): Promise<boolean> {
  const configs = new Set<string>();
  for (const entry of ctx.positionals.length > 0 ? ctx.positionals : ["seatrial.ts"]) {
    const path = resolve(ctx.cwd, entry);
    if (!isModule(path) || !(await stat(path).catch(() => undefined))?.isFile()) continue;
    const config = nearestTsConfig(dirname(path));
    if (config) configs.add(config);
  }
  let ok = true;
  for (const config of configs) {
    const result = await typeCheck(config, ctx.stdout.colors);
    if (result.skipped) ctx.err(`${shownPath(config, ctx.cwd)}: ${result.skipped}\n`);
    ctx.out(result.output);
    ok &&= result.ok;
  }
  return ok;
}

/** How many objects the API server refuses; says each on standard output. */
function admit(loaded: readonly LoadedObject[], ctx: CommandContext): number {
  const cluster = createCluster({ tracksFields: false });
  const made = new Set(loaded.filter((l) => l.object.kind === "Namespace").map((l) => l.object.metadata.name));
  for (const namespace of new Set(loaded.map((l) => l.object.metadata.namespace))) {
    const isName = typeof namespace === "string" && namespace !== "";
    if (isName && !made.has(namespace)) cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  }
  const lines = new Map<number, readonly string[]>();
  let refused = 0;
  for (const stage of checkOrder(loaded.map((l) => l.object))) {
    // Namespaces get their default service account, custom resources their kind, before others need them.
    cluster.settle({ quietSeconds: 1 });
    for (const i of stage) {
      const l = loaded[i]!;
      const answer = cluster.create(l.object, { fieldValidation: "Strict" });
      if (isRefused(answer)) refused++;
      const said = [...warningLines(l, answer.warnings ?? []), ...(isRefused(answer) ? refusalLines(l, answer) : [])];
      if (said.length > 0) lines.set(i, said);
    }
  }
  for (let i = 0; i < loaded.length; i++) for (const line of lines.get(i) ?? []) ctx.out(`${line}\n`);
  return refused;
}
