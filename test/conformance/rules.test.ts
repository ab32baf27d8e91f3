/**
 * Stories whose outcome follows from the rules in Kubernetes' source, beyond what was recorded: rollbacks, proportional scaling, partitions, drains
 * that a budget forbids, quota scopes. Each expectation names its rule.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Deployment, Pod, ReplicaSet, ResourceQuota, StatefulSet } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../../src/api/object.ts";
import { type Action, type PlayedStep, play } from "../../src/cluster/scenario.ts";

const node = (name: string, cpu = "8"): Unchecked => {
  const size = { cpu, memory: "16Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name } },
    status: { capacity: size, allocatable: size },
  };
};
const NODES = [node("n1"), node("n2")];

interface Workload {
  readonly replicas: number;
  readonly image?: string;
  readonly spec?: Unchecked;
  readonly annotations?: Unchecked;
  /** Of the Pods: `seatrial.dev/ready: "false"` keeps them from becoming ready. */
  readonly ready?: boolean;
  readonly pod?: Unchecked;
}
const workload = (kind: string, { replicas, image = "i:1", spec = {}, annotations, ready = true, pod = {} }: Workload): Unchecked => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "web", namespace: "default", ...(annotations ? { annotations } : {}) },
  spec: {
    ...(kind === "DaemonSet" ? {} : { replicas }),
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" }, ...(ready ? {} : { annotations: { "seatrial.dev/ready": "false" } }) },
      spec: { containers: [{ name: "c", image }], ...pod },
    },
    ...(kind === "StatefulSet" ? { serviceName: "web" } : {}),
    ...spec,
  },
});
const deployment = (w: Workload): Unchecked => workload("Deployment", w);
const apply = (...objects: readonly Unchecked[]): Action => ({ verb: "apply", objects });
const WEB = { kind: "Deployment", name: "web" };

/** Plays the actions, each with its settle time in seconds (default 3). */
function played(...actions: readonly (Action | [Action, number])[]): readonly PlayedStep[] {
  const steps = actions.map((a) => (Array.isArray(a) ? a : ([a, 3] as const)));
  return play({ about: "", steps: steps.map(([action, settleSeconds]) => ({ action, settleSeconds, written: {} })) }).steps;
}
const of = <T>(step: PlayedStep | undefined, kind: string): readonly T[] =>
  (step?.objects ?? []).filter((o) => o.kind === kind) as unknown as readonly T[];
const pods = (step: PlayedStep | undefined): readonly Pod[] => of<Pod>(step, "Pod");
/** `revision replicas/ready image`, by revision. */
const sets = (step: PlayedStep | undefined): readonly string[] =>
  of<ReplicaSet>(step, "ReplicaSet")
    .map((rs) => {
      const revision = rs.metadata.annotations?.["deployment.kubernetes.io/revision"];
      return `${revision}: ${rs.spec.replicas}/${rs.status?.readyReplicas ?? 0} ${rs.spec.template?.spec?.containers[0]?.image}`;
    })
    .sort();
const the = <T>(step: PlayedStep | undefined, kind: string): T => of<T>(step, kind)[0]!;
const said = (step: PlayedStep | undefined): readonly (string | true)[] => step!.answers.map((a) => (a.ok ? true : (a.message ?? "")));

test("a rollback takes the old ReplicaSet up again, under a new revision", () => {
  // deployment_util.go: SetNewReplicaSetAnnotations gives the newest revision to the ReplicaSet that is used again, and notes the old one.
  const steps = played(apply(...NODES), apply(deployment({ replicas: 3 })), apply(deployment({ replicas: 3, image: "i:2" })), {
    verb: "rollback",
    target: WEB,
  });
  assert.equal(sets(steps[2]), ["1: 0/0 i:1", "2: 3/3 i:2"]);
  assert.equal(sets(steps[3]), ["2: 0/0 i:2", "3: 3/3 i:1"]);
  const again = of<ReplicaSet>(steps[3], "ReplicaSet").find((rs) => rs.spec.replicas === 3)!;
  assert.is(again.metadata.annotations?.["deployment.kubernetes.io/revision-history"], "1");
  assert.is(the<Deployment>(steps[3], "Deployment").metadata.annotations?.["deployment.kubernetes.io/revision"], "3");
});

test("a rollback of a rollout that is stuck stops it", () => {
  const stuck = deployment({ replicas: 4, image: "i:broken", ready: false });
  const steps = played(apply(...NODES), apply(deployment({ replicas: 4 })), apply(stuck), { verb: "rollback", target: WEB });
  // 25% of 4: one more, one fewer. The new ones never become ready, so that 3 of the old stay.
  assert.equal(sets(steps[2]), ["1: 3/3 i:1", "2: 2/0 i:broken"]);
  assert.equal(sets(steps[3]), ["2: 0/0 i:broken", "3: 4/4 i:1"]);
});

