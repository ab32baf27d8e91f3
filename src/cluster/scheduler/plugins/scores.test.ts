/** Scores, as tables: objects of the cluster, a Pod, and what a plugin gives each node, weighted. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pod, PodAffinityTerm, Taint, TopologySpreadConstraint } from "../../../../generated/v1.36/model.ts";
import { evaluateIn, node, pod, scoresOf } from "../../../../test/support/scheduler-world.ts";
import type { KubeObject } from "../../../api/object.ts";
import { localityScore, normalizedImageName } from "./image-locality.ts";
import { balanceScore } from "./node-resources-balanced-allocation.ts";

type Case = readonly [name: string, plugin: string, objects: readonly KubeObject[], subject: Pod, want: Record<string, number | undefined>];

const zone = "topology.kubernetes.io/zone";
const hostname = "kubernetes.io/hostname";
const labelSelector = { matchLabels: { app: "x" } };
const app = (name: string, nodeName: string, spec: Parameters<typeof pod>[1] = {}): Pod =>
  pod(name, { nodeName, labels: { app: "x" }, ...spec });
const soft = (...constraints: readonly Partial<TopologySpreadConstraint>[]): Pod =>
  pod("p", {
    labels: { app: "x" },
    topologySpreadConstraints: constraints.map((c) => ({
      maxSkew: 1,
      topologyKey: zone,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector,
      ...c,
    })),
  });
const ZONES = ["a", "b", "c"].map((n) => node(n, { labels: { [zone]: n } }));
const service: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "s", namespace: "default" },
  spec: { selector: { app: "x" } },
} as KubeObject;
const prefer = (n: number): Taint[] => Array.from({ length: n }, (_, i) => ({ key: `k${i}`, effect: "PreferNoSchedule" as const }));
const preferring = (
  kind: "podAffinity" | "podAntiAffinity",
  weight: number,
  t: Partial<PodAffinityTerm> = {},
): Parameters<typeof pod>[1] => ({
  affinity: {
    [kind]: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm: { topologyKey: hostname, labelSelector, ...t } }],
    },
  },
});
const image = (name: string, images: readonly (readonly [string, number])[]): KubeObject => {
  const n = node(name);
  return { ...n, status: { ...n.status, images: images.map(([i, sizeBytes]) => ({ names: [i], sizeBytes })) } } as KubeObject;
};
const Mi = 1024 * 1024;

const CASES: readonly Case[] = [
  [
    "the fewest soft taints",
    "TaintToleration",
    [node("a", { taints: prefer(2) }), node("b", { taints: prefer(1) }), node("c")],
    pod("p"),
    { a: 0, b: 150, c: 300 },
  ],
  ["no soft taints", "TaintToleration", [node("a")], pod("p"), { a: 300 }],
  [
    "a tolerated soft taint",
    "TaintToleration",
    [node("a", { taints: prefer(1) }), node("b")],
    pod("p", { tolerations: [{ operator: "Exists" }] }),
    { a: 300, b: 300 },
  ],
  [
    "a toleration of another effect is none",
    "TaintToleration",
    [node("a", { taints: prefer(1) }), node("b")],
    pod("p", { tolerations: [{ operator: "Exists", effect: "NoSchedule" }] }),
    { a: 0, b: 300 },
  ],
  ["no preferred terms: nothing to say", "NodeAffinity", [node("a")], pod("p"), { a: undefined }],
  [
    "weights of matching terms",
    "NodeAffinity",
    [node("a", { labels: { x: "1", y: "1" } }), node("b", { labels: { y: "1" } }), node("c")],
    pod("p", {
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 70, preference: { matchExpressions: [{ key: "x", operator: "Exists" }] } },
            { weight: 30, preference: { matchExpressions: [{ key: "y", operator: "Exists" }] } },
          ],
        },
      },
    }),
    { a: 200, b: 60, c: 0 },
  ],
  [
    "empty nodes",
    "NodeResourcesFit",
    [node("a"), node("b", { allocatable: { cpu: "2", memory: "2Gi" } })],
    pod("p", { requests: { cpu: "1", memory: "1Gi" } }),
    { a: 81, b: 50 },
  ],
  [
    "what is assumed of Pods that ask for nothing",
    "NodeResourcesFit",
    [node("a", { allocatable: { cpu: "1", memory: "2000Mi" } }), pod("x", { nodeName: "a" })],
    pod("p"),
    { a: 80 },
  ],
  [
    "over the top is 0",
    "NodeResourcesFit",
    [node("a", { allocatable: { cpu: "1" } }), pod("x", { nodeName: "a", requests: { cpu: "2" } })],
    pod("p", { requests: { memory: "4Gi", cpu: "0" } }),
    { a: 23 },
  ],
  ["nothing asked for: balance has nothing to say", "NodeResourcesBalancedAllocation", [node("a")], pod("p"), { a: undefined }],
  [
    "an even request changes nothing",
    "NodeResourcesBalancedAllocation",
    [node("a")],
    pod("p", { requests: { cpu: "1", memory: "2Gi" } }),
    { a: 75 },
  ],
  ["an uneven one makes it worse", "NodeResourcesBalancedAllocation", [node("a")], pod("p", { requests: { cpu: "2" } }), { a: 62 }],
  [
    "or better",
    "NodeResourcesBalancedAllocation",
    [node("a"), pod("x", { nodeName: "a", requests: { memory: "4Gi" } })],
    pod("p", { requests: { cpu: "2" } }),
    { a: 87 },
  ],
  ["an image that every second node has", "ImageLocality", [image("a", [["app:1", 1000 * Mi]]), image("b", [])], pod("p"), { a: 48, b: 0 }],
  [
    "an image as a volume counts, but is no container",
    "ImageLocality",
    [
      image("a", [
        ["app:1", 1000 * Mi],
        ["data:1", 1000 * Mi],
      ]),
      image("b", []),
    ],
    pod("p", { volumes: [{ name: "v", image: { reference: "data:1" } }] }),
    { a: 100, b: 0 },
  ],
  [
    "memory for the Pod as a whole: a container without CPU still counts a little",
    "NodeResourcesFit",
    [node("a")],
    pod("p", {
      resources: { requests: { memory: "4Gi" } },
      containers: [
        { name: "c", image: "app:1", resources: { requests: { cpu: "50m" } } },
        { name: "d", image: "app:1" },
      ],
    }),
    { a: 73 },
  ],
  [
    "soft spread: the emptier zone",
    "PodTopologySpread",
    [...ZONES, app("1", "a"), app("2", "a"), app("3", "b")],
    soft({}),
    { a: 0, b: 66, c: 200 },
  ],
  ["nothing anywhere", "PodTopologySpread", ZONES, soft({}), { a: 200, b: 200, c: 200 }],
  [
    "a node without the label gets nothing",
    "PodTopologySpread",
    [...ZONES, node("d"), app("1", "a")],
    soft({}),
    { a: 0, b: 200, c: 200, d: 0 },
  ],
  ["no constraint, no Service: nothing to say", "PodTopologySpread", ZONES, pod("p"), { a: undefined, b: undefined, c: undefined }],
  [
    "the system's defaults for Pods of a Service",
    "PodTopologySpread",
    [...ZONES, service, app("1", "a")],
    pod("p", { labels: { app: "x" } }),
    { a: 132, b: 200, c: 200 },
  ],
  [
    "near: weights of matching Pods",
    "InterPodAffinity",
    [node("a"), node("b"), node("c"), app("1", "a"), app("2", "a"), app("3", "b")],
    pod("p", preferring("podAffinity", 10)),
    { a: 200, b: 100, c: 0 },
  ],
  [
    "far: the other way round",
    "InterPodAffinity",
    [node("a"), node("b"), app("1", "a")],
    pod("p", preferring("podAntiAffinity", 10)),
    { a: 0, b: 200 },
  ],
  ["nothing matches: nothing to say", "InterPodAffinity", [node("a")], pod("p", preferring("podAffinity", 10)), { a: undefined }],
  ["all equal is 0", "InterPodAffinity", [node("a"), app("1", "a")], pod("p", preferring("podAffinity", 10)), { a: 0 }],
  [
    "existing Pods have preferences too",
    "InterPodAffinity",
    [node("a"), node("b"), pod("x", { nodeName: "b", ...preferring("podAffinity", 5) })],
    pod("p", { labels: { app: "x" } }),
    { a: 0, b: 200 },
  ],
  [
    "required affinity of existing Pods counts 1",
    "InterPodAffinity",
    [
      node("a"),
      node("b"),
      node("c"),
      pod("x", {
        nodeName: "b",
        affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: hostname, labelSelector }] } },
      }),
      pod("y", { nodeName: "c", ...preferring("podAffinity", 4) }),
    ],
    pod("p", { labels: { app: "x" } }),
    { a: 0, b: 50, c: 200 },
  ],
];
for (const [name, plugin, objects, subject, want] of CASES)
  test(`${plugin}: ${name}`, () => assert.equal(scoresOf(evaluateIn(objects, subject), plugin), want));

for (const [withPod, withoutPod, want] of [
  [100, 100, 75],
  [100, 50, 100],
  [50, 100, 50],
  [99, 100, 74],
  [100, 99, 75],
] as const) {
  test(`balance ${withoutPod} becoming ${withPod} is ${want}`, () => assert.is(balanceScore(withPod, withoutPod), want));
}

for (const [sum, containers, want] of [
  [0, 1, 0],
  [23 * Mi, 1, 0],
  [1000 * Mi, 1, 100],
  [5000 * Mi, 1, 100],
  [1000 * Mi, 2, 49],
] as const) {
  test(`${sum / Mi} MiB for ${containers} containers is ${want}`, () => assert.is(localityScore(sum, containers), want));
}

for (const [name, want] of [
  ["web", "web:latest"],
  ["web:1", "web:1"],
  ["r.io:5000/web", "r.io:5000/web:latest"],
  ["r.io:5000/web:2", "r.io:5000/web:2"],
] as const) {
  test(`${name} is ${want}`, () => assert.is(normalizedImageName(name), want));
}

test.run();
