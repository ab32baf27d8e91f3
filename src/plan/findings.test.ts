import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  desired,
  fakeDeployment,
  fakeNode,
  fakePod,
  fakeQuota,
  fakeReplicaSet,
  fakeService,
  fakeSlice,
  fakeSnapshot,
  material,
} from "../../test/support/fake-snapshots.ts";
import type { KubeObject, Unchecked } from "../api/object.ts";
import type { Snapshot } from "../cluster/snapshot.ts";
import type { Cause } from "../sim/answer.ts";
import type { ClusterEvent } from "../sim/recorder.ts";
import type { DesiredObject } from "./desired.ts";
import { makePlan } from "./plan.ts";
import type { Plan } from "./schema.ts";

interface Case {
  readonly about: string;
  readonly before?: readonly KubeObject[];
  readonly after: readonly KubeObject[];
  readonly rest?: Partial<Snapshot>;
  /** Indexes into `after` of what the entry has; default: all but Nodes, Pods with an owner, ReplicaSets and EndpointSlices. */
  readonly own?: readonly string[];
  readonly base?: readonly KubeObject[];
  readonly want: readonly string[];
  readonly more?: (plan: Plan) => void;
}

const node = fakeNode("w1", "4");
const stuck = "0/1 nodes are available: 1 Insufficient cpu.";

function failedCreate(object: KubeObject, message: string): ClusterEvent {
  const about = `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`;
  return {
    type: "Warning",
    reason: "FailedCreate",
    message,
    object: about,
    from: "replicaset-controller",
    firstAtMs: 1,
    lastAtMs: 2,
    count: 3,
  };
}

function web(
  replicas: number,
  ready: number,
  pods: readonly KubeObject[] = [],
  rest: { updated?: number; progressing?: string; existing?: number } = {},
): readonly KubeObject[] {
  const d = fakeDeployment("web", { replicas, ready, ...rest });
  return [d, fakeReplicaSet(d, replicas, rest.existing ?? replicas), ...pods];
}
const rs = fakeReplicaSet(fakeDeployment("web", { replicas: 1, ready: 0 }), 1);
const webPod = (options: Parameters<typeof fakePod>[1]): KubeObject =>
  fakePod("web-abc-1", { owner: rs, labels: { app: "web" }, ...options });
const failing = (reason: string): KubeObject => {
  const pod = fakePod("web-abc-1", { owner: rs, node: "w1", ready: false });
  const state = { waiting: { reason, message: "back-off 10s" } };
  return {
    ...pod,
    status: { ...pod.status, containerStatuses: [{ name: "main", image: "", imageID: "", ready: false, restartCount: 1, state }] },
  } as KubeObject;
};
const job = (condition: string): KubeObject =>
  ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "migrate", namespace: "shop" },
    spec: { completions: 1, template: { spec: { containers: [] } } },
    status: {
      conditions: [
        { type: condition, status: "True", reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit" },
      ],
    },
  }) as unknown as KubeObject;
const claim = (phase: string, storageClassName?: string): KubeObject =>
  ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: "shop" },
    spec: { storageClassName },
    status: { phase },
  }) as unknown as KubeObject;
const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } } as unknown as KubeObject;

