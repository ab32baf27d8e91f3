/** Devices that are asked for as extended resources, must be made ready first, or are given back. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Device, Pod, ResourceV1ResourceClaim } from "../../generated/v1.36/model.ts";
import { isRefused } from "../sim/answer.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const DRIVER = "gpu.example.com";
const GPU = "example.com/gpu";

function node(name: string, more: Record<string, string> = {}): object {
  const allocatable = { cpu: "8", memory: "16Gi", pods: "110", ...more };
  return { apiVersion: "v1", kind: "Node", metadata: { name }, status: { allocatable, capacity: allocatable } };
}
const slice = (nodeName: string, ...devices: readonly Device[]): object => ({
  apiVersion: "resource.k8s.io/v1",
  kind: "ResourceSlice",
  metadata: { name: `slice-${nodeName}` },
  spec: { driver: DRIVER, nodeName, pool: { name: nodeName, generation: 1, resourceSliceCount: 1 }, devices },
});
const deviceClass = (spec: object = {}): object => ({
  apiVersion: "resource.k8s.io/v1",
  kind: "DeviceClass",
  metadata: { name: "gpu" },
  spec,
});
const claim = (name: string): object => ({
  apiVersion: "resource.k8s.io/v1",
  kind: "ResourceClaim",
  metadata: { name },
  spec: { devices: { requests: [{ name: "gpu", exactly: { deviceClassName: "gpu" } }] } },
});
const asking = (name: string, resource: string, count = "1"): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { containers: [{ name: "c", image: "app:1", resources: { requests: { [resource]: count }, limits: { [resource]: count } } }] },
});
const claiming = (name: string, resourceClaimName: string, spec: object = {}): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: {
    resourceClaims: [{ name: "dev", resourceClaimName }],
    containers: [{ name: "c", image: "app:1", resources: { claims: [{ name: "dev" }] } }],
    ...spec,
  },
});

function clusterWith(...objects: readonly object[]): Cluster {
  const cluster = createCluster();
  for (const object of objects) {
    const answer = cluster.create(object);
    assert.ok(!isRefused(answer), JSON.stringify(answer));
  }
  cluster.settle();
  return cluster;
}
const podOf = (cluster: Cluster, name: string): Pod => cluster.get("Pod", name) as Pod;
const nodeOf = (cluster: Cluster, name: string): string => podOf(cluster, name).spec.nodeName ?? "-";
const claims = (cluster: Cluster): readonly ResourceV1ResourceClaim[] =>
  cluster.list("ResourceClaim") as unknown as ResourceV1ResourceClaim[];
const reason = (cluster: Cluster, name: string): string =>
  podOf(cluster, name).status?.conditions?.find((c) => c.type === "PodScheduled")?.message ?? "";

/** Nodes and classes → the resource asked for → where the Pod goes, and what for a claim is made. */
const EXTENDED: readonly (readonly [about: string, objects: readonly object[], resource: string, node: string, devices: string])[] = [
  ["a device plugin has it", [node("a", { [GPU]: "1" }), deviceClass({ extendedResourceName: GPU })], GPU, "a", ""],
  [
    "only devices have it",
    [node("a"), deviceClass({ extendedResourceName: GPU }), slice("a", { name: "g0" })],
    GPU,
    "a",
    "container-0-request-0=g0",
  ],
  [
    "by the name of the class",
    [node("a"), deviceClass(), slice("a", { name: "g0" })],
    "deviceclass.resource.kubernetes.io/gpu",
    "a",
    "container-0-request-0=g0",
  ],
  [
    "the node with devices",
    [node("a"), node("b"), deviceClass({ extendedResourceName: GPU }), slice("b", { name: "g0" })],
    GPU,
    "b",
    "container-0-request-0=g0",
  ],
  ["no devices are left", [node("a"), deviceClass({ extendedResourceName: GPU })], GPU, "-", ""],
];
for (const [about, objects, resource, where, devices] of EXTENDED) {
  test(`an extended resource: ${about}`, () => {
    const cluster = clusterWith(...objects, asking("p", resource));
    assert.is(nodeOf(cluster, "p"), where, reason(cluster, "p"));
    const [made] = claims(cluster);
    assert.is((made?.status?.allocation?.devices?.results ?? []).map((r) => `${r.request}=${r.device}`).join(), devices);
    if (where === "-") assert.match(reason(cluster, "p"), /^0\/1 nodes are available: 1 cannot allocate all claims\. /);
  });
}

