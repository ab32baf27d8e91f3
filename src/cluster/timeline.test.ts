import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Cluster, createCluster } from "./cluster.ts";
import { TimelineLog } from "./timeline.ts";

const size = { cpu: "4", memory: "8Gi", pods: "110" };
const node = (name: string): object => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name },
  status: { capacity: size, allocatable: size },
});
const pods = (name: string): object => ({
  selector: { matchLabels: { app: name } },
  template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image: "i:1" }] } },
});
const deployment = (replicas: number, image = "i:1"): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image }] } },
  },
});

function world(): { cluster: Cluster; log: TimelineLog } {
  const cluster = createCluster();
  return { cluster, log: new TimelineLog(cluster.informers, cluster.loop) };
}

test("a workload's way: made, rolled out with a surge, deleted", () => {
  const { cluster, log } = world();
  cluster.apply(node("n1"));
  cluster.apply(deployment(2));
  cluster.settle();
  cluster.apply(deployment(2, "i:2"));
  cluster.settle();
  cluster.delete({ kind: "Deployment", name: "web" });
  cluster.settle();
  const { workloads, dropped } = log.timeline();
  assert.is(dropped, 0);
  assert.equal(
    workloads.map((w) => `${w.kind} ${w.namespace}/${w.name}`),
    ["Deployment default/web"],
    "its ReplicaSets are its own affair",
  );
  const states = workloads[0]!.points.map((p) => (p.gone ? "gone" : `${p.ready}/${p.desired} of ${p.pods}`));
  assert.is(states[0], "0/2 of 0");
  assert.ok(states.includes("2/2 of 2"));
  assert.ok(states.includes("2/2 of 3"), `one more on the way: ${states.join(", ")}`);
  assert.is(states.at(-1), "gone");
  assert.ok(states.every((s, i) => s !== states[i - 1]));
});

test("a node that is lost, comes back, is cordoned and removed; and what that leaves", () => {
  const { cluster, log } = world();
  for (const name of ["n1", "n2"]) cluster.apply(node(name));
  cluster.apply({ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "agent", namespace: "default" }, spec: pods("agent") });
  cluster.settle();
  cluster.kubelets?.setDown("n2", true);
  cluster.advance(100);
  cluster.kubelets?.setDown("n2", false);
  cluster.settle();
  cluster.server.patch({ apiVersion: "v1", kind: "Node" }, "n2", undefined, { spec: { unschedulable: true } });
  cluster.settle();
  cluster.delete({ kind: "Node", name: "n2" });
  cluster.settle();
  const { nodes, workloads, toMs } = log.timeline();
  assert.is(toMs, cluster.now() * 1000);
  const n2 = nodes.find((n) => n.name === "n2")!.points;
  assert.equal(n2.map((p) => `${p.state}${p.cordoned ? " cordoned" : ""}`).slice(-5), [
    "Ready",
    "Unknown",
    "Ready",
    "Ready cordoned",
    "gone",
  ]);
  // An unreachable node is none of the DaemonSet's.
  assert.equal(workloads[0]!.points.map((p) => `${p.ready}/${p.desired}`).slice(-4), ["2/2", "1/1", "2/2", "1/1"]);
});

test("ReplicaSets that nothing manages are workloads; what changes within one instant is one state", () => {
  const { cluster, log } = world();
  cluster.apply({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "bare", namespace: "default" },
    spec: { replicas: 3, ...pods("bare") },
  });
  cluster.settle();
  assert.equal(log.timeline().workloads, [
    { kind: "ReplicaSet", namespace: "default", name: "bare", points: [{ atMs: 0, desired: 3, ready: 0, pods: 3 }] },
  ]);
});

test.run();
