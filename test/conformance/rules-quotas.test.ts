/** Quotas: what their scopes select, what they count, and what they refuse. @see kubernetes pkg/quota/v1/evaluator/core, plugin/pkg/admission/resourcequota */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Deployment, ResourceQuota } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../../src/api/object.ts";
import { apply, conditions, deployment, events, NODES, of, played, pod, said, the } from "./stories.ts";

const quota = (name: string, hard: Unchecked, scopes: readonly string[] = [], selector?: Unchecked): Unchecked => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name, namespace: "default" },
  spec: { hard, ...(scopes.length > 0 ? { scopes } : {}), ...(selector ? { scopeSelector: selector } : {}) },
});

test("a quota with a scope counts, and limits, only the Pods in its scope", () => {
  // pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc
  const steps = played(
    apply(
      ...NODES,
      quota("best-effort", { pods: "1" }, ["BestEffort"]),
      quota("short", { pods: "1" }, ["Terminating"]),
      quota("long", { pods: "2" }, ["NotTerminating"]),
    ),
    apply(
      pod("a", undefined),
      pod("b", undefined),
      pod("c", { cpu: "1" }),
      pod("d", { cpu: "1" }, { activeDeadlineSeconds: 600 }),
      pod("e", { cpu: "1" }, { activeDeadlineSeconds: 600 }),
      pod("f", { cpu: "1" }),
    ),
  );
  const used = Object.fromEntries(of<ResourceQuota>(steps[1], "ResourceQuota").map((q) => [q.metadata.name, q.status?.used?.["pods"]]));
  assert.equal(used, { "best-effort": "1", long: "2", short: "1" });
  const refused = (name: string, by: string, limit: number): string =>
    `Error from server (Forbidden): pods "${name}" is forbidden: exceeded quota: ${by}, requested: pods=1, used: pods=${limit}, limited: pods=${limit}`;
  assert.equal(said(steps[1]), [true, refused("b", "best-effort", 1), true, true, refused("e", "short", 1), refused("f", "long", 2)]);
});

test("a quota of a priority class counts Pods of that class", () => {
  const vip = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "vip" }, value: 1000 };
  const selector = { matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["vip"] }] };
  const steps = played(
    apply(...NODES, vip, quota("vips", { "requests.cpu": "1" }, [], selector)),
    apply(
      pod("a", { cpu: "8" }),
      pod("b", { cpu: "600m" }, { priorityClassName: "vip" }),
      pod("c", { cpu: "600m" }, { priorityClassName: "vip" }),
    ),
  );
  assert.equal(said(steps[1]), [
    true,
    true,
    'Error from server (Forbidden): pods "c" is forbidden: exceeded quota: vips, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1',
  ]);
});

test("a Pod that ends gives its quota back; a quota that is lowered keeps what is there", () => {
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "j", namespace: "default" },
    spec: {
      template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i:1", resources: { requests: { cpu: "1" } } }] } },
    },
  };
  const steps = played(
    apply(...NODES, quota("cpu", { "requests.cpu": "3", pods: "5" })),
    [apply(job, pod("a", { cpu: "2" })), 10],
    apply(quota("cpu", { "requests.cpu": "1", pods: "5" })),
    apply(pod("b", { cpu: "100m" })),
  );
  const used = (i: number): unknown => the<ResourceQuota>(steps[i], "ResourceQuota").status?.used;
  assert.equal(used(1), { pods: "1", "requests.cpu": "2" });
  assert.equal(used(2), { pods: "1", "requests.cpu": "2" });
  assert.match(
    String(said(steps[3])[0]),
    /exceeded quota: cpu, requested: requests\.cpu=100m, used: requests\.cpu=2, limited: requests\.cpu=1$/,
  );
});

const usedOf = (step: Parameters<typeof of>[0]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(of<ResourceQuota>(step, "ResourceQuota").map((q) => [q.metadata.name, q.status?.used]));
const exceeded = (what: string, by: string, requested: string, used: string, limited: string): string =>
  `Error from server (Forbidden): ${what} is forbidden: exceeded quota: ${by}, requested: ${requested}, used: ${used}, limited: ${limited}`;

test("scopes of all kinds: each quota counts what is in all of its scopes", () => {
  // pods.go podMatchesScopeFunc, podMatchesSelector; crossNamespaceAffinity; persistent_volume_claims.go pvcMatchesScopeFunc
  const vip = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "vip" }, value: 1000 };
  const term = (scopeName: string, operator: string, values?: readonly string[]): Unchecked => ({
    matchExpressions: [{ scopeName, operator, ...(values ? { values } : {}) }],
  });
  const claim = (name: string, rest: Unchecked): Unchecked => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...rest },
  });
  const far = { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "zone", namespaces: ["kube-system"], labelSelector: {} }] };
  const hard = { pods: "9" };
  const steps = played(
    apply(
      ...NODES,
      vip,
      quota("sure", hard, ["NotBestEffort"]),
      quota("both", hard, ["NotBestEffort", "NotTerminating"]),
      quota("vips", hard, [], term("PriorityClass", "In", ["vip"])),
      quota("others", hard, [], term("PriorityClass", "NotIn", ["vip"])),
      quota("any", hard, [], term("PriorityClass", "Exists")),
      quota("none", hard, [], term("PriorityClass", "DoesNotExist")),
      quota("far", { pods: "0" }, [], term("CrossNamespacePodAffinity", "Exists")),
      quota("gold", { persistentvolumeclaims: "1" }, [], term("VolumeAttributesClass", "In", ["gold"])),
    ),
    apply(
      pod("a", undefined),
      pod("b", { cpu: "1" }),
      pod("c", { cpu: "1" }, { priorityClassName: "vip", activeDeadlineSeconds: 600 }),
      pod("d", { cpu: "1" }, { affinity: { podAffinity: far } }),
      claim("e", { volumeAttributesClassName: "gold" }),
      claim("f", { volumeAttributesClassName: "gold" }),
      claim("g", {}),
    ),
  );
  assert.equal(said(steps[1]), [
    true,
    true,
    true,
    exceeded('pods "d"', "far", "pods=1", "pods=0", "pods=0"),
    true,
    exceeded('persistentvolumeclaims "f"', "gold", ...(Array(3).fill("persistentvolumeclaims=1") as [string, string, string])),
    true,
  ]);
  const counted = Object.fromEntries(Object.entries(usedOf(steps[1])).map(([name, used]) => [name, Object.values(used as object).join()]));
  assert.equal(counted, { any: "1", both: "1", far: "0", gold: "1", none: "2", others: "2", sure: "2", vips: "1" });
});

