/** Why a Pod is where it is, or why it is nowhere: node by node. Pure; the words are in `render/explanation-text.ts`. */
import type { Node, Pod } from "../../generated/v1.36/model.ts";
import type { Evaluation } from "../cluster/scheduler/evaluate.ts";
import { PLUGINS } from "../cluster/scheduler/registry.ts";
import { formatQuantity, subtractQuantity, ZERO } from "../lib/quantity.ts";
import { missingLabels } from "./fix-candidates.ts";
import { usedOn } from "./nodes.ts";
import { tolerates } from "./pending.ts";
import { amounts, podRequests } from "./pod-requests.ts";
import type { Fix, ObjectRef } from "./schema.ts";
import { identityOf, isActive, refOf, type View, workloadOf } from "./view.ts";

const EXPLANATION_SCHEMA = "seatrial.dev/explanation/v1";

export interface Explanation {
  readonly schema: typeof EXPLANATION_SCHEMA;
  readonly pod: ObjectRef;
  /** What made it; null for a Pod that nothing made. */
  readonly owner: ObjectRef | null;
  readonly schedulerName: string;
  /** `placed`: it has a node; `pending`: it waits for one; `template`: no such Pod is there, one of the workload's template was looked at. */
  readonly state: "placed" | "pending" | "template";
  /** Scheduling gates that it waits for before any node is looked at. */
  readonly gates: readonly string[];
  /** Where it is. */
  readonly node: string | null;
  /** What the scheduler would choose now, with how many nodes of that total (1: no tie); null when no node will do. */
  readonly choice: { readonly node: string; readonly total: number; readonly tie: number } | null;
  /** How many nodes had the best total when the Pod was placed; null when there was but one, or when that was not seen. */
  readonly tieWhenPlaced: number | null;
  /** The scheduler's text when no node will do. */
  readonly message: string | null;
  /** Those that will do by falling total, then the others, each in the order in which the scheduler looks at them. */
  readonly nodes: readonly NodeExplanation[];
  readonly nearest: { readonly node: string; readonly lacks: readonly Lack[] } | null;
  readonly fixes: readonly Fix[];
}

export interface NodeExplanation {
  readonly name: string;
  /** The sum of the scores; null for a node that will not do. */
  readonly total: number | null;
  /** Weighted and normalised, by plugin. */
  readonly scores: Readonly<Record<string, number>>;
  /** Who refused it; null for a node that will do. */
  readonly plugin: string | null;
  readonly reasons: readonly string[];
  /** What exactly is missing, as far as it can be said. */
  readonly lacks: readonly Lack[];
}

export type Lack =
  | { readonly kind: "resource"; readonly resource: string; readonly request: string; readonly free: string; readonly short: string }
  | { readonly kind: "taint"; readonly key: string; readonly value: string; readonly effect: string }
  | { readonly kind: "label"; readonly key: string; readonly value: string; readonly has: string | null }
  | { readonly kind: "cordon" };

export interface ExplanationMaterial {
  readonly view: View;
  readonly pod: Pod;
  readonly evaluation: Evaluation;
  /** Whether the Pod is in the cluster. */
  readonly stored: boolean;
  readonly workload: ObjectRef | undefined;
  readonly fixes: readonly Fix[];
}

export function explain({ view, pod, evaluation, stored, workload, fixes }: ExplanationMaterial): Explanation {
  const objects = new Map(view.nodes.map((n) => [n.metadata.name, n]));
  const all = Object.entries(evaluation.nodes).map(([name, verdict]): NodeExplanation => {
    const { scores = {}, reasons = [], plugin } = verdict;
    const fits = verdict.scores !== undefined;
    const node = objects.get(name);
    return {
      name,
      total: fits ? Object.values(scores).reduce((sum, s) => sum + s, 0) : null,
      scores,
      plugin: fits ? null : (plugin ?? null),
      reasons: fits ? [] : reasons,
      lacks: fits || !node ? [] : lacksOf(node, pod, plugin ?? "", view),
    };
  });
  const fitting = all.filter((n) => n.total !== null).sort((a, b) => (b.total ?? 0) - (a.total ?? 0));
  const refused = all.filter((n) => n.total === null);
  const { choice, message } = evaluation;
  const owner = workload ?? refOf(workloadOf(view.byIdentity, pod));
  const placed = stored && pod.spec.nodeName ? pod.spec.nodeName : null;
  const key = `${pod.metadata.namespace ?? "default"}/${pod.metadata.name}`;
  return {
    schema: EXPLANATION_SCHEMA,
    pod: refOf(pod),
    owner: owner.kind === "Pod" && owner.name === pod.metadata.name ? null : owner,
    schedulerName: pod.spec.schedulerName ?? "default-scheduler",
    state: !stored ? "template" : placed === null ? "pending" : "placed",
    gates: placed === null ? (pod.spec.schedulingGates ?? []).map((g) => g.name) : [],
    node: placed,
    choice: choice ? { node: choice.node, total: all.find((n) => n.name === choice.node)?.total ?? 0, tie: choice.size } : null,
    tieWhenPlaced: view.snapshot.ties.find((t) => t.pod === key && t.chosen === placed)?.size ?? null,
    message: message ?? null,
    nodes: [...fitting, ...refused],
    nearest: fitting.length > 0 ? null : nearestMiss(refused, view),
    fixes,
  };
}

