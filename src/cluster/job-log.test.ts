import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Cluster, createCluster } from "./cluster.ts";
import { JobLog, type JobRun } from "./job-log.ts";

const size = { cpu: "4", memory: "8Gi", pods: "110" };
const node = { apiVersion: "v1", kind: "Node", metadata: { name: "n1" }, status: { capacity: size, allocatable: size } };
const job = (name: string, spec: object = {}, annotations: object = {}): object => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name, namespace: "default" },
  spec: { ...spec, template: { metadata: { annotations }, spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i:1" }] } } },
});

function world(): { cluster: Cluster; log: JobLog } {
  const cluster = createCluster();
  cluster.apply(node);
  cluster.settle();
  return { cluster, log: new JobLog(cluster.informers, cluster.loop) };
}

const told = ({ name, cronJob, outcome, steps }: JobRun): unknown => [
  name,
  cronJob,
  outcome,
  steps.map((s) => `${s.active} ${s.succeeded} ${s.failed}`).join(", "),
];

test("a Job's way to its end, and one that fails", () => {
  const { cluster, log } = world();
  cluster.apply(job("good", { completions: 2, parallelism: 2 }));
  cluster.apply(job("bad", { backoffLimit: 0 }, { "seatrial.dev/exit-code": "1" }));
  cluster.settle();
  const [bad, good] = log.runs();
  assert.equal(told(bad!), ["bad", null, "failed", bad!.steps.map((s) => `${s.active} ${s.succeeded} ${s.failed}`).join(", ")]);
  assert.equal([bad!.steps.at(-1)!.failed, bad!.steps.at(-1)!.active], [1, 0]);
  assert.is(good!.outcome, "complete");
  assert.equal([good!.completions, good!.steps.at(-1)!.succeeded], [2, 2]);
  assert.is(log.lastStepOfWaitingMs(), undefined);
});

test("one that hangs is waited for, one that is suspended is not; a deleted one stays until the log begins anew", () => {
  const { cluster, log } = world();
  cluster.apply(job("hang", {}, { "seatrial.dev/hang": "true" }));
  cluster.apply(job("held", { suspend: true }));
  cluster.settle();
  assert.equal(
    log.runs().map((r) => [r.name, r.outcome]),
    [
      ["hang", "running"],
      ["held", "suspended"],
    ],
  );
  assert.is(log.lastStepOfWaitingMs(), log.runs()[0]!.steps.at(-1)!.atMs);
  cluster.delete({ kind: "Job", name: "hang" });
  cluster.settle();
  assert.is(log.lastStepOfWaitingMs(), undefined);
  assert.is(log.runs().length, 2);
  log.restart();
  assert.equal(
    log.runs().map((r) => [r.name, r.steps.length]),
    [["held", 1]],
  );
});

test("the runs of a CronJob have its name, and nobody waits for them", () => {
  const { cluster, log } = world();
  const { spec } = job("x", {}, { "seatrial.dev/hang": "true" }) as { spec: object };
  cluster.apply({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "often", namespace: "default" },
    spec: { schedule: "* * * * *", jobTemplate: { spec } },
  });
  cluster.advance(130);
  assert.equal(
    log.runs().map((r) => r.cronJob),
    ["often", "often"],
  );
  assert.is(log.lastStepOfWaitingMs(), undefined);
});

test.run();