test("counts of objects, ports and claims by class: all limits that would be exceeded are told, the others are not", () => {
  // services.go, persistent_volume_claims.go, objectcount; the sums are updated when a Service changes its type.
  const service = (name: string, type: string): Unchecked => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { type, selector: { app: "web" }, ports: [{ port: 80 }] },
  });
  const claim = (name: string, storageClassName: string, storage: string): Unchecked => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "default" },
    spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
  });
  const fast = "fast.storageclass.storage.k8s.io";
  const hard = {
    "count/jobs.batch": "0",
    [`${fast}/persistentvolumeclaims`]: "1",
    [`${fast}/requests.storage`]: "2Gi",
    "requests.storage": "5Gi",
    services: "3",
    "services.loadbalancers": "0",
    "services.nodeports": "1",
  };
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "j", namespace: "default" },
    spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i:1" }] } } },
  };
  const steps = played(
    apply(...NODES, quota("q", hard)),
    apply(
      service("a", "NodePort"),
      service("b", "LoadBalancer"),
      claim("c", "fast", "1Gi"),
      claim("d", "fast", "1Gi"),
      claim("e", "slow", "5Gi"),
      job,
    ),
    apply(service("a", "ClusterIP")),
  );
  assert.equal(said(steps[1]), [
    true,
    exceeded(
      'services "b"',
      "q",
      "services.loadbalancers=1,services.nodeports=1",
      "services.loadbalancers=0,services.nodeports=1",
      "services.loadbalancers=0,services.nodeports=1",
    ),
    true,
    exceeded('persistentvolumeclaims "d"', "q", ...(Array(3).fill(`${fast}/persistentvolumeclaims=1`) as [string, string, string])),
    exceeded('persistentvolumeclaims "e"', "q", "requests.storage=5Gi", "requests.storage=1Gi", "requests.storage=5Gi"),
    exceeded('jobs.batch "j"', "q", "count/jobs.batch=1", "count/jobs.batch=0", "count/jobs.batch=0"),
  ]);
  const used = {
    "count/jobs.batch": "0",
    [`${fast}/persistentvolumeclaims`]: "1",
    [`${fast}/requests.storage`]: "1Gi",
    "requests.storage": "1Gi",
    services: "2",
    "services.loadbalancers": "0",
    "services.nodeports": "1",
  };
  assert.equal(usedOf(steps[1]), { q: used });
  assert.equal(usedOf(steps[2]), { q: { ...used, "services.nodeports": "0" } });
});

test("a rollout under a quota that has no room for its surge stands still; one for which no ReplicaSet may be made says that", () => {
  // sync.go getNewReplicaSet (ReplicaSetCreateError), progress.go getReplicaFailures
  const requests = (image: string): Unchecked => ({
    containers: [{ name: "c", image, resources: { requests: { cpu: "300m" } } }],
  });
  const steps = played(
    apply(...NODES, quota("q", { "requests.cpu": "1", "count/replicasets.apps": "2" })),
    apply(deployment({ replicas: 3, pod: requests("i:1") })),
    apply(deployment({ replicas: 3, pod: requests("i:2") })),
    apply(deployment({ replicas: 3, pod: requests("i:3") })),
  );
  const available = "Available True MinimumReplicasAvailable";
  const failed = "ReplicaFailure True FailedCreate";
  assert.equal(conditions(the<Deployment>(steps[2], "Deployment")), [available, "Progressing True NewReplicaSetCreated", failed]);
  assert.equal(conditions(the<Deployment>(steps[3], "Deployment")), [available, "Progressing False ReplicaSetCreateError", failed]);
  assert.match(
    events(steps[3], "Deployment").at(-1)!,
    /^Warning ReplicaSetCreateError: Failed to create new replica set "(web-\w+)": replicasets\.apps "\1" is forbidden: exceeded quota: q, requested: count\/replicasets\.apps=1, used: count\/replicasets\.apps=2, limited: count\/replicasets\.apps=2$/,
  );
});

test.run();
