import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Node } from "../../generated/v1.36/model.ts";
import { type PlanInput, resumeSimulation, simulatePlan, type WantedObject } from "../cluster/simulation.ts";
import { type FoundFixes, findFixes } from "./fixes.ts";
import { makePlan } from "./plan.ts";
import { oneMore, poolsOf } from "./pools.ts";
import { fixOwner, fixSearchWords, fixWords } from "./render/fix-words.ts";
import type { Fix } from "./schema.ts";

interface NodeWords {
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: NonNullable<NonNullable<Node["spec"]>["taints"]>;
  readonly cpu?: string;
}

function node(name: string, { labels = {}, taints, cpu = "2" }: NodeWords = {}): Node {
  const allocatable = { cpu, memory: "4Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
    spec: taints ? { taints } : {},
    status: { allocatable, capacity: allocatable },
  };
}

function web(replicas: number, cpu: string, spec: object = {}): object {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "web:1", resources: { requests: { cpu } } }], ...spec },
      },
    },
  };
}

const wanted = (object: unknown): WantedObject => ({ object, source: undefined });

const MATERIAL = {
  next: [],
  base: [],
  kubernetes: "1.36",
  builtInCluster: false,
  startSeconds: 1,
  inputs: { entry: "e", base: null, head: null, cluster: "c", environment: null },
} as const;

function fixesFor(nodes: readonly Node[], objects: readonly object[], anewObjectsMax = 600): FoundFixes & { readonly trials: number } {
  const input: PlanInput = { cluster: nodes.map(wanted), next: objects.map(wanted) };
  const snapshots = simulatePlan(input);
  const { pending } = makePlan({ ...MATERIAL, ...snapshots });
  let trials = 0;
  const found = findFixes<WantedObject>({
    inputs: input,
    before: snapshots.before,
    after: snapshots.after,
    pending,
    simulate: (inputs) => {
      trials++;
      return simulatePlan({ ...input, ...inputs }).after;
    },
    resume: (from) => {
      trials++;
      return resumeSimulation(input, from);
    },
    wrap: wanted,
    anewObjectsMax,
  });
  return { ...found, trials };
}

const words = (fix: Fix): string =>
  `${fix.workloads > 1 ? `${fixOwner(fix)}: ` : ""}${fixWords(fix)
    .map((p) => (typeof p === "string" ? p : Object.values(p).join("")))
    .join("")} → ${fix.ready}/${fix.desired}`;

const gpu = { key: "dedicated", value: "gpu", effect: "NoSchedule" } as const;
const anti = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "web" } } },
    ],
  },
};
const agent = {
  selector: { matchLabels: { app: "agent" } },
  template: {
    metadata: { labels: { app: "agent" } },
    spec: { containers: [{ name: "c", image: "c:1", resources: { requests: { cpu: "2500m" } } }] },
  },
};
const CASES: readonly (readonly [about: string, nodes: readonly Node[], objects: readonly object[], fixes: readonly string[]])[] = [
  ["nothing waits", [node("a")], [web(2, "900m")], []],
  [
    "CPU is short: a smaller request, fewer replicas, a node",
    [node("a", { labels: { pool: "workers" } }), node("b", { labels: { pool: "workers" } })],
    [web(5, "900m")],
    ["requests.cpu: 650m in container web (now 900m) → 5/5", "replicas: 4 → 4/4", "one more node of pool workers → 5/5"],
  ],
  [
    "more than half of the request would have to go: not proposed",
    [node("a")],
    [web(5, "900m")],
    ["replicas: 2 → 2/2", "2 more nodes like a → 5/5"],
  ],
  [
    "a taint: a toleration comes first",
    [node("a"), node("g", { taints: [gpu] })],
    [web(3, "900m")],
    [
      "a toleration of dedicated=gpu:NoSchedule → 3/3",
      "requests.cpu: 650m in container web (now 900m) → 3/3",
      "replicas: 2 → 2/2",
      "one more node like a → 3/3",
    ],
  ],
  [
    "a label that no node has",
    [node("a"), node("b")],
    [web(1, "100m", { nodeSelector: { disk: "ssd" } })],
    ["label disk=ssd on node a → 1/1"],
  ],
  [
    "one for each node: a node more, or a Pod less",
    [node("a"), node("b")],
    [web(3, "100m", { affinity: anti })],
    ["replicas: 2 → 2/2", "one more node like a → 3/3"],
  ],
  [
    "a label for a node that is open to the Pod",
    [node("g", { taints: [gpu] }), node("a")],
    [web(1, "100m", { nodeSelector: { disk: "ssd" } })],
    ["label disk=ssd on node a → 1/1"],
  ],
  [
    "a DaemonSet without room does not speak against a new node",
    [node("a")],
    [web(3, "900m"), { ...web(1, "1900m"), kind: "DaemonSet", metadata: { name: "agent" }, spec: agent }],
    ["requests.cpu: 650m in container web (now 900m) → 3/3", "replicas: 2 → 2/2", "one more node like a → 3/3"],
  ],
  [
    "two labels on one node",
    [node("a", { labels: { disk: "hdd" } })],
    [web(1, "100m", { nodeSelector: { disk: "ssd", net: "fast" } })],
    ["label disk=ssd on node a and label net=fast on node a → 1/1"],
  ],
];
for (const [about, nodes, objects, expected] of CASES) {
  for (const [how, anewObjectsMax] of [
    ["from the base on", 600],
    ["from the result on", 0],
  ] as const) {
    test(`${about}, ${how}`, () => {
      const { fixes, trials, report } = fixesFor(nodes, objects, anewObjectsMax);
      assert.equal(fixes.map(words), expected);
      assert.ok(trials <= 12, `${trials} simulations`);
      assert.equal([report.tried, report.anew], [trials, anewObjectsMax > 0]);
    });
  }
}

