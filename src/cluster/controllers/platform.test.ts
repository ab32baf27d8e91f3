import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EndpointSlice, ReplicaSet } from "../../../generated/v1.36/model.ts";
import { createWorld, type World } from "../../../test/support/controllers-world.ts";
import { CONFIG_MAP, DEPLOYMENT, ENDPOINT_SLICE, NAMESPACE, NODE, POD, REPLICA_SET, SERVICE_ACCOUNT } from "../../api/kinds.ts";
import { controllerOf, type KubeObject, type Unchecked } from "../../api/object.ts";

const labels = { app: "web" };
const template = {
  metadata: { labels },
  spec: { containers: [{ name: "web", image: "a", ports: [{ name: "http", containerPort: 8080 }] }] },
};

function workload(kind: "Deployment" | "ReplicaSet", replicas: number, namespace = "default"): Unchecked {
  const spec = { replicas, selector: { matchLabels: labels }, template };
  return { apiVersion: "apps/v1", kind, metadata: { name: "web", namespace }, spec };
}

function node(name: string, more: Unchecked = {}): Unchecked {
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels: { "kubernetes.io/os": "linux", ...more } }, spec: {} };
}

function service(spec: Unchecked = {}): Unchecked {
  const ports = [{ port: 80, targetPort: "http", protocol: "TCP" }];
  return { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "default" }, spec: { selector: labels, ports, ...spec } };
}

const count = (world: World, kind: { apiVersion: string; kind: string }): number => world.client.list(kind).length;

test("cascade background: what is owned goes, down to the Pods", () => {
  const world = createWorld();
  world.create(workload("Deployment", 2));
  world.run(5);
  world.client.delete(DEPLOYMENT, "web", "default", { cascade: "background" });
  world.run(5);
  assert.equal([count(world, REPLICA_SET), count(world, POD)], [0, 0]);
});

test("cascade foreground: the owner goes last", () => {
  const world = createWorld();
  world.create(workload("Deployment", 2));
  world.run(5);
  world.client.delete(DEPLOYMENT, "web", "default", { cascade: "foreground" });
  world.run(0.5);
  assert.equal([count(world, DEPLOYMENT), count(world, REPLICA_SET), count(world, POD)], [1, 1, 2]);
  world.run(5);
  assert.equal([count(world, DEPLOYMENT), count(world, REPLICA_SET), count(world, POD)], [0, 0, 0]);
});

test("cascade orphan: what was owned stays, without an owner", () => {
  const world = createWorld();
  world.create(workload("Deployment", 2));
  world.run(5);
  world.client.delete(DEPLOYMENT, "web", "default", { cascade: "orphan" });
  world.run(5);
  assert.is(count(world, DEPLOYMENT), 0);
  const [rs] = world.client.list(REPLICA_SET);
  assert.is(rs?.metadata.ownerReferences, undefined);
  assert.is(count(world, POD), 2);
});

test("an object whose owner never was goes", () => {
  const world = createWorld();
  const ownerReferences = [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "ghost", uid: "no-such-uid" }];
  world.create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "default", ownerReferences } });
  world.run(1);
  assert.is(count(world, CONFIG_MAP), 0);
});

test("a namespace has its account and certificates, and goes in order: Pods, the rest, itself", () => {
  const world = createWorld();
  world.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "doomed" }, spec: { finalizers: ["kubernetes"] } });
  world.create(workload("Deployment", 2, "doomed"));
  world.run(5);
  assert.equal([count(world, SERVICE_ACCOUNT), count(world, CONFIG_MAP)], [1, 2]);
  world.client.delete(NAMESPACE, "doomed");
  const causes = [{ reason: "NamespaceTerminating", field: "metadata.namespace", message: "namespace doomed is being terminated" }];
  world.client.refuse = () => ({ code: 403, reason: "Forbidden", message: "it is being terminated", causes });
  world.run(5.5);
  assert.is(count(world, DEPLOYMENT), 1, "only the Pods are being deleted");
  const conditions = world.get(NAMESPACE, "doomed").status?.conditions ?? [];
  assert.equal(
    conditions.find((c) => c.type === "NamespaceContentRemaining")?.message,
    "Some resources are remaining: pods. has 2 resource instances",
  );
  world.run(10);
  assert.equal([count(world, NAMESPACE), count(world, DEPLOYMENT), count(world, POD), count(world, CONFIG_MAP)], [0, 0, 0, 0]);
});

test("a ReplicaSet adopts a Pod that matches, and releases one that no longer does", () => {
  const world = createWorld();
  world.create({ apiVersion: "v1", kind: "Pod", metadata: { name: "orphan", namespace: "default", labels }, spec: template.spec });
  world.run(2);
  world.create(workload("ReplicaSet", 2));
  world.run(3);
  const owner = (): string | undefined => controllerOf(world.get(POD, "orphan"))?.name;
  assert.equal([owner(), count(world, POD)], ["web", 2]);
  world.client.patch(POD, "orphan", "default", { metadata: { labels: { app: "free" } } });
  world.run(3);
  assert.equal([owner(), count(world, POD)], [undefined, 3]);
});

