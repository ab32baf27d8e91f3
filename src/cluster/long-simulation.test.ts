/** What a long simulation costs is counted in tasks of the loop, which no machine makes slower or faster. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createCluster } from "./cluster.ts";

const NODES = 50;
const HOUR = 3600;
/** Tasks of one run of a CronJob at most: from the Job's creation to the deletion of the one that leaves the history. About 30 are needed. */
const TASKS_PER_RUN_MAX = 45;

const size = { cpu: "4", memory: "8Gi", pods: "110" };
const template = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i:1" }] } };

test("an idle cluster of 50 nodes costs next to nothing: heartbeats are arithmetic", () => {
  const cluster = createCluster();
  for (let i = 0; i < NODES; i++)
    cluster.create({ apiVersion: "v1", kind: "Node", metadata: { name: `n${i}` }, status: { capacity: size, allocatable: size } });
  cluster.settle();
  const before = cluster.loop.executed;
  cluster.advance(30 * 24 * HOUR);
  const perDay = (cluster.loop.executed - before) / 30;
  assert.ok(perDay < 500, `${perDay} tasks a day`);
});

test("a CronJob every minute: so many tasks a run, and no more after hours than in the first", () => {
  const cluster = createCluster();
  for (let i = 0; i < NODES; i++)
    cluster.create({ apiVersion: "v1", kind: "Node", metadata: { name: `n${i}` }, status: { capacity: size, allocatable: size } });
  cluster.create({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "tick", namespace: "default" },
    spec: { schedule: "* * * * *", jobTemplate: { spec: { template } } },
  });
  cluster.settle();
  const tasksOf = (hours: number): number => {
    const before = cluster.loop.executed;
    cluster.advance(hours * HOUR);
    return (cluster.loop.executed - before) / hours;
  };
  const first = tasksOf(1);
  tasksOf(4);
  const later = tasksOf(1);
  assert.ok(first < 60 * TASKS_PER_RUN_MAX, `${first} tasks in the first hour`);
  assert.ok(later <= first * 1.05, `${first} tasks in the first hour, ${later} in the last`);
  assert.is(cluster.list("Job").length, 3);
  assert.is(cluster.list("Pod").length, 3);
  assert.is(cluster.limitReached, false);
});

test.run();
