import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Node, Pod } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const labels = { app: "web" };

/** Nodes by zone, each with one Pod of a Deployment. */
function start(zones: Readonly<Record<string, number>>, podSpec: Unchecked = {}): Cluster {
  const cluster = createCluster({ pods: { startSeconds: 0, stopSeconds: 0 } });
  const resources = { cpu: "4", memory: "8Gi", pods: "110" };
  let replicas = 0;
  for (const [zone, count] of Object.entries(zones))
    for (let i = 1; i <= count; i++, replicas++) {
      const name = `${zone}${i}`;
      const metadata = { name, labels: { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone } };
      cluster.create({ apiVersion: "v1", kind: "Node", metadata, spec: {}, status: { capacity: resources, allocatable: resources } });
    }
  const spread = [
    { topologyKey: "kubernetes.io/hostname", maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels: labels } },
  ];
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: "c", image: "i" }], topologySpreadConstraints: spread, ...podSpec },
  };
  cluster.create({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { replicas, selector: { matchLabels: labels }, template },
  });
  cluster.settle();
  return cluster;
}

function lose(cluster: Cluster, ...nodes: readonly string[]): void {
  for (const node of nodes) cluster.kubelets?.setDown(node, true);
}

const nodeLine = (cluster: Cluster, name: string): string => {
  const node = cluster.get("Node", name) as Node;
  const ready = node.status?.conditions?.find((c) => c.type === "Ready");
  const taints = (node.spec.taints ?? []).map((t) => `${t.key.replace("node.kubernetes.io/", "")}:${t.effect}`);
  return [ready?.status, ...taints].join(" ");
};
const podsOn = (cluster: Cluster, node: string): readonly Pod[] =>
  (cluster.list("Pod") as readonly Pod[]).filter((p) => p.spec.nodeName === node);
const podLine = (pod: Pod | undefined): string => {
  if (!pod) return "none";
  const condition = (type: string): string | undefined => pod.status?.conditions?.find((c) => c.type === type)?.status;
  return [condition("Ready"), pod.metadata.deletionTimestamp && "going", condition("DisruptionTarget") && "disrupted"]
    .filter(Boolean)
    .join(" ");
};
const eventsOf = (cluster: Cluster, reason: string): number => cluster.events().filter((e) => e.reason === reason).length;

const TAINTED = "Unknown unreachable:NoSchedule unreachable:NoExecute";

test("a lost node: unknown after 50 to 55 seconds, tainted 5 later, its Pods deleted 300 later; back, all is well", () => {
  const cluster = start({ a: 3 });
  lose(cluster, "a1");
  cluster.advance(39);
  assert.equal([nodeLine(cluster, "a1"), podLine(podsOn(cluster, "a1")[0])], ["True", "True"]);
  cluster.advance(16);
  assert.equal([nodeLine(cluster, "a1"), podLine(podsOn(cluster, "a1")[0])], ["Unknown unreachable:NoSchedule", "False"]);
  assert.equal([eventsOf(cluster, "NodeNotReady")], [2], "of the node and of its Pod");
  cluster.advance(6);
  assert.is(nodeLine(cluster, "a1"), TAINTED);
  const conditions = (cluster.get("Node", "a1") as Node).status?.conditions ?? [];
  assert.ok(conditions.every((c) => c.status === "Unknown" && c.message === "Kubelet stopped posting node status."));
  cluster.advance(290);
  assert.is(podLine(podsOn(cluster, "a1")[0]), "False");
  cluster.advance(12);
  assert.is(podLine(podsOn(cluster, "a1")[0]), "False going disrupted", "nobody can tell that it has stopped");
  assert.is((cluster.list("Pod") as readonly Pod[]).length, 4);
  cluster.kubelets?.setDown("a1", false);
  cluster.advance(10);
  assert.equal([nodeLine(cluster, "a1"), podLine(podsOn(cluster, "a1")[0])], ["True", "none"]);
});

