/**
 * How many replicas a measured load asks for.
 * @see kubernetes pkg/controller/podautoscaler/replica_calculator.go, metrics/utilization.go
 */
import type { Pod } from "../../../generated/v1.36/model.ts";
import { milliOf, parseQuantity } from "../../lib/quantity.ts";
import type { Measured, PodMeasures } from "../../sim/metrics.ts";
import { podCondition } from "./pods.ts";

/** After its start, the CPU use of a Pod says little for so long, in milliseconds. */
const CPU_INITIALIZATION_MS = 300_000;
/** A Pod that became unready within this time after its start has never been ready, in milliseconds. */
const INITIAL_READINESS_MS = 30_000;

/** How far from 1 a ratio may be without any change. */
export interface Tolerance {
  readonly up: number;
  readonly down: number;
}

export interface Clock {
  readonly nowMs: number;
  readonly instantOf: (rfc3339: string) => number;
}

export interface PodGroups {
  /** Pods whose measure counts. */
  readonly ready: ReadonlyMap<string, Measured>;
  /** Not started, or not yet to be judged by what they use. */
  readonly unready: readonly string[];
  /** Nobody measured them. */
  readonly missing: readonly string[];
}

/** What counts of each Pod. Deleted and failed Pods are left out altogether. */
export function groupPods(pods: readonly Pod[], measures: PodMeasures, resource: string, clock: Clock): PodGroups {
  const ready = new Map<string, Measured>();
  const unready: string[] = [];
  const missing: string[] = [];
  for (const pod of pods) {
    const { name } = pod.metadata;
    if (pod.metadata.deletionTimestamp !== undefined || pod.status?.phase === "Failed") continue;
    const measure = measures.get(name);
    if (pod.status?.phase === "Pending") unready.push(name);
    else if (!measure) missing.push(name);
    else if (resource === "cpu" && isTooEarly(pod, measure, clock)) unready.push(name);
    else ready.set(name, measure);
  }
  return { ready, unready, missing };
}

function isTooEarly(pod: Pod, measure: Measured, { nowMs, instantOf }: Clock): boolean {
  const condition = podCondition(pod, "Ready");
  if (!condition || pod.status?.startTime === undefined) return true;
  const startMs = instantOf(pod.status.startTime);
  const changedMs = condition.lastTransitionTime === undefined ? 0 : instantOf(condition.lastTransitionTime);
  const isUnready = condition.status === "False";
  if (startMs + CPU_INITIALIZATION_MS > nowMs) return isUnready || measure.atMs < changedMs + measure.windowMs;
  return isUnready && startMs + INITIAL_READINESS_MS > changedMs;
}

/** What each Pod asks for of a resource (or one container of it), in thousandths. */
export function podRequests(
  pods: readonly Pod[],
  resource: string,
  container: string | undefined,
): ReadonlyMap<string, number> | { readonly error: string } {
  const requests = new Map<string, number>();
  for (const pod of pods) {
    const whole = container === undefined ? pod.spec.resources?.requests?.[resource] : undefined;
    if (whole !== undefined) {
      requests.set(pod.metadata.name, milli(whole));
      continue;
    }
    let sum = 0;
    for (const c of [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter((i) => i.restartPolicy === "Always")]) {
      if (container !== undefined && c.name !== container) continue;
      const request = c.resources?.requests?.[resource];
      if (request === undefined) return { error: `missing request for ${resource} in container ${c.name} of Pod ${pod.metadata.name}` };
      sum += milli(request);
    }
    requests.set(pod.metadata.name, sum);
  }
  return requests;
}

/** A quantity in thousandths. */
export function milli(text: string | number): number {
  const quantity = parseQuantity(text);
  return quantity ? Number(milliOf(quantity)) : 0;
}

export type Proposal =
  /** `average`: of the Pods that count, in thousandths; `utilization`: in percent of their requests. */
  { readonly replicas: number; readonly average: number; readonly utilization?: number } | { readonly error: string };

interface Load {
  readonly ratio: number;
  readonly average: number;
  readonly utilization?: number;
}

const NOTHING_COUNTS = "did not receive metrics for targeted pods (pods might be unready)";