test("the claim for extended resources: whose it is, who uses it, and that it goes with its Pod", () => {
  const cluster = clusterWith(
    node("a"),
    deviceClass({ extendedResourceName: GPU }),
    slice("a", { name: "g0" }),
    asking("p", GPU),
    asking("q", GPU),
  );
  const [made, ...others] = claims(cluster);
  assert.equal(others, []);
  assert.match(made?.metadata.name ?? "", /^p-extended-resources-[a-z0-9]{5}$/);
  assert.equal(made?.metadata.annotations, { "resource.kubernetes.io/extended-resource-claim": "true" });
  assert.equal(
    made?.status?.reservedFor?.map((r) => r.name),
    ["p"],
  );
  assert.equal(podOf(cluster, "p").status?.extendedResourceClaimStatus, {
    requestMappings: [{ containerName: "c", resourceName: GPU, requestName: "container-0-request-0" }],
    resourceClaimName: made?.metadata.name,
  });
  assert.is(podOf(cluster, "p").status?.phase, "Running");
  assert.is(nodeOf(cluster, "q"), "-");
  cluster.delete({ kind: "Pod", name: "p" });
  cluster.settle();
  assert.is(nodeOf(cluster, "q"), "a");
  assert.is(claims(cluster).length, 1);
});

const READY: Device = { name: "g0", bindingConditions: ["Attached"], bindingFailureConditions: ["Broken"] };

function report(cluster: Cluster, type: string): void {
  const [made] = claims(cluster);
  const condition = { type, status: "True", reason: "Said", message: "so", lastTransitionTime: "2026-01-01T00:00:00Z" };
  const { pool } = made!.status!.allocation!.devices!.results![0]!;
  const status = { ...made!.status, devices: [{ driver: DRIVER, pool, device: "g0", conditions: [condition] }] };
  const answer = cluster.server.trustedClient("test").updateStatus({ ...made!, status } as ResourceV1ResourceClaim);
  assert.ok(!isRefused(answer), JSON.stringify(answer));
  cluster.settle();
}

test("a Pod waits until its devices are ready", () => {
  const cluster = clusterWith(node("a"), deviceClass(), slice("a", READY), claim("c"), claiming("p", "c"));
  assert.is(nodeOf(cluster, "p"), "-");
  assert.is(podOf(cluster, "p").status?.nominatedNodeName, "a");
  assert.equal(
    cluster
      .events()
      .filter((e) => e.reason === "BindingConditionsPending")
      .map((e) => e.message),
    ["waiting for binding conditions for device on node a"],
  );
  report(cluster, "Attached");
  assert.is(nodeOf(cluster, "p"), "a");
});

test("devices that cannot be made ready are given back, and others taken", () => {
  const cluster = clusterWith(node("a"), deviceClass(), slice("a", READY), claim("c"), claiming("p", "c"));
  assert.ok(!isRefused(cluster.create(node("b"))));
  assert.ok(!isRefused(cluster.create(slice("b", { name: "g0" }))));
  cluster.delete({ kind: "ResourceSlice", name: "slice-a" });
  report(cluster, "Broken");
  cluster.advance(30);
  assert.is(nodeOf(cluster, "p"), "b");
  const said = cluster
    .events()
    .filter((e) => e.reason === "FailedScheduling")
    .map((e) => e.message);
  assert.ok(
    said.includes('running PreBind plugin "DynamicResources": device binding failed: claim=c, reason=Said, message="so"'),
    said.join("\n"),
  );
});

test("devices that are not made ready within ten minutes", () => {
  const cluster = clusterWith(node("a"), deviceClass(), slice("a", READY), claim("c"), claiming("p", "c"));
  cluster.advance(601);
  const said = cluster
    .events()
    .filter((e) => e.reason === "FailedScheduling")
    .map((e) => e.message);
  assert.ok(said.includes('running PreBind plugin "DynamicResources": device binding timeout: context deadline exceeded'), said.join("\n"));
});

test("a claim whose node is no choice any more gets devices elsewhere", () => {
  const cluster = clusterWith(node("a"), deviceClass(), slice("a", { name: "g0" }), claim("c"), claiming("p", "c"));
  assert.is(nodeOf(cluster, "p"), "a");
  cluster.delete({ kind: "Pod", name: "p" });
  cluster.settle();
  const held = claims(cluster)[0]!;
  const result = { request: "gpu", driver: DRIVER, pool: "gone", device: "g0" };
  const nodeSelector = { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In" as const, values: ["gone"] }] }] };
  cluster.server.trustedClient("test").updateStatus({
    ...held,
    status: { allocation: { devices: { results: [result] }, nodeSelector } },
  } as ResourceV1ResourceClaim);
  cluster.create(claiming("q", "c"));
  cluster.settle();
  cluster.advance(30);
  assert.is(nodeOf(cluster, "q"), "a", reason(cluster, "q"));
});

test.run();
