import { test } from "uvu";
import * as assert from "uvu/assert";
import { desired, fakeSnapshot, material } from "../../test/support/fake-snapshots.ts";
import type { KubeObject, Unchecked } from "../api/object.ts";
import type { JobRun } from "../cluster/job-log.ts";
import { makePlan } from "./plan.ts";
import { renderMarkdown } from "./render/markdown.ts";
import { renderText } from "./render/text.ts";
import type { Plan } from "./schema.ts";

const run = (name: string, outcome: JobRun["outcome"], rest: Partial<JobRun> = {}): JobRun => ({
  namespace: "shop",
  name,
  cronJob: null,
  completions: 2,
  outcome,
  steps: [
    { atMs: 61_000, active: 1, succeeded: 0, failed: 0 },
    { atMs: 73_000, active: 0, succeeded: outcome === "complete" ? 2 : 0, failed: outcome === "failed" ? 3 : 0 },
  ],
  ...rest,
});

const cronJob = (name: string, spec: object): KubeObject =>
  ({ apiVersion: "batch/v1", kind: "CronJob", metadata: { name, namespace: "shop" }, spec }) as unknown as KubeObject;
const job = (name: string): KubeObject =>
  ({ apiVersion: "batch/v1", kind: "Job", metadata: { name, namespace: "shop" }, spec: { completions: 2 } }) as unknown as KubeObject;

function planOf(jobs: readonly JobRun[], objects: readonly KubeObject[]): Plan {
  return makePlan(
    material(
      fakeSnapshot([]),
      fakeSnapshot(objects, { jobs, atMs: 200_000 }),
      objects.map((o) => desired(o as unknown as Unchecked)),
    ),
  );
}

test("what each Job does, and which runs fall due", () => {
  const plan = planOf(
    [
      run("bad", "failed"),
      run("good", "complete"),
      run("old", "complete", { steps: [{ atMs: 10_000, active: 0, succeeded: 2, failed: 0 }] }),
      run("often-1", "complete", { cronJob: "often" }),
      run("often-2", "failed", { cronJob: "often" }),
      run("often-0", "failed", { cronJob: "often", steps: [{ atMs: 1000, active: 0, succeeded: 0, failed: 1 }] }),
    ],
    [
      job("bad"),
      job("good"),
      job("old"),
      cronJob("nightly", { schedule: "0 3 * * *", timeZone: "Europe/Berlin" }),
      cronJob("never", { schedule: "0 0 * * *", suspend: true }),
      cronJob("often", { schedule: "* * * * *" }),
    ],
  );
  assert.equal(
    plan.jobs.map((j) => [j.object.name, j.outcome, j.startSeconds, j.seconds, j.succeeded, j.failed]),
    [
      ["bad", "fails", 1, 13, 0, 3],
      ["good", "completes", 1, 13, 2, 0],
    ],
  );
  assert.equal(
    plan.cronJobs.map((c) => [c.object.name, c.suspended, c.runs, c.complete, c.failed]),
    [
      ["never", true, 0, 0, 0],
      ["nightly", false, 0, 0, 0],
      ["often", false, 2, 1, 1],
    ],
  );
  const text = renderText(plan, { colors: false, columns: 100 });
  assert.ok(
    text.includes(`Jobs
  Job shop/bad  fails after 13 s: 0 of 2, 3 failed pods
  CronJob shop/never  runs at 0 0 * * *: suspended
  CronJob shop/nightly  runs at 0 3 * * * (Europe/Berlin): none falls due meanwhile
  CronJob shop/often  runs at * * * * *: 2 runs meanwhile, 1 complete, 1 failed
  1 job completes within 13 s
`),
    text,
  );
  assert.match(text, /Job shop\/bad +▪+✗ +0 of 2 done/);
  assert.ok(renderMarkdown(plan).includes("| `Job shop/bad` | **fails** after 13 s: 0 of 2, 3 failed pods |"));
});

test.run();
