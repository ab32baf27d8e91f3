/**
 * The status of one container, from what its runs have come to.
 * Simplified: `containerID` is left out and `imageID` is empty, since there is no runtime that would give them.
 * @see kubernetes pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses
 */
import type { Container, ContainerState, ContainerStatus, Pod } from "../../../generated/v1.36/model.ts";
import type { RunState } from "./runs.ts";

/** Writes an instant as RFC 3339. */
export type Timestamp = (atMs: number) => string;

const NO_STATE: ContainerState = {};
/** What a process ends with that is told to stop: 128 + SIGTERM. */
const EXIT_CODE_STOPPED = 143;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface Parts {
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  readonly lastState?: ContainerState;
}

function statusOf(container: Container, parts: Parts): ContainerStatus {
  const { ready, started, restartCount, state, lastState = NO_STATE } = parts;
  const image = container.image ?? "";
  const status: Writable<ContainerStatus> = { image, imageID: "", lastState, name: container.name, ready, restartCount, started, state };
  if (container.resources) status.resources = container.resources;
  return status;
}

/** Not started yet. */
export function waitingStatus(container: Container, reason: string, message?: string): ContainerStatus {
  const waiting = message === undefined ? { reason } : { message, reason };
  return statusOf(container, { ready: false, started: false, restartCount: 0, state: { waiting } });
}

/** An init container that has done its work. */
export function doneStatus(container: Container, sinceMs: number, endedMs: number, at: Timestamp): ContainerStatus {
  return statusOf(container, { ready: true, started: false, restartCount: 0, state: terminated(0, sinceMs, endedMs, at) });
}

export function runStatus(
  pod: Pod,
  container: Container,
  run: RunState,
  exitCode: number,
  passed: { readonly started: boolean; readonly ready: boolean },
  at: Timestamp,
): ContainerStatus {
  const restartCount = run.restarts;
  switch (run.is) {
    case "running":
      return statusOf(container, {
        ready: passed.ready,
        started: passed.started,
        restartCount,
        state: { running: { startedAt: at(run.sinceMs) } },
        // Simplified: when exactly the run before this one ended is not kept.
        lastState: restartCount > 0 ? { terminated: { exitCode, reason: reasonOf(exitCode) } } : NO_STATE,
      });
    case "ended":
      return statusOf(container, {
        ready: false,
        started: false,
        restartCount,
        state: terminated(exitCode, run.sinceMs, run.endedMs, at),
      });
    case "backing off":
      return statusOf(container, {
        ready: false,
        started: false,
        restartCount,
        state: {
          waiting: {
            message: `back-off ${goDuration(run.delayMs)} restarting failed container=${container.name} pod=${podText(pod)}`,
            reason: "CrashLoopBackOff",
          },
        },
        lastState: terminated(exitCode, run.sinceMs, run.endedMs, at),
      });
  }
}

/** Told to stop (or killed, with 137): whatever ran has ended now; what had ended, or never began, stays as it was. */
export function stoppedStatus(status: ContainerStatus, atMs: number, at: Timestamp, exitCode: number = EXIT_CODE_STOPPED): ContainerStatus {
  const { running } = status.state ?? {};
  if (!running) return status;
  const state = {
    terminated: {
      exitCode,
      finishedAt: at(atMs),
      reason: reasonOf(exitCode),
      ...(running.startedAt ? { startedAt: running.startedAt } : {}),
    },
  };
  return { ...status, ready: false, started: false, state };
}

function terminated(exitCode: number, sinceMs: number, endedMs: number, at: Timestamp): ContainerState {
  return { terminated: { exitCode, finishedAt: at(endedMs), reason: reasonOf(exitCode), startedAt: at(sinceMs) } };
}

function reasonOf(exitCode: number): string {
  return exitCode === 0 ? "Completed" : "Error";
}

/** `name_namespace(uid)`, as kubelets write a Pod. */
export function podText(pod: Pod): string {
  return `${pod.metadata.name}_${pod.metadata.namespace ?? ""}(${pod.metadata.uid ?? ""})`;
}

/** Whole seconds as Go writes a duration: `10s`, `1m20s`, `5m0s`. */
function goDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
