/**
 * DaemonSets: a Pod on every Node that it belongs on.
 * @see kubernetes pkg/controller/daemon/daemon_controller.go, update.go
 */
import type { DaemonSet, DaemonSetStatus, Pod } from "../../../generated/v1.36/model.ts";
import { DAEMON_SET, NODE, POD } from "../../api/kinds.ts";
import { controllerOf, keyOf } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { matchesSelector } from "../../lib/labels.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry } from "./controller.ts";
import {
  belongsOn,
  byAge,
  daemonBounds,
  daemonTemplate,
  HASH_LABEL,
  isUpdated,
  type OnNode,
  pinned,
  rollDaemons,
  targetNode,
} from "./daemon-pods.ts";
import { indexRevisions, revisionsOf, truncateHistory, updateRevision } from "./history.ts";
import { claim, indexOrphans } from "./owned.ts";
import { pacedQueueFor } from "./paced-queue.ts";
import { createPod, deletePod, podFromTemplate } from "./pod-control.ts";
import { isPodAvailable, isPodFinished, isPodReady } from "./pods.ts";
import { slowStart } from "./slow-start.ts";

const NAME = "daemonset-controller";
/** Pods created or deleted in one round at most. */
const BURST_REPLICAS = 250;
/** How long a failed Pod of one Node is left before it is replaced: doubling, in milliseconds. */
const FAILED_BACKOFF_MS = 1000;
const FAILED_BACKOFF_MAX_MS = 900_000;

interface Backoff {
  readonly atMs: number;
  readonly delayMs: number;
}

interface Round {
  readonly context: ComponentContext;
  readonly set: DaemonSet;
  readonly hash: string;
  readonly isAvailable: (pod: Pod) => boolean;
  readonly failed: Map<string, Backoff>;
  /** Milliseconds until a back-off is over. */
  lookAgainMs: number | undefined;
}

/** What has to be done on one Node: the Pods to delete, and whether one is to be made. */
function manageNode(round: Round, on: OnNode, stay: boolean, remove: Pod[]): boolean {
  const { set, hash, context } = round;
  if (on.run && on.pods.length === 0) return true;
  const staying = on.pods.filter((p) => p.metadata.deletionTimestamp === undefined);
  if (!stay) {
    remove.push(...staying);
    return false;
  }
  const running: Pod[] = [];
  for (const pod of staying) {
    if (!isPodFinished(pod)) running.push(pod);
    else if (pod.status?.phase === "Failed" && inBackoff(round, on.node)) continue;
    else {
      const what = pod.status?.phase === "Failed" ? "failed" : "succeeded";
      const where = `daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${on.node}, will try to`;
      if (what === "failed") context.recorder.report(NAME, set, "Warning", "FailedDaemonPod", `Found failed ${where} kill it`);
      else context.recorder.report(NAME, set, "Normal", "SucceededDaemonPod", `Found succeeded ${where} delete it`);
      remove.push(pod);
    }
  }
  running.sort(byAge);
  if (daemonBounds(set, 1).maxSurge === 0) {
    remove.push(...running.slice(1));
    return false;
  }
  if (running.length <= 1) return running.length === 0 && on.run;
  const [fresh, ...moreFresh] = running.filter((p) => p.metadata.labels?.[HASH_LABEL] === hash);
  const [old, ...moreOld] = running.filter((p) => p.metadata.labels?.[HASH_LABEL] !== hash);
  remove.push(...moreFresh, ...moreOld);
  if (fresh && old && (!isPodReady(old) || round.isAvailable(fresh))) remove.push(old);
  return false;
}

function inBackoff(round: Round, node: string): boolean {
  const nowMs = round.context.loop.now();
  const key = `${round.set.metadata.uid}/${round.set.status?.observedGeneration ?? 0}/${node}`;
  const known = round.failed.get(key);
  if (known && nowMs < known.atMs + known.delayMs) {
    const left = known.atMs + known.delayMs - nowMs;
    round.lookAgainMs = Math.min(round.lookAgainMs ?? left, left);
    return true;
  }
  round.failed.set(key, { atMs: nowMs, delayMs: known ? Math.min(known.delayMs * 2, FAILED_BACKOFF_MAX_MS) : FAILED_BACKOFF_MS });
  return false;
}

/** Makes and deletes Pods; true when all went well. */
function write(round: Round, remove: readonly Pod[], create: readonly string[]): boolean {
  const { context, set, hash } = round;
  const base = podFromTemplate(daemonTemplate(set, hash), set);
  const nodes = create.slice(0, BURST_REPLICAS);
  let failed = slowStart(nodes.length, (i) => createPod(context, NAME, set, pinned(base, nodes[i] ?? ""))) !== undefined;
  for (const pod of remove.slice(0, BURST_REPLICAS)) if (deletePod(context, NAME, set, pod)) failed = true;
  return !failed;
}

function podsByNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const out = new Map<string, Pod[]>();
  for (const pod of pods) {
    const node = targetNode(pod);
    if (node === undefined || (isPodFinished(pod) && pod.metadata.deletionTimestamp !== undefined)) continue;
    const list = out.get(node);
    if (list) list.push(pod);
    else out.set(node, [pod]);
  }
  return out;
}

function ownedPods(context: ComponentContext, set: DaemonSet): readonly Pod[] | undefined {
  const { owned, retry } = claim(context, context.informers.for(POD), POD, set, (p) =>
    matchesSelector(set.spec.selector, p.metadata.labels),
  );
  return retry ? undefined : owned;
}

