import { test } from "uvu";
import * as assert from "uvu/assert";
import { pod } from "../../../test/support/kubelet-world.ts";
import { type RunPlan, runPlan, runState } from "./runs.ts";

const seconds = (n: number): number => n * 1000;
const crash = (lastsSeconds: number): RunPlan => ({ lastsMs: seconds(lastsSeconds), exitCode: 1, restarts: true });

test("how containers end", () => {
  const cases: [object, Record<string, string>, object, string][] = [
    [{}, {}, {}, "never"],
    [{}, { "seatrial.dev/exit-code": "0" }, {}, "never"],
    [{}, { "seatrial.dev/exit-code": "1" }, {}, "1 again"],
    [{ restartPolicy: "Never" }, {}, {}, "0"],
    [{ restartPolicy: "Never" }, { "seatrial.dev/exit-code": "3" }, {}, "3"],
    [{ restartPolicy: "Never" }, { "seatrial.dev/exit-code": "nonsense" }, {}, "0"],
    [{ restartPolicy: "Never" }, { "seatrial.dev/hang": "true" }, {}, "never"],
    [{ restartPolicy: "Never" }, { "seatrial.dev/hang": "false" }, {}, "0"],
    [{ restartPolicy: "OnFailure" }, {}, {}, "0"],
    [{ restartPolicy: "OnFailure" }, { "seatrial.dev/exit-code": "2" }, {}, "2 again"],
    [{ restartPolicy: "Never" }, { "seatrial.dev/exit-code": "2" }, { restartPolicy: "OnFailure" }, "2 again"],
    [
      { restartPolicy: "Never" },
      { "seatrial.dev/exit-code": "42" },
      { restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "In", values: [42] } }] },
      "42 again",
    ],
    [
      { restartPolicy: "Never" },
      { "seatrial.dev/exit-code": "42" },
      { restartPolicyRules: [{ action: "Restart", exitCodes: { operator: "NotIn", values: [42] } }] },
      "42",
    ],
  ];
  for (const [spec, annotations, container, want] of cases) {
    const given = pod("p", spec, annotations);
    const plan = runPlan(given, { name: "c", ...container }, 1000);
    const text = plan.lastsMs === undefined ? "never" : `${plan.exitCode}${plan.restarts ? " again" : ""}`;
    assert.is(text, want, JSON.stringify([spec, annotations, container]));
  }
});

test("a container that does not restart ends once", () => {
  const plan: RunPlan = { lastsMs: 5000, exitCode: 0, restarts: false };
  assert.equal(runState(plan, 1000, 1000), { is: "running", sinceMs: 1000, restarts: 0, untilMs: 6000 });
  assert.equal(runState(plan, 1000, 6000), { is: "ended", sinceMs: 1000, endedMs: 6000, restarts: 0 });
  assert.equal(runState({ ...plan, lastsMs: undefined }, 1000, 1e12), { is: "running", sinceMs: 1000, restarts: 0, untilMs: undefined });
});

test("back-off: none, then 10 s, doubling to 300 s", () => {
  // A run of 1 s: starts at 0, 1, 12, 33, 74, 155, 316, 617, 918, …
  const starts = [0, 1, 12, 33, 74, 155, 316, 617, 918, 1219];
  for (const [restarts, start] of starts.entries())
    assert.equal(runState(crash(1), 0, seconds(start)), {
      is: "running",
      sinceMs: seconds(start),
      restarts,
      untilMs: seconds(start + 1),
    });
  assert.equal(runState(crash(1), 0, seconds(2)), {
    is: "backing off",
    sinceMs: seconds(1),
    endedMs: seconds(2),
    restarts: 1,
    untilMs: seconds(12),
    delayMs: seconds(10),
  });
  assert.equal(runState(crash(1), 0, seconds(700)), {
    is: "backing off",
    sinceMs: seconds(617),
    endedMs: seconds(618),
    restarts: 7,
    untilMs: seconds(918),
    delayMs: seconds(300),
  });
});

test("a month of crashes is skipped over, not counted", () => {
  const month = 30 * 86_400;
  const state = runState(crash(1), 0, seconds(month));
  // After the start at 316 s comes one start every 301 s.
  assert.is(state.restarts, 6 + Math.floor((month - 316) / 301));
  const quick = runState(crash(0), 0, seconds(month));
  assert.is(quick.is, "backing off");
  assert.is(quick.restarts, 6 + Math.floor((month - 310) / 300));
});

test("whoever lasts longer than ten minutes begins again without back-off", () => {
  assert.equal(runState(crash(601), 0, seconds(601 * 5)), {
    is: "running",
    sinceMs: seconds(601 * 5),
    restarts: 5,
    untilMs: seconds(601 * 6),
  });
});

test.run();
