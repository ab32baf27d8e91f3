/** What of a plan deserves a line of its own: what is unchanged and healthy is summed up. */
import type {
  Finding,
  NodeUse,
  ObjectChange,
  PendingPods,
  Plan,
  QuotaLine,
  QuotaUse,
  RolloutReport,
  ServiceState,
  TimelineEvent,
} from "../schema.ts";
import { showName } from "./words.ts";

/** From so many nodes on, those that carry nothing are only counted. */
const EMPTY_SHOWN_MAX = 20;

/** In the cluster's order; the fullest when they are too many. */
export function nodesToShow(
  plan: Plan,
  max: number,
): { readonly shown: readonly NodeUse[]; readonly leftOut: number; readonly empty: number } {
  const used =
    plan.nodes.length <= EMPTY_SHOWN_MAX
      ? plan.nodes
      : plan.nodes.filter((n) => n.pods.before + n.pods.after > 0 || n.existed !== n.exists);
  const empty = plan.nodes.length - used.length;
  if (used.length <= max) return { shown: used, leftOut: 0, empty };
  const keep = new Set([...used].sort((a, b) => fullness(b) - fullness(a)).slice(0, max));
  return { shown: used.filter((n) => keep.has(n)), leftOut: used.length - max, empty };
}

/** `3→5`, or one number when it stays. */
export function moved(before: number, after: number): string {
  return before === after ? String(after) : `${before}→${after}`;
}

/** `new`, `goes`, `cordoned`, a taint; empty for an ordinary node. */
export function nodeState(n: NodeUse): string {
  if (!n.exists) return "goes";
  return [...(n.existed ? [] : ["new"]), ...(n.closed === "" ? [] : [n.closed])].join(", ");
}

function fullness(n: NodeUse): number {
  return Math.max(n.cpu.percentAfter, n.memory.percentAfter);
}

/** Whether nodes are worth a table: some carry a Pod, or come, or go. */
export function nodesMatter(plan: Plan): boolean {
  return plan.nodes.some((n) => n.pods.before + n.pods.after > 0 || n.existed !== n.exists);
}

/** Findings of one code that are shown at most: what many have in common is said by a few. */
const FINDINGS_OF_A_KIND_MAX = 20;

/** In their order; of each code the first ones. */
export function findingsToShow(plan: Plan): { readonly shown: readonly Finding[]; readonly leftOut: number } {
  const counts = new Map<string, number>();
  const shown = plan.findings.filter((f) => {
    const n = (counts.get(f.code) ?? 0) + 1;
    counts.set(f.code, n);
    return n <= FINDINGS_OF_A_KIND_MAX;
  });
  return { shown, leftOut: plan.findings.length - shown.length };
}

/**
 * Events of the timeline that say something of their own: not the warnings that pass, which are counted, nor what stands in a finding or under
 * "Why Pending" anyway.
 */
export function eventsToShow(plan: Plan): { readonly shown: readonly TimelineEvent[]; readonly passing: number } {
  const told = new Set(plan.pending.map((p) => p.message));
  for (const { args } of plan.findings) if ("message" in args) told.add(args.message);
  told.delete("");
  const isTold = (e: TimelineEvent): boolean => told.has(e.message) || told.has(e.message.replace(/^Error creating: /, ""));
  const news = plan.timeline.events.filter((e) => !isTold(e));
  const shown = news.filter((e) => !e.passes);
  return { shown, passing: news.length - shown.length };
}

/** A first rollout that completes is no news. */
export function rolloutsToShow(plan: Plan): { readonly shown: readonly RolloutReport[]; readonly complete: readonly RolloutReport[] } {
  const notable = (r: RolloutReport): boolean => r.outcome !== "completes" || !r.first;
  return { shown: plan.rollouts.filter(notable), complete: plan.rollouts.filter((r) => !notable(r)) };
}

export function servicesToShow(plan: Plan): { readonly shown: readonly ServiceState[]; readonly ready: number } {
  const notable = (s: ServiceState): boolean =>
    (s.readyBefore !== null && s.readyBefore !== s.ready) || (s.selected !== null && s.ready < s.selected) || s.selected === 0;
  const shown = plan.services.filter(notable);
  return { shown, ready: plan.services.length - shown.length };
}

export interface Improvement {
  readonly what: "service" | "budget";
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** What the change moves and what stays sound: Services with other endpoints, budgets that allow another number. */
export function movedForBetter(plan: Plan): readonly Improvement[] {
  const services = plan.services.flatMap((s): readonly Improvement[] => {
    const before = s.readyBefore ?? 0;
    if (before === 0 || s.ready === 0 || s.ready === before || (s.ready < before && s.ready !== s.selected)) return [];
    return [{ what: "service", name: showName(s.object), before, after: s.ready }];
  });
  const budgets = plan.budgets.flatMap((b): readonly Improvement[] => {
    if (b.allowedBefore === null || b.allowed === 0 || b.allowed === b.allowedBefore) return [];
    return [{ what: "budget", name: showName(b.object), before: b.allowedBefore, after: b.allowed }];
  });
  return [...services, ...budgets];
}

export interface PendingGroup {
  /** The same text and the same arithmetic. */
  readonly workloads: readonly PendingPods[];
  readonly pods: number;
  readonly already: number;
}

/** Workloads that wait for one and the same reason, together. */
export function pendingGroups(plan: Plan): readonly PendingGroup[] {
  const groups = new Map<string, PendingPods[]>();
  for (const p of plan.pending) {
    const id = JSON.stringify([p.message, p.shortages, p.claims]);
    const group = groups.get(id);
    if (group) group.push(p);
    else groups.set(id, [p]);
  }
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  return [...groups.values()].map((workloads) => ({
    workloads,
    pods: sum(workloads.map((w) => w.pods.length)),
    already: sum(workloads.map((w) => w.already)),
  }));
}

export interface QuotaRow {
  readonly quota: QuotaUse;
  readonly line: QuotaLine;
}

/** Lines that move or are nearly full, and those of the entry's own quotas. */
export function quotaRowsToShow(plan: Plan): { readonly shown: readonly QuotaRow[]; readonly leftOut: number } {
  const rows = plan.quotas.flatMap((quota) => quota.lines.map((line) => ({ quota, line })));
  const shown = rows.filter(
    ({ quota, line }) =>
      line.before !== line.after || line.percentAfter >= 90 || (quota.source !== null && line.after !== "0") || quota.refused.length > 0,
  );
  return { shown, leftOut: rows.length - shown.length };
}

/** The first so many, but a change, a replacement or a deletion before any addition; in their usual order. */
export function mostTelling(list: readonly ObjectChange[], max: number): readonly ObjectChange[] {
  if (list.length <= max) return list;
  const telling = [...list.filter((c) => c.action !== "add"), ...list.filter((c) => c.action === "add")].slice(0, max);
  const keep = new Set(telling);
  return list.filter((c) => keep.has(c));
}
