/**
 * The eviction subresource of Pods: a delete that asks the disruption budgets first.
 * @see kubernetes pkg/registry/core/pod/storage/eviction.go
 */
import type { Pod, PodDisruptionBudget } from "../../../generated/v1.36/model.ts";
import { POD } from "../../api/kinds.ts";
import { type Kind, kindOf } from "../../api/object.ts";
import { matchesSelector } from "../../lib/labels.ts";
import { type Answer, isRefused } from "../../sim/answer.ts";
import type { Client } from "../../sim/client.ts";
import type { Loop } from "../../sim/loop.ts";

const BUDGET: Kind<PodDisruptionBudget> = kindOf("policy/v1", "PodDisruptionBudget");
/** Evictions that the disruption controller has not yet seen: more of them than this refuse the next one. */
const DISRUPTED_PODS_MAX = 2000;

const CONDITION = { type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI", message: "Eviction API: evicting" } as const;

/** Evicts a Pod: 429 TooManyRequests when its budget allows no disruption, 500 when several budgets select it. */
export function evict(client: Client, loop: Loop, pod: Pod): Answer {
  const { name, namespace } = pod.metadata;
  if (!needsBudget(pod)) return markAndDelete(client, loop, pod);
  const budgets = client.list(BUDGET, namespace).filter((b) => matchesSelector(b.spec.selector, pod.metadata.labels));
  if (budgets.length > 1)
    return {
      code: 500,
      reason: "InternalError",
      message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    };
  const [budget] = budgets;
  if (budget && !(mayGoWhileUnhealthy(pod, budget) && !isReady(pod))) {
    const refused = spend(client, loop, budget, name);
    if (refused) return refused;
  }
  return markAndDelete(client, loop, pod);
}

/** A condition tells the Pod's owner why it goes: a Job may not count it as a failure. */
function markAndDelete(client: Client, loop: Loop, { metadata }: Pod): Answer {
  const { name, namespace, uid } = metadata;
  const pod = client.get(POD, name, namespace);
  if (pod && pod.metadata.uid === uid && !pod.status?.conditions?.some((c) => c.type === CONDITION.type && c.status === "True")) {
    const others = (pod.status?.conditions ?? []).filter((c) => c.type !== CONDITION.type);
    const conditions = [...others, { ...CONDITION, lastTransitionTime: loop.timestamp() }];
    const marked = client.updateStatus<Pod>({ ...pod, status: { ...pod.status, conditions } });
    if (isRefused(marked)) return marked;
  }
  return client.delete(POD, name, namespace, uid === undefined ? {} : { preconditions: { uid } });
}

/** Pods that are finished, not yet started or on their way out disrupt nothing. */
function needsBudget(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return phase !== "Succeeded" && phase !== "Failed" && phase !== "Pending" && pod.metadata.deletionTimestamp === undefined;
}

/** `AlwaysAllow`, or `IfHealthyBudget` (the default) while the budget itself is met. */
function mayGoWhileUnhealthy(pod: Pod, budget: PodDisruptionBudget): boolean {
  if (budget.spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  const healthy = budget.status?.currentHealthy ?? 0;
  return !isReady(pod) && healthy >= (budget.status?.desiredHealthy ?? 0) && (budget.status?.desiredHealthy ?? 0) > 0;
}

function isReady(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some((c) => c.type === "Ready" && c.status === "True");
}

/** Takes one disruption from the budget, or says why not. */
function spend(client: Client, loop: Loop, budget: PodDisruptionBudget, pod: string): Answer | undefined {
  const refused = (cause: string): Answer => ({
    code: 429,
    reason: "TooManyRequests",
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    causes: [{ reason: "DisruptionBudget", field: "", message: cause }],
  });
  const name = budget.metadata.name;
  const status = budget.status;
  if (!status || (status.observedGeneration ?? 0) < (budget.metadata.generation ?? 0))
    return refused(`The disruption budget ${name} is still being processed by the server.`);
  if (Object.keys(status.disruptedPods ?? {}).length > DISRUPTED_PODS_MAX)
    return refused(`The disruption budget ${name} has too many evictions under way.`);
  const allowed = status.disruptionsAllowed ?? 0;
  if (allowed <= 0)
    return refused(`The disruption budget ${name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`);
  client.updateStatus<PodDisruptionBudget>({
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: allowed - 1,
      disruptedPods: { ...status.disruptedPods, [pod]: loop.timestamp() },
    },
  });
  return undefined;
}
