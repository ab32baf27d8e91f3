import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Deployment, Pod } from "../../generated/v1.36/model.ts";
import { isRefused } from "../sim/answer.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const node = (name: string, cpu = "4"): object => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name, labels: { "kubernetes.io/hostname": name } },
  status: { capacity: { cpu, memory: "8Gi", pods: "110" }, allocatable: { cpu, memory: "8Gi", pods: "110" } },
});
const deployment = (name: string, replicas: number, cpu = "100m"): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "default" },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "c", image: "i:1", resources: { requests: { cpu } } }] },
    },
  },
});
const pod = (name: string, cpu = "100m"): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { containers: [{ name: "c", image: "i:1", resources: { requests: { cpu } } }] },
});

function settled(...objects: readonly object[]): Cluster {
  const cluster = createCluster();
  for (const o of objects) {
    const answer = cluster.create(o);
    assert.ok(!isRefused(answer), answer.message);
  }
  cluster.settle();
  return cluster;
}
const pods = (cluster: Cluster): readonly Pod[] => cluster.list("Pod") as unknown as readonly Pod[];
const landed = (cluster: Cluster): Record<string, string | undefined> =>
  Object.fromEntries(pods(cluster).map((p) => [p.metadata.name, p.spec.nodeName]));

test("a fresh cluster can take a Pod at once, and shows nothing that nobody made", () => {
  const cluster = createCluster();
  assert.equal(cluster.objects(), []);
  assert.is(cluster.now(), 0);
  assert.is(cluster.create(pod("p")).code, 201);
  assert.equal(
    cluster.objects().map((o) => `${o.kind} ${o.metadata.name}`),
    ["Pod p"],
  );
});

test("Pods of a Deployment land on nodes and run", () => {
  const cluster = settled(node("n1"), node("n2"), deployment("web", 2));
  assert.equal(
    pods(cluster)
      .map((p) => [p.spec.nodeName, p.status?.phase])
      .sort(),
    [
      ["n1", "Running"],
      ["n2", "Running"],
    ],
  );
  assert.is((cluster.get("deploy", "web") as unknown as Deployment).status?.availableReplicas, 2);
});

test("kinds are found by name, plural and short name; an unknown one is the caller's mistake", () => {
  const cluster = settled(node("n1"));
  for (const kind of ["Node", "nodes", "no", "Node.v1"].slice(0, 3)) assert.is(cluster.get(kind, "n1")?.metadata.name, "n1");
  assert.is(cluster.list("deployments.apps").length, 0);
  assert.throws(() => cluster.get("Deploymint", "x"), /the cluster has no kind "Deploymint"/);
  assert.throws(() => cluster.list(undefined as never), /a kind is a text/);
  assert.throws(() => cluster.create([] as never), /not a list/);
  assert.throws(() => cluster.advance(-1), /0 or more/);
  assert.throws(() => createCluster({ version: "1.12" as never }), /no Kubernetes 1\.12 here/);
  assert.throws(() => createCluster({ pods: { startSeconds: Number.NaN } }), /pods\.startSeconds/);
});

test("one more object changes neither the names nor the places of the others", () => {
  const alone = settled(node("n1"), node("n2"), deployment("web", 3));
  const together = settled(node("n1"), node("n2"), deployment("web", 3), deployment("zzz", 2, "0"));
  const there = landed(together);
  for (const [name, at] of Object.entries(landed(alone))) assert.is(there[name], at, name);
});

test("the same input gives the same bytes", () => {
  const bytes = (): string => JSON.stringify(settled(node("n1"), node("n2"), deployment("a", 3), deployment("b", 2)).everything());
  assert.is(bytes(), bytes());
});

test("settling waits for quiet, and for no longer than told", () => {
  const cluster = settled(node("n1"));
  const start = cluster.now();
  cluster.settle({ quietSeconds: 5 });
  assert.is(cluster.now(), start + 5);
  cluster.create(pod("p"));
  cluster.settle({ quietSeconds: 5, maxSeconds: 2 });
  assert.is(cluster.now(), start + 7);
});

test("a dry run answers as if, and leaves no trace", () => {
  const cluster = settled(node("n1"));
  const before = JSON.stringify(cluster.everything());
  const answer = cluster.create(pod("p"), { dryRun: true });
  assert.is(answer.code, 201);
  assert.is((answer.object as unknown as Pod).spec.schedulerName, "default-scheduler");
  assert.is(JSON.stringify(cluster.everything()), before);
});

test("deleting a Deployment takes its ReplicaSets and Pods along, unless they are orphaned", () => {
  for (const [cascade, left] of [
    ["background", 0],
    ["foreground", 0],
    ["orphan", 2],
  ] as const) {
    const cluster = settled(node("n1"), deployment("web", 2));
    assert.is(cluster.delete({ kind: "Deployment", name: "web", cascade }).code, 200);
    cluster.settle();
    assert.is(pods(cluster).length, left, cascade);
    assert.is(cluster.get("Deployment", "web"), undefined, cascade);
  }
});

test("evaluate: scores on feasible nodes, reasons on the others, the scheduler's text when there is none", () => {
  const cluster = settled(node("big", "8"), node("small", "1"));
  const seen = cluster.evaluate(pod("p", "2"));
  assert.ok(seen.nodes["big"]?.scores);
  assert.equal(seen.nodes["small"]?.reasons, ["Insufficient cpu"]);
  assert.match(cluster.evaluate(pod("p", "16")).message ?? "", /^0\/2 nodes are available: 2 Insufficient cpu\./);
  assert.is(cluster.list("Pod").length, 0);
});

test("without controllers there is an API server alone", () => {
  const cluster = createCluster({ controllers: false });
  cluster.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "default" } });
  cluster.create(node("n1"));
  cluster.create(deployment("web", 2));
  cluster.settle();
  assert.is(cluster.list("Pod").length, 0);
});

test.run();
