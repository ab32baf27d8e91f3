/** The scheduler at work: what waits, what wakes it, who gives way. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from "../../../generated/v1.36/model.ts";
import { MemoryClient } from "../../../test/support/memory-client.ts";
import { node, pod, World } from "../../../test/support/scheduler-world.ts";
import type { KubeObject } from "../../api/object.ts";
import { Informers } from "../../sim/informer.ts";
import { choose, prepare, scoreNodes, search } from "./cycle.ts";
import { viewParts } from "./evaluate.ts";
import { columnsOf, totalsOf } from "./totals.ts";

const cpu = (amount: string): Record<string, string> => ({ cpu: amount });

test("a Pod is bound, and told so", () => {
  const world = new World([node("a"), pod("p")]);
  world.run();
  assert.equal(world.placement(), { p: "a" });
  assert.equal(world.messages("Scheduled"), ["Successfully assigned default/p to a"]);
});

test("Pods of other schedulers are left alone", () => {
  const world = new World([node("a"), pod("p", { schedulerName: "mine" })]);
  world.run();
  assert.equal(world.placement(), { p: "-" });
});

test("a refused Pod says why, in its condition and as an event, and who asks gets it node by node", () => {
  const world = new World([node("a"), pod("p", { requests: cpu("9") })]);
  world.run();
  const message =
    "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
  assert.equal(world.messages("FailedScheduling"), [message]);
  const [condition] = world.pod("p")?.status?.conditions ?? [];
  assert.equal(
    [condition?.type, condition?.status, condition?.reason, condition?.message],
    ["PodScheduled", "False", "Unschedulable", message],
  );
  assert.equal(world.scheduler.lastRefusal("default/p"), { a: ["Insufficient cpu"] });
  assert.is(world.scheduler.lastRefusal("default/other"), undefined);
});

test("without nodes", () => {
  const world = new World([pod("p")]);
  world.run();
  assert.equal(world.messages("FailedScheduling"), ["no nodes available to schedule pods"]);
  world.put(node("a"));
  world.run();
  assert.equal(world.placement(), { p: "a" });
});

test("a Pod that has its node is looked at as if it had not", () => {
  const world = new World([node("a"), node("b"), pod("p", { requests: cpu("3") })]);
  world.run();
  const placed = world.pod("p")!;
  assert.equal(
    Object.entries(world.scheduler.evaluate(placed).nodes).map(([name, n]) => [name, n.scores?.["NodeResourcesFit"]]),
    [
      ["a", 61],
      ["b", 61],
    ],
  );
  assert.is(world.scheduler.evaluate(pod("q", { requests: cpu("3") })).nodes["a"]?.reasons?.join(), "Insufficient cpu");
});

test("a heartbeat wakes nobody", () => {
  const world = new World([node("a"), pod("p", { requests: cpu("9") })]);
  world.run();
  const beat = node("a");
  world.put({ ...beat, status: { ...beat.status, conditions: [{ type: "Ready", status: "True" }] } } as Node);
  world.run();
  assert.is(world.recorder.list().find((e) => e.reason === "FailedScheduling")?.count, 1);
});

const tainted = (effect: "NoSchedule" | "PreferNoSchedule"): Node => node("a", { taints: [{ key: "k", effect }] });

/** What is there → a Pod that finds no node → what happens then → whether it was tried again at once (not after five minutes). */
const WAKES: readonly (readonly [string, readonly KubeObject[], Pod, KubeObject, boolean])[] = [
  ["a node large enough comes", [node("a")], pod("p", { requests: cpu("9") }), node("b", { allocatable: cpu("16") }), true],
  ["a node too small comes", [node("a")], pod("p", { requests: cpu("9") }), node("b"), false],
  ["the node grows", [node("a")], pod("p", { requests: cpu("9") }), node("a", { allocatable: cpu("16") }), true],
  ["the node gets a label", [node("a")], pod("p", { requests: cpu("9") }), node("a", { labels: { x: "y" } }), false],
  [
    "a Pod on the node ends",
    [node("a"), pod("x", { nodeName: "a", requests: cpu("4") })],
    pod("p", { requests: cpu("1") }),
    { ...pod("x", { nodeName: "a", requests: cpu("4") }), status: { phase: "Succeeded" } } as Pod,
    true,
  ],
  ["a taint is lifted", [tainted("NoSchedule")], pod("p"), node("a"), true],
  ["a taint gets weaker", [tainted("NoSchedule")], pod("p"), tainted("PreferNoSchedule"), true],
  ["the node is uncordoned", [node("a", { unschedulable: true })], pod("p"), node("a"), true],
  ["the node gets the label", [node("a")], pod("p", { nodeSelector: { x: "y" } }), node("a", { labels: { x: "y" } }), true],
  ["another label", [node("a")], pod("p", { nodeSelector: { x: "y" } }), node("a", { labels: { x: "z" } }), false],
  [
    "the Pod to be near comes",
    [node("a")],
    pod("p", {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "x" } } },
          ],
        },
      },
    }),
    pod("x", { nodeName: "a", labels: { app: "x" } }),
    true,
  ],
  [
    "another Pod comes",
    [node("a")],
    pod("p", {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "x" } } },
          ],
        },
      },
    }),
    pod("x", { nodeName: "a", labels: { app: "z" } }),
    false,
  ],
];
for (const [name, before, subject, then, tried] of WAKES) {
  test(`waiting Pod: ${name}`, () => {
    const world = new World([...before, subject]);
    world.run();
    const tries = (): number =>
      world.recorder
        .list()
        .filter((e) => e.reason === "FailedScheduling")
        .reduce((n, e) => n + e.count, 0) + world.messages("Scheduled").length;
    assert.is(tries(), 1);
    world.put(then);
    world.run();
    assert.is(tries(), tried ? 2 : 1);
    world.run(300);
    assert.is(tries() > 1, true);
  });
}

