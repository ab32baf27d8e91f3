/** Jobs and CronJobs. @see kubernetes pkg/controller/job/job_controller.go, indexed_job_utils.go, pkg/controller/cronjob/cronjob_controllerv2.go */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CronJob, Job, Pod } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../../src/api/object.ts";
import type { Action } from "../../src/cluster/scenario.ts";
import { apply, conditions, events, NODES, of, played, pods, the } from "./stories.ts";

/** What its Pods do: complete, fail with a code, or run for ever. */
type Does = "completes" | "hangs" | number;
const template = (does: Does): Unchecked => ({
  ...(does === "completes"
    ? {}
    : { metadata: { annotations: does === "hangs" ? { "seatrial.dev/hang": "true" } : { "seatrial.dev/exit-code": String(does) } } }),
  spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i:1" }] },
});
const job = (does: Does, spec: Unchecked): Unchecked => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "j", namespace: "default" },
  spec: { ...spec, template: template(does) },
});
const long = (action: Action): [Action, number] => [action, 10];
const status = (step: Parameters<typeof of>[0]): NonNullable<Job["status"]> => the<Job>(step, "Job").status!;

test("suspending a Job takes its Pods without counting them as failed; when it is resumed they come back at once", () => {
  // manageJob, deleteJobPods: they are untracked before they are deleted. The start is forgotten and set anew.
  const spec = { parallelism: 2, completions: 2 };
  const steps = played(
    apply(...NODES),
    long(apply(job("hangs", { ...spec, suspend: false }))),
    long(apply(job("hangs", { ...spec, suspend: true }))),
    long(apply(job("hangs", { ...spec, suspend: false }))),
  );
  const told = (i: number): readonly unknown[] => [
    pods(steps[i]).length,
    status(steps[i]).failed,
    status(steps[i]).startTime !== undefined,
  ];
  assert.equal([1, 2, 3].map(told), [
    [2, undefined, true],
    [0, undefined, false],
    [2, undefined, true],
  ]);
  assert.equal(
    [2, 3].map((i) => conditions(the<Job>(steps[i], "Job"))),
    [["Suspended True JobSuspended"], ["Suspended False JobResumed"]],
  );
  assert.equal(
    events(steps[3], "Job").filter((e) => !e.includes("pod: ")),
    ["Normal Suspended: Job suspended", "Normal Resumed: Job resumed"],
  );
});

test("an Indexed Job that shrinks drops its highest indexes, and counts none as failed", () => {
  const size = (n: number): Action => apply(job("hangs", { completionMode: "Indexed", completions: n, parallelism: n }));
  const steps = played(apply(...NODES), long(size(4)), long(size(2)));
  const indexes = pods(steps[2]).map((p) => p.metadata.labels?.["batch.kubernetes.io/job-completion-index"]);
  assert.equal(indexes.sort(), ["0", "1"]);
  assert.equal([status(steps[2]).active, status(steps[2]).ready, status(steps[2]).failed], [2, 2, undefined]);
});

test("a failed Pod of an index is counted when its successor has taken its failures over", () => {
  // getPodsWithDelayedDeletionPerIndex, canRemoveFinalizer, getNewIndexFailureCounts; the back-off is 10 s.
  const steps = played(apply(...NODES), [apply(job(1, { completionMode: "Indexed", completions: 1, backoffLimitPerIndex: 1 })), 5], {
    verb: "advance",
    seconds: 10,
  });
  const tracked = (p: Pod): string =>
    `${p.metadata.annotations?.["batch.kubernetes.io/job-index-failure-count"]} ${p.metadata.finalizers?.length ?? 0}`;
  assert.equal(pods(steps[1]).map(tracked), ["0 1"]);
  assert.equal([status(steps[1]).failed, status(steps[1]).failedIndexes], [undefined, ""]);
  assert.equal(pods(steps[2]).map(tracked).sort(), ["0 0", "1 0"]);
  assert.equal([status(steps[2]).failed, status(steps[2]).failedIndexes], [2, "0"]);
  assert.equal(conditions(the<Job>(steps[2], "Job")), ["Failed True FailedIndexes", "FailureTarget True FailedIndexes"]);
});

