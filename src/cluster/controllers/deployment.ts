/**
 * Deployments: replace the Pods of an old template by those of a new one, step by step.
 * @see kubernetes pkg/controller/deployment/deployment_controller.go, sync.go, rolling.go, recreate.go
 */
import type { Deployment, ReplicaSet } from "../../../generated/v1.36/model.ts";
import { DEPLOYMENT, POD, REPLICA_SET } from "../../api/kinds.ts";
import { controllerOf, keyOf } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { matchesSelector } from "../../lib/labels.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { conditionOf, withCondition } from "./conditions.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { annotatedNumber, DESIRED_REPLICAS, MAX_REPLICAS } from "./deployment-revisions.ts";
import { cleanUp, currentSet, Refusal, type Round, resize } from "./deployment-sets.ts";
import { countedStatus, deploymentCondition, hasProgressDeadline, isComplete, lookAgainMs, rolloutStatus } from "./deployment-status.ts";
import { claim, indexOrphans } from "./owned.ts";
import { isPodFinished } from "./pods.ts";
import { nextNewSize, type Resize, resolveBounds, type Size, shareOut, shrinkOld } from "./rollout.ts";

const NAME = "deployment-controller";
/** How soon a change is noticed, in milliseconds. */
const NOTICE_MS = 1;
/**
 * How long a round with its writes takes, in milliseconds: so long the Deployment is not looked at again. Its ReplicaSets catch up meanwhile with what was
 * written, and Pods of different steps become ready one after the other, as in a real cluster.
 */
const ROUND_MS = 10;

function reconcile(context: ComponentContext, deployment: Deployment): ReconcileResult {
  const { client, informers, loop, recorder } = context;
  const { selector } = deployment.spec;
  if (deepEqual(selector, {})) {
    recorder.report(
      NAME,
      deployment,
      "Warning",
      "SelectingAll",
      "This deployment is selecting all pods. A non-empty selector is required.",
    );
    const observedGeneration = deployment.metadata.generation ?? 0;
    if ((deployment.status?.observedGeneration ?? 0) < observedGeneration)
      client.updateStatus({ ...deployment, status: { ...deployment.status, observedGeneration } });
    return;
  }
  const { owned, retry } = claim(context, informers.for(REPLICA_SET), REPLICA_SET, deployment, (rs) =>
    matchesSelector(selector, rs.metadata.labels),
  );
  if (retry) return "retry";
  const at = { nowMs: loop.now(), timestamp: loop.timestamp(), instantOf: loop.instantOf.bind(loop) };
  const created = (rs: ReplicaSet): string => rs.metadata.creationTimestamp ?? "";
  const sets = [...owned].sort((a, b) =>
    created(a) !== created(b) ? (created(a) < created(b) ? -1 : 1) : a.metadata.name < b.metadata.name ? -1 : 1,
  );
  const round: Round = { context, name: NAME, at, deployment, sets };
  try {
    return step(round);
  } catch (error) {
    if (error instanceof Refusal) return error.final ? undefined : "retry";
    throw error;
  }
}

/** One step: a round that changes something ends, and what it changed brings the next. */
function step(round: Round): ReconcileResult {
  const { deployment: d } = round;
  if (d.metadata.deletionTimestamp !== undefined) {
    currentSet(round, false);
    return writeStatus(round);
  }
  notePause(round);
  if (d.spec.paused === true || isScalingEvent(round)) return scaleOnly(round);
  return d.spec.strategy?.type === "Recreate" ? recreate(round) : rollOn(round);
}

function replicasOf(rs: ReplicaSet): number {
  return rs.spec.replicas ?? 1;
}

function isActive(rs: ReplicaSet): boolean {
  return replicasOf(rs) > 0;
}

function sizeOf(round: Round, rs: ReplicaSet): Size {
  return {
    name: rs.metadata.name,
    replicas: replicasOf(rs),
    available: rs.status?.availableReplicas ?? 0,
    maxReplicas: annotatedNumber(rs, MAX_REPLICAS),
    createdMs: round.at.instantOf(rs.metadata.creationTimestamp ?? round.at.timestamp),
  };
}

