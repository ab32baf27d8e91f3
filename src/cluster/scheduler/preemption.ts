/**
 * Which Pods must go so that one of higher priority fits: tried on every node where it could help, then the least harmful is taken.
 * @see kubernetes pkg/scheduler/framework/preemption/preemption.go, plugins/defaultpreemption/default_preemption.go
 */
import type { PodDisruptionBudget } from "../../../generated/v1.36/model.ts";
import { matchesSelector } from "../../lib/labels.ts";
import { refusesWithNominated, whatIf } from "./cycle.ts";
import type { Candidate, Diagnosis, PostFilterResult, Prepared, Refusal } from "./framework.ts";
import type { Listers } from "./listers.ts";
import { unschedulableMessage } from "./message.ts";
import type { NodeInfo } from "./node-info.ts";
import type { Nominator } from "./nominator.ts";
import type { PodInfo } from "./pod-info.ts";
import { isEmptySelector } from "./selectors.ts";
import { NodeRefusals } from "./shape-table.ts";

const NO_VICTIMS: Refusal = {
  plugin: "DefaultPreemption",
  reasons: ["No preemption victims found for incoming pod"],
  preemptionMayHelp: false,
};
const NOT_HELPFUL: Refusal = {
  plugin: "DefaultPreemption",
  reasons: ["Preemption is not helpful for scheduling"],
  preemptionMayHelp: false,
};
/** Candidates looked for: this share of the nodes where it could help, and no fewer than this number. */
export interface CandidateLimits {
  /** 0 to 100. */
  readonly percentMin: number;
  readonly absoluteMin: number;
}

export function preempt(prepared: Prepared, diagnosis: Diagnosis, nominator: Nominator, limits: CandidateLimits): PostFilterResult {
  const { pod, cache, listers } = prepared.context;
  const ineligible = whyIneligible(prepared, diagnosis, nominator);
  if (ineligible) return { message: ineligible, keepsNomination: true };
  let potential = 0;
  for (const [refusal, nodes] of diagnosis.refusals.counts()) if (refusal.preemptionMayHelp) potential += nodes;
  const wanted = Math.max(Math.floor((potential * limits.percentMin) / 100), limits.absoluteMin);
  const candidates: Candidate[] = [];
  const refusals = new NodeRefusals(cache.slots);
  let harmless = false;
  // Where no budget and no other node has a say, identical Pods find the same victims.
  const alone =
    prepared.filters.every(({ plugin }) => plugin.local) && nominator.nodeOf(pod.key) === undefined && !listers.anyDisruptionBudget();
  const memo = alone ? prepared.table : undefined;
  // Simplified: begins at the first node; the real one begins at a random one.
  for (const node of potential === 0 ? [] : cache.order()) {
    if (!diagnosis.refusals.get(node)?.preemptionMayHelp) continue;
    const found = memo
      ? memo.finding(node, pod.shape.id, () => victimsOn(prepared, node, nominator, listers))
      : victimsOn(prepared, node, nominator, listers);
    if ("reasons" in found) refusals.set(node, found);
    else {
      candidates.push(found);
      if (found.violations === 0) harmless = true;
      if (harmless && candidates.length >= wanted) break;
    }
  }
  const candidate = pickCandidate(candidates);
  if (candidate) return { candidate };
  const message = unschedulableMessage({ nodes: diagnosis.nodes, pod: undefined, refusals, others: NOT_HELPFUL }, "");
  return { message, keepsNomination: false };
}

