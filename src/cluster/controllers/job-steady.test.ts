import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Job, JobStatus, Pod } from "../../../generated/v1.36/model.ts";
import { isSteady } from "./job-steady.ts";

const pod = (phase: string, ready: boolean, metadata: object = {}): Pod =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a", finalizers: ["batch.kubernetes.io/job-tracking"], ...metadata },
    spec: { containers: [] },
    status: { phase, conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  }) as unknown as Pod;

const WRITTEN: JobStatus = { active: 1, ready: 1, terminating: 0, startTime: "2026-01-01T00:00:00Z", uncountedTerminatedPods: {} };

const job = (spec: object, status: object, metadata: object): Job =>
  ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "j", ...metadata },
    spec: { template: { spec: { restartPolicy: "Never", containers: [] } }, parallelism: 1, completions: 1, ...spec },
    status: { ...WRITTEN, ...status },
  }) as unknown as Job;

interface Case {
  readonly spec?: object;
  readonly status?: object;
  readonly metadata?: object;
  readonly pods?: readonly Pod[];
}

const RUNS = pod("Running", true);

test("a Job is steady while its Pods run and its status says so", () => {
  assert.is(isSteady(job({}, {}, {}), [RUNS]), true);
  const two = { spec: { parallelism: 2, completions: 3 }, status: { active: 2 } };
  assert.is(isSteady(job(two.spec, two.status, {}), [RUNS, pod("Pending", false)]), true);
});

const NOT_STEADY: Readonly<Record<string, Case>> = {
  "no Pod yet": { pods: [] },
  "a Pod has ended": { pods: [pod("Succeeded", false)], status: { ready: 0 } },
  "a Pod is being deleted": { pods: [pod("Running", true, { deletionTimestamp: "2026-01-01T00:00:00Z" })] },
  "a Pod is not tracked": { pods: [pod("Running", true, { finalizers: [] })] },
  "the number of ready Pods is out of date": { status: { ready: 0 } },
  "the number of Pods is out of date": { status: { active: 2 } },
  "more Pods are wanted": { spec: { parallelism: 2, completions: 2 } },
  "fewer Pods are wanted": { spec: { parallelism: 0 } },
  "a status never written": { status: { startTime: undefined } },
  "counted before": { status: { uncountedTerminatedPods: { succeeded: ["u"] } } },
  "a condition": { status: { conditions: [{ type: "Suspended", status: "False" }] } },
  "failures before": { status: { failed: 1 } },
  suspended: { spec: { suspend: true } },
  "a deadline": { spec: { activeDeadlineSeconds: 5 } },
  indexes: { spec: { completionMode: "Indexed" } },
  restarts: { spec: { template: { spec: { restartPolicy: "OnFailure", containers: [] } } } },
  "being deleted": { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } },
};

for (const [name, { spec = {}, status = {}, metadata = {}, pods = [RUNS] }] of Object.entries(NOT_STEADY))
  test(`not steady: ${name}`, () => assert.is(isSteady(job(spec, status, metadata), pods), false));

test.run();
