/**
 * Fixes for Pods that stay Pending: candidates are tried in the simulation, cheapest first, and those that work are reported.
 * Pure: whoever calls hands in how to simulate.
 */
import type { Pod, ResourceQuota } from "../../generated/v1.36/model.ts";
import type { KubeObject } from "../api/object.ts";
import type { Snapshot } from "../cluster/snapshot.ts";
import { type Candidate, candidatesFor, nodesForAll, type Stuck } from "./fix-candidates.ts";
import { isOf } from "./fix-edits.ts";
import { changedInputs, type Holder, type Inputs, type Resumed, resumedWith } from "./fix-trials.ts";
import { workloadHealth } from "./health/index.ts";
import { percentOf } from "./nodes.ts";
import { isUnscheduled } from "./pending.ts";
import type { Fix, FixSearchReport, PendingPods } from "./schema.ts";
import { identityOf, identityOfRef, refOf, type View, viewOf, workloadOf } from "./view.ts";

export interface FixSearch<W extends Holder> {
  readonly inputs: Inputs<W>;
  readonly before: Snapshot;
  /** The settled cluster that has the Pending Pods. */
  readonly after: Snapshot;
  readonly pending: readonly PendingPods[];
  /** Settles the changed inputs. */
  readonly simulate: (inputs: Inputs<W>) => Snapshot;
  /** Goes on from a settled cluster. */
  readonly resume: (from: Resumed<W>) => Snapshot;
  /** The object of a new node in the caller's form. */
  readonly wrap: (object: unknown) => W;
  /** A cluster of more objects is not simulated anew for each candidate; default 600. */
  readonly anewObjectsMax?: number;
}

export interface FoundFixes {
  readonly fixes: readonly Fix[];
  readonly report: FixSearchReport;
}

/** Simulations in one search at most. */
const TRIALS_MAX = 12;
const ANEW_OBJECTS_MAX = 600;
/** Objects in all simulations together at most: beyond, a search takes longer than the plan itself. */
const OBJECTS_MAX = 25_000;
/** Workloads looked at, and fixes reported for each. */
const WORKLOADS_MAX = 5;
const FIXES_MAX = 4;

/** What is left of the limits. */
interface Budget {
  trials: number;
  tried: number;
  untried: number;
}

export function findFixes<W extends Holder>(search: FixSearch<W>): FoundFixes {
  const view = viewOf(search.after);
  const before = viewOf(search.before);
  const objects = search.after.objects.length;
  const trials = Math.min(TRIALS_MAX, Math.max(1, Math.floor(OBJECTS_MAX / Math.max(1, objects))));
  const budget: Budget = { trials, tried: 0, untried: 0 };
  const anew = objects <= (search.anewObjectsMax ?? ANEW_OBJECTS_MAX);
  const all = [...new Map(search.pending.map((p) => [identityOfRef(p.owner), p])).entries()].flatMap(
    ([identity, pending]) => stuckPods(search, view, identity, pending) ?? [],
  );
  const attempt = ({ owner }: Stuck, { changes }: Candidate): View | undefined => {
    const { inputs, wrap } = search;
    const from = anew ? changedInputs(inputs, view, owner, changes, wrap) : resumedWith(inputs, before, view, owner, changes);
    if (!from) return undefined;
    budget.tried++;
    budget.trials--;
    return viewOf("objects" in from ? search.resume(from) : search.simulate(from));
  };
  const together = all.length > 1 ? fixForAll(all, view, budget, attempt) : [];
  const owners = all.slice(0, WORKLOADS_MAX);
  const each = owners.flatMap((stuck, i) => fixesForOne(stuck, view, budget, Math.ceil(budget.trials / (owners.length - i)), attempt));
  return {
    fixes: [...together, ...each],
    report: { tried: budget.tried, untried: budget.untried, workloads: owners.length, workloadsLeftOut: all.length - owners.length, anew },
  };
}

type Attempt = (stuck: Stuck, candidate: Candidate) => View | undefined;