test("a gated Pod is not tried until its gates are gone", () => {
  const world = new World([node("a"), pod("p", { schedulingGates: [{ name: "x" }] })]);
  world.run();
  assert.equal(world.placement(), { p: "-" });
  assert.equal(world.messages("FailedScheduling"), []);
  world.put(pod("p"));
  world.run();
  assert.equal(world.placement(), { p: "a" });
});

test("higher priority is placed first", () => {
  const world = new World([pod("low", { requests: cpu("3") }), pod("high", { priority: 5, requests: cpu("3") }), node("a")]);
  world.run();
  assert.equal(world.placement(), { low: "-", high: "a" });
});

test("a tie is told with its size, an only choice is not", () => {
  const world = new World([node("a"), node("b"), node("c", { unschedulable: true }), pod("p", { requests: cpu("1") })]);
  world.run();
  world.put(pod("q", { requests: cpu("1") }));
  world.run();
  assert.equal(world.scheduler.ties(), [{ pod: "default/p", chosen: "a", size: 2 }]);
  assert.equal(world.placement(), { p: "a", q: "b" });
});

const started = (name: string, nodeName: string, priority: number, amount: string, startTime = "2026-01-01T00:00:00Z"): Pod => {
  const p = pod(name, { nodeName, priority, requests: cpu(amount), labels: { app: name } });
  return { ...p, status: { phase: "Running", startTime } };
};
const budget = (app: string, disruptionsAllowed: number): KubeObject =>
  ({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: app, namespace: "default" },
    spec: { selector: { matchLabels: { app } } },
    status: { disruptionsAllowed },
  }) as KubeObject;

/** Pods on nodes `a` and `b` of 4 CPU → a Pod of priority 100 and 2 CPU (or what is said) → who is gone. */
const PREEMPTION: readonly (readonly [name: string, objects: readonly KubeObject[], gone: string, asks?: string])[] = [
  [
    "only as many as needed go, the least important",
    [started("x", "a", 1, "2"), started("y", "a", 2, "2"), started("z", "b", 100, "4")],
    "x",
  ],
  ["the node whose most important victim is the least", [started("x", "a", 5, "4"), started("y", "b", 3, "4")], "y"],
  [
    "then the smallest sum of priorities",
    [started("x", "a", 5, "3"), started("x2", "a", 5, "1"), started("y", "b", 5, "3"), started("y2", "b", 4, "1")],
    "y y2",
    "4",
  ],
  [
    "then the fewest victims",
    [
      started("x", "a", 0, "2500m"),
      started("x2", "a", 100, "1500m"),
      started("y", "b", 0, "1500m"),
      started("y2", "b", 0, "1500m"),
      started("y3", "b", 100, "1"),
    ],
    "x",
  ],
  ["then the latest start", [started("x", "a", 0, "4", "2026-01-01T00:00:00Z"), started("y", "b", 0, "4", "2026-01-02T00:00:00Z")], "y"],
  ["budgets come first", [started("x", "a", 1, "4"), started("y", "b", 50, "4"), budget("x", 0)], "y"],
  ["a budget with room is none", [started("x", "a", 1, "4"), started("y", "b", 50, "4"), budget("x", 1)], "x"],
  [
    "of one node those stay whose budget would break",
    [started("x", "a", 2, "2"), started("y", "a", 1, "2"), budget("y", 0), started("z", "b", 100, "4")],
    "x",
  ],
  ["nobody goes where it would not help", [started("x", "a", 1, "1"), started("x2", "a", 100, "3"), started("z", "b", 100, "4")], ""],
  ["equals do not give way", [started("x", "a", 100, "4"), started("z", "b", 100, "4")], ""],
];
for (const [name, objects, gone, asks = "2"] of PREEMPTION) {
  test(`preemption: ${name}`, () => {
    const world = new World([node("a"), node("b"), ...objects]);
    const before = Object.keys(world.placement());
    world.put(pod("vip", { priority: 100, requests: cpu(asks) }));
    world.run();
    const after = world.placement();
    assert.is(before.filter((n) => !(n in after)).join(" "), gone);
    assert.is(after["vip"] === "-", gone === "");
    assert.equal(world.messages("Preempted").length, gone === "" ? 0 : gone.split(" ").length);
  });
}

