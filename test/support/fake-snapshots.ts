/** Settled clusters made by hand, for the tests of plan/. */
import type { Deployment, EndpointSlice, Node, Pod, ReplicaSet, ResourceQuota, Service, Toleration } from "../../generated/v1.36/model.ts";
import { controllerRef, type KubeObject, type Unchecked } from "../../src/api/object.ts";
import type { SourceLocation } from "../../src/api/source-location.ts";
import type { Snapshot } from "../../src/cluster/snapshot.ts";
import type { DesiredObject } from "../../src/plan/desired.ts";
import type { PlanMaterial } from "../../src/plan/plan.ts";

export function fakeSnapshot(objects: readonly KubeObject[], rest: Partial<Snapshot> = {}): Snapshot {
  return {
    atMs: 60_000,
    settled: true,
    objects,
    events: [],
    rollouts: [],
    jobs: [],
    refused: [],
    warnings: [],
    ties: [],
    notSimulated: [],
    ...rest,
  };
}

export function fakeNode(name: string, cpu: string, memory = "16Gi", rest: Partial<Node> = {}): Node {
  const allocatable = { cpu, memory, pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, uid: `uid-${name}` },
    spec: {},
    status: { allocatable, capacity: allocatable },
    ...rest,
  };
}

export interface FakePod {
  readonly node?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly ready?: boolean;
  /** Of the condition PodScheduled. */
  readonly message?: string;
  readonly owner?: KubeObject;
  readonly labels?: Readonly<Record<string, string>>;
  readonly portName?: string;
  readonly tolerations?: readonly Toleration[];
  readonly namespace?: string;
}

export function fakePod(
  name: string,
  { node, cpu, memory, ready = node !== undefined, message, owner, labels, portName, tolerations, namespace = "shop" }: FakePod,
): Pod {
  const requests = { ...(cpu ? { cpu } : {}), ...(memory ? { memory } : {}) };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      ...(labels ? { labels } : {}),
      ...(owner ? { ownerReferences: [controllerRef(owner)] } : {}),
    },
    spec: {
      containers: [
        {
          name: "main",
          image: "shop/main:1",
          resources: { requests },
          ...(portName ? { ports: [{ name: portName, containerPort: 8080 }] } : {}),
        },
      ],
      ...(node ? { nodeName: node } : {}),
      ...(tolerations ? { tolerations } : {}),
    },
    status: {
      phase: node ? "Running" : "Pending",
      conditions: [
        { type: "PodScheduled", status: node ? "True" : "False", ...(message ? { reason: "Unschedulable", message } : {}) },
        { type: "Ready", status: ready ? "True" : "False" },
      ],
    },
  };
}

export interface FakeDeployment {
  readonly replicas: number;
  readonly ready: number;
  readonly updated?: number;
  readonly image?: string;
  /** Reason of the condition Progressing. */
  readonly progressing?: string;
}

export function fakeDeployment(
  name: string,
  { replicas, ready, updated = replicas, image = "shop/main:1", progressing = "NewReplicaSetAvailable" }: FakeDeployment,
): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "shop", uid: `uid-${name}`, generation: 1, annotations: { "deployment.kubernetes.io/revision": "1" } },
    spec: {
      replicas,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { name: "", labels: { app: name } },
        spec: { containers: [{ name: "main", image, imagePullPolicy: "IfNotPresent" }] },
      },
    },
    status: {
      observedGeneration: 1,
      replicas: updated,
      updatedReplicas: updated,
      readyReplicas: ready,
      availableReplicas: ready,
      conditions: [{ type: "Progressing", status: "True", reason: progressing }],
    },
  };
}

