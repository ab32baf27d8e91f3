/**
 * The eviction subresource of Pods: a delete that asks the disruption budgets first.
 * @see kubernetes pkg/registry/core/pod/storage/eviction.go
 */
import type { Pod, PodDisruptionBudget } from "../../../generated/v1.36/model.ts";
import { POD } from "../../api/kinds.ts";
import { type Kind, kindOf } from "../../api/object.ts";
import { goQuote } from "../../lib/go-text.ts";
import { matchesSelector } from "../../lib/labels.ts";
import { type Answer, isRefused, type Refused } from "../../sim/answer.ts";
import type { Client } from "../../sim/client.ts";
import type { Loop } from "../../sim/loop.ts";
import { plainError } from "./status.ts";

const BUDGET: Kind<PodDisruptionBudget> = kindOf("policy/v1", "PodDisruptionBudget");
/** Evictions that the disruption controller has not yet seen: more of them than this refuse the next one (403). */
const DISRUPTED_PODS_MAX = 2000;
const ALLOWED = "DisruptionAllowed";

const CONDITION = { type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI", message: "Eviction API: evicting" } as const;

/** Evicts a Pod: 429 TooManyRequests when its budget allows no disruption, 500 when several budgets select it. */
export function evict(client: Client, loop: Loop, pod: Pod): Answer {
  const { name, namespace } = pod.metadata;
  if (!needsBudget(pod)) return markAndDelete(client, loop, pod);
  const budgets = client.list(BUDGET, namespace).filter((b) => matchesSelector(b.spec.selector, pod.metadata.labels));
  if (budgets.length > 1)
    return plainError("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
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
  const { name, generation = 0 } = budget.metadata;
  const { status } = budget;
  if (!status || (status.observedGeneration ?? 0) < generation)
    return tooMany(`The disruption budget ${name} is still being processed by the server.`);
  const allowed = status.disruptionsAllowed ?? 0;
  if (allowed < 0) return forbidden(name, "pdb disruptions allowed is negative");
  if (Object.keys(status.disruptedPods ?? {}).length > DISRUPTED_PODS_MAX)
    return forbidden(name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
  if (allowed === 0) return tooMany(whyNone(name, status));
  const spent = client.updateStatus<PodDisruptionBudget>({
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: allowed - 1,
      disruptedPods: { ...status.disruptedPods, [pod]: loop.timestamp() },
      ...(allowed === 1 && { conditions: exhausted(status, loop.timestamp()) }),
    },
  });
  return isRefused(spent) ? spent : undefined;
}

type Status = NonNullable<PodDisruptionBudget["status"]>;

/** A sync that failed comes first: then the counts are not to be trusted. */
function whyNone(name: string, { conditions, currentHealthy = 0, desiredHealthy = 0 }: Status): string {
  const none = `The disruption budget ${name} does not allow evicting pods currently`;
  const condition = conditions?.find((c) => c.type === ALLOWED);
  const told = condition?.status === "False" && condition.message ? condition : undefined;
  if (told?.reason === "SyncFailed") return `${none} because it failed sync: ${told.message}`;
  if (currentHealthy <= desiredHealthy)
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  return told ? `${none} (${told.reason}): ${told.message}` : none;
}

/** The budget tells that nothing more may go, before its controller has seen it. */
function exhausted({ conditions = [], observedGeneration }: Status, now: string): Status["conditions"] {
  const known = conditions.find((c) => c.type === ALLOWED);
  const next = {
    type: ALLOWED,
    status: "False",
    reason: "InsufficientPods",
    message: "",
    lastTransitionTime: known?.status === "False" ? known.lastTransitionTime : now,
    ...(observedGeneration !== undefined && { observedGeneration }),
  } as const;
  return known ? conditions.map((c) => (c === known ? next : c)) : [...conditions, next];
}

function tooMany(cause: string): Refused {
  return {
    code: 429,
    reason: "TooManyRequests",
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    causes: [{ reason: "DisruptionBudget", field: "", message: cause }],
  };
}

function forbidden(name: string, why: string): Refused {
  return {
    code: 403,
    reason: "Forbidden",
    message: `poddisruptionbudget.policy ${goQuote(name)} is forbidden: ${why}`,
    details: { name, group: "policy", kind: "poddisruptionbudget" },
  };
}