test("the preemptor waits for its victims, and nobody else takes the room", () => {
  const world = new World([node("a"), started("x", "a", 0, "4")]);
  world.client.graceful = true;
  world.put(pod("vip", { priority: 100, requests: cpu("3") }));
  world.run();
  assert.is(world.pod("vip")?.status?.nominatedNodeName, "a");
  assert.equal(
    world.pod("x")?.status?.conditions?.map((c) => [c.type, c.reason, c.message]),
    [["DisruptionTarget", "PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod"]],
  );
  world.put(pod("small", { priority: 100, requests: cpu("2") }), pod("tiny", { priority: 100, requests: cpu("1") }));
  world.client.graceful = false;
  world.client.delete({ apiVersion: "v1", kind: "Pod" }, "x", "default");
  world.run();
  assert.equal(world.placement(), { vip: "a", small: "-", tiny: "a" });
});

const storageClass = (name: string, provisioner: string): StorageClass => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name },
  provisioner,
  volumeBindingMode: "WaitForFirstConsumer",
});
const claim = (name: string, spec: Partial<NonNullable<PersistentVolumeClaim["spec"]>>, bound = false): PersistentVolumeClaim => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: {
    name,
    namespace: "default",
    uid: `uid-${name}`,
    ...(bound ? { annotations: { "pv.kubernetes.io/bind-completed": "yes" } } : {}),
  },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "5Gi" } }, ...spec },
});
const volume = (name: string, on: string, storage = "10Gi"): PersistentVolume => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name },
  spec: {
    capacity: { storage },
    accessModes: ["ReadWriteOnce"],
    storageClassName: "local",
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [on] }] }] },
    },
  },
  status: { phase: "Available" },
});
const user = (name: string, claimName: string): Pod => pod(name, { volumes: [{ name: "v", persistentVolumeClaim: { claimName } }] });

test("a Pod goes where the volume of its claim is", () => {
  const world = new World([node("a"), node("b"), volume("v", "b"), claim("c", { volumeName: "v" }, true), user("p", "c")]);
  world.run();
  assert.equal(world.placement(), { p: "b" });
});

test("a claim waits for its Pod: the smallest volume that fits is promised, and the Pod bound once it has it", () => {
  const world = new World([
    node("a"),
    node("b"),
    storageClass("local", "kubernetes.io/no-provisioner"),
    volume("big", "b", "50Gi"),
    volume("small", "b", "5Gi"),
    volume("tiny", "b", "1Gi"),
  ]);
  world.put(claim("c", { storageClassName: "local" }), user("p", "c"));
  world.run();
  assert.equal(world.placement(), { p: "-" });
  const promised = world.client.get<PersistentVolume>({ apiVersion: "v1", kind: "PersistentVolume" }, "small");
  assert.is(promised?.spec?.claimRef?.name, "c");
  world.put(claim("c", { storageClassName: "local", volumeName: "small" }, true));
  world.run();
  assert.equal(world.placement(), { p: "b" });
});

test("a provisioner is told the node", () => {
  const world = new World([node("a"), storageClass("fast", "csi.example.com"), claim("c", { storageClassName: "fast" }), user("p", "c")]);
  world.run();
  const asked = world.client.get<PersistentVolumeClaim>({ apiVersion: "v1", kind: "PersistentVolumeClaim" }, "c", "default");
  assert.is(asked?.metadata.annotations?.["volume.kubernetes.io/selected-node"], "a");
});

