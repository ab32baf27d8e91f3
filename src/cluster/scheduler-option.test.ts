/** The cluster's option `scheduler`: KubeSchedulerConfiguration. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pod } from "../../generated/v1.36/model.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import type { KubeSchedulerConfiguration } from "./scheduler/config/scheduler-config.ts";

const HEAD = { apiVersion: "kubescheduler.config.k8s.io/v1", kind: "KubeSchedulerConfiguration" } as const;

function placed(scheduler: KubeSchedulerConfiguration | undefined, schedulerNames: readonly string[]): Cluster {
  const cluster = createCluster(scheduler ? { scheduler } : {});
  const allocatable = { cpu: "4", memory: "8Gi", pods: "110" };
  for (const name of ["a", "b"])
    cluster.create({ apiVersion: "v1", kind: "Node", metadata: { name }, status: { allocatable, capacity: allocatable } });
  cluster.settle();
  for (const [i, schedulerName] of schedulerNames.entries()) {
    const containers = [{ name: "c", image: "c:1", resources: { requests: { cpu: "1", memory: "1Gi" } } }];
    cluster.create({ apiVersion: "v1", kind: "Pod", metadata: { name: `p${i}` }, spec: { schedulerName, containers } });
    cluster.settle();
  }
  return cluster;
}

const nodes = (cluster: Cluster): string[] => cluster.list("Pod").map((p) => (p as unknown as Pod).spec.nodeName ?? "-");

test("without it Pods spread, with MostAllocated they are packed", () => {
  const packing: KubeSchedulerConfiguration = {
    ...HEAD,
    profiles: [
      {
        plugins: { score: { disabled: [{ name: "NodeResourcesBalancedAllocation" }] } },
        pluginConfig: [{ name: "NodeResourcesFit", args: { scoringStrategy: { type: "MostAllocated" } } }],
      },
    ],
  };
  assert.is(new Set(nodes(placed(undefined, ["default-scheduler", "default-scheduler"]))).size, 2);
  assert.is(new Set(nodes(placed(packing, ["default-scheduler", "default-scheduler"]))).size, 1);
});

test("events bear the name of the profile; nobody takes a Pod of another", () => {
  const cluster = placed({ ...HEAD, profiles: [{ schedulerName: "mine" }] }, ["mine", "default-scheduler"]);
  assert.is(nodes(cluster)[1], "-");
  assert.equal(
    cluster
      .events()
      .filter((e) => e.reason === "Scheduled")
      .map((e) => [e.object, e.from]),
    [["Pod default/p0", "mine"]],
  );
});

test("what is wrong is named, all of it", () => {
  const wrong = { ...HEAD, percentageOfNodesToScore: 200, profiles: [{ plugins: { score: { enabled: [{ name: "Best" }] } } }] };
  assert.throws(
    () => createCluster({ scheduler: wrong }),
    (e: unknown) =>
      e instanceof TypeError &&
      /percentageOfNodesToScore: must be a whole number, 0 to 100.*profiles\[0\]\.plugins\.score\.enabled\[0\]/.test(e.message),
  );
});

test.run();
