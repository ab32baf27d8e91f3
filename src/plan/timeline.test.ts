import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { blockLine, episodes, fewestReady, type Sample, type Work, workLine } from "./timeline.ts";

/** `at ready/desired`, with `+pods` where there are more or fewer than desired; `at gone`. */
function samples(text: string): readonly Sample[] {
  return text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part): Sample => {
      const [at = "0", state = ""] = part.trim().split(" ");
      if (state === "gone") return { atMs: Number(at), desired: 0, ready: 0, pods: 0, gone: true };
      const [counts = "", pods] = state.split("+");
      const [ready = 0, desired = 0] = counts.split("/").map(Number);
      return { atMs: Number(at), ready, desired, pods: Number(pods ?? desired) };
    });
}

const FEWEST: readonly [string, number, number, number, readonly (number | undefined)[]][] = [
  ["", 0, 100, 2, [undefined, undefined]],
  ["0 3/3", 0, 100, 4, [3, 3, 3, 3]],
  ["50 3/3", 0, 100, 4, [undefined, undefined, 3, 3]],
  // A dip that is over within its column is seen.
  ["0 3/3, 30 1/3, 31 3/3", 0, 100, 4, [3, 1, 3, 3]],
  // What was before the first column goes on into it; what comes at its start counts, and ends what was.
  ["-50 2/3, 0 3/3", 0, 100, 2, [3, 3]],
  ["-50 2/3, 1 3/3", 0, 100, 2, [2, 3]],
  // The end itself is none of the last column, unless there is no time in it.
  ["0 3/3, 100 0/3", 0, 100, 2, [3, 3]],
  ["0 3/3, 60 gone", 0, 100, 4, [3, 3, 3, undefined]],
  ["0 3/3, 10 gone, 80 2/2", 0, 100, 4, [3, undefined, undefined, 2]],
  ["0 3/3", 5, 5, 2, [3, 3]],
];
for (const [text, fromMs, toMs, columns, want] of FEWEST)
  test(`fewest ready: ${text || "nothing"} from ${fromMs} to ${toMs}`, () =>
    assert.equal(fewestReady(samples(text), fromMs, toMs, columns), want));

test("no picture hides the fewest", () => {
  const point = fc.record({ atMs: fc.integer({ min: 0, max: 1000 }), ready: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(fc.uniqueArray(point, { selector: (p) => p.atMs, minLength: 1 }), fc.integer({ min: 1, max: 40 }), (points, columns) => {
      const sorted = points.sort((a, b) => a.atMs - b.atMs).map((p) => ({ ...p, desired: 9, pods: 9 }));
      const seen = fewestReady(sorted, 0, 1001, columns).filter((n) => n !== undefined);
      assert.is(Math.min(...seen), Math.min(...sorted.map((p) => p.ready)));
    }),
  );
});

const EPISODES: readonly [string, readonly string[]][] = [
  ["", []],
  ["0 0/3+0, 1000 3/3", ["0-1000 0/3 pods 0 first"]],
  ["0 0/3, 500 2/3", ["0-end 0/3 pods 3 first"]],
  ["0 3/3, 9000 2/3, 10000 1/3, 12000 3/3", ["9000-12000 1/3 pods 3"]],
  // A surge without anything missing.
  ["0 3/3, 9000 3/3+4, 12000 3/3", ["9000-12000 3/3 pods 4"]],
  // Complete for a moment on the way: one episode. For longer: two.
  ["0 3/3, 9000 2/3+4, 10000 3/3, 11000 2/3+5, 12000 3/3", ["9000-12000 2/3 pods 5"]],
  ["0 3/3, 9000 2/3, 10000 3/3, 12001 2/3, 13000 3/3", ["9000-10000 2/3 pods 3", "12001-13000 2/3 pods 3"]],
  // Scaled up: how far it is from what is wanted then.
  ["0 4/4, 9000 4/6, 10000 6/6", ["9000-10000 4/6 pods 6"]],
  // Scaled to nothing, and one of the same name after it was deleted.
  ["0 3/3, 9000 0/0", []],
  [
    "0 0/1, 10 1/1, 9000 0/1, 9500 gone, 20000 0/1, 20500 1/1",
    ["0-10 0/1 pods 1 first", "9000-9500 0/1 pods 1", "20000-20500 0/1 pods 1 first"],
  ],
];
for (const [text, want] of EPISODES)
  test(`episodes: ${text || "nothing"}`, () =>
    assert.equal(
      episodes(samples(text)).map((e) => `${e.fromMs}-${e.toMs ?? "end"} ${e.ready}/${e.desired} pods ${e.pods}${e.first ? " first" : ""}`),
      want,
    ));

const LINES: readonly [readonly (number | undefined)[], number, string][] = [
  [[undefined, 0, 1, 2, 3, 4], 4, " ·▂▄▆█"],
  [[0, 1, 99, 100, 101], 100, "·▁▇██"],
  [[0, 0], 0, "██"],
];
for (const [counts, full, want] of LINES) test(`blocks: ${want}`, () => assert.is(blockLine(counts, full), want));

const run = (outcome: Work["outcome"], ...steps: readonly (readonly [seconds: number, active: number])[]): Work => ({
  outcome,
  steps: steps.map(([seconds, active]) => ({ atMs: seconds * 1000, active })),
});
const WORKS: readonly [about: string, works: readonly Work[], want: string][] = [
  ["no work", [], "          "],
  ["one that completes", [run("complete", [1, 1], [3, 0])], " ▪▪▪      "],
  ["one that is tried again and fails", [run("failed", [0, 1], [2, 0], [5, 1], [6, 0])], "▪▪···▪✗   "],
  ["one that goes on", [run("running", [4, 2])], "    ▪▪▪▪▪▪"],
  ["one that waits for its Pods", [run("suspended", [0, 0])], "··········"],
  [
    "runs beside each other",
    [run("complete", [0, 1], [1, 0]), run("failed", [1, 1], [2, 0]), run("complete", [7, 1], [7.5, 0])],
    "▪▪✗    ▪  ",
  ],
  ["what was before and what comes after", [run("complete", [-5, 1], [-2, 0]), run("running", [12, 1])], "          "],
  ["what began before", [run("complete", [-5, 1], [1, 0])], "▪▪        "],
];
for (const [about, works, want] of WORKS) test(`work: ${about}`, () => assert.is(workLine(works, 0, 10_000, 10), want));

test.run();