test("back in time: the deletion is called off", () => {
  const cluster = start({ a: 3 });
  lose(cluster, "a1");
  cluster.advance(100);
  cluster.kubelets?.setDown("a1", false);
  cluster.advance(10);
  assert.equal([nodeLine(cluster, "a1"), podLine(podsOn(cluster, "a1")[0])], ["True", "True"]);
  const [event] = cluster.events().filter((e) => e.reason === "TaintManagerEviction");
  assert.match(event?.message ?? "", /^Cancelling deletion of Pod default\/web-/);
});

test("tolerations: none goes at once, one without end stays", () => {
  const forever = { tolerations: [{ key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" }] };
  const stays = start({ a: 3 }, forever);
  lose(stays, "a1");
  stays.advance(3600);
  assert.is(podLine(podsOn(stays, "a1")[0]), "False");
  const goes = start({ a: 3 });
  goes.server.patch({ apiVersion: "v1", kind: "Node" }, "a1", undefined, { spec: { taints: [{ key: "mine", effect: "NoExecute" }] } });
  goes.settle();
  assert.is(podLine(podsOn(goes, "a1")[0]), "none");
});

test("many lost at once: it is more likely the network", () => {
  const tainted = (cluster: Cluster): number =>
    (cluster.list("Node") as readonly Node[]).filter((n) => nodeLine(cluster, n.metadata.name) === TAINTED).length;
  const all = start({ a: 3 });
  lose(all, "a1", "a2", "a3");
  all.advance(600);
  assert.is(tainted(all), 0, "all nodes: nothing is tainted");
  const most = start({ a: 6 });
  lose(most, "a1", "a2", "a3", "a4");
  most.advance(600);
  assert.is(tainted(most), 0, "4 of 6 in a small zone: nothing is tainted");
  const zone = start({ a: 3, b: 3 });
  lose(zone, "a1", "a2", "a3");
  zone.advance(62);
  assert.is(tainted(zone), 1, "a whole zone: one after the other");
  zone.advance(20);
  assert.is(tainted(zone), 3);
});

test("a node that never speaks is unknown a minute after its creation", () => {
  const cluster = createCluster();
  cluster.kubelets?.setDown("n", true);
  cluster.create({ apiVersion: "v1", kind: "Node", metadata: { name: "n" }, spec: {} });
  cluster.advance(59);
  assert.is(nodeLine(cluster, "n"), "");
  cluster.advance(7);
  assert.match(nodeLine(cluster, "n"), /^Unknown /);
  const [condition] = (cluster.get("Node", "n") as Node).status?.conditions ?? [];
  assert.equal([condition?.reason, condition?.message], ["NodeStatusNeverUpdated", "Kubelet never posted node status."]);
});

test("a removed node: its Pods fail and go after 40 to 80 seconds, and run elsewhere", () => {
  const cluster = start({ a: 3 });
  cluster.delete({ kind: "Node", name: "a1" });
  cluster.advance(39);
  assert.is(podsOn(cluster, "a1").length, 1);
  cluster.advance(42);
  assert.is(podsOn(cluster, "a1").length, 0);
  cluster.settle();
  assert.is((cluster.list("Pod") as readonly Pod[]).filter((p) => podLine(p) === "True").length, 3);
});

test("a node out of service: what is going there goes", () => {
  const cluster = start({ a: 3 });
  lose(cluster, "a1");
  cluster.advance(60);
  const [pod] = podsOn(cluster, "a1");
  cluster.delete({ kind: "Pod", name: pod?.metadata.name ?? "" });
  cluster.advance(60);
  assert.is(podLine(podsOn(cluster, "a1")[0]), "False going");
  const { taints = [] } = (cluster.get("Node", "a1") as Node).spec;
  const out = { key: "node.kubernetes.io/out-of-service", value: "nodeshutdown", effect: "NoExecute" };
  cluster.server.patch({ apiVersion: "v1", kind: "Node" }, "a1", undefined, { spec: { taints: [...taints, out] } });
  cluster.advance(21);
  assert.is(podsOn(cluster, "a1").length, 0);
});

test.run();