function whyIneligible({ context: { pod, cache } }: Prepared, diagnosis: Diagnosis, nominator: Nominator): string | undefined {
  if (pod.pod.spec.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  const node = cache.node(nominator.nodeOf(pod.key) ?? "");
  if (!node) return undefined;
  const refusal = diagnosis.pod ?? diagnosis.refusals.get(node) ?? diagnosis.others;
  if (refusal && !refusal.preemptionMayHelp) return undefined;
  for (const other of node.pods.values())
    if (other.priority < pod.priority && isBeingPreempted(other)) return "not eligible due to a terminating pod on the nominated node.";
  return undefined;
}

function isBeingPreempted({ pod, terminating }: PodInfo): boolean {
  const conditions = pod.status?.conditions ?? [];
  return (
    terminating && conditions.some((c) => c.type === "DisruptionTarget" && c.status === "True" && c.reason === "PreemptionByScheduler")
  );
}

/** All Pods of lower priority go; then as many as possible may stay, those first whose going would break a budget. */
function victimsOn(prepared: Prepared, node: NodeInfo, nominator: Nominator, listers: Listers): Candidate | Refusal {
  const { pod } = prepared.context;
  if (node.lowestPriority >= pod.priority) return NO_VICTIMS;
  const potential = [...node.pods.values()].filter((p) => p.priority < pod.priority).sort(byImportance);
  const { generation } = node;
  for (const p of potential) whatIf(prepared, p, node, -1);
  const gone = new Set(potential);
  const refusal = refusesWithNominated(prepared, node, nominator);
  let violations = 0;
  if (!refusal) {
    const { violating, others } = byBudgets(potential, listers);
    for (const [group, counts] of [[violating, 1] as const, [others, 0] as const]) {
      for (const p of group) {
        whatIf(prepared, p, node, 1);
        if (refusesWithNominated(prepared, node, nominator)) {
          whatIf(prepared, p, node, -1);
          violations += counts;
        } else gone.delete(p);
      }
    }
  }
  const victims = potential.filter((p) => gone.has(p));
  for (const p of victims) whatIf(prepared, p, node, 1);
  node.restored(generation);
  const prioritySum = victims.reduce((n, v) => n + v.priority + PRIORITY_OFFSET, 0);
  return refusal ?? { node, victims, violations, prioritySum, earliestStart: earliestStart(victims) };
}

/** Higher priority first, then the one that runs longer (a Pod not started yet counts as starting now). */
function byImportance(a: PodInfo, b: PodInfo): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  const [x, y] = [startOf(a), startOf(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Sorts after all times. */
const NOT_STARTED = "~";
/** RFC 3339 in UTC: sorts as text. */
const startOf = ({ pod }: PodInfo): string => pod.status?.startTime ?? NOT_STARTED;

/** Budgets are spent in the order of importance; one overdrawn is violated. */
function byBudgets(
  pods: readonly PodInfo[],
  listers: Listers,
): { readonly violating: readonly PodInfo[]; readonly others: readonly PodInfo[] } {
  const left = new Map<PodDisruptionBudget, number>();
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const p of pods) {
    let violates = false;
    const { labels, namespace } = p.shape;
    for (const budget of Object.keys(labels).length > 0 ? listers.disruptionBudgets(namespace) : []) {
      const selector = budget.spec?.selector;
      if (!selector || isEmptySelector(selector) || !matchesSelector(selector, labels)) continue;
      if (budget.status?.disruptedPods?.[p.pod.metadata.name] !== undefined) continue;
      const rest = (left.get(budget) ?? budget.status?.disruptionsAllowed ?? 0) - 1;
      left.set(budget, rest);
      if (rest < 0) violates = true;
    }
    (violates ? violating : others).push(p);
  }
  return { violating, others };
}

/** Added to a priority so that sums grow with the number of Pods even for negative priorities. */
const PRIORITY_OFFSET = 2 ** 31;

/**
 * Fewest budget violations; lowest highest victim; smallest sum of priorities; fewest victims; the latest start of the most important
 * victims; then the first.
 */
function pickCandidate(candidates: readonly Candidate[]): Candidate | undefined {
  let best = candidates[0];
  for (let i = 1; best && i < candidates.length; i++) if (compareCandidates(candidates[i]!, best) < 0) best = candidates[i];
  return best;
}

function compareCandidates(a: Candidate, b: Candidate): number {
  const numbers =
    a.violations - b.violations || (a.victims[0]?.priority ?? 0) - (b.victims[0]?.priority ?? 0) || a.prioritySum - b.prioritySum;
  if (numbers !== 0) return numbers;
  if (a.victims.length !== b.victims.length) return a.victims.length - b.victims.length;
  return a.earliestStart > b.earliestStart ? -1 : a.earliestStart < b.earliestStart ? 1 : 0;
}

/** The earliest start among the victims of the highest priority. */
function earliestStart(victims: readonly PodInfo[]): string {
  let earliest = NOT_STARTED;
  for (const v of victims) if (v.priority === victims[0]?.priority && startOf(v) < earliest) earliest = startOf(v);
  return earliest;
}