const CASES: readonly Case[] = [
  { about: "nothing", after: [], want: [] },
  { about: "a Deployment that is ready", after: [node, ...web(1, 1, [webPod({ node: "w1" })])], want: [] },
  {
    about: "a Pending Pod is its Deployment's",
    after: [node, ...web(1, 0, [webPod({ cpu: "5", message: stuck })])],
    want: ["error pods-pending Deployment web"],
    more: (p) =>
      assert.equal(p.pending[0]?.shortages, [
        { resource: "cpu", request: "5", pods: 1, offered: true, nodes: [{ node: "w1", free: "4", fits: 0, short: "1" }], nodesLeftOut: 0 },
      ]),
  },
  { about: "a bare Pending Pod", after: [node, fakePod("alone", { cpu: "5", message: stuck })], want: ["error pods-pending Pod alone"] },
  {
    about: "a cluster without nodes",
    after: [fakePod("alone", { message: "no nodes available to schedule pods" })],
    want: ["error pods-pending Pod alone", "warning no-nodes"],
  },
  {
    about: "Pods that a quota refuses",
    after: [node, ...web(3, 0, [], { existing: 0 }), fakeQuota("team", { pods: "0" }, { pods: "0" })],
    rest: {
      events: [
        failedCreate(
          rs,
          'Error creating: pods "web-abc-x" is forbidden: exceeded quota: team, requested: pods=1, used: pods=0, limited: pods=0',
        ),
      ],
    },
    want: ["error pods-refused Deployment web"],
    more: (p) => {
      assert.equal(
        p.quotas[0]?.refused.map((r) => [r.workload.name, r.pods]),
        [["web", 3]],
      );
      assert.match(JSON.stringify(p.findings[0]?.args), /"count":3,.*"quota":"team"/);
      assert.match(JSON.stringify(p.findings[0]?.args), /"message":"pods \\"web-abc-x\\" is forbidden/);
    },
  },
  {
    about: "Pods that something else refuses",
    after: [node, ...web(1, 0, [], { existing: 0 })],
    rest: {
      events: [failedCreate(rs, 'Error creating: pods "web-abc-x" is forbidden: violates PodSecurity "restricted:latest": privileged')],
    },
    want: ["error pods-refused Deployment web"],
  },
  {
    about: "refusals that are over count no more",
    after: [node, ...web(1, 1, [webPod({ node: "w1" })])],
    rest: { events: [failedCreate(rs, "Error creating: x")] },
    want: [],
  },
  {
    about: "a container that crashes",
    after: [node, ...web(1, 0, [failing("CrashLoopBackOff")])],
    want: ["error pods-failing Deployment web"],
  },
  {
    about: "a container that is merely starting",
    after: [node, ...web(1, 0, [failing("ContainerCreating")])],
    want: ["error not-ready Deployment web"],
  },
  {
    about: "a rollout whose new Pods do not come up",
    after: [node, ...web(3, 3, [], { updated: 4, progressing: "ReplicaSetUpdated" })],
    want: ["error rollout-stuck Deployment web"],
  },
  {
    about: "another's trouble that was there before",
    before: [node, ...web(1, 0, [webPod({ cpu: "5", message: stuck })])],
    after: [node, ...web(1, 0, [webPod({ cpu: "5", message: stuck })])],
    own: [],
    want: [],
    more: (p) => assert.is(p.pending[0]?.already, 1),
  },
  {
    about: "another's workload that this change pushes out",
    before: [node, ...web(1, 1, [webPod({ node: "w1" })])],
    after: [node, ...web(1, 0, [webPod({ cpu: "5", message: stuck })])],
    own: [],
    want: ["error pods-pending Deployment web"],
  },
  { about: "a Job that fails", after: [node, job("Failed")], want: ["error job-failed Job migrate"] },
  { about: "a Job that completes", after: [node, job("Complete")], want: [] },
  { about: "a claim that nothing binds", after: [claim("Pending", "slow")], want: ["warning claim-pending PersistentVolumeClaim data"] },
  {
    about: "a claim that waits for its first Pod",
    after: [
      claim("Pending", "late"),
      {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: "late" },
        provisioner: "x",
        volumeBindingMode: "WaitForFirstConsumer",
      } as unknown as KubeObject,
    ],
    want: [],
  },
  {
    about: "a quota that fills",
    before: [fakeQuota("team", { pods: "10" }, { pods: "3" })],
    after: [fakeQuota("team", { pods: "10" }, { pods: "9" })],
    want: ["warning quota-near ResourceQuota team"],
  },
  {
    about: "a quota that was as full before",
    before: [fakeQuota("team", { pods: "10" }, { pods: "9" })],
    after: [fakeQuota("team", { pods: "10" }, { pods: "9" })],
    want: [],
  },
  {
    about: "a quota that is set below what is in use",
    before: [fakeQuota("team", { pods: "10" }, { pods: "4" })],
    after: [fakeQuota("team", { pods: "2" }, { pods: "4" })],
    want: ["warning quota-exceeded ResourceQuota team"],
  },
  {
    about: "a Service that selects nothing",
    after: [fakeService("web", { app: "wbe" })],
    want: ["warning service-selects-nothing Service web"],
  },
  {
    about: "a Service whose Pods are not ready",
    after: [node, fakeService("web", { app: "web" }), fakePod("p", { labels: { app: "web" }, node: "w1", ready: false })],
    want: ["error not-ready Pod p"],
  },
  {
    about: "a Service on another's Pods that are not ready",
    after: [node, fakeService("web", { app: "web" }), fakePod("p", { labels: { app: "web" }, node: "w1", ready: false })],
    own: ["web"],
    want: ["warning service-without-endpoints Service web"],
  },
  {
    about: "a Service that loses its last endpoint",
    before: [
      node,
      fakeService("web", { app: "web" }),
      fakePod("p", { labels: { app: "web" }, node: "w1" }),
      fakeSlice("web", [fakePod("p", { node: "w1" })]),
    ],
    after: [node, fakeService("web", { app: "new" }), fakePod("p", { labels: { app: "web" }, node: "w1" })],
    want: ["error service-selects-nothing Service web"],
  },
  {
    about: "a named port that no container has",
    after: [
      node,
      fakeService("web", { app: "web" }, "http"),
      fakePod("p", { labels: { app: "web" }, node: "w1", portName: "metrics" }),
      fakeSlice("web", [fakePod("p", { node: "w1" })]),
    ],
    want: ["warning service-port-unresolved Service web"],
    more: (p) => assert.equal(p.findings[0]?.args, { port: "80", targetPort: "http", containerPorts: ["metrics"] }),
  },
  {
    about: "a named port that one has",
    after: [
      node,
      fakeService("web", { app: "web" }, "http"),
      fakePod("p", { labels: { app: "web" }, node: "w1", portName: "http" }),
      fakeSlice("web", [fakePod("p", { node: "w1" })]),
    ],
    want: [],
  },
  {
    about: "deleting a claim and a Namespace",
    before: [namespace, claim("Bound")],
    after: [],
    base: [namespace, claim("Bound")],
    want: ["warning data-destroyed Namespace shop", "warning data-destroyed PersistentVolumeClaim data"],
    more: (p) => assert.is(p.counts.destroy, 2),
  },
  { about: "a cluster that does not come to rest", after: [], rest: { settled: false }, want: ["warning not-settled"] },
];

