/**
 * Unit tests of infrastructure: a control plane in this process, on virtual time, so that ten minutes take milliseconds.
 *
 *   npx tsx --test examples/infrastructure-test/infrastructure.test.ts
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cluster, createCluster, isRefused } from "seatrial";
import type { Pod } from "seatrial/core/v1";
import { Node } from "seatrial/core/v1";
import infrastructure, { search } from "./main.ts";

function worker(name: string) {
  const capacity = { cpu: "2", memory: "8Gi", pods: "110" } as const;
  return Node({
    metadata: { name, labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux" } },
    status: { capacity, allocatable: capacity },
  });
}

function deployed(): Cluster {
  const cluster = createCluster();
  for (const object of [worker("w1"), worker("w2"), worker("w3"), ...infrastructure]) apply(cluster, object);
  cluster.settle();
  return cluster;
}

function apply(cluster: Cluster, object: object): void {
  const answer = cluster.apply(object);
  assert.ok(!isRefused(answer), JSON.stringify(answer));
}

const pods = (cluster: Cluster) => cluster.list("Pod", "default") as unknown as readonly Pod[];
const isReady = (pod: Pod) => pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") ?? false;
const readyPods = (cluster: Cluster) => pods(cluster).filter((p) => p.metadata.deletionTimestamp === undefined && isReady(p)).length;

test("no node has more than two of the pods", () => {
  const perNode = new Map<string, number>();
  for (const pod of pods(deployed())) {
    const node = pod.spec.nodeName ?? "none";
    perNode.set(node, (perNode.get(node) ?? 0) + 1);
  }
  assert.deepEqual([...perNode.values()].sort(), [1, 1, 2]);
});

test("a new version rolls out, and never fewer than four pods are ready", () => {
  const cluster = deployed();
  const [container] = search.spec.template.spec.containers;
  const template = {
    ...search.spec.template,
    spec: { ...search.spec.template.spec, containers: [{ ...container, image: "registry.example/search:3.1.0" }] },
  };
  apply(cluster, { ...search, spec: { ...search.spec, template } });
  for (let second = 0; second < 60; second++) {
    cluster.advance(1);
    assert.ok(readyPods(cluster) >= 4, `after ${second} s`);
  }
  assert.ok(pods(cluster).every((pod) => pod.spec.containers[0].image.endsWith(":3.1.0")));
});

test("a node that dies is made up for on the others", () => {
  const cluster = deployed();
  cluster.delete({ kind: "Node", name: "w1" });
  cluster.advance(10 * 60);
  assert.equal(readyPods(cluster), 4);
  assert.ok(pods(cluster).every((pod) => pod.spec.nodeName !== "w1"));
});

test("what a test finds out: one node alone is too small", () => {
  const cluster = createCluster();
  apply(cluster, worker("only"));
  for (const object of infrastructure) apply(cluster, object);
  cluster.settle();
  assert.equal(readyPods(cluster), 4, "2 CPUs hold four pods of 500m, and no more");
  apply(cluster, { ...search, spec: { ...search.spec, replicas: 5 } });
  cluster.settle();
  assert.equal(pods(cluster).filter((p) => p.status?.phase === "Pending").length, 1);
});
