/**
 * ReplicaSets and ReplicationControllers: keep so many Pods of a template.
 * @see kubernetes pkg/controller/replicaset/replica_set.go
 */
import type { Pod, ReplicaSet, ReplicaSetStatus, ReplicationController } from "../../../generated/v1.36/model.ts";
import { POD, REPLICA_SET, REPLICATION_CONTROLLER } from "../../api/kinds.ts";
import { controllerOf, type Kind, type KubeObject, keyOf } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { type Labels, matchesSelector } from "../../lib/labels.ts";
import type { Refused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry } from "./controller.ts";
import { compareForDeletion } from "./deletion-order.ts";
import { claim, indexOrphans } from "./owned.ts";
import { pacedQueueFor } from "./paced-queue.ts";
import { createPod, deletePod, podFromTemplate } from "./pod-control.ts";
import { isPodActive, isPodReady, isPodTerminating } from "./pods.ts";
import { type ReplicatedSpec, replicaStatus } from "./replicas.ts";
import { slowStart } from "./slow-start.ts";

/** Pods created or deleted in one round at most. */
const BURST_REPLICAS = 500;

type Replicated = KubeObject & { readonly status?: ReplicaSetStatus | undefined };

interface Flavor<T extends Replicated> {
  readonly name: string;
  readonly kind: Kind<T>;
  /** Whether its status tells of Pods that are going. */
  readonly countsTerminating: boolean;
  spec(object: T): ReplicatedSpec;
}

const REPLICA_SETS: Flavor<ReplicaSet> = {
  name: "replicaset-controller",
  kind: REPLICA_SET,
  countsTerminating: true,
  spec: ({ spec }) => ({
    minReadySeconds: spec.minReadySeconds ?? 0,
    replicas: spec.replicas ?? 1,
    selector: spec.selector,
    template: spec.template ?? {},
  }),
};

const REPLICATION_CONTROLLERS: Flavor<ReplicationController> = {
  name: "replication-controller",
  kind: REPLICATION_CONTROLLER,
  countsTerminating: false,
  spec: ({ spec }) => ({
    minReadySeconds: spec?.minReadySeconds ?? 0,
    replicas: spec?.replicas ?? 1,
    selector: spec?.selector && { matchLabels: spec.selector },
    template: spec?.template ?? {},
  }),
};

/** One round for one object. */
function reconcile<T extends Replicated>(context: ComponentContext, flavor: Flavor<T>, object: T): ReconcileResult {
  const { loop, informers } = context;
  const pods = informers.for(POD);
  const spec = flavor.spec(object);
  const matches = (o: { readonly metadata: { readonly labels?: Labels | undefined } }): boolean =>
    matchesSelector(spec.selector, o.metadata.labels);
  const { owned: active, retry } = claim(context, pods, POD, object, matches, isPodActive);
  if (retry) return "retry";
  const terminating = pods.controlledBy(object.metadata.uid ?? "").filter((p) => isPodTerminating(p) && matches(p)).length;
  const failure = object.metadata.deletionTimestamp === undefined ? manage(context, flavor, object, spec, active) : undefined;
  const instantOf = loop.instantOf.bind(loop);
  const status = replicaStatus(
    {
      spec,
      status: object.status,
      generation: object.metadata.generation ?? 0,
      active,
      terminating: flavor.countsTerminating ? terminating : undefined,
      failure: failure?.message,
    },
    loop.now(),
    loop.timestamp(),
    instantOf,
  );
  if (!deepEqual(status, object.status) && mustRetry(context.client.updateStatus({ ...object, status }))) return "retry";
  if (failure) return "retry";
  if (spec.minReadySeconds > 0 && (status.availableReplicas ?? 0) < (status.readyReplicas ?? 0))
    return { afterMs: nextAvailableMs(active, spec.minReadySeconds, loop.now(), instantOf) };
}