export function fakeReplicaSet(owner: Deployment, replicas: number, existing: number = replicas): ReplicaSet {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${owner.metadata.name}-abc`,
      namespace: "shop",
      uid: `uid-${owner.metadata.name}-abc`,
      ownerReferences: [controllerRef(owner)],
    },
    spec: { replicas, selector: owner.spec.selector },
    status: { replicas: existing },
  };
}

export function fakeQuota(name: string, hard: Readonly<Record<string, string>>, used: Readonly<Record<string, string>>): ResourceQuota {
  return { apiVersion: "v1", kind: "ResourceQuota", metadata: { name, namespace: "shop" }, spec: { hard }, status: { hard, used } };
}

export function fakeService(name: string, selector: Readonly<Record<string, string>>, targetPort: string | number = 8080): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "shop" },
    spec: { type: "ClusterIP", selector, ports: [{ port: 80, targetPort }] },
  };
}

export function fakeSlice(service: string, pods: readonly Pod[]): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: `${service}-x`, namespace: "shop", labels: { "kubernetes.io/service-name": service } },
    addressType: "IPv4",
    ports: [{ port: 8080 }],
    endpoints: pods.map((p, i) => ({
      addresses: [`10.244.0.${i + 2}`],
      conditions: { ready: p.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") === true },
      targetRef: { kind: "Pod", name: p.metadata.name },
    })),
  };
}

export function desired(
  object: Unchecked,
  source: SourceLocation = { file: "src/shop.ts", line: 14 },
  lines: Readonly<Record<string, number>> = {},
): DesiredObject {
  return { object, source, locate: (path) => (lines[path] === undefined ? source : { ...source, line: lines[path] }) };
}

export function material(
  before: Snapshot,
  after: Snapshot,
  next: readonly DesiredObject[],
  base: readonly DesiredObject[] = [],
): PlanMaterial {
  const inputs = {
    entry: "src/shop.ts",
    base: base.length > 0 ? "main@4f1c2ab" : null,
    head: base.length > 0 ? "9d03e7e" : null,
    cluster: "cluster.yaml",
    environment: null,
  };
  return { before, after, next, base, inputs, kubernetes: "1.36", builtInCluster: false, startSeconds: 1 };
}

/** A change that raises replicas from 3 to 6 in a cluster that has room for 5, with a quota and a Service. */
export function scaleUp(): PlanMaterial {
  const nodes = [
    fakeNode("cp", "4", "16Gi", { spec: { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] } }),
    fakeNode("w1", "4"),
    fakeNode("w2", "4"),
    fakeNode("w3", "4"),
  ];
  const others = [
    fakePod("other-1", { node: "w1", cpu: "1880m", memory: "2Gi", namespace: "else" }),
    fakePod("other-2", { node: "w2", cpu: "2000m", memory: "4Gi", namespace: "else" }),
    fakePod("other-3", { node: "w3", cpu: "2250m", memory: "1Gi", namespace: "else" }),
  ];
  const message =
    "0/4 nodes are available: 1 node(s) had untolerated taint(s), 3 Insufficient cpu. no new claims to deallocate, preemption: 0/4 nodes are available: 1 Preemption is not helpful for scheduling, 3 No preemption victims found for incoming pod.";
  const side = (replicas: number, ready: number): Snapshot["objects"] => {
    const checkout = fakeDeployment("checkout", { replicas, ready });
    const rs = fakeReplicaSet(checkout, replicas);
    const pods = Array.from({ length: replicas }, (_, i) =>
      fakePod(`checkout-abc-${i + 1}`, {
        ...(i < ready ? { node: `w${(i % 3) + 1}` } : { message }),
        cpu: "900m",
        memory: "512Mi",
        owner: rs,
        labels: { app: "checkout" },
      }),
    );
    const used = replicas * 900 + 1300;
    const quota = fakeQuota("team-shop", { "requests.cpu": "7", pods: "50" }, { "requests.cpu": `${used}m`, pods: String(replicas) });
    return [...nodes, ...others, checkout, rs, ...pods, quota, fakeService("checkout", { app: "checkout" }), fakeSlice("checkout", pods)];
  };
  const written = (replicas: number): Unchecked => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "checkout", namespace: "shop" },
    spec: {
      replicas,
      selector: { matchLabels: { app: "checkout" } },
      template: { metadata: { labels: { app: "checkout" } }, spec: { containers: [{ name: "main", image: "shop/main:1" }] } },
    },
  });
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "checkout", namespace: "shop" },
    spec: { selector: { app: "checkout" }, ports: [{ port: 80, targetPort: 8080 }] },
  };
  const rollout = {
    kind: "Deployment",
    namespace: "shop",
    name: "checkout",
    complete: false,
    steps: [
      { atMs: 60_000, desired: 3, updated: 3, old: 0, ready: 3, available: 3 },
      { atMs: 61_000, desired: 6, updated: 6, old: 0, ready: 3, available: 3 },
      { atMs: 62_500, desired: 6, updated: 6, old: 0, ready: 5, available: 5 },
    ],
  };
  const source = { file: "src/checkout.ts", line: 14 };
  return material(
    fakeSnapshot(side(3, 3)),
    fakeSnapshot(side(6, 5), { rollouts: [rollout], atMs: 120_000 }),
    [desired(written(6), source, { "spec.replicas": 17 }), desired(service, { file: "src/checkout.ts", line: 30 })],
    [desired(written(3), source), desired(service, { file: "src/checkout.ts", line: 30 })],
  );
}
