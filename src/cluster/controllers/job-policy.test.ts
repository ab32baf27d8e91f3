import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Job, Pod } from "../../../generated/v1.36/model.ts";
import { formatIndexes, parseIndexes, pendingIndexes } from "./job-indexes.ts";
import { backoffLeftMs, failuresAfter, type JobFacts, matchFailurePolicy, verdictOf, wantedActive } from "./job-policy.ts";

function job(spec: object, status: object = {}): Job {
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name: "j", namespace: "n" }, spec: { template: {}, ...spec }, status } as Job;
}

function failedPod(exitCode: number, more: object = {}): Pod {
  const containerStatuses = [{ name: "c", restartCount: 0, state: { terminated: { exitCode } } }];
  const status = { phase: "Failed", containerStatuses, ...more };
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "n" }, spec: { containers: [] }, status } as unknown as Pod;
}

for (const [indexes, text] of [
  [[], ""],
  [[4], "4"],
  [[1, 2], "1,2"],
  [[0, 1, 2, 5, 7, 8, 9], "0-2,5,7-9"],
] as const)
  test(`indexes ${text}`, () => {
    assert.is(formatIndexes(indexes), text);
    assert.equal([...parseIndexes(text, 10)], [...indexes]);
  });

test("the lowest indexes that are neither done nor taken", () => {
  assert.equal(pendingIndexes(6, new Set([0, 3]), new Set([1]), 2), [2, 4]);
});

for (const [inARow, afterSeconds, left] of [
  [0, 0, 0],
  [1, 0, 10],
  [2, 5, 15],
  [7, 0, 600],
  [1, 10, 0],
] as const)
  test(`back-off after ${inARow} failures`, () => assert.is(backoffLeftMs({ inARow, lastMs: 0 }, afterSeconds * 1000), left * 1000));

test("a success starts the back-off anew", () => {
  const ended = [
    { failed: true, atMs: 3 },
    { failed: false, atMs: 2 },
    { failed: true, atMs: 1 },
  ];
  assert.equal(failuresAfter({ inARow: 4, lastMs: 0 }, ended), { inARow: 1, lastMs: 3 });
});

for (const [spec, active, succeeded, wanted] of [
  [{ parallelism: 2, completions: 5 }, 0, 0, 2],
  [{ parallelism: 2, completions: 5 }, 0, 4, 1],
  [{ parallelism: 3 }, 2, 0, 3],
  [{ parallelism: 3 }, 2, 1, 2],
  [{ parallelism: 3, completions: 5, suspend: true }, 2, 0, 0],
] as const)
  test(`wanted: ${JSON.stringify(spec)} with ${active} active, ${succeeded} done`, () =>
    assert.is(wantedActive(job(spec), active, succeeded), wanted));

const NONE: ReadonlySet<number> = new Set();
const facts = (more: Partial<JobFacts>): JobFacts => ({
  pods: [],
  failed: 0,
  succeededIndexes: NONE,
  failedIndexes: NONE,
  activeMs: 0,
  ...more,
});
const failJob = { rules: [{ action: "FailJob", onExitCodes: { operator: "In", values: [42] } }] };
const indexed = { completionMode: "Indexed", completions: 4, backoffLimit: 100 };

for (const [what, spec, given, verdict] of [
  ["goes on", { backoffLimit: 1 }, { failed: 1 }, undefined],
  ["too many failures", { backoffLimit: 1 }, { failed: 2 }, "BackoffLimitExceeded"],
  ["out of time", { activeDeadlineSeconds: 5 }, { activeMs: 5000 }, "DeadlineExceeded"],
  ["a policy", { podFailurePolicy: failJob }, { pods: [failedPod(42)] }, "PodFailurePolicy"],
  ["a policy for other codes", { podFailurePolicy: failJob }, { pods: [failedPod(1)] }, undefined],
  [
    "failed indexes",
    { ...indexed, backoffLimitPerIndex: 0 },
    { failedIndexes: new Set([1]), succeededIndexes: new Set([0, 2, 3]) },
    "FailedIndexes",
  ],
  [
    "too many failed indexes",
    { ...indexed, backoffLimitPerIndex: 0, maxFailedIndexes: 1 },
    { failedIndexes: new Set([1, 2]) },
    "MaxFailedIndexesExceeded",
  ],
  [
    "a success policy",
    { ...indexed, successPolicy: { rules: [{ succeededIndexes: "0,2" }] } },
    { succeededIndexes: new Set([0, 2]) },
    "SuccessPolicy",
  ],
  ["part of it", { ...indexed, successPolicy: { rules: [{ succeededIndexes: "0,2" }] } }, { succeededIndexes: new Set([0]) }, undefined],
] as const)
  test(`verdict: ${what}`, () => assert.is(verdictOf(job(spec), facts(given))?.reason, verdict));

test("the words of a failure policy", () => {
  const match = matchFailurePolicy(job({ podFailurePolicy: failJob }), failedPod(42));
  assert.is(match?.message, "Container c for pod n/p failed with exit code 42 matching FailJob rule at index 0");
});

test.run();
