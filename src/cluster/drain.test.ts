import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Job, Pod } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../api/object.ts";
import { builtInNodes } from "./built-in-nodes.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { drain } from "./drain.ts";

const labels = { app: "web" };
const container = { name: "c", image: "i" };

function start(replicas: number, ...more: readonly Unchecked[]): Cluster {
  const cluster = createCluster({ pods: { startSeconds: 0, stopSeconds: 0, runSeconds: 1 } });
  for (const node of builtInNodes()) cluster.create(node);
  const topologyKey = "kubernetes.io/hostname";
  const spread = [{ topologyKey, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: labels } }];
  const template = {
    metadata: { labels },
    spec: { containers: [container], topologySpreadConstraints: spread, terminationGracePeriodSeconds: 0 },
  };
  const spec = { replicas, selector: { matchLabels: labels }, template };
  for (const object of [{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec }, ...more]) {
    const answer = cluster.create(object);
    assert.ok(answer.code < 400, answer.message);
  }
  cluster.settle();
  return cluster;
}

function budget(name: string, spec: Unchecked): Unchecked {
  return { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name }, spec: { selector: { matchLabels: labels }, ...spec } };
}

function drainNode(cluster: Cluster, node = "node-1"): { ok: boolean; message?: string } {
  cluster.server.patch({ apiVersion: "v1", kind: "Node" }, node, undefined, { spec: { unschedulable: true } });
  return drain(cluster, node);
}

const onNode = (cluster: Cluster, node: string): number =>
  (cluster.list("Pod") as readonly Pod[]).filter((p) => p.spec.nodeName === node).length;

test("a drained node is empty, and what ran there runs elsewhere", () => {
  const cluster = start(3);
  assert.equal(drainNode(cluster), { ok: true });
  cluster.settle();
  assert.equal(
    [onNode(cluster, "node-1"), onNode(cluster, "node-2") + onNode(cluster, "node-3")],
    [0, 2],
    "the third has no place: skew 1",
  );
});

test("a budget that allows none keeps the Pods where they are; the drain gives up", () => {
  const cluster = start(3, budget("web", { minAvailable: 3 }));
  const answer = drainNode(cluster);
  assert.not.ok(answer.ok);
  assert.match(answer.message ?? "", /Cannot evict pod as it would violate the pod's disruption budget\.$/);
  assert.is(onNode(cluster, "node-1"), 1);
});

test("two budgets for one Pod: the drain ends at once", () => {
  const cluster = start(3, budget("a", { minAvailable: 1 }), budget("b", { maxUnavailable: 1 }));
  const before = cluster.now();
  const answer = drainNode(cluster);
  assert.match(answer.message ?? "", /This pod has more than one PodDisruptionBudget, which the eviction subresource does not support\.$/);
  assert.is(cluster.now(), before);
});

test("a budget of one at a time: the next goes when the first is ready elsewhere", () => {
  const cluster = start(6, budget("web", { maxUnavailable: 1 }));
  assert.is(onNode(cluster, "node-1"), 2);
  const answer = drainNode(cluster);
  assert.is(onNode(cluster, "node-1"), answer.ok ? 0 : 1);
});

test("a Job does not count an evicted Pod that its policy ignores", () => {
  const podFailurePolicy = { rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }] };
  const annotations = { "seatrial.dev/hang": "true" };
  const template = {
    metadata: { annotations },
    spec: { containers: [container], restartPolicy: "Never", nodeSelector: { "kubernetes.io/hostname": "node-1" } },
  };
  const spec = { backoffLimit: 0, podFailurePolicy, template };
  const cluster = start(0, { apiVersion: "batch/v1", kind: "Job", metadata: { name: "work" }, spec });
  assert.equal(drainNode(cluster), { ok: true });
  cluster.advance(1);
  const conditions = (cluster.get("Job", "work") as Job).status?.conditions ?? [];
  assert.equal(
    conditions.map((c) => c.type),
    [],
  );
});

test.run();
