/**
 * How fast an autoscaler follows what it computes: what it recommended lately, and how much it may change in how much time.
 * @see kubernetes pkg/controller/podautoscaler/horizontal.go (normalizeDesiredReplicas, stabilizeRecommendationWithBehaviors, convertDesiredReplicasWithBehaviorRate)
 */
import type { HPAScalingRules } from "../../../generated/v1.36/model.ts";

/** Without rules of its own, the highest recommendation of this time counts, in milliseconds. */
const STABILIZATION_MS = 300_000;
/** Without rules of its own, an autoscaler at most doubles, or goes up to so many. */
const SCALE_UP_MIN = 4;

export interface Dated {
  readonly atMs: number;
  /** Replicas that were recommended, or by how many there were more or fewer. */
  readonly replicas: number;
}

export interface History {
  readonly recommendations: readonly Dated[];
  readonly ups: readonly Dated[];
  readonly downs: readonly Dated[];
}

export interface Reason {
  readonly reason: string;
  readonly message: string;
}

interface Limits {
  readonly current: number;
  readonly min: number;
  readonly max: number;
}

export interface Rules {
  readonly up: HPAScalingRules;
  readonly down: HPAScalingRules;
}

const READY: Reason = { reason: "ReadyForNewScale", message: "recommended size matches current size" };
const HIGHER: Reason = {
  reason: "ScaleDownStabilized",
  message: "recent recommendations were higher than current one, applying the highest recent recommendation",
};
const LOWER: Reason = {
  reason: "ScaleUpStabilized",
  message: "recent recommendations were lower than current one, applying the lowest recent recommendation",
};

/** The recommendation in the light of the recent ones. */
export function stabilize(
  wanted: number,
  current: number,
  recommendations: readonly Dated[],
  rules: Rules | undefined,
  nowMs: number,
): { readonly replicas: number } & Reason {
  const since = (windowMs: number): readonly number[] => recommendations.filter((r) => r.atMs > nowMs - windowMs).map((r) => r.replicas);
  if (!rules) {
    const replicas = Math.max(wanted, ...since(STABILIZATION_MS));
    return { replicas, ...(replicas === wanted ? READY : HIGHER) };
  }
  const low = Math.min(wanted, ...since((rules.up.stabilizationWindowSeconds ?? 0) * 1000));
  const high = Math.max(wanted, ...since((rules.down.stabilizationWindowSeconds ?? STABILIZATION_MS / 1000) * 1000));
  const replicas = Math.min(Math.max(current, low), high);
  if (replicas === wanted) return { replicas, ...READY };
  return { replicas, ...(wanted >= current ? LOWER : HIGHER) };
}

const WITHIN: Reason = { reason: "DesiredWithinRange", message: "the desired count is within the acceptable range" };
const TOO_MANY: Reason = { reason: "TooManyReplicas", message: "the desired replica count is more than the maximum replica count" };
const TOO_FEW: Reason = { reason: "TooFewReplicas", message: "the desired replica count is less than the minimum replica count" };
const TOO_FAST_UP: Reason = {
  reason: "ScaleUpLimit",
  message: "the desired replica count is increasing faster than the maximum scale rate",
};
const TOO_FAST_DOWN: Reason = {
  reason: "ScaleDownLimit",
  message: "the desired replica count is decreasing faster than the maximum scale rate",
};

/** The recommendation within the bounds and the rates of change. */
export function limit(
  wanted: number,
  { current, min, max }: Limits,
  history: History,
  rules: Rules | undefined,
  nowMs: number,
): { readonly replicas: number } & Reason {
  if (!rules) {
    const fastest = Math.max(2 * current, SCALE_UP_MIN);
    if (wanted < min) return { replicas: min, ...TOO_FEW };
    if (wanted > Math.min(max, fastest)) return { replicas: Math.min(max, fastest), ...(max > fastest ? TOO_FAST_UP : TOO_MANY) };
    return { replicas: wanted, ...WITHIN };
  }
  if (wanted > current) {
    const fastest = Math.max(current, scaleUpLimit(current, history, rules.up, nowMs));
    if (wanted > Math.min(max, fastest)) return { replicas: Math.min(max, fastest), ...(max > fastest ? TOO_FAST_UP : TOO_MANY) };
  } else if (wanted < current) {
    const fastest = Math.min(current, scaleDownLimit(current, history, rules.down, nowMs));
    if (wanted < Math.max(min, fastest)) return { replicas: Math.max(min, fastest), ...(min < fastest ? TOO_FAST_DOWN : TOO_FEW) };
  }
  return { replicas: wanted, ...WITHIN };
}

function changed(events: readonly Dated[], periodSeconds: number, nowMs: number): number {
  return events.filter((e) => e.atMs > nowMs - periodSeconds * 1000).reduce((sum, e) => sum + e.replicas, 0);
}

/** How far up the policies let it go now: as far as the most generous one says, unless the most careful one is to decide. */
export function scaleUpLimit(current: number, { ups, downs }: History, rules: HPAScalingRules, nowMs: number): number {
  if (rules.selectPolicy === "Disabled") return current;
  const limits = (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const start = current - changed(ups, periodSeconds, nowMs) + changed(downs, periodSeconds, nowMs);
    return type === "Pods" ? start + value : Math.ceil(start * (1 + value / 100));
  });
  return rules.selectPolicy === "Min" ? Math.min(...limits) : Math.max(...limits);
}

/** How far down. */
export function scaleDownLimit(current: number, { ups, downs }: History, rules: HPAScalingRules, nowMs: number): number {
  if (rules.selectPolicy === "Disabled") return current;
  const limits = (rules.policies ?? []).map(({ type, value, periodSeconds }) => {
    const start = current - changed(ups, periodSeconds, nowMs) + changed(downs, periodSeconds, nowMs);
    return type === "Pods" ? start - value : Math.trunc(start * (1 - value / 100));
  });
  return rules.selectPolicy === "Min" ? Math.max(...limits) : Math.min(...limits);
}
