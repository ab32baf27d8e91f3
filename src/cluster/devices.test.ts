/** Devices by ResourceClaim, from the template to the node and back. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Device, Pod, ResourceV1ResourceClaim } from "../../generated/v1.36/model.ts";
import { isRefused } from "../sim/answer.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const DRIVER = "gpu.example.com";

function node(name: string, labels: Record<string, string> = {}): object {
  const allocatable = { cpu: "8", memory: "16Gi", pods: "110" };
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels }, status: { allocatable, capacity: allocatable } };
}

function gpu(name: string, model: string, memory: string, more: Partial<Device> = {}): Device {
  return {
    name,
    attributes: { model: { string: model }, index: { int: Number(name.slice(-1)) } },
    capacity: { memory: { value: memory } },
    ...more,
  };
}

function slice(nodeName: string, devices: readonly Device[], spec: object = {}): object {
  return {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceSlice",
    metadata: { name: `slice-${nodeName}` },
    spec: { driver: DRIVER, nodeName, pool: { name: nodeName, generation: 1, resourceSliceCount: 1 }, devices, ...spec },
  };
}

const deviceClass = (name: string, expression?: string): object => ({
  apiVersion: "resource.k8s.io/v1",
  kind: "DeviceClass",
  metadata: { name },
  spec: { selectors: [{ cel: { expression: expression ?? `device.driver == "${DRIVER}"` } }] },
});

const cel = (expression: string): object[] => [{ cel: { expression } }];
const exactly = (more: object = {}): object => ({ name: "gpu", exactly: { deviceClassName: "gpu", ...more } });

function claim(name: string, requests: readonly object[], devices: object = {}): object {
  return { apiVersion: "resource.k8s.io/v1", kind: "ResourceClaim", metadata: { name }, spec: { devices: { requests, ...devices } } };
}

function template(name: string, requests: readonly object[]): object {
  return { apiVersion: "resource.k8s.io/v1", kind: "ResourceClaimTemplate", metadata: { name }, spec: { spec: { devices: { requests } } } };
}

function pod(name: string, resourceClaims: readonly object[]): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { resourceClaims, containers: [{ name: "c", image: "app:1", resources: { claims: [{ name: "dev" }] } }] },
  };
}

const named = (resourceClaimName: string): object[] => [{ name: "dev", resourceClaimName }];
const templated = (resourceClaimTemplateName: string): object[] => [{ name: "dev", resourceClaimTemplateName }];

function clusterWith(objects: readonly object[]): Cluster {
  const cluster = createCluster();
  for (const object of objects) {
    const answer = cluster.create(object);
    assert.ok(!isRefused(answer), JSON.stringify(answer));
  }
  cluster.settle();
  return cluster;
}

const nodeOf = (cluster: Cluster, name: string): string => (cluster.get("Pod", name) as Pod | undefined)?.spec.nodeName ?? "-";
const claimOf = (cluster: Cluster, name: string): ResourceV1ResourceClaim =>
  cluster.get("ResourceClaim", name) as unknown as ResourceV1ResourceClaim;
const devicesOf = (cluster: Cluster, name: string): string[] =>
  (claimOf(cluster, name)?.status?.allocation?.devices?.results ?? []).map((r) => `${r.request}=${r.pool}/${r.device}`);
const messageOf = (cluster: Cluster, name: string): string =>
  (cluster.get("Pod", name) as Pod).status?.conditions?.find((c) => c.type === "PodScheduled")?.message ?? "";

const TWO_NODES = [
  node("plain"),
  node("a"),
  node("b"),
  deviceClass("gpu"),
  slice("a", [gpu("gpu-0", "small", "16Gi"), gpu("gpu-1", "small", "16Gi")]),
  slice("b", [gpu("gpu-0", "large", "80Gi"), gpu("gpu-1", "large", "80Gi"), gpu("gpu-2", "small", "16Gi")]),
];

const CASES: readonly (readonly [
  about: string,
  requests: readonly object[],
  devices: object,
  node: string,
  allocated: readonly string[],
])[] = [
  ["an attribute", [exactly({ selectors: cel(`device.attributes["${DRIVER}"].model == "large"`) })], {}, "b", ["gpu=b/gpu-0"]],
  [
    "a capacity",
    [exactly({ selectors: cel(`device.capacity["${DRIVER}"].memory.compareTo(quantity("40Gi")) >= 0`) })],
    {},
    "b",
    ["gpu=b/gpu-0"],
  ],
  ["a number", [exactly({ selectors: cel(`device.attributes["${DRIVER}"].index > 1`) })], {}, "b", ["gpu=b/gpu-2"]],
  [
    "a domain that the device has nothing of",
    [exactly({ selectors: cel(`"x" in device.attributes["other.example.com"] || device.attributes["${DRIVER}"].index == 2`) })],
    {},
    "b",
    ["gpu=b/gpu-2"],
  ],
  ["a count", [exactly({ count: 3 })], {}, "b", ["gpu=b/gpu-0", "gpu=b/gpu-1", "gpu=b/gpu-2"]],
  [
    "all of a kind",
    [exactly({ allocationMode: "All", selectors: cel(`device.attributes["${DRIVER}"].model == "large"`) })],
    {},
    "b",
    ["gpu=b/gpu-0", "gpu=b/gpu-1"],
  ],
  ["more than any node has", [exactly({ count: 4 })], {}, "-", []],
  [
    "the same model for both: the first choice is taken back",
    [exactly(), { name: "other", exactly: { deviceClassName: "gpu", selectors: cel(`device.attributes["${DRIVER}"].index == 2`) } }],
    { constraints: [{ matchAttribute: `${DRIVER}/model` }] },
    "-",
    [],
  ],
  [
    "the first alternative that is there",
    [
      {
        name: "gpu",
        firstAvailable: [
          { name: "huge", deviceClassName: "gpu", selectors: cel(`device.attributes["${DRIVER}"].model == "huge"`) },
          { name: "pair", deviceClassName: "gpu", count: 2, selectors: cel(`device.attributes["${DRIVER}"].model == "large"`) },
        ],
      },
    ],
    {},
    "b",
    ["gpu/pair=b/gpu-0", "gpu/pair=b/gpu-1"],
  ],
];
for (const [about, requests, devices, where, allocated] of CASES) {
  test(`a claim: ${about}`, () => {
    const cluster = clusterWith([...TWO_NODES, claim("c", requests, devices), pod("p", named("c"))]);
    assert.is(nodeOf(cluster, "p"), where);
    assert.equal(devicesOf(cluster, "c"), allocated);
    if (where === "-")
      assert.match(
        messageOf(cluster, "p"),
        /^0\/3 nodes are available: 3 cannot allocate all claims\. still not schedulable, preemption: /,
      );
  });
}

test("a constraint takes a choice back", () => {
  const devices = [gpu("gpu-0", "x", "1Gi"), gpu("gpu-1", "y", "1Gi"), gpu("gpu-2", "y", "1Gi")];
  const cluster = clusterWith([
    node("a"),
    deviceClass("gpu"),
    slice("a", devices),
    claim("c", [exactly({ count: 2 })], { constraints: [{ matchAttribute: `${DRIVER}/model` }] }),
    pod("p", named("c")),
  ]);
  assert.equal(devicesOf(cluster, "c"), ["gpu=a/gpu-1", "gpu=a/gpu-2"]);
});

test("what is written at the binding", () => {
  const cluster = clusterWith([...TWO_NODES, claim("c", [exactly()]), pod("p", named("c"))]);
  const { metadata, status } = claimOf(cluster, "c");
  const where = nodeOf(cluster, "p");
  assert.equal(metadata.finalizers, ["resource.kubernetes.io/delete-protection"]);
  assert.equal(status?.reservedFor, [{ resource: "pods", name: "p", uid: cluster.get("Pod", "p")?.metadata.uid }]);
  assert.equal(status?.allocation, {
    allocationTimestamp: "2026-01-01T00:00:00Z",
    devices: { results: [{ request: "gpu", driver: DRIVER, pool: where, device: "gpu-0" }] },
    nodeSelector: { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [where] }] }] },
  });
});

test("a shared claim ties its Pods to one node", () => {
  const cluster = clusterWith([...TWO_NODES, claim("c", [exactly()]), pod("p", named("c")), pod("q", named("c"))]);
  assert.is(nodeOf(cluster, "q"), nodeOf(cluster, "p"));
  assert.is(claimOf(cluster, "c").status?.reservedFor?.length, 2);
});

test("claims are made from a template, go with their Pods, and their devices serve the next", () => {
  const cluster = clusterWith([
    node("a"),
    deviceClass("gpu"),
    slice("a", [gpu("gpu-0", "small", "16Gi")]),
    template("t", [exactly()]),
    pod("p", templated("t")),
    pod("q", templated("t")),
  ]);
  const [first, second] = cluster.list("ResourceClaim");
  assert.match(first?.metadata.name ?? "", /^p-dev-[a-z0-9]{5}$/);
  assert.equal(first?.metadata.annotations, { "resource.kubernetes.io/pod-claim-name": "dev" });
  assert.equal((cluster.get("Pod", "p") as Pod).status?.resourceClaimStatuses, [{ name: "dev", resourceClaimName: first?.metadata.name }]);
  assert.match(second?.metadata.name ?? "", /^q-dev-/);
  assert.equal([nodeOf(cluster, "p"), nodeOf(cluster, "q")], ["a", "-"]);
  cluster.delete({ kind: "Pod", name: "p" });
  cluster.settle();
  assert.is(cluster.list("ResourceClaim").length, 1);
  assert.is(nodeOf(cluster, "q"), "a");
});

const WAITING: readonly (readonly [about: string, objects: readonly object[], message: RegExp])[] = [
  ["no such class", [claim("c", [exactly()]), pod("p", named("c"))], /request gpu: device class gpu does not exist/],
  [
    "a wrong expression",
    [
      deviceClass("gpu", `device.attributes["${DRIVER}"].nothing == "x"`),
      slice("a", [gpu("gpu-0", "s", "1Gi")]),
      claim("c", [exactly()]),
      pod("p", named("c")),
    ],
    /^running "DynamicResources" filter plugin: class gpu: selector #0: CEL runtime error: no such key: nothing$/,
  ],
];
for (const [about, objects, message] of WAITING)
  test(`waits: ${about}`, () => {
    const cluster = clusterWith([node("a"), ...objects]);
    assert.is(nodeOf(cluster, "p"), "-");
    assert.match(messageOf(cluster, "p"), message);
  });

test("a Pod whose claim comes later is placed when it comes", () => {
  const cluster = clusterWith([...TWO_NODES, pod("p", named("c")), pod("t", templated("later"))]);
  assert.equal([nodeOf(cluster, "p"), nodeOf(cluster, "t")], ["-", "-"]);
  cluster.create(claim("c", [exactly()]));
  cluster.create(template("later", [exactly()]));
  cluster.settle();
  assert.is.not(nodeOf(cluster, "p"), "-");
  assert.is.not(nodeOf(cluster, "t"), "-");
});

test("partitions that share counters", () => {
  const counters = (value: string): Partial<Device> => ({ consumesCounters: [{ counterSet: "memory", counters: { gib: { value } } }] });
  const devices = [
    gpu("gpu-0", "half", "8Gi", counters("8")),
    gpu("gpu-1", "half", "8Gi", counters("8")),
    gpu("gpu-2", "whole", "16Gi", counters("16")),
  ];
  const sets = {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceSlice",
    metadata: { name: "counters" },
    spec: {
      driver: DRIVER,
      nodeName: "a",
      pool: { name: "a", generation: 1, resourceSliceCount: 2 },
      sharedCounters: [{ name: "memory", counters: { gib: { value: "16" } } }],
    },
  };
  const both = { pool: { name: "a", generation: 1, resourceSliceCount: 2 } };
  const cluster = clusterWith([
    node("a"),
    deviceClass("gpu"),
    sets,
    slice("a", devices, both),
    claim("half", [exactly({ selectors: cel(`device.attributes["${DRIVER}"].model == "half"`) })]),
    pod("p", named("half")),
    claim("whole", [exactly({ selectors: cel(`device.attributes["${DRIVER}"].model == "whole"`) })]),
    pod("q", named("whole")),
  ]);
  assert.equal([nodeOf(cluster, "p"), nodeOf(cluster, "q")], ["a", "-"]);
});

test.run();