const named = (name: string, replicas: number, cpu: string): object => {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "c:1", resources: { requests: { cpu } } }] } },
    },
  };
};

for (const anewObjectsMax of [600, 0])
  test(`several workloads wait: nodes for all of them first${anewObjectsMax === 0 ? ", from the result on" : ""}`, () => {
    const objects = ["a", "b", "c", "d", "e", "f", "g"].map((name) => named(name, 2, "900m"));
    const { fixes, report } = fixesFor([node("n1"), node("n2")], objects, anewObjectsMax);
    assert.is(words(fixes[0]!), "all 5 workloads: 5 more nodes like n1 → 10/10");
    assert.equal([report.workloads, report.workloadsLeftOut], [5, 0]);
    assert.ok(report.tried <= 12, JSON.stringify(report));
  });

test("the larger the cluster, the fewer are tried, and what was not is told", () => {
  const input: PlanInput = {
    cluster: [wanted(node("n1"))],
    next: ["a", "b", "c", "d", "e", "f", "g"].map((name) => wanted(named(name, 2, "1500m"))),
  };
  const { before, after } = simulatePlan(input);
  const padding = Array.from({ length: 6000 }, (_, i) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `c${i}`, namespace: "x" },
  }));
  const large = { ...after, objects: [...after.objects, ...padding] };
  const { pending } = makePlan({ ...MATERIAL, before, after: large });
  const { fixes, report } = findFixes<WantedObject>({
    inputs: input,
    before,
    after: large,
    pending,
    simulate: () => {
      throw new Error("too large to be simulated anew");
    },
    resume: () => large,
    wrap: wanted,
  });
  assert.equal(fixes, []);
  assert.equal(report, { tried: 4, untried: 8, workloads: 5, workloadsLeftOut: 2, anew: false });
  assert.is(
    fixSearchWords({ fixes, fixSearch: report }),
    "4 changes were tried in the simulation, and none helps; looked at 5 of 7 workloads; 8 candidates were not tried, to stay quick",
  );
});

test("no node is large enough for one of them: nothing for all", () => {
  const { fixes } = fixesFor([node("n1")], [named("a", 1, "3"), named("b", 3, "900m")]);
  assert.equal(
    fixes.map((f) => [f.owner.name, f.workloads, f.changes[0]?.kind]),
    [
      ["b", 1, "request"],
      ["b", 1, "replicas"],
      ["b", 1, "node"],
    ],
  );
});

test("the quota after the change is told", () => {
  const quota = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q", namespace: "default" }, spec: { hard: { pods: "10" } } };
  const { fixes } = fixesFor([node("a")], [quota, web(3, "900m")]);
  assert.equal(
    fixes.map((f) => [f.changes[0]?.kind, f.quotaPercent]),
    [
      ["request", 30],
      ["replicas", 20],
      ["node", 30],
    ],
  );
});

test("pools: alike but for name and zone; a new node goes where there are fewest", () => {
  const zone = (z: string): { labels: Record<string, string> } => ({ labels: { "topology.kubernetes.io/zone": z, pool: "x" } });
  const nodes = [node("a", zone("1")), node("b", zone("1")), node("c", zone("2")), node("big", { cpu: "8" })];
  const pools = poolsOf(nodes);
  assert.equal(
    pools.map((p) => [p.name, p.nodes.map((n) => n.metadata.name)]),
    [
      ["x", ["a", "b", "c"]],
      [undefined, ["big"]],
    ],
  );
  const made = oneMore(pools[0]!, new Set(["c-more-1"]));
  assert.equal(made.metadata, {
    name: "c-more-2",
    labels: { "kubernetes.io/hostname": "c-more-2", "topology.kubernetes.io/zone": "2", pool: "x" },
  });
});

test.run();
