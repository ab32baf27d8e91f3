/** The fences hold: tried on a control plane in this process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cluster, createCluster, isRefused, workload } from "seatrial";
import nodes from "../cluster.ts";
import platform from "../seatrial.ts";

function platformCluster(): Cluster {
  const cluster = createCluster();
  for (const object of [...nodes, ...platform.flat(9)]) {
    const answer = cluster.apply(object);
    assert.ok(!isRefused(answer), JSON.stringify(answer));
  }
  cluster.settle();
  return cluster;
}

const secured = {
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  pod: { securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } } },
} as const;

test("a container that asks for nothing gets the team's default requests", () => {
  const cluster = platformCluster();
  cluster.apply(workload("small", { namespace: "payments", image: "registry.example/small:1", ...secured }));
  cluster.settle();
  const [pod] = cluster.list("Pod", "payments") as unknown as readonly {
    readonly spec: { readonly containers: readonly { readonly resources?: { readonly requests?: Readonly<Record<string, string>> } }[] };
  }[];
  assert.deepEqual(pod?.spec.containers[0]?.resources?.requests, { cpu: "100m", memory: "128Mi" });
});

test("a team cannot run more than its quota", () => {
  const cluster = platformCluster();
  const resources = { requests: { cpu: "3", memory: "1Gi" }, limits: { memory: "1Gi" } } as const;
  cluster.apply(workload("large", { namespace: "payments", image: "registry.example/large:1", replicas: 5, resources, ...secured }));
  cluster.settle();
  // 8 CPUs hold two Pods of 3.
  assert.equal(cluster.list("Pod", "payments").length, 2);
});

test("a privileged pod is refused", () => {
  const cluster = platformCluster();
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "root", namespace: "payments" },
    spec: { containers: [{ name: "root", image: "registry.example/root:1", securityContext: { privileged: true } }] },
  };
  const answer = cluster.create(pod);
  assert.ok(isRefused(answer));
  assert.equal(answer.code, 403);
});