function reconcile(context: ComponentContext, set: DaemonSet, failed: Map<string, Backoff>): ReconcileResult {
  const { informers, loop, client } = context;
  if (deepEqual(set.spec.selector, {})) {
    context.recorder.report(
      NAME,
      set,
      "Warning",
      "SelectingAll",
      "This daemon set is selecting all pods. A non-empty selector is required.",
    );
    return;
  }
  if (set.metadata.deletionTimestamp !== undefined) return;
  const pods = ownedPods(context, set);
  const revisions = pods && revisionsOf(context, set);
  if (!revisions) return "retry";
  const style = { hashLabel: HASH_LABEL, annotations: set.metadata.annotations };
  const outcome = updateRevision(context, set, revisions, set.status?.collisionCount ?? 0, style);
  if (outcome === "retry") return "retry";
  const hash = outcome.revision.metadata.labels?.[HASH_LABEL] ?? "";
  const nodes = [...informers.for(NODE).list()];
  const instantOf = loop.instantOf.bind(loop);
  const isAvailable = (p: Pod): boolean => isPodAvailable(p, set.spec.minReadySeconds ?? 0, loop.now(), instantOf);
  const round: Round = { context, set, hash, isAvailable, failed, lookAgainMs: undefined };
  const found = podsByNode(pods);
  const remove: Pod[] = [];
  const create: string[] = [];
  for (const node of nodes) {
    const { run, stay } = belongsOn(set, node);
    const on = { node: node.metadata.name, pods: found.get(node.metadata.name) ?? [], run };
    if (manageNode(round, on, stay, remove)) create.push(on.node);
  }
  const names = new Set(nodes.map((n) => n.metadata.name));
  for (const [node, list] of found) if (!names.has(node)) remove.push(...list.filter((p) => !p.spec.nodeName));
  let ok = write(round, remove, create);
  // What was just done is on its way: the update waits for it.
  if (ok && remove.length + create.length === 0 && set.spec.updateStrategy?.type !== "OnDelete") {
    const onNodes = nodes.map((n) => ({ node: n.metadata.name, pods: found.get(n.metadata.name) ?? [], run: belongsOn(set, n).run }));
    const rolled = rollDaemons(set, hash, onNodes, loop.now(), instantOf);
    ok = write(round, rolled.remove, rolled.create);
  }
  const live = new Set(pods.map((p) => p.metadata.labels?.[HASH_LABEL]));
  const old = revisions.filter((r) => r.metadata.name !== outcome.revision.metadata.name);
  const unused = old.filter((r) => !live.has(r.metadata.labels?.[HASH_LABEL]));
  if (!truncateHistory(context, unused, old.length - (set.spec.revisionHistoryLimit ?? 10))) ok = false;
  const status = statusOf(round, outcome.collisionCount);
  if (!deepEqual(status, set.status) && mustRetry(client.updateStatus({ ...set, status }))) ok = false;
  if (!ok) return "retry";
  if (status.numberReady !== (status.numberAvailable ?? 0)) return { afterMs: (set.spec.minReadySeconds ?? 0) * 1000 };
  if (round.lookAgainMs !== undefined) return { afterMs: round.lookAgainMs };
}

/** Counted from what is there now. */
function statusOf(round: Round, collisionCount: number): DaemonSetStatus {
  const { context, set, hash } = round;
  const found = podsByNode(context.informers.for(POD).controlledBy(set.metadata.uid ?? ""));
  let desired = 0;
  let current = 0;
  let misscheduled = 0;
  let ready = 0;
  let available = 0;
  let updated = 0;
  for (const node of context.informers.for(NODE).list()) {
    const [pod] = (found.get(node.metadata.name) ?? []).sort(byAge);
    if (!belongsOn(set, node).run) {
      if (pod) misscheduled++;
      continue;
    }
    desired++;
    if (!pod) continue;
    current++;
    if (isPodReady(pod)) ready++;
    if (round.isAvailable(pod)) available++;
    if (isUpdated(set, pod, hash)) updated++;
  }
  return {
    ...(set.status?.conditions && { conditions: set.status.conditions }),
    ...(collisionCount > 0 && { collisionCount }),
    currentNumberScheduled: current,
    desiredNumberScheduled: desired,
    ...(available > 0 && { numberAvailable: available }),
    numberMisscheduled: misscheduled,
    numberReady: ready,
    ...(desired > available && { numberUnavailable: desired - available }),
    observedGeneration: set.metadata.generation ?? 0,
    ...(updated > 0 && { updatedNumberScheduled: updated }),
  };
}

export const daemonSetController: Controller = {
  name: NAME,
  start(context) {
    const sets = context.informers.for(DAEMON_SET);
    const pods = context.informers.for(POD);
    indexOrphans(pods);
    indexRevisions(context);
    const failed = new Map<string, Backoff>();
    const podsOf = (set: DaemonSet): number => pods.controlledBy(set.metadata.uid ?? "").length;
    const queue = pacedQueueFor(context, sets, podsOf, (set) => reconcile(context, set, failed));
    sets.on((_type, set) => queue.add(keyOf(set)));
    const wakeManager = (pod: Pod): boolean => {
      const manager = controllerOf(pod);
      if (manager?.kind === "DaemonSet") queue.add(`${pod.metadata.namespace}/${manager.name}`);
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
      for (const set of sets.inNamespace(pod.metadata.namespace ?? ""))
        if (matchesSelector(set.spec.selector, pod.metadata.labels)) queue.add(keyOf(set));
    });
    context.informers.for(NODE).on((type, node, before) => {
      const same = before && deepEqual(before.metadata.labels, node.metadata.labels) && deepEqual(before.spec?.taints, node.spec?.taints);
      if (type === "MODIFIED" && same) return;
      for (const set of sets.list()) queue.add(keyOf(set));
    });
  },
};