/** Pausing and resuming are recorded, so that time spent paused does not count against the deadline. */
function notePause(round: Round): void {
  const { deployment: d, at } = round;
  const progressing = conditionOf(d.status?.conditions, "Progressing");
  if (!hasProgressDeadline(d) || progressing?.reason === "ProgressDeadlineExceeded") return;
  const noted = progressing?.reason === "DeploymentPaused";
  if ((d.spec.paused === true) === noted) return;
  const condition = noted
    ? deploymentCondition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed", at.timestamp)
    : deploymentCondition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", at.timestamp);
  const status = { ...d.status, conditions: withCondition(d.status?.conditions ?? [], condition) };
  round.deployment = { ...d, status };
  if (mustRetry(round.context.client.updateStatus(round.deployment))) throw new Refusal(false);
}

/** Whether `spec.replicas` differs from what a ReplicaSet with Pods was last scaled for. */
function isScalingEvent(round: Round): boolean {
  currentSet(round, false);
  return round.sets.some((rs) => {
    const desired = annotatedNumber(rs, DESIRED_REPLICAS);
    return isActive(rs) && desired !== undefined && desired !== (round.deployment.spec.replicas ?? 1);
  });
}

/** A change of size, or a paused Deployment: no template is rolled out. */
function scaleOnly(round: Round): ReconcileResult {
  const current = currentSet(round, false);
  const old = round.sets.filter((rs) => rs !== current);
  scale(round, current, old);
  if (round.deployment.spec.paused === true) cleanUp(round, old);
  return writeStatus(round);
}

function scale(round: Round, current: ReplicaSet | undefined, old: readonly ReplicaSet[]): void {
  const { deployment: d } = round;
  const replicas = d.spec.replicas ?? 1;
  const active = round.sets.filter(isActive);
  const only = active.length === 0 ? (current ?? old[old.length - 1]) : active.length === 1 ? active[0] : undefined;
  if (only) {
    resize(round, only, replicas);
    return;
  }
  if (active.length === 0) return;
  if (current && isSaturated(current, replicas)) {
    for (const rs of old.filter(isActive)) resize(round, rs, 0);
    return;
  }
  if (d.spec.strategy?.type === "Recreate") return;
  const { maxSurge } = resolveBounds(d.spec);
  const shares = shareOut(
    replicas,
    maxSurge,
    active.map((rs) => sizeOf(round, rs)),
    d.status?.replicas ?? 0,
  );
  resizeAll(round, shares, true);
}

/** The current ReplicaSet is as big as wanted, was scaled for it, and all of it is available. */
function isSaturated(rs: ReplicaSet, replicas: number): boolean {
  return (
    replicasOf(rs) === replicas && annotatedNumber(rs, DESIRED_REPLICAS) === replicas && (rs.status?.availableReplicas ?? 0) === replicas
  );
}

function resizeAll(round: Round, resizes: readonly Resize[], noteSize = false): void {
  for (const { name, to } of resizes) {
    const rs = round.sets.find((s) => s.metadata.name === name);
    if (rs) resize(round, rs, to, noteSize);
  }
}

/** RollingUpdate: grow the new one if there is room, else shrink the old ones as far as availability allows. */
function rollOn(round: Round): ReconcileResult {
  const current = currentSet(round, true);
  if (!current) return writeRolloutStatus(round);
  const d = round.deployment;
  const replicas = d.spec.replicas ?? 1;
  const bounds = resolveBounds(d.spec);
  const to = nextNewSize(
    replicas,
    bounds.maxSurge,
    round.sets.map((rs) => sizeOf(round, rs)),
    replicasOf(current),
  );
  if (resize(round, current, to)) return writeRolloutStatus(round);
  const old = round.sets.filter((rs) => rs !== current && isActive(rs));
  const shrunk = shrinkOld(
    replicas,
    bounds,
    old.map((rs) => sizeOf(round, rs)),
    sizeOf(round, current),
  );
  if (shrunk === "behind") return "retry";
  if (shrunk.length > 0) resizeAll(round, shrunk);
  else finish(round);
  return writeRolloutStatus(round);
}