test("a rollback to a named revision brings its annotations back; one to the present revision does nothing", () => {
  const cause = (text: string): Unchecked => ({ "kubernetes.io/change-cause": text });
  const steps = played(
    apply(...NODES),
    apply(deployment({ replicas: 1, annotations: cause("first") })),
    apply(deployment({ replicas: 1, image: "i:2", annotations: cause("second") })),
    apply(deployment({ replicas: 1, image: "i:3", annotations: cause("third") })),
    { verb: "rollback", target: WEB, toRevision: 1 },
    { verb: "rollback", target: WEB, toRevision: 4 },
    { verb: "rollback", target: WEB, toRevision: 1 },
  );
  assert.equal(sets(steps[4]), ["2: 0/0 i:2", "3: 0/0 i:3", "4: 1/1 i:1"]);
  const { metadata } = the<Deployment>(steps[4], "Deployment");
  assert.is(metadata.annotations?.["kubernetes.io/change-cause"], "first");
  assert.equal(said(steps[5]), [true]);
  assert.is(the<Deployment>(steps[5], "Deployment").metadata.generation, metadata.generation);
  assert.equal(said(steps[6]), ["error: unable to find specified revision 1 in history"]);
});

const REFUSED: readonly [string, readonly Action[], string][] = [
  ["without a history", [apply(deployment({ replicas: 1 }))], 'error: no rollout history found for deployment "web"'],
  [
    "while paused",
    [
      apply(deployment({ replicas: 1 })),
      apply(deployment({ replicas: 1, image: "i:2" })),
      apply(deployment({ replicas: 1, image: "i:2", spec: { paused: true } })),
    ],
    "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume deployment/web' and try again",
  ],
];
for (const [what, before, message] of REFUSED)
  test(`kubectl refuses a rollback ${what}`, () =>
    assert.equal(said(played(apply(...NODES), ...before, { verb: "rollback", target: WEB }).at(-1)), [message]));

test("StatefulSets roll back too, from the highest ordinal on; kinds without revisions do not", () => {
  const target = { kind: "StatefulSet", name: "web" };
  const steps = played(
    apply(...NODES),
    apply(workload("StatefulSet", { replicas: 2 })),
    { verb: "rollback", target },
    [apply(workload("StatefulSet", { replicas: 2, image: "i:2" })), 10],
    [{ verb: "rollback", target }, 10],
    { verb: "rollback", target: { kind: "Pod", name: "web-0" } },
  );
  assert.equal(said(steps[2]), ["error: no last revision to roll back to"]);
  const images = (i: number): readonly string[] => pods(steps[i]).map((p) => p.spec.containers[0]!.image!);
  assert.equal(images(3), ["i:2", "i:2"]);
  assert.equal(images(4), ["i:1", "i:1"]);
  const { currentRevision, updateRevision } = the<StatefulSet>(steps[4], "StatefulSet").status!;
  assert.is(currentRevision, updateRevision);
  assert.equal(said(steps[5]), ['error: no rollbacker has been implemented for "Pod"']);
});

test("a Deployment scaled in the middle of a rollout grows in proportion", () => {
  // deployment_util.go GetReplicaSetProportion; the example of the documentation: 10 with surge 3 and 2 unavailable, scaled to 15.
  const rolling = { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } };
  const steps = played(
    apply(...NODES),
    apply(deployment({ replicas: 10, spec: rolling })),
    apply(deployment({ replicas: 10, image: "i:2", spec: rolling, ready: false })),
    { verb: "scale", target: WEB, replicas: 15 },
    { verb: "scale", target: WEB, replicas: 5 },
  );
  assert.equal(sets(steps[2]), ["1: 8/8 i:1", "2: 5/0 i:2"]);
  assert.equal(sets(steps[3]), ["1: 11/11 i:1", "2: 7/0 i:2"]);
  // Down to 5 with surge 3, so 8 in all: 11*8/18 rounds to 5, 7*8/18 to 3. Then the rollout goes on: two of the old may be missing, and new ones come.
  assert.equal(sets(steps[4]), ["1: 3/3 i:1", "2: 5/0 i:2"]);
});

test("a paused Deployment scales, and its new template waits until it is resumed", () => {
  const steps = played(
    apply(...NODES),
    apply(deployment({ replicas: 2 })),
    apply(deployment({ replicas: 4, image: "i:2", spec: { paused: true } })),
    apply(deployment({ replicas: 4, image: "i:2" })),
  );
  assert.equal(sets(steps[2]), ["1: 4/4 i:1"]);
  const paused = the<Deployment>(steps[2], "Deployment").status?.conditions?.find((c) => c.type === "Progressing");
  assert.equal([paused?.status, paused?.reason], ["Unknown", "DeploymentPaused"]);
  assert.equal(sets(steps[3]), ["1: 0/0 i:1", "2: 4/4 i:2"]);
});

test("old ReplicaSets beyond the history limit go", () => {
  const release = (n: number): Action => apply(deployment({ replicas: 1, image: `i:${n}`, spec: { revisionHistoryLimit: 2 } }));
  const steps = played(apply(...NODES), ...[1, 2, 3, 4, 5].map(release));
  assert.equal(sets(steps.at(-1)), ["3: 0/0 i:3", "4: 0/0 i:4", "5: 1/1 i:5"]);
});

