/** How an object is, in the one form that all kinds share. */
import type { HealthStatus } from "../schema.ts";

export interface Health {
  readonly status: HealthStatus;
  /** Pods (or completions, for a Job) that are there, of those wanted. */
  readonly ready: number;
  readonly desired: number;
  /** CamelCase, empty when there is nothing to explain. */
  readonly reason: string;
  readonly message: string;
}

export interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

export function conditionOf(conditions: readonly ConditionLike[] | undefined, type: string): ConditionLike | undefined {
  return conditions?.find((c) => c.type === type);
}

export function health(status: HealthStatus, ready: number, desired: number, reason = "", message = ""): Health {
  return { status, ready, desired, reason, message };
}
