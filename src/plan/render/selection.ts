/** What of a plan deserves a line of its own: what is unchanged and healthy is summed up. */
import type { NodeUse, Plan, QuotaLine, QuotaUse, RolloutReport, ServiceState } from "../schema.ts";

/** Those that carry something or change; the fullest first when they are too many, else in the cluster's order. */
export function nodesToShow(plan: Plan, max: number): { readonly shown: readonly NodeUse[]; readonly leftOut: number } {
  const { nodes } = plan;
  if (nodes.length <= max) return { shown: nodes, leftOut: 0 };
  const fullest = [...nodes].sort((a, b) => fullness(b) - fullness(a)).slice(0, max);
  const keep = new Set(fullest);
  return { shown: nodes.filter((n) => keep.has(n)), leftOut: nodes.length - max };
}

function fullness(n: NodeUse): number {
  return Math.max(n.cpu.percentAfter, n.memory.percentAfter);
}

/** A first rollout that completes is no news. */
export function rolloutsToShow(plan: Plan): { readonly shown: readonly RolloutReport[]; readonly complete: readonly RolloutReport[] } {
  const existing = new Set(plan.workloads.filter((w) => w.before !== null).map((w) => w.object));
  const notable = (r: RolloutReport): boolean => r.outcome !== "completes" || existing.has(r.object);
  return { shown: plan.rollouts.filter(notable), complete: plan.rollouts.filter((r) => !notable(r)) };
}

export function servicesToShow(plan: Plan): { readonly shown: readonly ServiceState[]; readonly ready: number } {
  const notable = (s: ServiceState): boolean =>
    (s.readyBefore !== null && s.readyBefore !== s.ready) || (s.selected !== null && s.ready < s.selected) || s.selected === 0;
  const shown = plan.services.filter(notable);
  return { shown, ready: plan.services.length - shown.length };
}

export interface QuotaRow {
  readonly quota: QuotaUse;
  readonly line: QuotaLine;
}

/** Lines that move or are nearly full, and those of the entry's own quotas. */
export function quotaRowsToShow(plan: Plan): { readonly shown: readonly QuotaRow[]; readonly leftOut: number } {
  const rows = plan.quotas.flatMap((quota) => quota.lines.map((line) => ({ quota, line })));
  const shown = rows.filter(
    ({ quota, line }) => line.before !== line.after || line.percentAfter >= 90 || quota.source !== null || quota.refused.length > 0,
  );
  return { shown, leftOut: rows.length - shown.length };
}
