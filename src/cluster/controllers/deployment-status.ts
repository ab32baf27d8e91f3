/**
 * The status of a Deployment: counts, Available, Progressing, ReplicaFailure.
 * @see kubernetes pkg/controller/deployment/sync.go (calculateStatus), progress.go
 */
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from "../../../generated/v1.36/model.ts";
import { conditionOf, withCondition, withoutCondition } from "./conditions.ts";
import { resolveBounds } from "./rollout.ts";

/** Instants in the two forms that the rules need. */
export interface Instant {
  readonly nowMs: number;
  readonly timestamp: string;
  readonly instantOf: (rfc3339: string) => number;
}

/** An absent deadline, or the greatest 32-bit integer, means none. */
export function hasProgressDeadline(d: Deployment): boolean {
  return d.spec.progressDeadlineSeconds !== undefined && d.spec.progressDeadlineSeconds !== 2 ** 31 - 1;
}

export function deploymentCondition(type: string, status: string, reason: string, message: string, timestamp: string): DeploymentCondition {
  return { type, status, reason, message, lastUpdateTime: timestamp, lastTransitionTime: timestamp };
}

function total(sets: readonly ReplicaSet[], of: (rs: ReplicaSet) => number | undefined): number {
  return sets.reduce((sum, rs) => sum + (of(rs) ?? 0), 0);
}

/** Counts and the Available condition; the other conditions as they were. */
export function countedStatus(d: Deployment, all: readonly ReplicaSet[], current: ReplicaSet | undefined, at: Instant): DeploymentStatus {
  const available = total(all, (rs) => rs.status?.availableReplicas);
  const unavailable = Math.max(0, total(all, (rs) => rs.spec.replicas ?? 1) - available);
  const ready = total(all, (rs) => rs.status?.readyReplicas);
  const replicas = total(all, (rs) => rs.status?.replicas);
  const updated = current?.status?.replicas ?? 0;
  const enough = available >= (d.spec.replicas ?? 1) - resolveBounds(d.spec).maxUnavailable;
  const availability = enough
    ? deploymentCondition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", at.timestamp)
    : deploymentCondition(
        "Available",
        "False",
        "MinimumReplicasUnavailable",
        "Deployment does not have minimum availability.",
        at.timestamp,
      );
  return {
    ...(available > 0 && { availableReplicas: available }),
    ...(d.status?.collisionCount !== undefined && { collisionCount: d.status.collisionCount }),
    conditions: withCondition(d.status?.conditions ?? [], availability),
    observedGeneration: d.metadata.generation ?? 0,
    ...(ready > 0 && { readyReplicas: ready }),
    ...(replicas > 0 && { replicas }),
    ...(all.every(({ status: s }) => s?.terminatingReplicas !== undefined || !s?.observedGeneration) && {
      terminatingReplicas: total(all, (rs) => rs.status?.terminatingReplicas),
    }),
    ...(unavailable > 0 && { unavailableReplicas: unavailable }),
    ...(updated > 0 && { updatedReplicas: updated }),
  };
}

/** All Pods are of the current template and available, and nothing else is left. */
export function isComplete(d: Deployment, status: DeploymentStatus): boolean {
  const replicas = d.spec.replicas ?? 1;
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (d.metadata.generation ?? 0)
  );
}

/** More Pods of the current template, fewer of old ones, more ready, or more available than before. */
export function hasProgressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = (s: DeploymentStatus): number => (s.replicas ?? 0) - (s.updatedReplicas ?? 0);
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

/** Whether nothing has moved for longer than the deadline. */
function timedOut(d: Deployment, status: DeploymentStatus, at: Instant): boolean {
  const progressing = conditionOf(status.conditions, "Progressing");
  if (!progressing || progressing.reason === "NewReplicaSetAvailable") return false;
  if (progressing.reason === "ProgressDeadlineExceeded") return true;
  return deadlineMs(d, progressing, at) < at.nowMs;
}

function deadlineMs(d: Deployment, progressing: DeploymentCondition, at: Instant): number {
  const from = progressing.lastUpdateTime ?? at.timestamp;
  return at.instantOf(from) + (d.spec.progressDeadlineSeconds ?? 0) * 1000;
}

/** The status while a rollout goes on: counts, and what they say about its progress. */
export function rolloutStatus(d: Deployment, all: readonly ReplicaSet[], current: ReplicaSet | undefined, at: Instant): DeploymentStatus {
  const status = countedStatus(d, all, current, at);
  let conditions = status.conditions ?? [];
  if (!hasProgressDeadline(d)) conditions = withoutCondition(conditions, "Progressing");
  const progressing = conditionOf(d.status?.conditions, "Progressing");
  const over = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && progressing?.reason === "NewReplicaSetAvailable";
  if (hasProgressDeadline(d) && !over) {
    const what = current ? `ReplicaSet "${current.metadata.name}"` : `Deployment "${d.metadata.name}"`;
    const say = (value: string, reason: string, text: string): DeploymentCondition =>
      deploymentCondition("Progressing", value, reason, `${what} ${text}`, at.timestamp);
    if (isComplete(d, status))
      conditions = withCondition(conditions, say("True", "NewReplicaSetAvailable", "has successfully progressed."));
    else if (hasProgressed(d.status ?? {}, status)) {
      const moving = say("True", "ReplicaSetUpdated", "is progressing.");
      const kept = progressing?.status === "True" ? { ...moving, lastTransitionTime: progressing.lastTransitionTime } : moving;
      conditions = [...withoutCondition(conditions, "Progressing"), kept];
    } else if (timedOut(d, { ...status, conditions }, at))
      conditions = withCondition(conditions, say("False", "ProgressDeadlineExceeded", "has timed out progressing."));
  }
  const failure = replicaFailure(all, current);
  conditions = failure ? withCondition(conditions, failure) : withoutCondition(conditions, "ReplicaFailure");
  return { ...status, conditions };
}

/** The failure of the current ReplicaSet, else of the first that has one. */
function replicaFailure(all: readonly ReplicaSet[], current: ReplicaSet | undefined): DeploymentCondition | undefined {
  for (const rs of current ? [current, ...all] : all) {
    const found = conditionOf(rs.status?.conditions, "ReplicaFailure");
    if (found) {
      const { type, status, reason, message, lastTransitionTime } = found;
      return { type, status, reason, message, lastUpdateTime: lastTransitionTime, lastTransitionTime };
    }
  }
  return undefined;
}

/** When to look again whether the rollout has stood still too long, in milliseconds from now; `undefined`: no need. */
export function lookAgainMs(d: Deployment, status: DeploymentStatus, at: Instant): number | undefined {
  const progressing = conditionOf(d.status?.conditions, "Progressing");
  if (!hasProgressDeadline(d) || !progressing || isComplete(d, status) || progressing.reason === "ProgressDeadlineExceeded")
    return undefined;
  const left = deadlineMs(d, progressing, at) - at.nowMs;
  return Math.max(0, left) + 1000;
}
