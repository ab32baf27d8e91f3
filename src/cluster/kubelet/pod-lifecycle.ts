/**
 * The life of a Pod on its node as arithmetic: what has happened to it, and the time, give its status and when that will change by itself.
 *
 * seen → volumes and network there → init containers one after the other (sidecars stay) → containers → ready → ended or stopped
 *
 * Simplified: an init container has done its work as soon as it has started, since a plan cannot know how long it would take.
 * @see kubernetes pkg/kubelet/kubelet_pods.go getPhase, generateAPIPodStatus; pkg/kubelet/active_deadline.go
 */
import type { Container, ContainerStatus, Pod, PodStatus } from "../../../generated/v1.36/model.ts";
import { changed } from "../../lib/changed.ts";
import { podConditions } from "./conditions.ts";
import { doneStatus, runStatus, stoppedStatus, type Timestamp, waitingStatus } from "./container-status.ts";
import { probeDelays } from "./probes.ts";
import { runPlan, runState } from "./runs.ts";

/** How long things take, in virtual milliseconds. */
export interface PodTiming {
  /** For a container to start. 0: containers start, and are ready, in an instant, whatever delays their probes have. */
  readonly startMs: number;
  /** For a container that is to complete to do so. */
  readonly runMs: number;
  /** For containers to stop when told to. 0: in an instant, whatever their preStop hooks say. */
  readonly stopMs: number;
}

/** Why a container cannot be created; or since when it can, after it could not. */
export type Hold = { readonly error: string } | { readonly freedMs: number };

/** What has happened to a Pod. */
export interface PodHistory {
  /** When the kubelet took it. */
  readonly seenMs: number;
  /** Since when its volumes and its network are there. */
  readonly mountedMs: number | undefined;
  /** Containers that could not be created for want of what their environment names. */
  readonly holds: ReadonlyMap<string, Hold>;
  readonly podIps: readonly string[];
  readonly hostIps: readonly string[];
}

export interface PodStep {
  readonly status: PodStatus;
  /** When the status will be another, if nothing else happens. */
  readonly nextMs: number | undefined;
  /** All containers have ended for good. */
  readonly over: boolean;
}

const DEADLINE_REASON = "DeadlineExceeded";
const DEADLINE_MESSAGE = "Pod was active on the node longer than the specified deadline";
const EXIT_CODE_KILLED = 137;