const MADE: ReadonlySet<string> = new Set(["Node", "ReplicaSet", "EndpointSlice"]);

for (const c of CASES) {
  test(c.about, () => {
    const own = c.after.filter((o) => (c.own ? c.own.includes(o.metadata.name) : !MADE.has(o.kind) && !o.metadata.ownerReferences));
    const wrap = (o: KubeObject): DesiredObject => desired(o as unknown as Unchecked);
    const plan = makePlan(material(fakeSnapshot(c.before ?? []), fakeSnapshot(c.after, c.rest), own.map(wrap), (c.base ?? []).map(wrap)));
    assert.equal(
      plan.findings.map((f) => [f.severity, f.code, f.object?.kind, f.object?.name].filter(Boolean).join(" ")),
      c.want,
    );
    c.more?.(plan);
  });
}

function refusal(object: KubeObject, code: number, reason: string, causes: readonly Cause[]): Snapshot["refused"][number] {
  return { object, answer: { code, reason, message: `it is ${reason}`, causes }, source: { file: "a.yaml", line: 1 } };
}

const REFUSALS: readonly {
  readonly about: string;
  readonly object: KubeObject;
  readonly exists: boolean;
  readonly code: number;
  readonly causes: readonly Cause[];
  readonly want: string;
  readonly action: string;
}[] = [
  {
    about: "an invalid object",
    object: fakeService("web", {}),
    exists: false,
    code: 422,
    causes: [{ reason: "FieldValueInvalid", field: "spec.ports[0].port", message: "Invalid value: 0" }],
    want: "object-refused",
    action: "refused",
  },
  {
    about: "an immutable field of an object that exists",
    object: fakeDeployment("web", { replicas: 1, ready: 1 }),
    exists: true,
    code: 422,
    causes: [{ reason: "FieldValueInvalid", field: "spec.selector", message: "Invalid value: {}: field is immutable" }],
    want: "replacement-needed",
    action: "replace",
  },
  {
    about: "an invalid change of an object that exists",
    object: fakeDeployment("web", { replicas: 1, ready: 1 }),
    exists: true,
    code: 422,
    causes: [{ reason: "FieldValueInvalid", field: "spec.replicas", message: "Invalid value: -1: must be greater than or equal to 0" }],
    want: "object-refused",
    action: "refused",
  },
  {
    about: "a kind that nobody defines",
    object: { apiVersion: "acme.io/v1", kind: "Rocket", metadata: { name: "r" } },
    exists: false,
    code: 404,
    causes: [],
    want: "kind-unknown",
    action: "refused",
  },
  {
    about: "a version that is no longer served",
    object: { apiVersion: "extensions/v1beta1", kind: "Deployment", metadata: { name: "r" } },
    exists: false,
    code: 404,
    causes: [],
    want: "kind-unknown",
    action: "refused",
  },
];
for (const c of REFUSALS) {
  test(`refused: ${c.about}`, () => {
    const before = c.exists ? [c.object] : [];
    const lines = Object.fromEntries(c.causes.map((cause, i) => [cause.field, 40 + i]));
    const plan = makePlan(
      material(fakeSnapshot(before), fakeSnapshot(before, { refused: [refusal(c.object, c.code, "Invalid", c.causes)] }), [
        desired(c.object as unknown as Unchecked, { file: "a.yaml", line: 1 }, lines),
      ]),
    );
    const finding = plan.findings.find((f) => f.code === c.want);
    assert.ok(finding, JSON.stringify(plan.findings));
    assert.equal(
      plan.changes.map((x) => x.action),
      [c.action],
    );
    if (finding.code === "object-refused" || finding.code === "replacement-needed") assert.is(finding.args.causes[0]?.source?.line, 40);
    if (finding.code === "kind-unknown" && c.object.kind === "Deployment") assert.equal(finding.args.servedAs, ["apps/v1"]);
  });
}

test("what the base has and the API server refuses is told, unless it is still refused", () => {
  const bad = fakeService("web", {});
  const refused = [
    refusal(bad, 422, "Invalid", [{ reason: "FieldValueInvalid", field: "spec.ports[0].port", message: "Invalid value: 0" }]),
  ];
  const codesOf = (after: Snapshot): unknown =>
    makePlan(material(fakeSnapshot([], { refused }), after, [])).findings.map((f) => `${f.severity} ${f.code} ${f.object?.name}`);
  assert.equal(codesOf(fakeSnapshot([])), ["info base-refused web"]);
  assert.equal(codesOf(fakeSnapshot([], { refused })), ["error object-refused web"]);
});

test("the verdict of a plan without errors or changes", () => {
  const d = fakeDeployment("web", { replicas: 1, ready: 1 });
  const plan = makePlan(
    material(fakeSnapshot([node, d]), fakeSnapshot([node, d]), [desired(d as unknown as Unchecked)], [desired(d as unknown as Unchecked)]),
  );
  assert.equal(plan.verdict, { level: "healthy", errors: 0, warnings: 0, changed: false });
  assert.equal(plan.counts, { add: 0, change: 0, replace: 0, destroy: 0, refused: 0, unchanged: 1 });
});

test.run();