/** Recreate: everything old goes first, down to the last Pod that has not finished; then the new one comes at once. */
function recreate(round: Round): ReconcileResult {
  const existing = currentSet(round, false);
  const old = round.sets.filter((rs) => rs !== existing);
  const active = old.filter(isActive);
  for (const rs of active) resize(round, rs, 0);
  if (active.length > 0 || oldPodsRun(round, old)) return writeRolloutStatus(round);
  const current = currentSet(round, true);
  if (current) resize(round, current, round.deployment.spec.replicas ?? 1);
  finish(round);
  return writeRolloutStatus(round);
}

function oldPodsRun({ context, sets }: Round, old: readonly ReplicaSet[]): boolean {
  if (old.some((rs) => (rs.status?.replicas ?? 0) > 0)) return true;
  const pods = context.informers.for(POD);
  return sets.some((rs) => old.includes(rs) && pods.controlledBy(rs.metadata.uid ?? "").some((p) => !isPodFinished(p)));
}

function finish(round: Round): void {
  const current = currentSet(round, false);
  if (isComplete(round.deployment, round.deployment.status ?? {}))
    cleanUp(
      round,
      round.sets.filter((rs) => rs !== current),
    );
}

function writeStatus(round: Round): ReconcileResult {
  const { deployment: d } = round;
  const status = countedStatus(d, round.sets, currentSet(round, false), round.at);
  if (!deepEqual(status, d.status) && mustRetry(round.context.client.updateStatus({ ...d, status }))) return "retry";
}

function writeRolloutStatus(round: Round): ReconcileResult {
  const { deployment: d } = round;
  const status = rolloutStatus(d, round.sets, currentSet(round, false), round.at);
  if (!deepEqual(status, d.status)) return mustRetry(round.context.client.updateStatus({ ...d, status })) ? "retry" : undefined;
  const afterMs = lookAgainMs(d, status, round.at);
  return afterMs === undefined ? undefined : { afterMs };
}

export const deploymentController: Controller = {
  name: NAME,
  start(context) {
    const deployments = context.informers.for(DEPLOYMENT);
    const sets = context.informers.for(REPLICA_SET);
    const pods = context.informers.for(POD);
    indexOrphans(sets);
    const busyUntil = new Map<string, number>();
    const queue = queueFor(
      context,
      deployments,
      (d, key) => {
        busyUntil.set(key, context.loop.now() + ROUND_MS);
        return reconcile(context, d);
      },
      (key) => {
        busyUntil.delete(key);
      },
    );
    const wake = (key: string): void => queue.addAfter(key, Math.max(NOTICE_MS, (busyUntil.get(key) ?? 0) - context.loop.now()));
    deployments.on((_type, d) => wake(keyOf(d)));
    const wakeManager = (rs: ReplicaSet): boolean => {
      const manager = controllerOf(rs);
      if (manager?.kind === "Deployment") wake(`${rs.metadata.namespace}/${manager.name}`);
      return manager !== undefined;
    };
    sets.on((type, rs, before) => {
      if (before && controllerOf(before)?.uid !== controllerOf(rs)?.uid) wakeManager(before);
      if (wakeManager(rs) || type === "DELETED") return;
      if (before && !controllerOf(before) && deepEqual(before.metadata.labels, rs.metadata.labels)) return;
      for (const d of deployments.inNamespace(rs.metadata.namespace ?? ""))
        if (matchesSelector(d.spec.selector, rs.metadata.labels)) wake(keyOf(d));
    });
    // Recreate waits for the last old Pod.
    pods.on((type, pod) => {
      const manager = type === "DELETED" ? controllerOf(pod) : undefined;
      const rs = manager?.kind === "ReplicaSet" ? sets.get(`${pod.metadata.namespace}/${manager.name}`) : undefined;
      const owner = rs && controllerOf(rs);
      if (owner?.kind !== "Deployment") return;
      const d = deployments.get(`${pod.metadata.namespace}/${owner.name}`);
      if (d?.spec.strategy?.type === "Recreate") wake(keyOf(d));
    }, "spec");
  },
};
