import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Deployment, HorizontalPodAutoscaler } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../api/object.ts";
import { type MetricsSource, NO_METRICS } from "../sim/metrics.ts";
import { builtInNodes } from "./built-in-nodes.ts";
import { type Cluster, type ClusterOptions, createCluster } from "./cluster.ts";

function start(autoscaler: Unchecked = {}, replicas = 2, options: ClusterOptions = {}): Cluster {
  const cluster = createCluster({ ...options, pods: { startSeconds: 0, stopSeconds: 0 } });
  for (const node of builtInNodes()) cluster.create(node);
  const labels = { app: "web" };
  const resources = { requests: { cpu: "100m" } };
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i", resources }], terminationGracePeriodSeconds: 0 } };
  const spec = { replicas, selector: { matchLabels: labels }, template };
  cluster.create({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec });
  cluster.create(hpa(autoscaler));
  return cluster;
}

function hpa({ metadata, ...more }: Unchecked): Unchecked {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const target = { type: "Utilization", averageUtilization: 50 };
  const spec = {
    scaleTargetRef,
    minReplicas: 2,
    maxReplicas: 10,
    metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
    ...more,
  };
  return { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata: { name: "web", ...(metadata as object) }, spec };
}

const load = (profile: string): Unchecked => ({ metadata: { annotations: { "seatrial.dev/load-cpu": profile } } });
const size = (cluster: Cluster): number | undefined => (cluster.get("Deployment", "web") as Deployment).spec.replicas;
const status = (cluster: Cluster): HorizontalPodAutoscaler["status"] =>
  (cluster.get("HorizontalPodAutoscaler.autoscaling", "web") as HorizontalPodAutoscaler).status;
const condition = (cluster: Cluster, type: string): string => {
  const found = status(cluster)?.conditions?.find((c) => c.type === type);
  return `${found?.status} ${found?.reason}: ${found?.message}`;
};
const events = (cluster: Cluster): readonly string[] =>
  cluster
    .events()
    .filter((e) => e.from === "horizontal-pod-autoscaler")
    .map((e) => `${e.reason}: ${e.message}`);

test("the load grows: the size follows, at most twofold; it goes: the size follows five minutes later", () => {
  const cluster = start(load("100m, 60s=800m, 400s=50m"));
  cluster.advance(56);
  assert.equal([size(cluster), status(cluster)?.currentReplicas], [2, 2]);
  assert.is(condition(cluster, "ScalingActive").split(":")[0], "True ValidMetricFound");
  cluster.advance(10);
  assert.is(size(cluster), 4);
  assert.is(
    condition(cluster, "ScalingLimited"),
    "True ScaleUpLimit: the desired replica count is increasing faster than the maximum scale rate",
  );
  cluster.advance(300);
  assert.is(size(cluster), 10);
  assert.match(events(cluster).join("\n"), /New size: 4; reason: cpu resource utilization \(percentage of request\) above target/);
  cluster.advance(250);
  assert.is(size(cluster), 10);
  assert.is(condition(cluster, "AbleToScale").split(":")[0], "True ScaleDownStabilized");
  cluster.advance(200);
  assert.is(size(cluster), 2);
  assert.match(events(cluster).join("\n"), /New size: \d; reason: All metrics below target/);
  assert.equal(status(cluster)?.currentMetrics, [
    { type: "Resource", resource: { name: "cpu", current: { averageUtilization: 25, averageValue: "25m" } } },
  ]);
});

test("bounds hold without metrics", () => {
  const above = start({ maxReplicas: 3 }, 5);
  above.advance(16);
  assert.is(size(above), 3);
  assert.equal(events(above), ["SuccessfulRescale: New size: 3; reason: Current number of replicas above Spec.MaxReplicas"]);
  const none = start({}, 0);
  none.advance(16);
  assert.is(size(none), 0);
  assert.is(condition(none, "ScalingActive"), "False ScalingDisabled: scaling is disabled since the replica count of the target is zero");
});

test("one metric that cannot be had: up goes, down does not", () => {
  const pods = { type: "Pods", pods: { metric: { name: "rps" }, target: { type: "AverageValue", averageValue: "10" } } };
  const cpu = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } };
  const cluster = start({ ...load("10m, 400s=300m"), metrics: [cpu, pods] }, 4);
  cluster.advance(390);
  assert.is(size(cluster), 4);
  const reason =
    "unable to get metric rps: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";
  assert.is(condition(cluster, "ScalingActive"), `False FailedGetPodsMetric: the HPA was unable to compute the replica count: ${reason}`);
  assert.ok(events(cluster).includes(`FailedGetPodsMetric: ${reason}`));
  assert.ok(
    events(cluster).includes(
      `FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 2), first error is: failed to get pods metric value: ${reason}`,
    ),
  );
  cluster.advance(60);
  assert.is(size(cluster), 6);
});

test("metrics that somebody hands in", () => {
  const metrics: MetricsSource = { ...NO_METRICS, external: ({ metric }) => (metric === "queue" ? 50_000 : { error: "no such metric" }) };
  const external = { metric: { name: "queue" }, target: { type: "AverageValue", averageValue: "10" } };
  const cluster = start({ metrics: [{ type: "External", external }] }, 3, { metrics });
  cluster.advance(16);
  assert.is(size(cluster), 5);
  assert.ok(events(cluster).includes("SuccessfulRescale: New size: 5; reason: external metric queue(nil) above target"));
});

test("what cannot be scaled is said", () => {
  const cases: readonly (readonly [Unchecked, string])[] = [
    [{ apiVersion: "apps/v1", kind: "Deployment", name: "ghost" }, 'deployments/scale.apps "ghost" not found'],
    [{ apiVersion: "apps/v1", kind: "DaemonSet", name: "x" }, "the server could not find the requested resource"],
    [{ apiVersion: "example.com/v1", kind: "Thing", name: "x" }, 'no matches for kind "Thing" in group "example.com"'],
  ];
  for (const [scaleTargetRef, want] of cases) {
    const cluster = start({ scaleTargetRef });
    cluster.advance(16);
    assert.is(
      condition(cluster, "AbleToScale"),
      `False FailedGetScale: the HPA controller was unable to get the target's current scale: ${want}`,
    );
    assert.equal(events(cluster), [`FailedGetScale: ${want}`]);
  }
});

test("two autoscalers of the same Pods", () => {
  const cluster = start(load("1"));
  cluster.create(hpa({ metadata: { name: "second" } }));
  cluster.advance(16);
  // horizontal.go validateAndParseSelector: a selector is known once its autoscaler has been looked at, so that the first one notices at its second look.
  assert.match(condition(cluster, "ScalingActive"), /^False FailedGetResourceMetric: /);
  cluster.advance(15);
  assert.is(
    condition(cluster, "ScalingActive"),
    "False AmbiguousSelector: pods by selector app=web are controlled by multiple HPAs: [default/second default/web]",
  );
});

test("a wrong load profile is said", () => {
  const cluster = start(load("lots"));
  cluster.advance(16);
  assert.match(condition(cluster, "ScalingActive"), /seatrial\.dev\/load-cpu is no load profile such as "500m, 60s=4": "lots"$/);
});

test.run();
