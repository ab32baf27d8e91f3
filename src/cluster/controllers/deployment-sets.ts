/**
 * What a Deployment does to its ReplicaSets: find or make the current one, resize, clean up.
 * @see kubernetes pkg/controller/deployment/sync.go
 */
import type { Deployment, ReplicaSet } from "../../../generated/v1.36/model.ts";
import { REPLICA_SET } from "../../api/kinds.ts";
import { controllerOf, controllerRef, type Unchecked } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { conditionOf, withCondition } from "./conditions.ts";
import { mustRetry, refusedByTerminatingNamespace } from "./controller.ts";
import {
  currentAnnotations,
  findCurrent,
  REVISION,
  revisionOf,
  sameTemplate,
  sizeAnnotations,
  TEMPLATE_HASH,
  templateHash,
} from "./deployment-revisions.ts";
import { deploymentCondition, hasProgressDeadline, type Instant } from "./deployment-status.ts";
import { nextNewSize, resolveBounds } from "./rollout.ts";

/** What one reconcile works on. It keeps what it has written, as far as it goes on with it. */
export interface Round {
  readonly context: ComponentContext;
  readonly name: string;
  readonly at: Instant;
  /**
   * As it was when the round began, with the conditions and annotations written since, but with the resourceVersion of the beginning: a second write
   * in the same round is refused as stale and the round repeated a moment later, as in the real controller.
   */
  deployment: Deployment;
  /** In order of creation. */
  sets: readonly ReplicaSet[];
}

/** Ends a round because the server refused a write: `final` when trying again is of no use. */
export class Refusal extends Error {
  readonly final: boolean;

  constructor(final: boolean) {
    super("refused");
    this.final = final;
  }
}

function put(round: Round, rs: ReplicaSet): void {
  const known = round.sets.some((s) => s.metadata.name === rs.metadata.name);
  round.sets = known ? round.sets.map((s) => (s.metadata.name === rs.metadata.name ? rs : s)) : [...round.sets, rs];
}

function update(round: Round, rs: ReplicaSet): ReplicaSet {
  const answer = round.context.client.update(rs);
  if (isRefused(answer)) throw new Refusal(false);
  put(round, answer.object);
  return answer.object;
}

/** Writes revision and conditions of the Deployment. */
function writeDeployment(round: Round, deployment: Deployment): void {
  round.deployment = deployment;
  if (mustRetry(round.context.client.updateStatus(deployment))) throw new Refusal(false);
}

function withRevision(d: Deployment, revision: string | undefined): Deployment {
  if (revision === undefined || d.metadata.annotations?.[REVISION] === revision) return d;
  return { ...d, metadata: { ...d.metadata, annotations: { ...d.metadata.annotations, [REVISION]: revision } } };
}

function withProgress(round: Round, d: Deployment, reason: string, message: string, status = "True"): Deployment {
  const condition = deploymentCondition("Progressing", status, reason, message, round.at.timestamp);
  return { ...d, status: { ...d.status, conditions: withCondition(d.status?.conditions ?? [], condition) } };
}

/** The ReplicaSet of the current template, with its revision brought up to date; made if `make` and there is none. */
export function currentSet(round: Round, make: boolean): ReplicaSet | undefined {
  const { deployment: d } = round;
  const existing = findCurrent(d, round.sets);
  const others = round.sets.filter((rs) => rs !== existing);
  const revision = others.reduce((most, rs) => Math.max(most, revisionOf(rs)), 0) + 1;
  if (!existing) return make ? makeSet(round, revision) : undefined;
  const annotations = currentAnnotations(d, existing.metadata.annotations, revision);
  const minReadySeconds = d.spec.minReadySeconds ?? 0;
  if (!deepEqual(annotations, existing.metadata.annotations ?? {}) || (existing.spec.minReadySeconds ?? 0) !== minReadySeconds) {
    const { minReadySeconds: _, ...spec } = existing.spec;
    return update(round, {
      ...existing,
      metadata: { ...existing.metadata, annotations },
      spec: { ...spec, ...(minReadySeconds > 0 && { minReadySeconds }) },
    });
  }
  let noted = withRevision(d, existing.metadata.annotations?.[REVISION]);
  if (hasProgressDeadline(d) && !conditionOf(d.status?.conditions, "Progressing"))
    noted = withProgress(round, noted, "FoundNewReplicaSet", `Found new replica set "${existing.metadata.name}"`);
  if (noted !== d) writeDeployment(round, noted);
  return existing;
}