/** Nodes that take the Pending Pods of all workloads: with many of them, what one of them needs is not the question. */
function fixForAll(all: readonly Stuck[], view: View, budget: Budget, attempt: Attempt): readonly Fix[] {
  const identities = new Set(all.map((s) => identityOf(s.owner)));
  for (const candidate of nodesForAll(all)) {
    if (budget.trials <= 1) {
      budget.untried++;
      continue;
    }
    const after = attempt(all[0]!, candidate);
    if (!after || !nobodyWaitsMore(after, view)) continue;
    const waiting = waitingByWorkload(after);
    if ([...identities].some((id) => waiting.has(id))) continue;
    const health = [...identities].map((id) => healthOf(after, id));
    const sum = (of: (h: { readonly ready: number; readonly desired: number }) => number): number =>
      health.reduce((n, h) => n + (h ? of(h) : 0), 0);
    const { changes } = candidate;
    const quotas = all.flatMap(({ owner }) => quotaPercent(after, owner.metadata.namespace) ?? []);
    return [
      {
        owner: refOf(all[0]!.owner),
        workloads: all.length,
        changes,
        ready: sum((h) => h.ready),
        desired: sum((h) => h.desired),
        quotaPercent: quotas.length > 0 ? quotas.reduce((a, b) => Math.max(a, b)) : null,
      },
    ];
  }
  return [];
}

/** What is left of the trials is shared out evenly. */
function fixesForOne(stuck: Stuck, view: View, budget: Budget, share: number, attempt: Attempt): readonly Fix[] {
  const end = budget.trials - share;
  const found: Fix[] = [];
  for (const candidate of candidatesFor(stuck)) {
    if (found.length >= FIXES_MAX) break;
    // A second one of a kind is dearer and says the same.
    if (found.some((f) => f.changes[0]?.kind === candidate.changes[0]?.kind)) continue;
    if (budget.trials <= end || budget.trials === 0) {
      budget.untried++;
      continue;
    }
    const after = attempt(stuck, candidate);
    const outcome = after && judge(after, view, identityOf(stuck.owner));
    if (outcome) found.push({ owner: refOf(stuck.owner), workloads: 1, changes: candidate.changes, ...outcome });
  }
  return found;
}

function stuckPods<W extends Holder>(
  { inputs }: FixSearch<W>,
  view: View,
  identity: string,
  { owner, message }: PendingPods,
): Stuck | undefined {
  const object = view.byIdentity.get(identity);
  if (!object) return undefined;
  const pods = (view.podsByWorkload.get(identity) ?? []).filter((p) => p.metadata.deletionTimestamp === undefined);
  const editable = inputs.next.some(({ object: o }) => isOf(o, owner));
  return { view, owner: object, pods, waiting: pods.filter(isUnscheduled), message, editable };
}

/** It works when all of the workload's Pods have a node, and no other workload has more that wait than before. */
function judge(view: View, earlier: View, identity: string): Pick<Fix, "ready" | "desired" | "quotaPercent"> | undefined {
  if (waitingByWorkload(view).has(identity) || !nobodyWaitsMore(view, earlier)) return undefined;
  const health = healthOf(view, identity);
  if (!health || health.status === "failed") return undefined;
  const { namespace } = (view.byIdentity.get(identity) as KubeObject).metadata;
  return { ready: health.ready, desired: health.desired, quotaPercent: quotaPercent(view, namespace) };
}

function healthOf(view: View, identity: string): ReturnType<typeof workloadHealth> {
  const object = view.byIdentity.get(identity);
  return object && workloadHealth(object);
}

/** A DaemonSet that waits for room waits on a new node too: that is not the change's doing. */
function nobodyWaitsMore(view: View, earlier: View): boolean {
  const was = waitingByWorkload(earlier);
  return [...waitingByWorkload(view)].every(([workload, count]) => {
    const before = was.get(workload) ?? 0;
    return count <= before || (before > 0 && view.byIdentity.get(workload)?.kind === "DaemonSet");
  });
}

function waitingByWorkload(view: View): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const pod of view.pods as readonly Pod[]) {
    if (!isUnscheduled(pod)) continue;
    const identity = identityOf(workloadOf(view.byIdentity, pod));
    counts.set(identity, (counts.get(identity) ?? 0) + 1);
  }
  return counts;
}

function quotaPercent(view: View, namespace: string | undefined): number | null {
  let most: number | null = null;
  for (const quota of (view.byKind.get("/ResourceQuota") ?? []) as unknown as readonly ResourceQuota[]) {
    if (quota.metadata.namespace !== namespace) continue;
    for (const [resource, hard] of Object.entries(quota.status?.hard ?? {}))
      most = Math.max(most ?? 0, percentOf(String(quota.status?.used?.[resource] ?? "0"), String(hard)));
  }
  return most;
}
