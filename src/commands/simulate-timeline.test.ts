import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JobRun } from "../cluster/job-log.ts";
import type { PlayedStep } from "../cluster/scenario.ts";
import type { NodePoint, Timeline, WorkloadPoint } from "../cluster/timeline.ts";
import { renderTimeline } from "./simulate-timeline.ts";

const plain = (_: string, text: string): string => text;
const step = (fromSeconds: number, atSeconds: number): PlayedStep => ({
  step: {},
  answers: [],
  objects: [],
  customResources: [],
  events: [],
  fromSeconds,
  atSeconds,
});
const point = (seconds: number, ready: number, desired: number, pods: number = desired): WorkloadPoint => ({
  atMs: seconds * 1000,
  ready,
  desired,
  pods,
});
const timeline = (points: readonly WorkloadPoint[], node: readonly NodePoint[] = [], toSeconds = 40): Timeline => ({
  fromMs: 0,
  toMs: toSeconds * 1000,
  workloads: [{ kind: "Deployment", namespace: "shop", name: "web", points }],
  nodes: node.length > 0 ? [{ name: "n1", points: node }] : [],
  jobs: [],
  dropped: 0,
});

test("a picture of each step, and what happened when", () => {
  const lines = renderTimeline(
    timeline(
      [point(0, 0, 2), point(5, 2, 2), point(22, 1, 2, 3), point(30, 2, 2)],
      [
        { atMs: 0, state: "Ready", cordoned: false },
        { atMs: 21_000, state: "Unknown", cordoned: false },
      ],
    ),
    [step(0, 20), step(20, 40)],
    plain,
  );
  assert.equal(lines.slice(1, 4), [
    "  step                 1          2",
    "  Deployment shop/web  ···███████ █▄▄▄▄█████  2 of 2 ready",
    "  Node n1              ██████████ ··········  Unknown",
  ]);
  assert.equal(lines.slice(-3), [
    "   0 s  Deployment shop/web: complete after 5 s",
    "  21 s  Node n1: no sign of life",
    "  22 s  Deployment shop/web: 1 of 2 ready at the least, up to 3 pods, complete again after 8 s",
  ]);
});

test("Jobs beside workloads; the runs of a CronJob on one line", () => {
  const run = (
    name: string,
    cronJob: string | null,
    outcome: JobRun["outcome"],
    ...steps: readonly (readonly [number, number, number, number])[]
  ): JobRun => ({
    namespace: "shop",
    name,
    cronJob,
    completions: 1,
    outcome,
    steps: steps.map(([seconds, active, succeeded, failed]) => ({ atMs: seconds * 1000, active, succeeded, failed })),
  });
  const jobs = [
    run("bad", null, "failed", [0, 1, 0, 0], [4, 0, 0, 1]),
    run("hang", null, "running", [6, 1, 0, 0]),
    run("once", null, "complete", [2, 1, 0, 0], [12, 0, 1, 0]),
    run("report-1", "report", "complete", [10, 1, 0, 0], [13, 0, 1, 0]),
    run("report-2", "report", "failed", [30, 1, 0, 0], [34, 0, 0, 1]),
  ];
  const lines = renderTimeline({ ...timeline([]), workloads: [], jobs }, [step(0, 20), step(20, 40)], plain);
  assert.equal(lines.slice(2, 6), [
    "  Job shop/bad         ▪▪✗                    0 of 1 succeeded, 1 failed, failed",
    "  Job shop/hang           ▪▪▪▪▪▪▪ ▪▪▪▪▪▪▪▪▪▪  0 of 1 succeeded, running",
    "  Job shop/once         ▪▪▪▪▪▪                1 of 1 succeeded",
    "  CronJob shop/report       ▪▪         ▪▪✗    2 runs: 1 complete, 1 failed",
  ]);
  assert.equal(lines.slice(-4), [
    "   0 s  Job shop/bad: failed after 4 s with 1 failed pod",
    "   2 s  Job shop/once: complete after 10 s",
    "   6 s  Job shop/hang: never complete: 0 of 1 succeeded, running",
    "  10 s  CronJob shop/report: 2 runs: 1 complete, 1 failed, 4 s at the longest (the last one at 30 s)",
  ]);
});

const gone = (seconds: number): WorkloadPoint => ({ ...point(seconds, 0, 0), gone: true });
const ENDS: readonly [readonly WorkloadPoint[], string][] = [
  [[point(0, 1, 2)], "never complete: 1 of 2 ready at the least"],
  [[point(0, 1, 2), gone(30)], "never complete: 1 of 2 ready at the least, deleted after 30 s"],
  [[point(0, 2, 2), point(10, 0, 2, 3), gone(30)], "0 of 2 ready at the least, up to 3 pods, deleted after 20 s"],
];
for (const [points, words] of ENDS)
  test(`a workload's end: ${words}`, () =>
    assert.match(renderTimeline(timeline(points), [step(0, 40)], plain).at(-1)!, new RegExp(` Deployment shop/web: ${words}$`)));

test("too many steps for the line share it", () => {
  const steps = Array.from({ length: 40 }, (_, i) => step(i, i + 1));
  const lines = renderTimeline(timeline([point(0, 1, 1)]), steps, plain);
  assert.equal(lines.slice(1, 3), ["  step                 1 to 40", `  Deployment shop/web  ${"█".repeat(72)}  1 of 1 ready`]);
});

test("times from seconds to days", () => {
  const times = [3.25, 75, 7300, 30 * 86_400 + 7200];
  const points = times.flatMap((s) => [point(s, 0, 1), point(s + 3, 1, 1)]);
  const said = renderTimeline(timeline([point(0, 1, 1), ...points], [], 31 * 86_400), [step(0, 31 * 86_400)], plain)
    .slice(-4)
    .map((line) => line.split("  Deployment")[0]!.trim());
  assert.equal(said, ["3.3 s", "1 min 15 s", "2 h 2 min", "30 d 2 h"]);
});

test("where nothing runs there is nothing to show", () => {
  assert.equal(renderTimeline({ ...timeline([]), workloads: [] }, [step(0, 40)], plain), []);
  assert.equal(renderTimeline(timeline([point(0, 0, 0)]), [step(0, 40)], plain), []);
  assert.equal(renderTimeline(timeline([point(0, 1, 1)], [], 0), [], plain), []);
});

test.run();
