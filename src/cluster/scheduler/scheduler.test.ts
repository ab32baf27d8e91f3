/** The scheduler at work: what waits, and what wakes it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Node, Pod } from "../../../generated/v1.36/model.ts";
import { node, pod, World } from "../../../test/support/scheduler-world.ts";
import type { KubeObject } from "../../api/object.ts";

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

test("a binding that the API server refuses is tried again after a back-off", () => {
  const world = new World([node("a")]);
  world.client.refusesBindings = true;
  world.put(pod("p"));
  world.run(2);
  assert.is(world.recorder.list().find((e) => e.reason === "FailedScheduling")?.count, 2);
  world.client.refusesBindings = false;
  world.run(10);
  assert.equal(world.placement(), { p: "a" });
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

const spread = (name: string): Pod =>
  pod(name, {
    labels: { app: "s" },
    topologySpreadConstraints: [
      { maxSkew: 1, minDomains: 2, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: { app: "s" } } },
    ],
  });
/** With one domain of two a second Pod waits. */
const skewed = [node("a", { labels: { zone: "x" } })] as const;
const counted = (name: string, app: string): Pod => ({
  ...pod(name, { nodeName: "a" }),
  metadata: { ...pod(name).metadata, labels: { app } },
});

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
  ["a node comes that spreading does not count", [...skewed, counted("x", "s")], spread("p"), node("c"), false],
  ["a node comes that spreading counts", [...skewed, counted("x", "s")], spread("p"), node("c", { labels: { zone: "z" } }), true],
  [
    "a node gets a label that spreading does not mind",
    [...skewed, counted("x", "s")],
    spread("p"),
    node("a", { labels: { zone: "x", l: "1" } }),
    false,
  ],
  ["a node moves to another domain", [...skewed, counted("x", "s")], spread("p"), node("a", { labels: { zone: "y" } }), true],
  ["a Pod counts no more", [...skewed, counted("x", "s")], spread("p"), counted("x", "t"), true],
  ["a Pod that did not count changes", [...skewed, counted("x", "s"), counted("y", "t")], spread("p"), counted("y", "u"), false],
  [
    "a Pod on the node is resized to less of what is asked for",
    [node("a"), pod("x", { nodeName: "a", requests: cpu("4") })],
    pod("p", { requests: cpu("1") }),
    pod("x", { nodeName: "a", requests: cpu("3") }),
    true,
  ],
  [
    "to less of something else",
    [node("a"), pod("x", { nodeName: "a", requests: { cpu: "4", memory: "2Gi" } })],
    pod("p", { requests: cpu("1") }),
    pod("x", { nodeName: "a", requests: { cpu: "4", memory: "1Gi" } }),
    false,
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

test("a Pod that goes while room is made for it leaves that room to others", () => {
  const full = pod("x", { nodeName: "a", requests: cpu("4") });
  const world = new World([node("a"), { ...full, metadata: { ...full.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } }]);
  world.put(pod("vip", { priority: 10, requests: cpu("3") }));
  world.run();
  assert.is(world.pod("vip")?.status?.nominatedNodeName, "a");
  world.put(pod("p", { priority: 10, requests: cpu("3") }));
  world.run();
  assert.is(world.pod("p")?.status?.nominatedNodeName ?? "-", "-");
  world.client.delete({ apiVersion: "v1", kind: "Pod" }, "vip", "default");
  world.run();
  assert.is(world.pod("p")?.status?.nominatedNodeName, "a");
});

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

test.run();
