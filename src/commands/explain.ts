/** `seatrial explain POD`: every node for one Pod. */
import type { Pod } from "../../generated/v1.36/model.ts";
import { builtInNodes } from "../cluster/built-in-nodes.ts";
import { type PlanInput, type PlanSnapshots, simulatePlan, type WantedObject } from "../cluster/simulation.ts";
import { findPod } from "../plan/explained-pod.ts";
import { explain } from "../plan/explanation.ts";
import { makePlan } from "../plan/plan.ts";
import { renderExplanation } from "../plan/render/explanation-text.ts";
import type { Fix } from "../plan/schema.ts";
import { identityOf, identityOfRef, viewOf, workloadOf } from "../plan/view.ts";
import { refuseDuplicates } from "../sdk/identity.ts";
import { refuseTooManyPods } from "../sdk/load/pods-limit.ts";
import { type Command, type CommandContext, CommandError, UsageError } from "./command.ts";
import { CLOUD, desired, envFor, fixesOf, load, loadSchedulerConfig, progressOn, SCHEDULER_CONFIG } from "./inputs.ts";

export const command: Command = {
  name: "explain",
  summary: "Why a pod is where it is, or stays Pending: every node, and what would help",
  usage: "explain POD [ENTRY] [--cluster C] [--format text|json]",
  description: `Applies ENTRY to the simulated cluster, lets it settle, and looks at one pod: which nodes will do, with
each plugin's weighted score; which plugin refused the others, and why. For a pod that stays Pending:
the nearest miss, and changes that were tried in the simulation and help, cheapest first.

POD is NAME or NAMESPACE/NAME of a pod, or of a workload (one of its pods, first one that waits).
ENTRY and C are those of seatrial plan; without ENTRY but with --cluster, the cluster as it is.

Exit codes: 0 a node will do; 1 none will; 2 could not tell.`,
  options: {
    cluster: { type: "string", value: "C", about: "The cluster as it is" },
    "scheduler-config": SCHEDULER_CONFIG,
    cloud: CLOUD,
    env: { type: "string", value: "NAME", about: "The environment handed to ENTRY" },
    format: { type: "string", about: "How to report", choices: ["text", "json"], default: "text" },
    kubernetes: { type: "string", value: "VERSION", about: "The Kubernetes version to be", choices: ["1.36"], default: "1.36" },
  },
  examples: [
    { command: "seatrial explain shop/checkout infra.ts", about: "The pods of a workload of the entry" },
    { command: "seatrial explain web-7d9c-x2x8k --cluster now.yaml", about: "A pod of a cluster as it is" },
  ],
  positionalsMax: 2,
  run,
};

async function run(ctx: CommandContext): Promise<number> {
  const [name, entry] = ctx.positionals;
  if (name === undefined) throw new UsageError("explain needs a pod: NAME or NAMESPACE/NAME");
  const clusterPath = ctx.option("cluster");
  if (entry === "-" && clusterPath === "-") throw new UsageError("standard input can be only one of ENTRY and --cluster");
  const options = { cwd: ctx.cwd, stdin: ctx.stdin, notice: (text: string): void => ctx.err(`${text}\n`) };
  const next = entry === undefined && clusterPath !== undefined ? [] : await load(entry, { ...options, env: ctx.option("env") });
  refuseDuplicates(next);
  refuseTooManyPods(next);
  const cluster = clusterPath === undefined ? undefined : await load(clusterPath, { ...options, env: envFor(ctx, clusterPath) });
  const scheduler = await loadSchedulerConfig(ctx);
  const progress = progressOn(ctx);
  const input: PlanInput = {
    version: "1.36",
    cluster: cluster ?? builtInNodes().map((object): WantedObject => ({ object, source: undefined })),
    ...(scheduler ? { scheduler } : {}),
    ...(ctx.flag("cloud") ? { cloud: true } : {}),
    next,
    onProgress: progress.show,
  };
  const snapshots = simulatePlan(input);
  const view = viewOf(snapshots.after);
  const found = findPod(view, name);
  if ("problem" in found) {
    progress.clear();
    throw new CommandError(`${found.problem}${refusals(snapshots)}`);
  }
  const { pod, stored } = found;
  // A Pod that is there has been admitted already.
  const evaluation = stored ? snapshots.cluster.scheduler?.evaluate(pod) : snapshots.cluster.evaluate(pod);
  const explanation = explain({
    view,
    pod,
    stored,
    evaluation: evaluation ?? { nodes: {} },
    workload: found.stored ? undefined : found.workload,
    fixes: stored && !pod.spec.nodeName ? fixesFor(pod, input, snapshots, next.map(desired)) : [],
  });
  progress.clear();
  if (ctx.option("format") === "json") ctx.out(`${JSON.stringify(explanation, null, 2)}\n`);
  else
    ctx.out(
      renderExplanation(explanation, {
        colors: ctx.stdout.colors,
        columns: ctx.stdout.isTerminal ? Math.max(60, ctx.stdout.columns) : 100,
      }),
    );
  return explanation.node === null && explanation.choice === null ? 1 : 0;
}

/** What helps the Pod's workload. */
function fixesFor(pod: Pod, input: PlanInput, snapshots: PlanSnapshots, next: readonly ReturnType<typeof desired>[]): readonly Fix[] {
  const { pending, fixSearch } = makePlan({
    ...snapshots,
    next,
    base: [],
    kubernetes: "1.36",
    builtInCluster: false,
    startSeconds: 1,
    inputs: { entry: "", base: null, head: null, cluster: "", environment: null },
  });
  const owner = identityOf(workloadOf(viewOf(snapshots.after).byIdentity, pod));
  return fixesOf(input, snapshots, { pending: pending.filter((p) => identityOfRef(p.owner) === owner), fixSearch }).fixes;
}

/** What the API server did not take may be what was asked for. */
function refusals({ after }: PlanSnapshots): string {
  const [first, ...others] = after.refused;
  if (!first) return "";
  const { kind, metadata } = first.object;
  return `\n${kind} ${metadata?.name ?? ""} was refused: ${first.answer.message}${others.length > 0 ? ` (and ${others.length} more objects)` : ""}`;
}
