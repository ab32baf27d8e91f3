import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EndpointSlice } from "../../../generated/v1.36/model.ts";
import type { Unchecked } from "../../api/object.ts";
import { type Cluster, createCluster } from "../cluster.ts";
import { mirrorOf } from "./endpoint-slice-mirroring.ts";

const MIRRORING = "endpointslicemirroring-controller.k8s.io";

function service(selector?: Readonly<Record<string, string>>): Unchecked {
  const spec = { ports: [{ port: 5432 }], ...(selector ? { selector } : {}) };
  return { apiVersion: "v1", kind: "Service", metadata: { name: "db", namespace: "default" }, spec };
}

function endpoints(subsets: readonly Unchecked[], metadata: Unchecked = {}): Unchecked {
  return { apiVersion: "v1", kind: "Endpoints", metadata: { name: "db", namespace: "default", ...metadata }, subsets };
}

const subset = (...ips: readonly string[]): Unchecked => ({ addresses: ips.map((ip) => ({ ip })), ports: [{ port: 5432 }] });

function mirrored(cluster: Cluster): readonly EndpointSlice[] {
  return (cluster.list("EndpointSlice", "default") as readonly EndpointSlice[]).filter(
    (s) => s.metadata.labels?.["endpointslice.kubernetes.io/managed-by"] === MIRRORING,
  );
}

function apply(cluster: Cluster, ...objects: readonly Unchecked[]): void {
  for (const object of objects) assert.ok(cluster.apply(object).code < 400);
  cluster.settle();
}

const addresses = (cluster: Cluster): unknown =>
  mirrored(cluster).map((s) => `${s.addressType} ${(s.endpoints ?? []).map((e) => e.addresses[0]).join()}`);

test("Endpoints of a Service without a selector: a slice for each family, which follows them, and goes with them", () => {
  const cluster = createCluster();
  apply(cluster, service(), endpoints([subset("192.168.7.1", "fd00::7")], { labels: { team: "db" }, annotations: { note: "by hand" } }));
  assert.equal(addresses(cluster), ["IPv4 192.168.7.1", "IPv6 fd00::7"]);
  const [slice] = mirrored(cluster);
  assert.match(slice?.metadata.name ?? "", /^db-[a-z0-9]{5}$/);
  assert.equal(slice?.metadata.labels, {
    team: "db",
    "kubernetes.io/service-name": "db",
    "endpointslice.kubernetes.io/managed-by": MIRRORING,
  });
  assert.is(slice?.metadata.annotations?.["note"], "by hand");
  assert.equal(
    slice?.metadata.ownerReferences?.map((r) => `${r.kind} ${r.name} ${r.controller}`),
    ["Endpoints db true"],
  );
  assert.equal(
    [slice?.ports, slice?.endpoints],
    [[{ name: "", port: 5432, protocol: "TCP" }], [{ addresses: ["192.168.7.1"], conditions: { ready: true } }]],
  );
  apply(cluster, endpoints([subset("192.168.7.2")]));
  assert.equal(addresses(cluster), ["IPv4 192.168.7.2"]);
  assert.is(mirrored(cluster)[0]?.metadata.name, slice?.metadata.name, "a slice is changed, not replaced");
  cluster.delete({ kind: "Endpoints", name: "db" });
  cluster.settle();
  assert.equal(addresses(cluster), []);
});

test("what is not mirrored", () => {
  const cases: readonly (readonly [why: string, objects: readonly Unchecked[]])[] = [
    ["no Service", [endpoints([subset("192.168.7.1")])]],
    ["a Service that selects Pods", [service({ app: "db" }), endpoints([subset("192.168.7.1")])]],
    [
      "the label says so",
      [service(), endpoints([subset("192.168.7.1")], { labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } })],
    ],
    ["a lock", [service(), endpoints([subset("192.168.7.1")], { annotations: { "control-plane.alpha.kubernetes.io/leader": "{}" } })]],
    ["nothing in it", [service(), endpoints([])]],
  ];
  for (const [why, objects] of cases) {
    const cluster = createCluster();
    apply(cluster, ...objects);
    assert.equal(addresses(cluster), [], why);
  }
});

test("subsets of equal ports share a slice, a thousand addresses of a subset at most", () => {
  const many = Array.from({ length: 1003 }, (_, i) => ({ ip: `10.1.${i >> 8}.${i & 255}` }));
  const ports = [{ name: "a", port: 1, protocol: "TCP" as const }];
  const { slices, skipped } = mirrorOf([
    { addresses: many, ports },
    { notReadyAddresses: [{ ip: "10.2.0.1", nodeName: "n", hostname: "h" }], ports },
    { addresses: [{ ip: "10.3.0.1" }] },
  ]);
  assert.equal([slices.map((s) => s.endpoints.length), skipped], [[1001, 1], 3]);
  assert.equal(slices[0]?.endpoints[1000], { addresses: ["10.2.0.1"], conditions: { ready: false }, hostname: "h", nodeName: "n" });
});

test.run();
