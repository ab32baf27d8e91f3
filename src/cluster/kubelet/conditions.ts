/**
 * The conditions that a kubelet keeps on a Pod.
 * @see kubernetes pkg/kubelet/status/generate.go
 */
import type { ContainerStatus, Pod, PodCondition, PodStatus } from "../../../generated/v1.36/model.ts";
import { goQuote } from "../../lib/go-text.ts";

/** Type, status, reason, message. */
type Verdict = readonly [type: string, status: "True" | "False", reason?: string | undefined, message?: string | undefined];

export interface PodState {
  readonly phase: NonNullable<PodStatus["phase"]>;
  /** Whether the sandbox with its network is there. */
  readonly sandbox: boolean;
  readonly initStatuses: readonly ContainerStatus[];
  readonly statuses: readonly ContainerStatus[];
}

const OWN = new Set(["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"]);

/** The kubelet's own conditions, in its order, and those of others as they are; an unchanged one keeps its time of transition. */
export function podConditions(pod: Pod, state: PodState, timestamp: string): readonly PodCondition[] {
  const before = pod.status?.conditions ?? [];
  const containersReady = containersReadyVerdict(pod, state);
  const verdicts: readonly Verdict[] = [
    ["PodReadyToStartContainers", state.sandbox ? "True" : "False"],
    initializedVerdict(pod, state),
    readyVerdict(pod, containersReady, before),
    containersReady,
    ["PodScheduled", "True"],
  ];
  const conditions: PodCondition[] = before.filter((c) => !OWN.has(c.type));
  for (const [type, status, reason, message] of verdicts) {
    const old = before.find((c) => c.type === type);
    const lastTransitionTime = old?.status === status ? (old.lastTransitionTime ?? timestamp) : timestamp;
    conditions.push(conditionFrom(lastTransitionTime, message, pod.metadata.generation, reason, status, type));
  }
  return conditions;
}

function conditionFrom(
  lastTransitionTime: string,
  message: string | undefined,
  observedGeneration: number | undefined,
  reason: string | undefined,
  status: string,
  type: string,
): PodCondition {
  if (message === undefined && observedGeneration !== undefined)
    return reason === undefined
      ? { lastTransitionTime, observedGeneration, status, type }
      : { lastTransitionTime, observedGeneration, reason, status, type };
  return {
    lastTransitionTime,
    ...(message === undefined ? {} : { message }),
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    ...(reason === undefined ? {} : { reason }),
    status,
    type,
  };
}

function containersReadyVerdict(pod: Pod, state: PodState): Verdict {
  if (state.phase === "Succeeded") return ["ContainersReady", "False", "PodCompleted"];
  if (state.phase === "Failed") return ["ContainersReady", "False", "PodFailed"];
  const unready: string[] = [];
  for (const [i, container] of (pod.spec.initContainers ?? []).entries())
    if (container.restartPolicy === "Always" && !state.initStatuses[i]?.ready) unready.push(container.name);
  for (const status of state.statuses) if (!status.ready) unready.push(status.name);
  if (unready.length === 0) return ["ContainersReady", "True"];
  return ["ContainersReady", "False", "ContainersNotReady", `containers with unready status: [${unready.join(" ")}]`];
}

function readyVerdict(pod: Pod, containersReady: Verdict, conditions: readonly PodCondition[]): Verdict {
  const [, status, reason, message] = containersReady;
  if (status === "False") return ["Ready", status, reason, message];
  const missing: string[] = [];
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const gate = conditions.find((c) => c.type === conditionType);
    if (!gate) missing.push(`corresponding condition of pod readiness gate ${goQuote(conditionType)} does not exist.`);
    else if (gate.status !== "True")
      missing.push(`the status of pod readiness gate ${goQuote(conditionType)} is not "True", but ${gate.status}`);
  }
  return missing.length > 0 ? ["Ready", "False", "ReadinessGatesNotReady", missing.join(", ")] : ["Ready", "True"];
}

function initializedVerdict(pod: Pod, state: PodState): Verdict {
  if (state.phase === "Succeeded") return ["Initialized", "True", "PodCompleted"];
  if (state.statuses.some((s) => s.state?.running || s.state?.terminated || s.lastState?.terminated)) return ["Initialized", "True"];
  const incomplete: string[] = [];
  for (const [i, container] of (pod.spec.initContainers ?? []).entries()) {
    const status = state.initStatuses[i];
    if (container.restartPolicy === "Always" ? !status?.started : !status?.ready) incomplete.push(container.name);
  }
  if (incomplete.length === 0) return ["Initialized", "True"];
  return ["Initialized", "False", "ContainersNotInitialized", `containers with incomplete status: [${incomplete.join(" ")}]`];
}