test("a StatefulSet's partition holds back the lower ordinals until it is lowered", () => {
  // stateful_set_control.go: ordinals at or above the partition are of the update revision.
  const set = (image: string, partition: number): Action =>
    apply(
      workload("StatefulSet", { replicas: 4, image, spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition } } } }),
    );
  const steps = played(apply(...NODES), [set("i:1", 0), 20], [set("i:2", 2), 20], [set("i:2", 0), 20]);
  const images = (i: number): string =>
    pods(steps[i])
      .map((p) => p.spec.containers[0]!.image)
      .join(" ");
  assert.is(images(1), "i:1 i:1 i:1 i:1");
  assert.is(images(2), "i:1 i:1 i:2 i:2");
  const half = the<StatefulSet>(steps[2], "StatefulSet").status!;
  assert.equal([half.updatedReplicas, half.currentReplicas, half.readyReplicas], [2, 2, 4]);
  assert.is.not(half.currentRevision, half.updateRevision);
  assert.is(images(3), "i:2 i:2 i:2 i:2");
  const whole = the<StatefulSet>(steps[3], "StatefulSet").status!;
  assert.equal([whole.updatedReplicas, whole.currentReplicas], [4, 4]);
  assert.is(whole.currentRevision, whole.updateRevision);
});

test("a Pod below the partition that is deleted comes back as it was", () => {
  const set = (image: string): Action =>
    apply(
      workload("StatefulSet", { replicas: 2, image, spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } } }),
    );
  const steps = played(
    apply(...NODES),
    [set("i:1"), 10],
    [set("i:2"), 10],
    [{ verb: "delete", target: { kind: "Pod", name: "web-0" } }, 10],
  );
  assert.equal(
    pods(steps[3]).map((p) => `${p.metadata.name} ${p.spec.containers[0]!.image}`),
    ["web-0 i:1", "web-1 i:2"],
  );
});

const budget = (spec: Unchecked): Unchecked => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "web", namespace: "default" },
  spec: { selector: { matchLabels: { app: "web" } }, ...spec },
});

// disruption.go, eviction.go: what a budget leaves after a drain of one of two nodes with four Pods, two on each.
const BUDGETS: readonly [string, Unchecked, boolean, number][] = [
  ["none may be missing", { minAvailable: 4 }, false, 2],
  ["none may be missing, in percent", { minAvailable: "100%" }, false, 2],
  ["one at a time", { maxUnavailable: 1 }, true, 0],
  ["one at a time, rounded up", { maxUnavailable: "10%" }, true, 0],
  ["all may be missing", { maxUnavailable: "100%" }, true, 0],
];
for (const [what, spec, ok, left] of BUDGETS)
  test(`a drain under a budget: ${what}`, () => {
    const steps = played(apply(...NODES), apply(deployment({ replicas: 4 }), budget(spec)), { verb: "drain", node: "n1" });
    assert.is(steps[2]!.answers[0]!.ok, ok, steps[2]!.answers[0]!.message);
    if (!ok) assert.match(steps[2]!.answers[0]!.message!, /Cannot evict pod as it would violate the pod's disruption budget\.$/);
    assert.is(pods(steps[2]).filter((p) => p.spec.nodeName === "n1").length, left);
    assert.is(pods(steps[2]).length, 4);
  });

test("two budgets over one Pod: the eviction is an error, whatever they allow", () => {
  const second = { ...budget({ maxUnavailable: 4 }), metadata: { name: "other", namespace: "default" } };
  const steps = played(apply(...NODES), apply(deployment({ replicas: 2 }), budget({ maxUnavailable: 2 }), second), {
    verb: "drain",
    node: "n1",
  });
  assert.match(
    steps[2]!.answers[0]!.message!,
    /This pod has more than one PodDisruptionBudget, which the eviction subresource does not support\./,
  );
});

test("Pods that are not ready may be evicted while the budget is met, or at any time where it says so", () => {
  const broken = deployment({ replicas: 2, ready: false });
  const policy = (unhealthyPodEvictionPolicy?: string): Unchecked =>
    budget({ minAvailable: 1, ...(unhealthyPodEvictionPolicy ? { unhealthyPodEvictionPolicy } : {}) });
  const drained = (b: Unchecked): boolean => played(apply(...NODES), apply(broken, b), { verb: "drain", node: "n1" })[2]!.answers[0]!.ok;
  assert.is(drained(policy()), false, "none is healthy: the budget is not met");
  assert.is(drained(policy("AlwaysAllow")), true);
});

const quota = (name: string, hard: Unchecked, scopes: readonly string[] = [], selector?: Unchecked): Unchecked => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name, namespace: "default" },
  spec: { hard, ...(scopes.length > 0 ? { scopes } : {}), ...(selector ? { scopeSelector: selector } : {}) },
});
const pod = (name: string, requests: Unchecked | undefined, rest: Unchecked = {}): Unchecked => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default" },
  spec: { containers: [{ name: "c", image: "i:1", ...(requests ? { resources: { requests } } : {}) }], ...rest },
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

test.run();
