/**
 * StatefulSets: Pods with names and storage of their own, one after the other.
 * @see kubernetes pkg/controller/statefulset/stateful_set.go, stateful_set_control.go
 */
import type { ControllerRevision, Pod, StatefulSet, StatefulSetStatus } from "../../../generated/v1.36/model.ts";
import { POD, STATEFUL_SET } from "../../api/kinds.ts";
import { controllerOf, keyOf } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { matchesSelector } from "../../lib/labels.ts";
import type { Refused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry } from "./controller.ts";
import { indexRevisions, revisionsOf, templateOf, truncateHistory, updateRevision } from "./history.ts";
import {
  inRange,
  isRunningAndAvailable,
  isRunningAndReady,
  isUnavailable,
  type Now,
  ordinalOf,
  parseOrdinal,
  startOrdinal,
} from "./ordinals.ts";
import { claim, indexOrphans } from "./owned.ts";
import { pacedQueueFor } from "./paced-queue.ts";
import { isPodFinished } from "./pods.ts";
import { slowStart } from "./slow-start.ts";
import {
  createClaims,
  createStatefulPod,
  deleteStatefulPod,
  FROM,
  hasStaleClaim,
  missingIdentity,
  ownClaims,
  REVISION_LABEL,
  statefulPod,
} from "./stateful-set-pod.ts";

/** What one reconcile works on. */
interface Round {
  readonly context: ComponentContext;
  readonly set: StatefulSet;
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly now: Now;
  readonly minReadySeconds: number;
  /** By place in the range; a hole is a Pod to be made. */
  readonly replicas: (Pod | undefined)[];
  /** Outside the range, highest ordinal first. */
  readonly condemned: readonly Pod[];
  /** Neither monotonic nor waiting: policy Parallel. */
  readonly parallel: boolean;
}

/** What a step of a round says: go on, stop here, or a refusal (stop, and try again). */
type Step = "go on" | "stop" | Refused;

function revisionLabel(pod: Pod): string | undefined {
  return pod.metadata.labels?.[REVISION_LABEL];
}

function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

function counts(
  pods: readonly Pod[],
  round: Pick<Round, "current" | "update" | "now" | "minReadySeconds">,
): Omit<StatefulSetStatus, "conditions"> {
  const ready = pods.filter(isRunningAndReady);
  const staying = pods.filter((p) => !isTerminating(p));
  const at = (r: ControllerRevision): number => staying.filter((p) => revisionLabel(p) === r.metadata.name).length;
  const current = at(round.current);
  const updated = at(round.update);
  return {
    replicas: pods.length,
    ...(ready.length > 0 && { readyReplicas: ready.length }),
    availableReplicas: ready.filter((p) => isRunningAndAvailable(p, round.minReadySeconds, round.now)).length,
    ...(current > 0 && { currentReplicas: current }),
    ...(updated > 0 && { updatedReplicas: updated }),
  };
}

/** Makes, waits for, or mends the Pod of one place. */
function processReplica(round: Round, place: number): Step {
  const { context, set, parallel } = round;
  const ordinal = startOrdinal(set) + place;
  let pod = round.replicas[place];
  if (pod && isPodFinished(pod)) return isTerminating(pod) ? "stop" : (deleteStatefulPod(context, set, pod) ?? "stop");
  if (!pod) {
    if (hasStaleClaim(context, set, ordinal)) return "stop";
    const partition = set.spec.updateStrategy?.rollingUpdate?.partition;
    const rolling = set.spec.updateStrategy?.type !== "OnDelete";
    const below = partition ?? set.status?.currentReplicas ?? 0;
    const revision = rolling && ordinal < startOrdinal(set) + below ? round.current : round.update;
    const made = statefulPod(set, templateOf(revision), revision.metadata.name, ordinal);
    const refusal = createStatefulPod(context, set, made, ordinal);
    if (refusal) return refusal;
    pod = context.client.get(POD, `${set.metadata.name}-${ordinal}`, set.metadata.namespace);
    round.replicas[place] = pod;
    if (!parallel || !pod) return "stop";
  }
  if ((pod.status?.phase ?? "Pending") === "Pending") {
    const refusal = createClaims(context, set, ordinal);
    if (refusal) return refusal;
  }
  if (!parallel && isUnavailable(pod, round.minReadySeconds, round.now)) return "stop";
  const refusal = ownClaims(context, set, pod, false);
  if (refusal) return refusal;
  const missing = missingIdentity(pod);
  if (missing && mustRetry(context.client.patch(POD, pod.metadata.name, pod.metadata.namespace, missing))) return "stop";
  return "go on";
}

