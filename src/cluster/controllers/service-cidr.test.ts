import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ServiceCIDR } from "../../../generated/v1.36/model.ts";
import { type Cluster, createCluster } from "../cluster.ts";

const FINALIZER = "networking.k8s.io/service-cidr-finalizer";

function start(...cidrs: readonly (readonly [name: string, cidr: string])[]): Cluster {
  const cluster = createCluster();
  for (const [name, cidr] of cidrs) {
    const answer = cluster.create({ apiVersion: "networking.k8s.io/v1", kind: "ServiceCIDR", metadata: { name }, spec: { cidrs: [cidr] } });
    assert.ok(answer.code < 400, answer.message);
  }
  const spec = { clusterIP: "10.96.7.7", ports: [{ port: 80 }] };
  cluster.create({ apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "default" }, spec });
  cluster.settle();
  return cluster;
}

const found = (cluster: Cluster, name: string): ServiceCIDR | undefined => cluster.get("ServiceCIDR", name) as ServiceCIDR | undefined;
const ready = (cluster: Cluster, name: string): string | undefined => {
  const condition = found(cluster, name)?.status?.conditions?.[0];
  return condition && `${condition.type} ${condition.status} ${condition.reason} ${condition.message}`;
};

test("a range is ready, and goes some time after it is deleted", () => {
  const cluster = start(["more", "10.200.0.0/24"]);
  assert.is(ready(cluster, "more"), "Ready True  Kubernetes Service CIDR is ready");
  assert.equal(found(cluster, "more")?.metadata.finalizers, [FINALIZER]);
  cluster.delete({ kind: "ServiceCIDR", name: "more" });
  cluster.advance(9);
  assert.ok(found(cluster, "more"));
  cluster.advance(2);
  assert.is(found(cluster, "more"), undefined);
});

test("one whose address is in use stays until that is given back, or another range holds it", () => {
  const cluster = start(["more", "10.96.7.0/24"]);
  cluster.delete({ kind: "ServiceCIDR", name: "more" });
  cluster.advance(20);
  assert.match(ready(cluster, "more") ?? "", /^Ready False Terminating There are still IPAddresses referencing the ServiceCIDR/);
  cluster.delete({ kind: "Service", name: "web" });
  cluster.advance(1);
  assert.is(found(cluster, "more"), undefined);

  const wider = start(["more", "10.96.7.0/24"], ["wider", "10.96.0.0/16"]);
  wider.delete({ kind: "ServiceCIDR", name: "more" });
  wider.advance(11);
  assert.is(found(wider, "more"), undefined);
});

test.run();
