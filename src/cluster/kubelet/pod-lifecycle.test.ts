import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Container, ContainerStatus, Pod, PodSpec } from "../../../generated/v1.36/model.ts";
import { pod } from "../../../test/support/kubelet-world.ts";
import { type Hold, type PodHistory, type PodTiming, podStep } from "./pod-lifecycle.ts";

const TIMING: PodTiming = { startMs: 1000, runMs: 10_000, stopMs: 1000 };
const INSTANT: PodTiming = { ...TIMING, startMs: 0 };
const at = (ms: number): string => `${ms / 1000}s`;

const c = (name: string, more: Partial<Container> = {}): Container => ({ name, image: `${name}:1`, ...more });
const sidecar = (name: string, more: Partial<Container> = {}): Container => c(name, { restartPolicy: "Always", ...more });

function history(more: Partial<PodHistory> = {}): PodHistory {
  return { seenMs: 0, mountedMs: 0, holds: new Map(), podIps: ["10.0.0.2"], hostIps: ["192.168.0.1"], ...more };
}

/** `+` running and ready, `r` running, `s` started too, `w` waiting, `0` or another code: ended. */
function letter({ state, ready, started }: ContainerStatus): string {
  if (state?.terminated) return String(state.terminated.exitCode);
  if (state?.waiting) return "w";
  return ready ? "+" : started ? "s" : "r";
}

/** Phase, letters of init containers and containers, when the next change comes. */
function line(given: Pod, seconds: number, timing: PodTiming = TIMING, past: PodHistory = history()): string {
  const { status, nextMs } = podStep(given, past, timing, seconds * 1000, at);
  const letters = [status.initContainerStatuses ?? [], status.containerStatuses ?? []].map((list) => list.map(letter).join(""));
  return `${status.phase} ${letters.join("|")} ${nextMs === undefined ? "-" : nextMs / 1000}`;
}

/** The story of a Pod: what is at each second named. */
function story(
  spec: Partial<PodSpec>,
  annotations: Record<string, string>,
  timing: PodTiming,
  lines: readonly (readonly [number, string])[],
): void {
  const given = pod("p", spec, annotations);
  for (const [seconds, want] of lines) assert.is(line(given, seconds, timing), want, `${JSON.stringify(spec)} at ${seconds} s`);
}

test("a Pod starts and runs", () => {
  story({ containers: [c("a"), c("b")] }, {}, TIMING, [
    [0, "Pending |ww 1"],
    [0.999, "Pending |ww 1"],
    [1, "Running |++ -"],
    [1e6, "Running |++ -"],
  ]);
  story({ containers: [c("a")] }, {}, INSTANT, [[0, "Running |+ -"]]);
});

test("init containers one after the other, then the containers", () => {
  const spec = { initContainers: [c("i"), c("j")], containers: [c("a")] };
  story(spec, {}, TIMING, [
    [0, "Pending ww|w 1"],
    [1, "Pending 0w|w 2"],
    [2, "Pending 00|w 3"],
    [3, "Running 00|+ -"],
  ]);
  story(spec, {}, INSTANT, [[0, "Running 00|+ -"]]);
});

test("a sidecar starts in its turn, is waited for, and stays", () => {
  const startupProbe = { initialDelaySeconds: 5 };
  story({ initContainers: [c("i"), sidecar("s", { startupProbe }), c("j")], containers: [c("a")] }, {}, TIMING, [
    [1, "Pending 0ww|w 2"],
    [2, "Pending 0rw|w 7"],
    [7, "Pending 0+w|w 8"],
    [8, "Pending 0+0|w 9"],
    [9, "Running 0+0|+ -"],
  ]);
});

test("sidecars end with the Pod", () => {
  story({ restartPolicy: "Never", initContainers: [sidecar("s")], containers: [c("a")] }, {}, TIMING, [
    [2, "Running +|+ 12"],
    [12, "Succeeded 0|0 -"],
  ]);
});

test("probes", () => {
  const probed = { containers: [c("a", { startupProbe: { initialDelaySeconds: 4 }, readinessProbe: { initialDelaySeconds: 6 } })] };
  story(probed, {}, TIMING, [
    [1, "Running |r 5"],
    [5, "Running |s 7"],
    [7, "Running |+ -"],
  ]);
  story(probed, {}, INSTANT, [[0, "Running |+ -"]]);
  story(probed, { "seatrial.dev/ready": "false" }, TIMING, [
    [5, "Running |s -"],
    [1e6, "Running |s -"],
  ]);
});

test("run to completion", () => {
  story({ restartPolicy: "Never", containers: [c("a"), c("b")] }, {}, TIMING, [
    [1, "Running |++ 11"],
    [11, "Succeeded |00 -"],
  ]);
  story({ restartPolicy: "Never" }, { "seatrial.dev/exit-code": "7" }, TIMING, [[11, "Failed |7 -"]]);
  story({ restartPolicy: "Never" }, { "seatrial.dev/hang": "true" }, TIMING, [[1e6, "Running |+ -"]]);
  story({ restartPolicy: "OnFailure" }, {}, TIMING, [[11, "Succeeded |0 -"]]);
  story({ restartPolicy: "OnFailure" }, { "seatrial.dev/exit-code": "1" }, TIMING, [
    [11, "Running |+ 21"],
    [21, "Running |w 31"],
    [31, "Running |+ 41"],
    [41, "Running |w 61"],
  ]);
});

