/** The services work together: tried on a control plane in this process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createCluster, isRefused } from "seatrial";
import nodes from "../cluster.ts";
import services from "../seatrial.ts";

for (const env of services.environments)
  test(`every service of ${env} has all its endpoints, within the quota`, async () => {
    const cluster = createCluster();
    for (const node of nodes) cluster.create(node);
    for (const object of [await services(env)].flat(9).filter(Boolean)) {
      const answer = cluster.apply(object);
      assert.ok(!isRefused(answer), JSON.stringify(answer));
      // A namespace has its service account a moment later.
      cluster.settle({ quietSeconds: 1 });
    }
    cluster.settle();
    const namespace = `{{name}}-${env}`;
    const deployments = cluster.list("Deployment", namespace) as unknown as readonly {
      readonly metadata: { readonly name: string };
      readonly spec: { readonly replicas: number };
      readonly status: { readonly readyReplicas?: number };
    }[];
    assert.deepEqual(
      deployments.map((d) => d.metadata.name),
      ["api", "web"],
    );
    for (const { metadata, spec, status } of deployments) assert.equal(status.readyReplicas, spec.replicas, metadata.name);
  });
