/** Filters, as tables: objects of the cluster, a Pod, and what each node says to it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { NodeSelectorRequirement, Pod, PodAffinityTerm, Taint, TopologySpreadConstraint } from "../../../../generated/v1.36/model.ts";
import { evaluateIn, node, pod, verdicts } from "../../../../test/support/scheduler-world.ts";
import type { KubeObject } from "../../../api/object.ts";

type Case = readonly [name: string, objects: readonly KubeObject[], subject: Pod, want: Record<string, string>];

const TAINT = "node(s) had untolerated taint(s)";
const CORDONED = "node(s) were unschedulable";
const AFFINITY = "node(s) didn't match Pod's node affinity/selector";
const PORTS = "node(s) didn't have free ports for the requested pod ports";
const SKEW = "node(s) didn't match pod topology spread constraints";
const NEAR = "node(s) didn't match pod affinity rules";
const FAR = "node(s) didn't match pod anti-affinity rules";
const EXISTING = "node(s) didn't satisfy existing pods anti-affinity rules";

const taints = (effect: Taint["effect"]): KubeObject => node("a", { taints: [{ key: "k", value: "v", effect }] });
const requiring = (...expressions: readonly NodeSelectorRequirement[]): Pod =>
  pod("p", {
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: expressions }] } },
    },
  });
const port = (hostPort: number, more: { protocol?: "TCP" | "UDP"; hostIP?: string } = {}): Pod["spec"] => ({
  containers: [{ name: "c", ports: [{ containerPort: 1, hostPort, ...more }] }],
});

const NODES: readonly Case[] = [
  ["a NoSchedule taint keeps away", [taints("NoSchedule")], pod("p"), { a: TAINT }],
  ["a NoExecute taint too", [taints("NoExecute")], pod("p"), { a: TAINT }],
  ["a PreferNoSchedule taint does not", [taints("PreferNoSchedule")], pod("p"), { a: "ok" }],
  ["tolerated by value", [taints("NoSchedule")], pod("p", { tolerations: [{ key: "k", value: "v" }] }), { a: "ok" }],
  ["another value does not tolerate", [taints("NoSchedule")], pod("p", { tolerations: [{ key: "k", value: "w" }] }), { a: TAINT }],
  [
    "nor another effect",
    [taints("NoSchedule")],
    pod("p", { tolerations: [{ key: "k", operator: "Exists", effect: "NoExecute" }] }),
    { a: TAINT },
  ],
  ["no key tolerates everything", [taints("NoSchedule")], pod("p", { tolerations: [{ operator: "Exists" }] }), { a: "ok" }],
  ["a cordoned node", [node("a", { unschedulable: true }), node("b")], pod("p"), { a: CORDONED, b: "ok" }],
  [
    "tolerated",
    [node("a", { unschedulable: true })],
    pod("p", { tolerations: [{ key: "node.kubernetes.io/unschedulable", operator: "Exists" }] }),
    { a: "ok" },
  ],
  ["a node by name", [node("a"), node("b")], pod("p", { nodeName: "b" }), { a: "node(s) didn't match the requested node name", b: "ok" }],
  [
    "a node selector",
    [node("a", { labels: { disk: "ssd" } }), node("b")],
    pod("p", { nodeSelector: { disk: "ssd" } }),
    { a: "ok", b: AFFINITY },
  ],
  [
    "In",
    [node("a", { labels: { d: "1" } }), node("b", { labels: { d: "2" } })],
    requiring({ key: "d", operator: "In", values: ["2", "3"] }),
    { a: AFFINITY, b: "ok" },
  ],
  [
    "NotIn takes nodes without the label",
    [node("a", { labels: { d: "1" } }), node("b")],
    requiring({ key: "d", operator: "NotIn", values: ["1"] }),
    { a: AFFINITY, b: "ok" },
  ],
  [
    "Exists and DoesNotExist",
    [node("a", { labels: { d: "", e: "" } }), node("b", { labels: { d: "" } })],
    requiring({ key: "d", operator: "Exists" }, { key: "e", operator: "DoesNotExist" }),
    { a: AFFINITY, b: "ok" },
  ],
  [
    "Gt compares as numbers",
    [node("a", { labels: { d: "9" } }), node("b", { labels: { d: "10" } }), node("c", { labels: { d: "x" } })],
    requiring({ key: "d", operator: "Gt", values: ["9"] }),
    { a: AFFINITY, b: "ok", c: AFFINITY },
  ],
  ["an empty term takes nothing", [node("a")], requiring(), { a: AFFINITY }],
];

const PORT_CASES: readonly Case[] = (
  [
    ["another port", port(80), port(81), "ok"],
    ["the same", port(80), port(80), PORTS],
    ["of another protocol", port(80), port(80, { protocol: "UDP" }), "ok"],
    ["on different addresses", port(80, { hostIP: "10.0.0.1" }), port(80, { hostIP: "10.0.0.2" }), "ok"],
    ["on all addresses and on one", port(80), port(80, { hostIP: "10.0.0.2" }), PORTS],
    [
      "of a sidecar",
      { ...port(1), initContainers: [{ name: "s", restartPolicy: "Always", ports: [{ containerPort: 1, hostPort: 80 }] }] },
      port(80),
      PORTS,
    ],
    [
      "of an init container, which ends",
      { ...port(1), initContainers: [{ name: "s", ports: [{ containerPort: 1, hostPort: 80 }] }] },
      port(80),
      "ok",
    ],
  ] as const
).map(([name, taken, wanted, want]) => [
  `host port: ${name}`,
  [node("a"), pod("x", { ...taken, nodeName: "a" })],
  pod("p", wanted),
  { a: want },
]);

const FIT: readonly Case[] = [
  ["just fits", [node("a"), pod("x", { nodeName: "a", requests: { cpu: "3" } })], pod("p", { requests: { cpu: "1" } }), { a: "ok" }],
  ["too many Pods", [node("a", { allocatable: { pods: "1" } }), pod("x", { nodeName: "a" })], pod("p"), { a: "Too many pods" }],
  [
    "all shortages are told",
    [node("a", { allocatable: { pods: "1" } }), pod("x", { nodeName: "a" })],
    pod("p", { requests: { cpu: "5", memory: "9Gi", "ephemeral-storage": "1", "x.io/gpu": "1" } }),
    { a: "Too many pods; Insufficient cpu; Insufficient memory; Insufficient ephemeral-storage; Insufficient x.io/gpu" },
  ],
  [
    "nothing asked for fits an overcommitted node",
    [node("a"), pod("x", { nodeName: "a", requests: { cpu: "9" } })],
    pod("p", { requests: { memory: "1Gi" } }),
    { a: "ok" },
  ],
  [
    "a Pod that has ended takes no room",
    [node("a"), { ...pod("x", { nodeName: "a", requests: { cpu: "4" } }), status: { phase: "Succeeded" } } as Pod],
    pod("p", { requests: { cpu: "1" } }),
    { a: "ok" },
  ],
];

const zone = "topology.kubernetes.io/zone";
const inZone = (name: string, z: string): KubeObject => node(name, { labels: { [zone]: z } });
const app = (name: string, nodeName: string, value = "x"): Pod => pod(name, { nodeName, labels: { app: value } });
const labelSelector = { matchLabels: { app: "x" } };
const spread = (c: Partial<TopologySpreadConstraint> = {}, spec: Parameters<typeof pod>[1] = {}): Pod =>
  pod("p", {
    labels: { app: "x" },
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable: "DoNotSchedule", labelSelector, ...c }],
    ...spec,
  });
const THREE = [inZone("a", "1"), inZone("b", "2"), inZone("c", "3")];

const SPREAD: readonly Case[] = [
  ["the emptiest zones are open", [...THREE, app("1", "a"), app("2", "b")], spread(), { a: SKEW, b: SKEW, c: "ok" }],
  ["a larger skew", [...THREE, app("1", "a"), app("2", "a")], spread({ maxSkew: 2 }), { a: SKEW, b: "ok", c: "ok" }],
  ["a Pod that its own selector does not take", [...THREE, app("1", "a")], spread({}, { labels: {} }), { a: "ok", b: "ok", c: "ok" }],
  ["a node without the label", [inZone("a", "1"), node("b")], spread(), { a: "ok", b: `${SKEW} (missing required label)` }],
  ["others do not count", [...THREE, app("1", "a", "y")], spread(), { a: "ok", b: "ok", c: "ok" }],
  [
    "nor do Pods of another namespace",
    [...THREE, { ...app("1", "a"), metadata: { ...app("1", "a").metadata, namespace: "other" } }],
    spread(),
    { a: "ok", b: "ok", c: "ok" },
  ],
  [
    "nor those that go",
    [...THREE, { ...app("1", "a"), metadata: { ...app("1", "a").metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } }],
    spread(),
    { a: "ok", b: "ok", c: "ok" },
  ],
  [
    "fewer zones than minDomains: as if one were empty",
    [...THREE, app("1", "a"), app("2", "b"), app("3", "c")],
    spread({ minDomains: 4 }),
    { a: SKEW, b: SKEW, c: SKEW },
  ],
  [
    "zones out of reach do not count",
    [...THREE, app("1", "a")],
    spread({}, { nodeSelector: { [zone]: "1" } }),
    { a: "ok", b: AFFINITY, c: AFFINITY },
  ],
  [
    "unless they are to be counted",
    [...THREE, app("1", "a")],
    spread({ nodeAffinityPolicy: "Ignore" }, { nodeSelector: { [zone]: "1" } }),
    { a: SKEW, b: AFFINITY, c: AFFINITY },
  ],
  [
    "tainted nodes count by default",
    [inZone("a", "1"), node("b", { labels: { [zone]: "2" }, taints: [{ key: "k", effect: "NoSchedule" }] }), app("1", "a")],
    spread(),
    { a: SKEW, b: TAINT },
  ],
  [
    "and do not with Honor",
    [inZone("a", "1"), node("b", { labels: { [zone]: "2" }, taints: [{ key: "k", effect: "NoSchedule" }] }), app("1", "a")],
    spread({ nodeTaintsPolicy: "Honor" }),
    { a: "ok", b: TAINT },
  ],
  [
    "matchLabelKeys narrow the selector",
    [...THREE, app("1", "a")],
    spread({ matchLabelKeys: ["rev"] }, { labels: { app: "x", rev: "2" } }),
    { a: "ok", b: "ok", c: "ok" },
  ],
  ["an empty selector counts no Pods", [...THREE, app("1", "a")], spread({ labelSelector: {} }), { a: "ok", b: "ok", c: "ok" }],
];

const term = (t: Partial<PodAffinityTerm> = {}): PodAffinityTerm => ({ topologyKey: zone, labelSelector, ...t });
const near = (...terms: PodAffinityTerm[]): Pod =>
  pod("p", { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } });
const far = (...terms: PodAffinityTerm[]): Pod =>
  pod("p", { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } } });
const withLabels = (p: Pod, labels: Record<string, string>): Pod => ({ ...p, metadata: { ...p.metadata, labels } });
const namespace = (name: string, labels: Record<string, string>): KubeObject =>
  ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } }) as KubeObject;
const placed = (p: Pod, nodeName: string): Pod => ({ ...p, spec: { ...p.spec, nodeName } });
const elsewhere = (p: Pod): Pod => ({ ...p, metadata: { ...p.metadata, namespace: "other" } });

const AFFINITY_CASES: readonly Case[] = [
  ["near a Pod of its zone", [...THREE, app("1", "a")], near(term()), { a: "ok", b: NEAR, c: NEAR }],
  ["no such Pod anywhere", [...THREE], near(term()), { a: NEAR, b: NEAR, c: NEAR }],
  ["the first of its kind is excused", [...THREE], withLabels(near(term()), { app: "x" }), { a: "ok", b: "ok", c: "ok" }],
  ["but not from the label", [node("a")], withLabels(near(term()), { app: "x" }), { a: NEAR }],
  [
    "all terms must hold for one and the same Pod",
    [...THREE, app("1", "a"), app("2", "b", "y")],
    near(term(), term({ labelSelector: { matchLabels: { app: "y" } } })),
    { a: NEAR, b: NEAR, c: NEAR },
  ],
  ["far from Pods of its zone", [...THREE, app("1", "a")], far(term()), { a: FAR, b: "ok", c: "ok" }],
  ["others keep it away", [...THREE, placed(far(term()), "b")], pod("q", { labels: { app: "x" } }), { a: "ok", b: EXISTING, c: "ok" }],
  ["Pods of other namespaces are not meant", [...THREE, elsewhere(app("1", "a"))], far(term()), { a: "ok", b: "ok", c: "ok" }],
  ["but when they are named", [...THREE, elsewhere(app("1", "a"))], far(term({ namespaces: ["other"] })), { a: FAR, b: "ok", c: "ok" }],
  [
    "or selected",
    [...THREE, namespace("other", { team: "t" }), elsewhere(app("1", "a"))],
    far(term({ namespaceSelector: { matchLabels: { team: "t" } } })),
    { a: FAR, b: "ok", c: "ok" },
  ],
  [
    "an empty namespace selector means all",
    [...THREE, elsewhere(app("1", "a"))],
    far(term({ namespaceSelector: {} })),
    { a: FAR, b: "ok", c: "ok" },
  ],
  ["no label selector takes nothing", [...THREE, app("1", "a")], far({ topologyKey: zone }), { a: "ok", b: "ok", c: "ok" }],
];

for (const [name, objects, subject, want] of [...NODES, ...PORT_CASES, ...FIT, ...SPREAD, ...AFFINITY_CASES]) {
  test(name, () => assert.equal(verdicts(evaluateIn(objects, subject)), want));
}

test("features that nodes declare", () => {
  const needing = pod("p", { hostNetwork: true, hostUsers: false });
  const declaring = { ...node("new"), status: { ...node("new").status, declaredFeatures: ["UserNamespacesHostNetworkSupport"] } };
  const why = "node declared features check failed - unsatisfied requirements: UserNamespacesHostNetworkSupport";
  assert.equal(verdicts(evaluateIn([node("old"), declaring], needing)), { old: why, new: "ok" });
  assert.equal(verdicts(evaluateIn([node("old")], pod("q", { hostNetwork: true }))), { old: "ok" });
});

test("node affinity whose terms name no common node", () => {
  const matchFields = ["a", "b"].map((n) => ({ key: "metadata.name", operator: "In" as const, values: [n] }));
  const subject = pod("p", {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] } } },
  });
  const { nodes, message } = evaluateIn([node("a"), node("b")], subject);
  const refused = { reasons: ["pod affinity terms conflict"], plugin: "NodeAffinity" };
  assert.equal(nodes, { a: refused, b: refused });
  assert.is(message, "0/2 nodes are available: pod affinity terms conflict. not found");
});

test.run();
