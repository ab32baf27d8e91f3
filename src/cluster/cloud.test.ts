/** A cluster in an assumed cloud: load balancers, routes, and Nodes that wait for it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Node, Service } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../api/object.ts";
import { builtInNodes } from "./built-in-nodes.ts";
import { type Cluster, type ClusterOptions, createCluster } from "./cluster.ts";
import { simulatePlan, type WantedObject } from "./simulation.ts";
import type { Snapshot } from "./snapshot.ts";

const CLEANUP = "service.kubernetes.io/load-balancer-cleanup";

function start(cloud: ClusterOptions["cloud"]): Cluster {
  const cluster = createCluster(cloud === undefined ? {} : { cloud });
  for (const node of builtInNodes()) cluster.create(node);
  cluster.settle();
  return cluster;
}

function service(spec: Unchecked = {}, name = "web"): Unchecked {
  const ports = [{ port: 80 }];
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace: "default" }, spec: { type: "LoadBalancer", ports, ...spec } };
}

function apply(cluster: Cluster, ...objects: readonly Unchecked[]): void {
  for (const object of objects) {
    const answer = cluster.apply(object, { force: true });
    assert.ok(answer.code < 400, answer.message);
  }
  cluster.settle();
}

const stored = (cluster: Cluster, name = "web"): Service => cluster.get("Service", name) as Service;
const ingress = (cluster: Cluster, name = "web"): NonNullable<NonNullable<Service["status"]>["loadBalancer"]>["ingress"] =>
  stored(cluster, name).status?.loadBalancer?.ingress;
const told = (cluster: Cluster): readonly string[] =>
  cluster
    .events()
    .filter((e) => e.from === "service-controller")
    .map((e) => `${e.reason}: ${e.message}`);

test("without a cloud a load balancer has no address, and nobody says a word", () => {
  const cluster = start(undefined);
  apply(cluster, service());
  cluster.advance(600);
  assert.equal([ingress(cluster), stored(cluster).metadata.finalizers, told(cluster)], [undefined, undefined, []]);
});

test("a load balancer gets an address, keeps it, and is deleted before its Service", () => {
  const cluster = start(true);
  apply(cluster, service());
  const [first] = ingress(cluster) ?? [];
  assert.match(first?.ip ?? "", /^203\.0\.113\.\d+$/);
  assert.equal([first?.ipMode, stored(cluster).metadata.finalizers], ["VIP", [CLEANUP]]);
  assert.equal(told(cluster), ["EnsuringLoadBalancer: Ensuring load balancer", "EnsuredLoadBalancer: Ensured load balancer"]);
  apply(cluster, service({ ports: [{ port: 81 }] }));
  assert.equal(ingress(cluster), [first]);
  cluster.delete({ kind: "Service", name: "web" });
  cluster.advance(0.5);
  assert.ok(stored(cluster).metadata.deletionTimestamp);
  cluster.settle();
  assert.is(cluster.get("Service", "web"), undefined);
  assert.equal(told(cluster).slice(-2), ["DeletingLoadBalancer: Deleting load balancer", "DeletedLoadBalancer: Deleted load balancer"]);
});

test("what a Service may ask for", () => {
  const cases: readonly (readonly [about: string, spec: Unchecked, ips: RegExp])[] = [
    ["an address", { loadBalancerIP: "198.51.100.7" }, /^198\.51\.100\.7$/],
    ["a class of its own", { loadBalancerClass: "example.com/mine" }, /^$/],
    ["no node ports", { allocateLoadBalancerNodePorts: false }, /^203\.0\.113\.\d+$/],
    ["another type", { type: "NodePort" }, /^$/],
  ];
  for (const [about, spec, ips] of cases) {
    const cluster = start(true);
    apply(cluster, service(spec));
    assert.match((ingress(cluster) ?? []).map((i) => i.ip).join(), ips, about);
  }
});

test("a change of the type makes a load balancer, or takes it away", () => {
  const cluster = start(true);
  apply(cluster, service({ type: "ClusterIP" }));
  apply(cluster, service());
  assert.is(ingress(cluster)?.length, 1);
  apply(cluster, service({ type: "ClusterIP" }));
  assert.equal([ingress(cluster), stored(cluster).metadata.finalizers], [undefined, undefined]);
  assert.equal(told(cluster), [
    "Type: ClusterIP -> LoadBalancer",
    "EnsuringLoadBalancer: Ensuring load balancer",
    "EnsuredLoadBalancer: Ensured load balancer",
    "Type: LoadBalancer -> ClusterIP",
    "DeletingLoadBalancer: Deleting load balancer",
    "DeletedLoadBalancer: Deleted load balancer",
  ]);
});

test("other Nodes: the load balancer is told of them", () => {
  const cluster = start(true);
  apply(cluster, service());
  const [node] = builtInNodes();
  const { name } = node!.metadata;
  cluster.delete({ kind: "Node", name });
  cluster.settle();
  assert.equal(told(cluster).slice(2), ["UpdatedLoadBalancer: Updated load balancer with new hosts"]);
  cluster.create({ ...node, metadata: { name, labels: { "node.kubernetes.io/exclude-from-external-load-balancers": "" } } });
  cluster.settle();
  assert.is(told(cluster).length, 3, "one that is excluded changes nothing");
});

test("two Services do not share an address; when none is left, the next one is told", () => {
  const cluster = start({ loadBalancers: "192.0.2.0/30" });
  apply(cluster, service(), service({}, "two"), service({}, "three"));
  const ips = [ingress(cluster), ingress(cluster, "two")].map((list) => list?.[0]?.ip);
  assert.equal(ips.sort(), ["192.0.2.1", "192.0.2.2"]);
  const why =
    "SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: the cloud has no free IPv4 address left";
  assert.ok(told(cluster).includes(why));
  cluster.delete({ kind: "Service", name: "two" });
  cluster.advance(60);
  assert.is(ingress(cluster, "three")?.length, 1);
});

test("Nodes that wait for their cloud are initialized by it, and have routes", () => {
  const taint = { key: "node.cloudprovider.kubernetes.io/uninitialized", value: "true", effect: "NoSchedule" };
  const [built] = builtInNodes();
  const waiting = { ...built, metadata: { name: "fresh" }, spec: { taints: [taint] } };
  const nodeOf = (cluster: Cluster): Node => cluster.get("Node", "fresh") as Node;
  const condition = (node: Node): string | undefined => node.status?.conditions?.find((c) => c.type === "NetworkUnavailable")?.reason;
  const cluster = start(true);
  cluster.create(waiting);
  cluster.advance(15);
  const node = nodeOf(cluster);
  assert.equal([node.spec.taints, node.spec.providerID, condition(node)], [undefined, "assumed:///fresh", "RouteCreated"]);
  const alone = start({ nodes: false, routes: false });
  alone.create(waiting);
  alone.advance(15);
  assert.equal([nodeOf(alone).spec.taints?.map((t) => t.key), condition(nodeOf(alone))], [[taint.key], undefined]);
});

test("a plan assumes a cloud only when it is told to", () => {
  const wanted = (object: unknown): WantedObject => ({ object, source: undefined });
  const input = { cluster: builtInNodes().map(wanted), next: [wanted(service())] };
  const ipOf = ({ objects }: Snapshot): string | undefined =>
    (objects.find((o) => o.kind === "Service" && o.metadata.name === "web") as Service | undefined)?.status?.loadBalancer?.ingress?.[0]?.ip;
  const alone = simulatePlan(input).after;
  assert.equal([alone.assumesCloud, ipOf(alone)], [undefined, undefined]);
  const { after } = simulatePlan({ ...input, cloud: { loadBalancers: "192.0.2.8/30" } });
  assert.is(after.assumesCloud, true);
  assert.match(ipOf(after) ?? "", /^192\.0\.2\.(9|10)$/);
});

test("a load balancer of a loaded cluster keeps its address, and nobody else gets it", () => {
  const cluster = createCluster({ cloud: { loadBalancers: "192.0.2.0/30" } });
  const loaded = { ...service(), status: { loadBalancer: { ingress: [{ ip: "192.0.2.1", ipMode: "VIP" }] } } };
  cluster.server.load(loaded);
  apply(cluster, service({}, "two"));
  assert.equal([ingress(cluster)?.[0]?.ip, ingress(cluster, "two")?.[0]?.ip], ["192.0.2.1", "192.0.2.2"]);
  assert.is(told(cluster).filter((t) => t.startsWith("EnsuringLoadBalancer")).length, 1, "only for the new one");
});

test("what is no range of addresses", () => {
  assert.throws(() => createCluster({ cloud: { loadBalancers: "many" } }), /"many" is not an address range/);
  assert.throws(() => createCluster({ cloud: { loadBalancers: "192.0.2.0/24,192.0.3.0/24" } }), /two ranges of IPv4/);
});

test.run();
