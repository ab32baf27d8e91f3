/** What the scheduler writes into a Pod's status when it finds no node. @see kubernetes pkg/scheduler/schedule_one.go (updatePod) */
import type { Pod, PodCondition } from "../../../generated/v1.36/model.ts";
import { POD } from "../../api/kinds.ts";
import type { Client } from "../../sim/client.ts";
import type { ComponentContext } from "../../sim/component.ts";

export function markUnschedulable(
  { client, loop }: ComponentContext,
  pod: Pod,
  why: { readonly reason: string; readonly message: string; readonly nominatedNodeName: string | undefined },
): void {
  const { name, namespace, generation } = pod.metadata;
  const stored = client.get(POD, name, namespace);
  if (!stored) return;
  const condition: PodCondition = {
    type: "PodScheduled",
    status: "False",
    reason: why.reason,
    message: why.message,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
  const conditions = withCondition(stored.status?.conditions ?? [], condition, loop.timestamp());
  const nominated = why.nominatedNodeName ?? null;
  if (!conditions && (stored.status?.nominatedNodeName ?? null) === nominated) return;
  client.patch(
    POD,
    name,
    namespace,
    { status: { ...(conditions ? { conditions } : {}), nominatedNodeName: nominated } },
    { subresource: "status" },
  );
}

/** Others are told where the Pod will be. */
export function nominate(client: Client, { metadata: { name, namespace } }: Pod, nodeName: string): void {
  if (client.get(POD, name, namespace)?.status?.nominatedNodeName === nodeName) return;
  client.patch(POD, name, namespace, { status: { nominatedNodeName: nodeName } }, { subresource: "status" });
}

/** The conditions with one set, or `undefined` when it is set so already. The time changes only with the status. */
export function withCondition(
  conditions: readonly PodCondition[],
  condition: PodCondition,
  now: string,
): readonly PodCondition[] | undefined {
  const old = conditions.find((c) => c.type === condition.type);
  if (!old) return [...conditions, { ...condition, lastTransitionTime: now }];
  const same =
    old.status === condition.status &&
    old.reason === condition.reason &&
    old.message === condition.message &&
    old.observedGeneration === condition.observedGeneration;
  if (same) return undefined;
  const time = old.status === condition.status ? old.lastTransitionTime : now;
  return conditions.map((c) => (c === old ? { ...condition, lastTransitionTime: time } : c));
}