/**
 * Replicas for a wanted utilization, in percent of the requests.
 *
 * | replicas | each uses / asks for | target | → |
 * |---|---|---|---|
 * | 3 | 300m / 1000m | 30 % | 3 |
 * | 3 | 500m / 1000m | 30 % | 5 |
 * | 3 | 320m / 1000m | 30 % | 3: within the tolerance |
 * | 3 | 100m / 1000m | 50 % | 1 |
 */
export function replicasForUtilization(
  current: number,
  target: number,
  groups: PodGroups,
  requests: ReadonlyMap<string, number>,
  tolerance: Tolerance,
): Proposal {
  const load = (measures: ReadonlyMap<string, number>): Load | undefined => {
    let used = 0n;
    let asked = 0n;
    let count = 0n;
    for (const [name, value] of measures) {
      const request = requests.get(name);
      if (request === undefined) continue;
      used += BigInt(Math.round(value));
      asked += BigInt(request);
      count++;
    }
    if (asked === 0n || count === 0n) return undefined;
    const utilization = Number((used * 100n) / asked);
    return { ratio: utilization / target, average: Number(used / count), utilization };
  };
  const fallback = (name: string): number => ((requests.get(name) ?? 0) * Math.max(100, target)) / 100;
  const noRequests = "no metrics returned matched known pods";
  return propose(current, groups, load, (name) => Math.trunc(fallback(name)), tolerance, noRequests);
}

/** Replicas for a wanted average per Pod, in thousandths. */
export function replicasForAverage(current: number, target: number, groups: PodGroups, tolerance: Tolerance): Proposal {
  const load = (measures: ReadonlyMap<string, number>): Load | undefined => {
    let used = 0;
    for (const value of measures.values()) used += value;
    const average = Math.trunc(used / measures.size);
    return { ratio: average / target, average };
  };
  return propose(current, groups, load, () => target, tolerance, NOTHING_COUNTS);
}

/**
 * Pods that nobody measured are taken to use what makes the least of a change: `fallback` when scaling down, nothing when scaling up; unready ones
 * nothing when scaling up. What would then turn the direction changes nothing.
 */
function propose(
  current: number,
  { ready, unready, missing }: PodGroups,
  load: (measures: ReadonlyMap<string, number>) => Load | undefined,
  fallback: (name: string) => number,
  tolerance: Tolerance,
  noLoad: string,
): Proposal {
  if (ready.size === 0) return { error: NOTHING_COUNTS };
  const measures = new Map([...ready].map(([name, { milli: value }]) => [name, value]));
  const first = load(measures);
  if (!first) return { error: noLoad };
  const { ratio, ...shown } = first;
  const keep = { replicas: current, ...shown };
  const upWithUnready = unready.length > 0 && ratio > 1;
  if (!upWithUnready && missing.length === 0)
    return isWithin(ratio, tolerance) ? keep : { replicas: Math.ceil(ratio * ready.size), ...shown };
  if (ratio < 1) for (const name of missing) measures.set(name, fallback(name));
  else if (ratio > 1) for (const name of missing) measures.set(name, 0);
  if (upWithUnready) for (const name of unready) measures.set(name, 0);
  const again = load(measures)?.ratio ?? ratio;
  if (isWithin(again, tolerance) || (ratio < 1 && again > 1) || (ratio > 1 && again < 1)) return keep;
  const replicas = Math.ceil(again * measures.size);
  if ((again < 1 && replicas > current) || (again > 1 && replicas < current)) return keep;
  return { replicas, ...shown };
}

function isWithin(ratio: number, { up, down }: Tolerance): boolean {
  return 1 - down <= ratio && ratio <= 1 + up;
}

/** Replicas for the value of one thing: its ratio to the target, times the Pods that are ready. */
export function replicasForValue(current: number, ready: number, usage: number, target: number, tolerance: Tolerance): number {
  const ratio = usage / target;
  if (current === 0) return Math.ceil(ratio);
  return isWithin(ratio, tolerance) ? current : Math.ceil(ratio * ready);
}

/** Replicas for the value of one thing that is to be shared out: so much for each. */
export function replicasForShare(replicas: number, usage: number, target: number, tolerance: Tolerance): number {
  return isWithin(usage / (target * replicas), tolerance) ? replicas : Math.ceil(usage / target);
}