test("failures that the policy ignores are counted apart", () => {
  const podFailurePolicy = { rules: [{ action: "Ignore", onExitCodes: { operator: "In", values: [42] } }] };
  const spec = { completionMode: "Indexed", completions: 1, backoffLimitPerIndex: 0, podFailurePolicy };
  const steps = played(apply(...NODES), [apply(job(42, spec)), 5], { verb: "advance", seconds: 10 });
  const counts = (p: Pod): string =>
    ["", "ignored-"].map((what) => p.metadata.annotations?.[`batch.kubernetes.io/job-index-${what}failure-count`] ?? "-").join();
  assert.equal(pods(steps[2]).map(counts).sort(), ["0,-", "0,1"]);
  assert.is(status(steps[2]).failed, undefined);
});

const ENDS: readonly [string, Does, Unchecked, readonly string[], readonly unknown[]][] = [
  [
    "all that was wanted",
    "completes",
    { completions: 2, parallelism: 2 },
    ["Complete True CompletionsReached", "SuccessCriteriaMet True CompletionsReached"],
    [2, undefined],
  ],
  [
    "one success of many workers",
    "completes",
    { parallelism: 3 },
    ["Complete True CompletionsReached", "SuccessCriteriaMet True CompletionsReached"],
    [3, undefined],
  ],
  [
    "an index that is enough",
    "completes",
    { completionMode: "Indexed", completions: 3, parallelism: 1, successPolicy: { rules: [{ succeededIndexes: "0" }] } },
    ["Complete True SuccessPolicy", "SuccessCriteriaMet True SuccessPolicy"],
    [1, undefined],
  ],
  [
    "too many failures",
    1,
    { backoffLimit: 0 },
    ["Failed True BackoffLimitExceeded", "FailureTarget True BackoffLimitExceeded"],
    [undefined, 1],
  ],
  [
    "an exit code that nothing can mend",
    42,
    { backoffLimit: 5, podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes: { operator: "In", values: [42] } }] } },
    ["Failed True PodFailurePolicy", "FailureTarget True PodFailurePolicy"],
    [undefined, 1],
  ],
  [
    "its deadline, with the Pods that ran",
    "hangs",
    { parallelism: 2, completions: 2, activeDeadlineSeconds: 5 },
    ["Failed True DeadlineExceeded", "FailureTarget True DeadlineExceeded"],
    [undefined, 2],
  ],
];
for (const [what, does, spec, want, counts] of ENDS)
  test(`a Job ends: ${what}`, () => {
    const { status: found } = the<Job>(played(apply(...NODES), [apply(job(does, spec)), 15])[1], "Job");
    assert.equal(conditions({ status: found }), want);
    assert.equal([found!.succeeded, found!.failed, found!.active, found!.ready, found!.terminating], [...counts, undefined, 0, 0]);
  });

test("a Job that is over goes after its time to live, with its Pods", () => {
  const steps = played(apply(...NODES), apply(job("completes", { ttlSecondsAfterFinished: 20 })), { verb: "advance", seconds: 25 });
  assert.equal(
    [1, 2].map((i) => [of(steps[i], "Job").length, pods(steps[i]).length]),
    [
      [1, 1],
      [0, 0],
    ],
  );
});

const cron = (does: Does, spec: Unchecked): Action =>
  apply({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "c", namespace: "default" },
    spec: { schedule: "* * * * *", ...spec, jobTemplate: { spec: { template: template(does) } } },
  });
const minutes = (n: number): Action => ({ verb: "advance", seconds: 60 * n });

const POLICIES: readonly [string, Unchecked, number, RegExp | undefined][] = [
  ["Allow", {}, 3, undefined],
  [
    "Forbid",
    { concurrencyPolicy: "Forbid" },
    1,
    /^Normal JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid$/,
  ],
  ["Replace", { concurrencyPolicy: "Replace" }, 1, /^Normal SuccessfulDelete: Deleted job c-\d+$/],
];
for (const [what, spec, jobs, event] of POLICIES)
  test(`a CronJob whose Jobs do not end in time: ${what}`, () => {
    const step = played(apply(...NODES), cron("hangs", spec), minutes(3))[2];
    assert.is(of(step, "Job").length, jobs);
    assert.is(the<CronJob>(step, "CronJob").status!.active!.length, jobs);
    assert.is(
      events(step, "CronJob").some((e) => event?.test(e)),
      event !== undefined,
    );
  });

test("a CronJob that was suspended starts what it missed last, unless its deadline has passed", () => {
  const resumed = (spec: Unchecked): number => {
    const steps = played(apply(...NODES), cron("completes", { suspend: true }), minutes(2), cron("completes", { suspend: false, ...spec }));
    assert.is(of(steps[2], "Job").length, 0);
    return of(steps[3], "Job").length;
  };
  assert.equal([resumed({}), resumed({ startingDeadlineSeconds: 1 })], [1, 0]);
});

test.run();
