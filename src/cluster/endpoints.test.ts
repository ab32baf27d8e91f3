import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EndpointSlice } from "../../generated/v1.36/model.ts";
import { builtInNodes } from "./built-in-nodes.ts";
import { createCluster } from "./cluster.ts";

test("Pods that change shortly after one another share an update of the slice: its generation tells how many updates there were", () => {
  for (const [replicas, ready, gone] of [
    // One update for each of two Pods, the second after the back-off; the second and third of three together.
    [1, 2, 4],
    [2, 3, 6],
    [3, 3, 6],
  ] as const) {
    const cluster = createCluster({ pods: { startSeconds: 0, stopSeconds: 0 } });
    for (const node of builtInNodes()) cluster.create(node);
    const labels = { app: "web" };
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec: { selector: labels, ports: [{ port: 80 }] } };
    cluster.create(service);
    cluster.settle();
    const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "a:1" }] } };
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } };
    cluster.apply({ ...deployment, spec: { replicas, selector: { matchLabels: labels }, template } });
    cluster.settle();
    const slice = (): EndpointSlice =>
      cluster.list("EndpointSlice", "default").find((s) => s.metadata.name !== "kubernetes") as EndpointSlice;
    assert.is(slice().endpoints?.length, replicas);
    assert.is(slice().metadata.generation, ready, `${replicas} ready`);
    cluster.apply({ ...deployment, spec: { replicas: 0, selector: { matchLabels: labels }, template } });
    cluster.settle();
    assert.is(slice().endpoints?.length ?? 0, 0);
    assert.is(slice().metadata.generation, gone, `${replicas} gone`);
  }
});

test.run();