/** What a node lacks for the plugin that refused it. */
function lacksOf(node: Node, pod: Pod, plugin: string, view: View): readonly Lack[] {
  switch (plugin) {
    case "NodeResourcesFit":
      return shortages(node, pod, view);
    case "NodeUnschedulable":
      return [{ kind: "cordon" }];
    case "TaintToleration":
      return (node.spec?.taints ?? [])
        .filter((t) => t.effect !== "PreferNoSchedule" && !(pod.spec.tolerations ?? []).some((toleration) => tolerates(toleration, t)))
        .map(({ key, value = "", effect }) => ({ kind: "taint", key, value, effect }));
    case "NodeAffinity":
      return (missingLabels(node, pod) ?? []).map(([key, value]) => {
        return { kind: "label", key, value, has: node.metadata.labels?.[key] ?? null };
      });
    default:
      return [];
  }
}

/** By resource: what the Pod asks for beyond what is free. The Pod's own room counts as free. */
function shortages(node: Node, pod: Pod, view: View): readonly Lack[] {
  const all = amounts(node.status?.allocatable ?? node.status?.capacity);
  const others = (view.podsByNode.get(node.metadata.name) ?? []).filter((p) => isActive(p) && identityOf(p) !== identityOf(pod));
  const used = usedOn(others);
  const lacks: Lack[] = [];
  const places = Number((all.get("pods") ?? ZERO).nano / 1_000_000_000n);
  if (used.pods + 1 > places)
    lacks.push({ kind: "resource", resource: "pods", request: "1", free: String(Math.max(0, places - used.pods)), short: "1" });
  for (const [resource, request] of podRequests(pod)) {
    const left = subtractQuantity(all.get(resource) ?? ZERO, used.requests.get(resource) ?? ZERO);
    const free = left.nano < 0n ? { ...left, nano: 0n } : left;
    if (request.nano === 0n || request.nano <= free.nano) continue;
    const short = subtractQuantity({ ...request, format: request.format }, free);
    lacks.push({ kind: "resource", resource, request: formatQuantity(request), free: formatQuantity(free), short: formatQuantity(short) });
  }
  return lacks;
}

const FILTER_ORDER: ReadonlyMap<string, number> = new Map(PLUGINS.map(({ plugin }, i) => [plugin.name, i]));

/** Of the nodes where resources are short, the one that is short by the smallest share; else the one that came furthest through the filters and lacks least. */
function nearestMiss(refused: readonly NodeExplanation[], view: View): Explanation["nearest"] {
  const allocatable = new Map(view.nodes.map((n) => [n.metadata.name, amounts(n.status?.allocatable ?? n.status?.capacity)]));
  const share = ({ name, lacks }: NodeExplanation): number => {
    let most = 0;
    for (const lack of lacks) {
      if (lack.kind !== "resource") continue;
      const all = Number(allocatable.get(name)?.get(lack.resource)?.nano ?? 0n);
      const short = Number(amounts({ [lack.resource]: lack.short }).get(lack.resource)?.nano ?? 0n);
      most = Math.max(most, all === 0 ? Number.POSITIVE_INFINITY : short / all);
    }
    return most;
  };
  const rank = (n: NodeExplanation): readonly number[] => {
    const isShort = n.lacks.some((l) => l.kind === "resource");
    return isShort ? [0, share(n), n.lacks.length] : [1, -(FILTER_ORDER.get(n.plugin ?? "") ?? 0), n.lacks.length];
  };
  let best: { readonly node: NodeExplanation; readonly rank: readonly number[] } | undefined;
  for (const node of refused) {
    if (node.lacks.length === 0) continue;
    const own = rank(node);
    if (!best || compare(own, best.rank) < 0) best = { node, rank: own };
  }
  return best ? { node: best.node.name, lacks: best.node.lacks } : null;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) < (b[i] ?? 0) ? -1 : 1;
  return 0;
}