/** Keeps the earliest of the instants to come. */
class Next {
  readonly #nowMs: number;
  atMs: number | undefined;

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  at(atMs: number | undefined): void {
    if (atMs !== undefined && atMs > this.#nowMs && (this.atMs === undefined || atMs < this.atMs)) this.atMs = atMs;
  }
}

interface Containers {
  readonly init: readonly ContainerStatus[];
  readonly main: readonly ContainerStatus[];
  readonly phase: NonNullable<PodStatus["phase"]>;
}

/** The status of a Pod at `nowMs`, and when it will be another. */
export function podStep(pod: Pod, history: PodHistory, timing: PodTiming, nowMs: number, at: Timestamp): PodStep {
  const next = new Next(nowMs);
  const { activeDeadlineSeconds } = pod.spec;
  const deadlineMs = activeDeadlineSeconds === undefined ? Number.POSITIVE_INFINITY : history.seenMs + activeDeadlineSeconds * 1000;
  let containers = containersAt(pod, history, timing, Math.min(nowMs, deadlineMs), at, next);
  let over = isTerminal(containers.phase);
  const exceeded = !over && nowMs >= deadlineMs;
  if (exceeded) {
    containers = stopped(containers, deadlineMs, at, EXIT_CODE_KILLED, "Failed");
    over = true;
  } else if (Number.isFinite(deadlineMs)) next.at(deadlineMs);
  const status = podStatus(pod, history, timing, containers, nowMs, at);
  return {
    status: exceeded ? changed(status, { message: DEADLINE_MESSAGE, reason: DEADLINE_REASON }) : status,
    nextMs: over ? undefined : next.atMs,
    over,
  };
}

/** The status of a Pod whose containers have been told to stop, and have stopped at `nowMs`. */
export function stoppedPodStatus(pod: Pod, history: PodHistory, timing: PodTiming, nowMs: number, at: Timestamp): PodStatus {
  const containers = containersAt(pod, history, timing, nowMs, at, new Next(nowMs));
  const phase = isTerminal(containers.phase) ? containers.phase : "Failed";
  return podStatus(pod, history, timing, stopped(containers, nowMs, at, undefined, phase), nowMs, at);
}

export function isTerminal(phase: PodStatus["phase"]): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

function containersAt(pod: Pod, history: PodHistory, timing: PodTiming, nowMs: number, at: Timestamp, next: Next): Containers {
  const inits = pod.spec.initContainers ?? [];
  const notYet = inits.length > 0 ? "PodInitializing" : "ContainerCreating";
  const init: ContainerStatus[] = [];
  /** When the next container may begin; undefined: something before it never comes to its end. */
  let turnMs = history.mountedMs;
  for (const container of inits) {
    const startedMs = runsFrom(container, turnMs, history, timing);
    if (startedMs === undefined || nowMs < startedMs) {
      init.push(notRunning(container, notYet, turnMs !== undefined && nowMs >= turnMs, history));
      next.at(startedMs);
      turnMs = undefined;
    } else if (container.restartPolicy === "Always") {
      const delays = delaysOf(container, timing);
      init.push(running(pod, container, startedMs, delays, timing, nowMs, at, next, true));
      turnMs = nowMs < startedMs + delays.startedMs ? undefined : startedMs + delays.startedMs;
    } else {
      init.push(doneStatus(container, startedMs, startedMs, at));
      turnMs = startedMs;
    }
  }
  const neverReady = pod.metadata.annotations?.["seatrial.dev/ready"] === "false";
  const main = pod.spec.containers.map((container) => {
    const startedMs = runsFrom(container, turnMs, history, timing);
    if (startedMs !== undefined && nowMs >= startedMs)
      return running(pod, container, startedMs, delaysOf(container, timing), timing, nowMs, at, next, !neverReady);
    next.at(startedMs);
    return notRunning(container, notYet, turnMs !== undefined && nowMs >= turnMs, history);
  });
  const phase = phaseOf(init, main, turnMs === undefined);
  const containers = { init, main, phase };
  // Sidecars are stopped once all others have ended.
  return isTerminal(phase) ? stopped(containers, nowMs, at, 0, phase) : containers;
}

/** When a container runs whose turn comes at `turnMs`; undefined: not as things are. */
function runsFrom(container: Container, turnMs: number | undefined, history: PodHistory, timing: PodTiming): number | undefined {
  if (turnMs === undefined) return undefined;
  const hold = history.holds.get(container.name);
  if (!hold) return turnMs + timing.startMs;
  return "error" in hold ? undefined : Math.max(turnMs, hold.freedMs) + timing.startMs;
}

function notRunning(container: Container, notYet: string, itsTurn: boolean, history: PodHistory): ContainerStatus {
  const hold = itsTurn ? history.holds.get(container.name) : undefined;
  return hold && "error" in hold ? waitingStatus(container, "CreateContainerConfigError", hold.error) : waitingStatus(container, notYet);
}

function delaysOf(container: Container, timing: PodTiming): { readonly startedMs: number; readonly readyMs: number } {
  return timing.startMs === 0 ? { startedMs: 0, readyMs: 0 } : probeDelays(container);
}

function running(
  pod: Pod,
  container: Container,
  firstMs: number,
  delays: { readonly startedMs: number; readonly readyMs: number },
  timing: PodTiming,
  nowMs: number,
  at: Timestamp,
  next: Next,
  mayBeReady: boolean,
): ContainerStatus {
  const sidecar = container.restartPolicy === "Always" && (pod.spec.initContainers?.includes(container) ?? false);
  const plan = sidecar ? { lastsMs: undefined, exitCode: 0, restarts: true } : runPlan(pod, container, timing.runMs);
  const run = runState(plan, firstMs, nowMs);
  if (run.is !== "running") {
    next.at(run.is === "backing off" ? run.untilMs : undefined);
    return runStatus(pod, container, run, plan.exitCode, { started: false, ready: false }, at);
  }
  next.at(run.untilMs);
  next.at(run.sinceMs + delays.startedMs);
  if (mayBeReady) next.at(run.sinceMs + delays.readyMs);
  const started = nowMs >= run.sinceMs + delays.startedMs;
  const ready = mayBeReady && nowMs >= run.sinceMs + delays.readyMs;
  return runStatus(pod, container, run, plan.exitCode, { started, ready }, at);
}

function stopped(
  containers: Containers,
  atMs: number,
  at: Timestamp,
  exitCode: number | undefined,
  phase: NonNullable<PodStatus["phase"]>,
): Containers {
  const stop = (status: ContainerStatus): ContainerStatus => stoppedStatus(status, atMs, at, exitCode);
  return { init: containers.init.map(stop), main: containers.main.map(stop), phase };
}

/**
 * | containers | phase |
 * |---|---|
 * | init containers to come, or one that never ran | Pending |
 * | one runs, or will be restarted | Running |
 * | all ended, all with 0 | Succeeded |
 * | all ended, one otherwise | Failed |
 */
function phaseOf(
  init: readonly ContainerStatus[],
  main: readonly ContainerStatus[],
  initializing: boolean,
): NonNullable<PodStatus["phase"]> {
  if (initializing || init.some((s) => s.state?.waiting)) return "Pending";
  if (main.some((s) => s.state?.waiting && !s.lastState?.terminated)) return "Pending";
  if (main.some((s) => s.state?.running || s.state?.waiting)) return "Running";
  if (main.every((s) => s.state?.terminated?.exitCode === 0)) return "Succeeded";
  return "Failed";
}

function podStatus(pod: Pod, history: PodHistory, timing: PodTiming, containers: Containers, nowMs: number, at: Timestamp): PodStatus {
  const { reason: _reason, message: _message, podIP: _podIp, podIPs: _podIps, ...kept } = pod.status ?? {};
  const sandbox = history.mountedMs !== undefined && nowMs >= history.mountedMs + timing.startMs;
  const { init, main, phase } = containers;
  const over = isTerminal(phase);
  const [podIP] = history.podIps;
  const [hostIP] = history.hostIps;
  const status: { -readonly [K in keyof PodStatus]: PodStatus[K] } = kept;
  status.conditions = podConditions(pod, { phase, sandbox: sandbox && !over, initStatuses: init, statuses: main }, at(nowMs));
  status.containerStatuses = main;
  if (hostIP !== undefined) {
    status.hostIP = hostIP;
    status.hostIPs = history.hostIps.map((ip) => ({ ip }));
  }
  if (init.length > 0) status.initContainerStatuses = init;
  if (pod.metadata.generation !== undefined) status.observedGeneration = pod.metadata.generation;
  status.phase = phase;
  if (podIP !== undefined && sandbox) {
    status.podIP = podIP;
    status.podIPs = history.podIps.map((ip) => ({ ip }));
  }
  status.startTime ??= at(history.seenMs);
  return status;
}