/** Makes the ReplicaSet of the current template, of the size that the rollout begins with. */
function makeSet(round: Round, revision: number): ReplicaSet {
  const { deployment: d, context } = round;
  const { maxSurge } = resolveBounds(d.spec);
  const replicas = d.spec.replicas ?? 1;
  const hash = templateHash(d.spec.template, d.status?.collisionCount);
  const name = `${d.metadata.name}-${hash}`;
  const sizes = round.sets.map((rs) => ({ name: rs.metadata.name, replicas: rs.spec.replicas ?? 1, available: 0, createdMs: 0 }));
  const size = d.spec.strategy?.type === "Recreate" ? replicas : nextNewSize(replicas, maxSurge, sizes, 0);
  const template = d.spec.template;
  const labels = { ...template.metadata?.labels, [TEMPLATE_HASH]: hash };
  const minReadySeconds = d.spec.minReadySeconds ?? 0;
  const object: Unchecked = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      namespace: d.metadata.namespace,
      labels,
      annotations: { ...currentAnnotations(d, undefined, revision), ...sizeAnnotations(replicas, maxSurge) },
      ownerReferences: [controllerRef(d)],
    },
    spec: {
      ...(minReadySeconds > 0 && { minReadySeconds }),
      replicas: size,
      selector: { ...d.spec.selector, matchLabels: { ...d.spec.selector.matchLabels, [TEMPLATE_HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  const answer = context.client.create<ReplicaSet>(object, { namespace: d.metadata.namespace ?? "" });
  if (isRefused(answer)) {
    if (answer.reason === "AlreadyExists") return takeOrCollide(round, name, revision);
    if (refusedByTerminatingNamespace(answer)) throw new Refusal(true);
    const message = `Failed to create new replica set "${name}": ${answer.message}`;
    if (hasProgressDeadline(d)) context.client.updateStatus(withProgress(round, d, "ReplicaSetCreateError", message, "False"));
    context.recorder.report(round.name, d, "Warning", "ReplicaSetCreateError", message);
    throw new Refusal(false);
  }
  put(round, answer.object);
  if (size > 0) context.recorder.report(round.name, d, "Normal", "ScalingReplicaSet", `Scaled up replica set ${name} from 0 to ${size}`);
  const revised = withRevision(d, String(revision));
  const noted = hasProgressDeadline(d)
    ? withProgress(round, revised, "NewReplicaSetCreated", `Created new replica set "${name}"`)
    : revised;
  if (noted !== d) writeDeployment(round, noted);
  return answer.object;
}

/** The name is taken: by our own ReplicaSet of this template, or by another; then the hash has to become another one. */
function takeOrCollide(round: Round, name: string, revision: number): ReplicaSet {
  const { deployment: d, context } = round;
  const other = context.client.get(REPLICA_SET, name, d.metadata.namespace);
  if (other?.spec.template && controllerOf(other)?.uid === d.metadata.uid && sameTemplate(other.spec.template, d.spec.template)) {
    put(round, other);
    const noted = withRevision(d, String(revision));
    if (noted !== d) writeDeployment(round, noted);
    return other;
  }
  context.client.updateStatus({ ...d, status: { ...d.status, collisionCount: (d.status?.collisionCount ?? 0) + 1 } });
  throw new Refusal(false);
}

/**
 * Gives a ReplicaSet its next size and records the Deployment's; true when the size changed. `noteSize`: also record it when the size stays, as
 * proportional scaling does.
 */
export function resize(round: Round, rs: ReplicaSet, to: number, noteSize = false): boolean {
  const { deployment: d, context } = round;
  const from = rs.spec.replicas ?? 1;
  if (from === to && !noteSize) return false;
  const replicas = d.spec.replicas ?? 1;
  const annotations = { ...rs.metadata.annotations, ...sizeAnnotations(replicas, resolveBounds(d.spec).maxSurge) };
  if (from === to && deepEqual(annotations, rs.metadata.annotations)) return false;
  update(round, { ...rs, metadata: { ...rs.metadata, annotations }, spec: { ...rs.spec, replicas: to } });
  if (from === to) return false;
  const way = from < to ? "up" : "down";
  const message = `Scaled ${way} replica set ${rs.metadata.name} from ${from} to ${to}`;
  context.recorder.report(round.name, d, "Normal", "ScalingReplicaSet", message);
  return true;
}

/** Deletes the oldest ReplicaSets without Pods beyond the history that is to be kept. */
export function cleanUp(round: Round, old: readonly ReplicaSet[]): void {
  const limit = round.deployment.spec.revisionHistoryLimit ?? 10;
  const alive = old.filter((rs) => rs.metadata.deletionTimestamp === undefined);
  const excess = alive.length - limit;
  if (limit === 2 ** 31 - 1 || excess <= 0) return;
  const oldestFirst = [...alive].sort((a, b) => revisionOf(a) - revisionOf(b));
  for (const rs of oldestFirst.slice(0, excess)) {
    const observed = (rs.status?.observedGeneration ?? 0) >= (rs.metadata.generation ?? 0);
    if ((rs.status?.replicas ?? 0) !== 0 || (rs.spec.replicas ?? 1) !== 0 || !observed) continue;
    const answer = round.context.client.delete(REPLICA_SET, rs.metadata.name, rs.metadata.namespace);
    if (mustRetry(answer)) throw new Refusal(false);
    round.sets = round.sets.filter((s) => s !== rs);
  }
}
