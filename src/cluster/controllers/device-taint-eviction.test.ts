import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DeviceTaint, DeviceToleration } from "../../../generated/v1.36/model.ts";
import { type Cluster, createCluster } from "../cluster.ts";
import { toleratedSeconds } from "./device-taint-eviction.ts";

const DRIVER = "gpu.example.com";
const taint: DeviceTaint = { key: "broken", value: "yes", effect: "NoExecute" };

test("for how long a taint is tolerated", () => {
  const cases: readonly (readonly [tolerations: readonly DeviceToleration[], want: number | undefined])[] = [
    [[], 0],
    [[{ operator: "Exists", effect: "NoExecute" }], undefined],
    [[{ operator: "Exists" }], 0],
    [[{ operator: "Exists", effect: "NoSchedule" }], 0],
    [[{ key: "broken", operator: "Equal", value: "yes", effect: "NoExecute", tolerationSeconds: 30 }], 30],
    [[{ key: "broken", operator: "Equal", value: "no", effect: "NoExecute" }], 0],
    [[{ key: "other", operator: "Exists", effect: "NoExecute" }], 0],
    [
      [
        { operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 },
        { operator: "Exists", effect: "NoExecute", tolerationSeconds: -5 },
      ],
      0,
    ],
  ];
  for (const [tolerations, want] of cases)
    assert.is(toleratedSeconds({ driver: DRIVER, pool: "n", device: "d", request: "r", tolerations }, taint), want);
});

function slice(taints: readonly DeviceTaint[], generation: number): object {
  const pool = { name: "n", generation, resourceSliceCount: 1 };
  return {
    apiVersion: "resource.k8s.io/v1",
    kind: "ResourceSlice",
    metadata: { name: "slice" },
    spec: { driver: DRIVER, nodeName: "n", pool, devices: [{ name: "gpu-0", ...(taints.length > 0 ? { taints } : {}) }] },
  };
}

function start(tolerations: readonly DeviceToleration[]): Cluster {
  const cluster = createCluster({ pods: { stopSeconds: 0 } });
  const allocatable = { cpu: "8", memory: "16Gi", pods: "110" };
  const requests = [{ name: "gpu", exactly: { deviceClassName: "gpu", ...(tolerations.length > 0 ? { tolerations } : {}) } }];
  const claims = [{ name: "dev", resourceClaimTemplateName: "t" }];
  for (const object of [
    { apiVersion: "v1", kind: "Node", metadata: { name: "n" }, status: { allocatable, capacity: allocatable } },
    { apiVersion: "resource.k8s.io/v1", kind: "DeviceClass", metadata: { name: "gpu" }, spec: {} },
    { apiVersion: "resource.k8s.io/v1", kind: "ResourceClaimTemplate", metadata: { name: "t" }, spec: { spec: { devices: { requests } } } },
    slice([], 1),
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", namespace: "default" },
      spec: { resourceClaims: claims, containers: [{ name: "c", image: "i", resources: { claims: [{ name: "dev" }] } }] },
    },
  ])
    assert.ok(cluster.create(object).code < 400);
  cluster.settle();
  return cluster;
}

const told = (cluster: Cluster): readonly string[] =>
  cluster
    .events()
    .filter((e) => e.reason === "DeviceTaintManagerEviction")
    .map((e) => `${e.from} ${e.message}`);

test("a Pod whose device is tainted is deleted, and told why", () => {
  const cluster = start([]);
  assert.ok(cluster.get("Pod", "p"));
  cluster.apply(slice([taint], 2), { force: true });
  cluster.settle();
  assert.is(cluster.get("Pod", "p"), undefined);
  assert.equal(told(cluster), ["device-taint-eviction-controller Marking for deletion"]);
});

test("it may stay as long as its claim tolerates the taint; when the taint goes, for ever", () => {
  const tolerated = [{ key: "broken", operator: "Exists", effect: "NoExecute", tolerationSeconds: 30 }] as const;
  const cluster = start(tolerated);
  cluster.apply(slice([taint], 2), { force: true });
  cluster.advance(20);
  cluster.apply(slice([], 3), { force: true });
  cluster.advance(60);
  assert.ok(cluster.get("Pod", "p"));
  assert.equal(told(cluster), ["device-taint-eviction-controller Cancelling deletion"]);
  cluster.apply(slice([taint], 4), { force: true });
  cluster.advance(29);
  assert.ok(cluster.get("Pod", "p"));
  cluster.advance(3);
  assert.is(cluster.get("Pod", "p"), undefined);
});

test.run();
