/**
 * The arithmetic of a Deployment: how many Pods each ReplicaSet should have next.
 * @see kubernetes pkg/controller/deployment/util/deployment_util.go, rolling.go, sync.go
 */
import type { DeploymentSpec } from "../../../generated/v1.36/model.ts";
import { scaledValue } from "../../lib/int-or-percent.ts";

/** What the arithmetic looks at in a ReplicaSet. */
export interface Size {
  readonly name: string;
  /** `spec.replicas`. */
  readonly replicas: number;
  /** `status.availableReplicas`. */
  readonly available: number;
  /** The total of all ReplicaSets that was allowed when this one was last scaled (annotation); absent when unknown. */
  readonly maxReplicas?: number | undefined;
  /** Virtual instant of creation, in milliseconds. */
  readonly createdMs: number;
}

export interface Bounds {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/**
 * How many Pods above, and how many available Pods below `replicas` a rolling update may go. Surge rounds up, unavailability down; both zero would
 * never move, so then one may be unavailable.
 *
 * | replicas | surge | unavailable | → surge | unavailable |
 * |---|---|---|---|---|
 * | 3  | 25%  | 25% | 1  | 0 |
 * | 6  | 25%  | 25% | 2  | 1 |
 * | 10 | 0    | 0   | 0  | 1 |
 * | 2  | 0    | 10% | 0  | 1 |
 * | 0  | any  | any | (as above) | 0 |
 */
export function resolveBounds(spec: DeploymentSpec): Bounds {
  const replicas = spec.replicas ?? 1;
  if (spec.strategy?.type === "Recreate") return { maxSurge: 0, maxUnavailable: 0 };
  const surge = scaledValue(spec.strategy?.rollingUpdate?.maxSurge ?? "25%", replicas, "up") ?? 0;
  const unavailable = scaledValue(spec.strategy?.rollingUpdate?.maxUnavailable ?? "25%", replicas, "down") ?? 0;
  const resolved = surge === 0 && unavailable === 0 ? 1 : unavailable;
  return { maxSurge: surge, maxUnavailable: Math.min(resolved, replicas) };
}

export function sumReplicas(sizes: readonly Size[]): number {
  return sizes.reduce((sum, s) => sum + s.replicas, 0);
}

/** The next size of the new ReplicaSet (one of `all`) while a rolling update goes on: as many more as surge leaves room for. */
export function nextNewSize(replicas: number, maxSurge: number, all: readonly Size[], current: number): number {
  if (current >= replicas) return replicas;
  const room = replicas + maxSurge - sumReplicas(all);
  return room <= 0 ? current : current + Math.min(room, replicas - current);
}

export interface Resize {
  readonly name: string;
  readonly to: number;
}

/**
 * How the old ReplicaSets shrink in this step: first Pods that are not available (they help nobody), oldest ReplicaSet first, then available ones down
 * to the least that must stay. `"behind"` when a ReplicaSet's status says more are available than it should have: then look again later.
 */
export function shrinkOld(replicas: number, bounds: Bounds, old: readonly Size[], next: Size): readonly Resize[] | "behind" {
  const minAvailable = replicas - bounds.maxUnavailable;
  const all = [...old, next];
  const budget = sumReplicas(all) - minAvailable - (next.replicas - next.available);
  if (sumReplicas(old) === 0 || budget <= 0) return [];
  const oldestFirst = [...old].sort(byAge);
  const resizes: Resize[] = [];
  const left = new Map<string, number>(oldestFirst.map((s) => [s.name, s.replicas]));
  let cleaned = 0;
  for (const s of oldestFirst) {
    if (cleaned >= budget) break;
    if (s.replicas === 0 || s.replicas === s.available) continue;
    const by = Math.min(budget - cleaned, s.replicas - s.available);
    if (by < 0) return "behind";
    if (by === 0) continue;
    cleaned += by;
    left.set(s.name, s.replicas - by);
    resizes.push({ name: s.name, to: s.replicas - by });
  }
  const spare = all.reduce((sum, s) => sum + s.available, 0) - minAvailable;
  let taken = 0;
  for (const s of oldestFirst) {
    if (taken >= spare) break;
    const now = left.get(s.name) ?? 0;
    const by = Math.min(now, spare - taken);
    if (now === 0 || by <= 0) continue;
    taken += by;
    resizes.push({ name: s.name, to: now - by });
  }
  return resizes;
}

function byAge(a: Size, b: Size): number {
  return a.createdMs - b.createdMs || (a.name < b.name ? -1 : 1);
}

/**
 * Proportional scaling: a change of `replicas` during a rollout is shared out among the ReplicaSets in proportion to their size; what rounding leaves
 * over goes to the biggest. `statusReplicas` stands in for a missing annotation.
 */
export function shareOut(replicas: number, maxSurge: number, active: readonly Size[], statusReplicas: number): readonly Resize[] {
  const toAdd = (replicas > 0 ? replicas + maxSurge : 0) - sumReplicas(active);
  if (toAdd === 0) return active.map((s) => ({ name: s.name, to: s.replicas }));
  const sorted = [...active].sort((a, b) => b.replicas - a.replicas || (toAdd > 0 ? byAge(b, a) : byAge(a, b)));
  let added = 0;
  const out = sorted.map((s) => {
    const part = proportion(s, replicas, maxSurge, statusReplicas, toAdd - added, toAdd);
    added += part;
    return { name: s.name, to: s.replicas + part };
  });
  const [first, ...rest] = out;
  return first ? [{ name: first.name, to: Math.max(0, first.to + toAdd - added) }, ...rest] : [];
}

function proportion(s: Size, replicas: number, maxSurge: number, statusReplicas: number, allowed: number, toAdd: number): number {
  if (s.replicas === 0 || allowed === 0) return 0;
  const fraction = fractionOf(s, replicas, maxSurge, statusReplicas);
  return toAdd > 0 ? Math.min(fraction, allowed) : Math.max(fraction, allowed);
}

function fractionOf(s: Size, replicas: number, maxSurge: number, statusReplicas: number): number {
  if (replicas === 0) return -s.replicas;
  const before = s.maxReplicas || statusReplicas;
  if (before === 0) return 0;
  return roundHalfAway((s.replicas * (replicas + maxSurge)) / before) - s.replicas;
}

function roundHalfAway(x: number): number {
  return x < 0 ? -Math.floor(-x + 0.5) : Math.floor(x + 0.5);
}