test("a refused Pod: slow start, an event, a condition, and back-off until it works", () => {
  const world = createWorld();
  let refusals = 0;
  world.client.refuse = (o) => {
    if (o.kind !== "Pod") return undefined;
    refusals++;
    return { code: 403, reason: "Forbidden", message: `pods "${o.metadata.name}" is forbidden: no` };
  };
  world.create(workload("ReplicaSet", 8));
  world.run(1);
  const rs = (): ReplicaSet => world.get(REPLICA_SET, "web");
  const [failure] = rs().status?.conditions ?? [];
  assert.match(failure?.message ?? "", /^pods "web-\w{5}" is forbidden: no$/);
  assert.equal([failure?.type, failure?.reason, failure?.status], ["ReplicaFailure", "FailedCreate", "True"]);
  assert.match(world.events("FailedCreate")[0] ?? "", /^FailedCreate: Error creating: pods/);
  assert.ok(refusals <= 12, `${refusals} attempts: one a round, each round later`);
  world.client.refuse = () => undefined;
  world.run(10);
  assert.equal([rs().status?.readyReplicas, rs().status?.conditions], [8, undefined]);
});

test("minReadySeconds: ready at once, available later", () => {
  const world = createWorld();
  const rs = workload("ReplicaSet", 1) as { spec: object };
  world.create({ ...rs, spec: { ...rs.spec, minReadySeconds: 10 } });
  const status = (): unknown => {
    const { readyReplicas, availableReplicas } = world.get(REPLICA_SET, "web").status ?? { replicas: 0 };
    return [readyReplicas, availableReplicas];
  };
  world.run(5);
  assert.equal(status(), [1, undefined]);
  world.run(7);
  assert.equal(status(), [1, 1]);
});

test("Nodes get ranges, labels, a time to live, and taints by condition", () => {
  const world = createWorld();
  world.create(node("n1"));
  world.create(node("n2"));
  world.run(1);
  const n2 = world.get(NODE, "n2");
  assert.equal([n2.spec?.podCIDR, n2.spec?.podCIDRs], ["10.244.1.0/24", ["10.244.1.0/24"]]);
  assert.is(n2.metadata.labels?.["beta.kubernetes.io/os"], "linux");
  assert.is(n2.metadata.annotations?.["node.alpha.kubernetes.io/ttl"], "0");
  assert.equal(world.events("RegisteredNode")[1], "RegisteredNode: Node n2 event: Registered Node n2 in Controller");
  const taints = (): unknown => world.get(NODE, "n2").spec?.taints?.map((t) => `${t.key}:${t.effect}`);
  world.client.updateStatus({ ...world.get(NODE, "n2"), status: { conditions: [{ type: "Ready", status: "False" }] } } as KubeObject);
  world.client.patch(NODE, "n2", undefined, { spec: { unschedulable: true } });
  world.run(1);
  assert.equal(taints(), ["node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/unschedulable:NoSchedule"]);
  world.client.updateStatus({ ...world.get(NODE, "n2"), status: { conditions: [{ type: "Ready", status: "True" }] } } as KubeObject);
  world.client.patch(NODE, "n2", undefined, { spec: { unschedulable: null } });
  world.run(1);
  assert.equal(taints(), undefined);
});

test("EndpointSlices follow the Pods: a placeholder, ready, stopping, a placeholder again", () => {
  const world = createWorld();
  world.create(node("node-1", { "topology.kubernetes.io/zone": "z" }));
  world.create(service());
  world.run(1);
  const slice = (): EndpointSlice | undefined => world.client.list(ENDPOINT_SLICE)[0];
  assert.equal([slice()?.endpoints, slice()?.ports], [undefined, undefined]);
  world.create(workload("Deployment", 2));
  world.run(3);
  const [endpoint] = slice()?.endpoints ?? [];
  assert.equal(endpoint?.conditions, { ready: true, serving: true, terminating: false });
  assert.equal([endpoint?.nodeName, endpoint?.zone, endpoint?.targetRef?.kind], ["node-1", "z", "Pod"]);
  assert.equal(slice()?.ports, [{ name: "", port: 8080, protocol: "TCP" }]);
  assert.equal(slice()?.metadata.labels, {
    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
    "kubernetes.io/service-name": "web",
  });
  world.client.patch(DEPLOYMENT, "web", "default", { spec: { replicas: 0 } });
  world.run(0.5);
  assert.equal(slice()?.endpoints?.[0]?.conditions, { ready: false, serving: true, terminating: true });
  world.run(3);
  assert.equal([slice()?.endpoints, slice()?.ports], [undefined, undefined]);
});

test("what somebody else does to a slice is put right after a second", () => {
  const world = createWorld();
  world.create(node("node-1"));
  world.create(service());
  world.create(workload("Deployment", 1));
  world.run(5);
  const [before] = world.client.list(ENDPOINT_SLICE);
  assert.ok(before);
  world.client.update({ ...before, endpoints: [] } as KubeObject);
  world.run(0.5);
  assert.is(world.client.list(ENDPOINT_SLICE)[0]?.endpoints?.length ?? 0, 0);
  world.run(1);
  assert.is(world.client.list(ENDPOINT_SLICE)[0]?.endpoints?.length, 1);
  world.client.delete(ENDPOINT_SLICE, before.metadata.name, "default");
  world.run(1.5);
  assert.is(world.client.list(ENDPOINT_SLICE)[0]?.endpoints?.length, 1);
});

test("250 Pods are in three slices", () => {
  const world = createWorld();
  world.create(node("node-1"));
  world.create(workload("Deployment", 250));
  world.run(5);
  world.create(service({ clusterIP: "None" }));
  world.run(1);
  const slices = world.client.list(ENDPOINT_SLICE);
  assert.equal(
    slices.map((s) => s.endpoints?.length),
    [100, 100, 50],
  );
  assert.ok(slices.every((s) => s.metadata.labels?.["service.kubernetes.io/headless"] === ""));
});

test.run();
