/** What must hold of the infrastructure, tried on a control plane in this process: no cluster, no containers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cluster, createCluster, isRefused } from "seatrial";
import nodes from "../cluster.ts";
import application from "../seatrial.ts";

type Name = (typeof application.environments)[number];
type Unknown = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

async function deployed(env: Name): Promise<Cluster> {
  const cluster = createCluster();
  for (const node of nodes) cluster.create(node);
  cluster.settle();
  for (const object of [await application(env)].flat(9).filter(Boolean)) {
    const answer = cluster.apply(object);
    assert.ok(!isRefused(answer), JSON.stringify(answer));
    // A namespace has its service account a moment later.
    cluster.settle({ quietSeconds: 1 });
  }
  cluster.settle();
  return cluster;
}

for (const env of application.environments)
  test(`every pod of ${env} becomes ready`, async () => {
    const cluster = await deployed(env);
    const deployment = cluster.get("Deployment", "{{name}}", `{{name}}-${env}`) as unknown as Unknown;
    assert.ok(Number(deployment["spec"]?.["replicas"]) >= 1);
    assert.equal(deployment["status"]?.["readyReplicas"], deployment["spec"]?.["replicas"]);
  });

test("prod survives the loss of a node", async () => {
  const cluster = await deployed("prod");
  cluster.delete({ kind: "Node", name: "worker-a" });
  // The Pods of a node that is gone are collected, and others take their place.
  cluster.advance(600);
  const deployment = cluster.get("Deployment", "{{name}}", "{{name}}-prod") as unknown as Unknown;
  assert.equal(deployment["status"]?.["readyReplicas"], deployment["spec"]?.["replicas"]);
});