/** Objects → a Pod that uses claim `c` → the start of its message. */
const VOLUME_REFUSALS: readonly (readonly [string, readonly KubeObject[], string])[] = [
  ["no such claim", [], '0/2 nodes are available: persistentvolumeclaim "c" not found. not found'],
  ["not bound", [claim("c", {})], "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"],
  [
    "out of reach",
    [volume("v", "elsewhere"), claim("c", { volumeName: "v" }, true)],
    "0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity. no new claims",
  ],
  ["the volume is gone", [claim("c", { volumeName: "v" }, true)], '0/2 nodes are available: persistentvolume "v" not found. not found'],
  [
    "nothing to promise",
    [storageClass("local", "kubernetes.io/no-provisioner"), volume("v", "a", "1Gi"), claim("c", { storageClassName: "local" })],
    "0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. no new claims",
  ],
  [
    "another Pod has it for itself",
    [
      volume("v", "a"),
      claim("c", { volumeName: "v", accessModes: ["ReadWriteOncePod"] }, true),
      { ...user("x", "c"), spec: { ...user("x", "c").spec, nodeName: "a" } } as Pod,
    ],
    "0/2 nodes are available: 2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.",
  ],
];
for (const [name, objects, start] of VOLUME_REFUSALS) {
  test(`claims: ${name}`, () => {
    const world = new World([node("a"), node("b"), ...objects, user("p", "c")]);
    world.run();
    const [message = ""] = world.messages("FailedScheduling");
    assert.is(message.slice(0, start.length), start);
  });
}

const arbitraryPod = fc.record({
  template: fc.nat(3),
  cpu: fc.constantFrom("0", "100m", "500m", "2"),
  toleration: fc.boolean(),
  spread: fc.constantFrom("none", "hard", "soft"),
  anti: fc.boolean(),
  preferred: fc.boolean(),
});

test("with the tables of identical Pods every choice is the same as without", () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryPod, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(3), { minLength: 5, maxLength: 40 }),
      fc.nat(6),
      (templates, order, taints) => {
        const make = (shared: boolean): string[] => {
          const client = new MemoryClient();
          const { cache, listers, nominator, profile } = viewParts(new Informers(client));
          for (let i = 0; i < 7; i++) {
            const effect = i % 2 ? ("NoSchedule" as const) : ("PreferNoSchedule" as const);
            cache.setNode(node(`n${i}`, { labels: { zone: `z${i % 3}` }, ...(i < taints ? { taints: [{ key: "k", effect }] } : {}) }));
          }
          const chosen: string[] = [];
          order.forEach((pick, i) => {
            const t = templates[pick % templates.length]!;
            const labels = { app: `t${t.template}` };
            const term = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } };
            const p = pod(`p${i}`, {
              labels,
              requests: cpu(t.cpu),
              ...(t.toleration ? { tolerations: [{ operator: "Exists" as const }] } : {}),
              ...(t.spread === "none"
                ? {}
                : {
                    topologySpreadConstraints: [
                      {
                        maxSkew: 1,
                        topologyKey: "zone",
                        whenUnsatisfiable: t.spread === "hard" ? ("DoNotSchedule" as const) : ("ScheduleAnyway" as const),
                        labelSelector: { matchLabels: labels },
                      },
                    ],
                  }),
              affinity: {
                podAntiAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: t.anti ? [term] : [],
                  preferredDuringSchedulingIgnoredDuringExecution: t.preferred ? [{ weight: 10, podAffinityTerm: term }] : [],
                },
              },
            });
            const context = { pod: cache.shapes.infoOf(p), cache, listers };
            const prepared = prepare(profile, context, shared ? columnsOf(profile) : 0);
            const { feasible, diagnosis } = search(prepared, nominator, i, 5);
            const totals = shared ? totalsOf(profile, prepared, feasible) : scoreNodes(profile, context, feasible).totals;
            const refusals = cache.order().map((n) => diagnosis.refusals.get(n)?.reasons.join() ?? "-");
            const best = feasible[choose(totals).index];
            chosen.push(`${best?.name} ${[...totals].join()} ${refusals.join("|")}`);
            if (best) cache.setPod({ ...p, spec: { ...p.spec, nodeName: best.name } });
          });
          return chosen;
        };
        assert.equal(make(true), make(false));
      },
    ),
    { numRuns: 60 },
  );
});

test.run();