/** Deletes a Pod outside the range, if it is its turn. */
function processCondemned(round: Round, pod: Pod, firstUnavailable: Pod | undefined): Step {
  const { context, set, parallel } = round;
  if (isTerminating(pod)) return parallel ? "go on" : "stop";
  const available = isRunningAndAvailable(pod, round.minReadySeconds, round.now);
  if (!available && !parallel && pod !== firstUnavailable) return "stop";
  return deleteStatefulPod(context, set, pod) ?? "stop";
}

/** One after the other until one stops; or, in parallel, in growing batches, where only a refusal stops. */
function forAll<T>(round: Round, items: readonly T[], step: (item: T, index: number) => Step): Step {
  if (round.parallel) {
    const refusal = slowStart(items.length, (i) => {
      const result = step(items[i] as T, i);
      return typeof result === "string" ? undefined : result;
    });
    return refusal ?? "go on";
  }
  for (const [i, item] of items.entries()) {
    const result = step(item, i);
    if (result !== "go on") return result;
  }
  return "go on";
}

/** Scales, then updates: one step. How many Pods it took from the current revision, and a refusal. */
function advance(round: Round): { readonly result: Step; readonly taken: number } {
  const { context, set, replicas, condemned, minReadySeconds, now } = round;
  const all = [...replicas, ...[...condemned].reverse()];
  const firstUnavailable = all.find((p) => isUnavailable(p, minReadySeconds, now));
  let result = forAll(round, replicas, (_, place) => processReplica(round, place));
  if (result === "go on") result = forAll(round, condemned, (pod) => ownClaims(context, set, pod, true) ?? "go on");
  if (result === "go on") result = forAll(round, condemned, (pod) => processCondemned(round, pod, firstUnavailable));
  if (result !== "go on" || set.spec.updateStrategy?.type === "OnDelete") return { result, taken: 0 };
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  for (let place = replicas.length - 1; place >= partition; place--) {
    const pod = replicas[place];
    if (pod && revisionLabel(pod) !== round.update.metadata.name && !isTerminating(pod))
      return { result: deleteStatefulPod(context, set, pod) ?? "stop", taken: 1 };
    if (isUnavailable(pod, minReadySeconds, now)) break;
  }
  return { result: "stop", taken: 0 };
}

