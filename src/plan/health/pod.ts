import type { ContainerStatus, Pod } from "../../../generated/v1.36/model.ts";
import { conditionOf, type Health, health } from "./health.ts";

/** A reason of a waiting container that is a passing state, not a fault. */
const PASSING: ReadonlySet<string> = new Set(["ContainerCreating", "PodInitializing"]);

/** Healthy when ready, or done. A container that ended badly or cannot start says why. */
export function podHealth(pod: Pod): Health {
  const status = pod.status ?? {};
  if (status.phase === "Succeeded") return health("healthy", 1, 1);
  if (status.phase === "Failed") {
    const ended = badEnd(status.containerStatuses) ?? badEnd(status.initContainerStatuses);
    return health("failed", 0, 1, status.reason ?? ended?.reason ?? "Failed", status.message ?? ended?.message ?? "");
  }
  if (conditionOf(status.conditions, "Ready")?.status === "True") return health("healthy", 1, 1);
  const scheduled = conditionOf(status.conditions, "PodScheduled");
  if (!pod.spec.nodeName) return health("waiting", 0, 1, scheduled?.reason ?? "Unschedulable", scheduled?.message ?? "");
  const fault = cannotStart(status.initContainerStatuses) ?? cannotStart(status.containerStatuses);
  if (fault) return health("failed", 0, 1, fault.reason, fault.message);
  return health("waiting", 0, 1, "", "");
}

interface Fault {
  readonly reason: string;
  readonly message: string;
}

function badEnd(list: readonly ContainerStatus[] | undefined): Fault | undefined {
  const ended = list?.find((c) => c.state?.terminated !== undefined && c.state.terminated.exitCode !== 0);
  const state = ended?.state?.terminated;
  return state && { reason: state.reason ?? "Error", message: `container ${ended.name} ended with exit code ${state.exitCode}` };
}

function cannotStart(list: readonly ContainerStatus[] | undefined): Fault | undefined {
  for (const c of list ?? []) {
    const { waiting, terminated } = c.state ?? {};
    if (waiting?.reason && !PASSING.has(waiting.reason)) return { reason: waiting.reason, message: waiting.message ?? lastEnd(c) };
    if (terminated && terminated.exitCode !== 0)
      return { reason: terminated.reason ?? "Error", message: `container ${c.name} ended with exit code ${terminated.exitCode}` };
  }
  return undefined;
}

function lastEnd(c: ContainerStatus): string {
  const last = c.lastState?.terminated;
  return last ? `container ${c.name} ended with exit code ${last.exitCode}` : `container ${c.name}`;
}