/** Creates or deletes Pods; the first failure. */
function manage<T extends Replicated>(
  context: ComponentContext,
  flavor: Flavor<T>,
  object: T,
  spec: ReplicatedSpec,
  active: readonly Pod[],
): Refused | undefined {
  const missing = spec.replicas - active.length;
  if (missing > 0) {
    const pod = podFromTemplate(spec.template, object);
    return slowStart(Math.min(missing, BURST_REPLICAS), () => createPod(context, flavor.name, object, pod));
  }
  if (missing === 0) return undefined;
  let first: Refused | undefined;
  for (const pod of victims(context, object, active, Math.min(-missing, BURST_REPLICAS))) {
    const failure = deletePod(context, flavor.name, object, pod);
    first ??= failure;
  }
  return first;
}

/** The Pods to delete: the family are the Pods of all that share our own manager (the ReplicaSets of one Deployment). */
function victims(context: ComponentContext, object: Replicated, active: readonly Pod[], count: number): readonly Pod[] {
  if (count >= active.length) return active;
  const { informers, loop } = context;
  const manager = controllerOf(object);
  const family = manager ? informers.for(REPLICA_SET).controlledBy(manager.uid) : [object];
  const onNode = new Map<string, number>();
  for (const member of family)
    for (const pod of informers.for(POD).controlledBy(member.metadata.uid ?? ""))
      if (isPodActive(pod)) onNode.set(pod.spec.nodeName ?? "", (onNode.get(pod.spec.nodeName ?? "") ?? 0) + 1);
  const ranked = active.map((pod) => ({ pod, rank: onNode.get(pod.spec.nodeName ?? "") ?? 0 }));
  const instantOf = loop.instantOf.bind(loop);
  return ranked
    .sort((a, b) => compareForDeletion(a, b, loop.now(), instantOf))
    .slice(0, count)
    .map((r) => r.pod);
}

/** When the next ready Pod becomes available. */
function nextAvailableMs(active: readonly Pod[], minReadySeconds: number, nowMs: number, instantOf: (rfc3339: string) => number): number {
  let next = minReadySeconds * 1000;
  for (const pod of active) {
    const since = pod.status?.conditions?.find((c) => c.type === "Ready" && c.status === "True")?.lastTransitionTime;
    if (since === undefined || !isPodReady(pod)) continue;
    const left = instantOf(since) + minReadySeconds * 1000 - nowMs;
    if (left > 0) next = Math.min(next, left);
  }
  return next;
}

function controllerFor<T extends Replicated>(flavor: Flavor<T>): Controller {
  return {
    name: flavor.name,
    start(context) {
      const objects = context.informers.for(flavor.kind);
      const pods = context.informers.for(POD);
      indexOrphans(pods);
      const podsOf = (object: T): number => pods.controlledBy(object.metadata.uid ?? "").length;
      const queue = pacedQueueFor(context, objects, podsOf, (object) => reconcile(context, flavor, object));
      objects.on((_type, object) => queue.add(keyOf(object)));
      const wakeManager = (pod: Pod): boolean => {
        const manager = controllerOf(pod);
        if (!manager) return false;
        if (manager.kind === flavor.kind.kind && manager.apiVersion === flavor.kind.apiVersion)
          queue.add(`${pod.metadata.namespace}/${manager.name}`);
        return true;
      };
      pods.on((type, pod, before) => {
        if (
          before &&
          before.metadata.ownerReferences !== pod.metadata.ownerReferences &&
          controllerOf(before)?.uid !== controllerOf(pod)?.uid
        )
          wakeManager(before);
        if (wakeManager(pod) || type === "DELETED") return;
        const same = before && !controllerOf(before) && deepEqual(before.metadata.labels, pod.metadata.labels);
        if (same) return;
        for (const object of objects.inNamespace(pod.metadata.namespace ?? ""))
          if (matchesSelector(flavor.spec(object).selector, pod.metadata.labels)) queue.add(keyOf(object));
      });
    },
  };
}

export const replicaSetController: Controller = controllerFor(REPLICA_SETS);
export const replicationController: Controller = controllerFor(REPLICATION_CONTROLLERS);