function reconcile(context: ComponentContext, set: StatefulSet): ReconcileResult {
  const { client, informers, loop } = context;
  const { owned: pods, retry } = claim(
    context,
    informers.for(POD),
    POD,
    set,
    (p) => matchesSelector(set.spec.selector, p.metadata.labels),
    (p) => parseOrdinal(p.metadata.name).parent === set.metadata.name,
  );
  const revisions = retry ? undefined : revisionsOf(context, set);
  if (!revisions) return "retry";
  const style = { hashLabel: "controller.kubernetes.io/hash", annotations: set.metadata.annotations };
  const outcome = updateRevision(context, set, revisions, set.status?.collisionCount ?? 0, style);
  if (outcome === "retry") return "retry";
  const update = outcome.revision;
  const current = revisions.find((r) => r.metadata.name === set.status?.currentRevision) ?? update;
  const replicas: (Pod | undefined)[] = new Array<undefined>(set.spec.replicas ?? 1).fill(undefined);
  for (const pod of pods) if (inRange(set, ordinalOf(pod))) replicas[ordinalOf(pod) - startOrdinal(set)] = pod;
  const round: Round = {
    context,
    set,
    current,
    update,
    now: { nowMs: loop.now(), instantOf: loop.instantOf.bind(loop) },
    minReadySeconds: set.spec.minReadySeconds ?? 0,
    replicas,
    condemned: pods.filter((p) => ordinalOf(p) >= 0 && !inRange(set, ordinalOf(p))).sort((a, b) => ordinalOf(b) - ordinalOf(a)),
    parallel: set.spec.podManagementPolicy === "Parallel",
  };
  const { result, taken } = set.metadata.deletionTimestamp === undefined ? advance(round) : { result: "stop" as const, taken: 0 };
  const status = statusOf(round, outcome.collisionCount, taken);
  if (!deepEqual(status, set.status) && mustRetry(client.updateStatus({ ...set, status }))) return "retry";
  if (typeof result !== "string") return "retry";
  const live = new Set([status.currentRevision, status.updateRevision, current.metadata.name, ...pods.map(revisionLabel)]);
  const unused = revisions.filter((r) => !live.has(r.metadata.name));
  if (!truncateHistory(context, unused, unused.length - (set.spec.revisionHistoryLimit ?? 10))) return "retry";
  if (round.minReadySeconds > 0 && status.availableReplicas !== (set.spec.replicas ?? 1)) return { afterMs: round.minReadySeconds * 1000 };
}

/** The status after a round; when all Pods are of the update revision, that is the current one. */
function statusOf(round: Round, collisionCount: number, taken: number): StatefulSetStatus {
  const { set, current, update } = round;
  const there = [...round.replicas, ...round.condemned].filter((p) => p !== undefined);
  const now = counts(there, round);
  const replicas = set.spec.replicas ?? 1;
  const rolling = set.spec.updateStrategy?.type !== "OnDelete";
  const complete =
    rolling && (now.updatedReplicas ?? 0) === now.replicas && (now.readyReplicas ?? 0) === now.replicas && now.replicas === replicas;
  const { currentReplicas: _, ...others } = now;
  const currentReplicas = complete ? (now.updatedReplicas ?? 0) : (now.currentReplicas ?? 0) - taken;
  return {
    ...(set.status?.conditions && { conditions: set.status.conditions }),
    ...others,
    ...(currentReplicas !== 0 && { currentReplicas }),
    collisionCount,
    currentRevision: complete ? update.metadata.name : current.metadata.name,
    updateRevision: update.metadata.name,
    observedGeneration: set.metadata.generation ?? 0,
  };
}

export const statefulSetController: Controller = {
  name: FROM,
  start(context) {
    const sets = context.informers.for(STATEFUL_SET);
    const pods = context.informers.for(POD);
    indexOrphans(pods);
    indexRevisions(context);
    const podsOf = (set: StatefulSet): number => pods.controlledBy(set.metadata.uid ?? "").length;
    const queue = pacedQueueFor(context, sets, podsOf, (set) => reconcile(context, set));
    sets.on((_type, set) => queue.add(keyOf(set)));
    const wakeManager = (pod: Pod): boolean => {
      const manager = controllerOf(pod);
      if (manager?.kind === "StatefulSet") queue.add(`${pod.metadata.namespace}/${manager.name}`);
      return manager !== undefined;
    };
    pods.on((type, pod, before) => {
      if (
        before &&
        before.metadata.ownerReferences !== pod.metadata.ownerReferences &&
        controllerOf(before)?.uid !== controllerOf(pod)?.uid
      )
        wakeManager(before);
      if (wakeManager(pod) || type === "DELETED") return;
      const set = sets.get(`${pod.metadata.namespace}/${parseOrdinal(pod.metadata.name).parent}`);
      if (set && matchesSelector(set.spec.selector, pod.metadata.labels)) queue.add(keyOf(set));
    });
  },
};