test("the active deadline", () => {
  const spec = { restartPolicy: "Never", activeDeadlineSeconds: 5 } as const;
  story(spec, {}, TIMING, [
    [1, "Running |+ 5"],
    [5, "Failed |137 -"],
  ]);
  const { status } = podStep(pod("p", spec), history(), TIMING, 5000, at);
  assert.equal([status.reason, status.message], ["DeadlineExceeded", "Pod was active on the node longer than the specified deadline"]);
  story({ restartPolicy: "Never", activeDeadlineSeconds: 50 }, {}, TIMING, [[60, "Succeeded |0 -"]]);
});

test("without volumes or network nothing starts; without its environment one container does not", () => {
  const given = pod("p", { initContainers: [c("i")], containers: [c("a"), c("b")] });
  assert.is(line(given, 100, TIMING, history({ mountedMs: undefined })), "Pending w|ww -");
  const holds = (hold: Hold): PodHistory => history({ holds: new Map([["b", hold]]) });
  assert.is(line(given, 100, TIMING, holds({ error: "gone" })), "Pending 0|+w -");
  const waiting = podStep(given, holds({ error: "gone" }), TIMING, 100_000, at).status.containerStatuses?.[1]?.state?.waiting;
  assert.equal(waiting, { reason: "CreateContainerConfigError", message: "gone" });
  assert.is(line(given, 100, TIMING, holds({ freedMs: 99_500 })), "Pending 0|+w 100.5");
  assert.is(line(given, 101, TIMING, holds({ freedMs: 99_500 })), "Running 0|++ -");
  const initHeld = history({ holds: new Map([["i", { error: "gone" }]]) });
  assert.is(line(given, 100, TIMING, initHeld), "Pending w|ww -");
});

test("conditions, with the kubelet's reasons", () => {
  const conditions = (given: Pod, seconds: number, timing = TIMING): string[] =>
    (podStep(given, history(), timing, seconds * 1000, at).status.conditions ?? []).map((x) =>
      [x.type, x.status, x.reason, x.message].filter((part) => part !== undefined).join(" "),
    );
  const unready = "ContainersNotReady containers with unready status: [a b]";
  const two = pod("p", { initContainers: [c("i"), c("j")], containers: [c("a"), c("b")] });
  assert.equal(conditions(two, 1), [
    "PodReadyToStartContainers True",
    "Initialized False ContainersNotInitialized containers with incomplete status: [j]",
    `Ready False ${unready}`,
    `ContainersReady False ${unready}`,
    "PodScheduled True",
  ]);
  assert.is(conditions(two, 0)[0], "PodReadyToStartContainers False");
  assert.equal(conditions(two, 3), [
    "PodReadyToStartContainers True",
    "Initialized True",
    "Ready True",
    "ContainersReady True",
    "PodScheduled True",
  ]);
  const job = pod("p", { restartPolicy: "Never" });
  assert.equal(conditions(job, 11), [
    "PodReadyToStartContainers False",
    "Initialized True PodCompleted",
    "Ready False PodCompleted",
    "ContainersReady False PodCompleted",
    "PodScheduled True",
  ]);
  assert.is(conditions(pod("p", { restartPolicy: "Never" }, { "seatrial.dev/exit-code": "1" }), 11)[2], "Ready False PodFailed");
  const gated = pod("p", { readinessGates: [{ conditionType: "example.com/up" }] });
  assert.is(
    conditions(gated, 1)[2],
    'Ready False ReadinessGatesNotReady corresponding condition of pod readiness gate "example.com/up" does not exist.',
  );
  const withGate = (status: string): Pod => ({ ...gated, status: { conditions: [{ type: "example.com/up", status }] } });
  assert.equal(conditions(withGate("True"), 1).slice(0, 1), ["example.com/up True"], "what others say is kept");
  assert.is(conditions(withGate("True"), 1)[3], "Ready True");
  assert.is(
    conditions(withGate("False"), 1)[3],
    'Ready False ReadinessGatesNotReady the status of pod readiness gate "example.com/up" is not "True", but False',
  );
});

test("the rest of the status", () => {
  const given = pod("p");
  const { status } = podStep(given, history(), TIMING, 1000, at);
  const { conditions: _conditions, ...rest } = status;
  assert.equal(rest, {
    phase: "Running",
    qosClass: "BestEffort",
    observedGeneration: 1,
    startTime: "0s",
    hostIP: "192.168.0.1",
    hostIPs: [{ ip: "192.168.0.1" }],
    podIP: "10.0.0.2",
    podIPs: [{ ip: "10.0.0.2" }],
    containerStatuses: [
      {
        name: "c",
        image: "a:1",
        imageID: "",
        ready: true,
        started: true,
        restartCount: 0,
        lastState: {},
        state: { running: { startedAt: "1s" } },
      },
    ],
  });
  const later = podStep({ ...given, status }, history(), TIMING, 9000, at).status;
  assert.equal(later, status, "nothing has changed, not even a time");
  const before = podStep(given, history(), TIMING, 0, at).status;
  assert.is(before.podIP, undefined);
  assert.is(before.startTime, "0s");
});

test.run();
