/** Who gives way to a Pod of higher priority. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pod } from "../../../generated/v1.36/model.ts";
import { node, pod, World } from "../../../test/support/scheduler-world.ts";
import type { KubeObject } from "../../api/object.ts";

const cpu = (amount: string): Record<string, string> => ({ cpu: amount });

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

test("a victim that is on its way out is not told again", () => {
  const leaving = started("x", "a", 0, "4");
  const world = new World([node("a"), { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } }]);
  world.put(pod("vip", { priority: 100, requests: cpu("3") }));
  world.run();
  assert.is(world.pod("vip")?.status?.nominatedNodeName, "a");
  assert.is(world.pod("x")?.status?.conditions, undefined);
  assert.equal(world.messages("Preempted"), []);
});

test("while the victims stop, a second look says so", () => {
  const world = new World([node("a"), started("x", "a", 0, "4")]);
  world.client.graceful = true;
  world.put(pod("vip", { priority: 100, requests: cpu("3") }));
  world.run();
  world.put(node("b", { allocatable: cpu("2") }), node("b", { allocatable: cpu("3"), taints: [{ key: "k", effect: "NoSchedule" }] }));
  world.put(started("y", "a", 100, "10m"));
  world.client.delete({ apiVersion: "v1", kind: "Pod" }, "y", "default");
  world.client.graceful = false;
  world.client.delete({ apiVersion: "v1", kind: "Pod" }, "y", "default");
  world.run();
  assert.match(
    world.messages("FailedScheduling").at(-1) ?? "",
    / preemption: not eligible due to a terminating pod on the nominated node\.$/,
  );
});

test("a Pod that waits for its volumes makes room without being deleted", () => {
  const storageClass = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "slow" },
    provisioner: "x.io",
    volumeBindingMode: "WaitForFirstConsumer",
  } as KubeObject;
  const claim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "c", namespace: "default" },
    spec: { storageClassName: "slow", resources: { requests: { storage: "1Gi" } } },
  } as KubeObject;
  const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "c" } }];
  const world = new World([node("a"), storageClass, claim, pod("low", { priority: 0, requests: cpu("3"), volumes })]);
  world.run(5);
  assert.is(world.pod("low")?.status?.nominatedNodeName, "a");
  world.put(pod("vip", { priority: 100, requests: cpu("3") }));
  world.run(5);
  assert.equal(world.placement(), { low: "-", vip: "a" });
  assert.is(world.pod("low")?.metadata.deletionTimestamp, undefined);
  assert.equal(world.messages("Preempted"), ["Preempted by pod uid-vip on node a (in kube-scheduler memory)."]);
  assert.ok(world.messages("FailedScheduling").includes('running PreBind plugin "VolumeBinding": preempted by DefaultPreemption'));
});

test("what was found out for identical Pods is forgotten when a victim starts anew", () => {
  const day = (n: number): string => `2026-01-0${n}T00:00:00Z`;
  const names = ["a", "b", "c", "d"];
  const world = new World(names.map((name) => node(name)));
  world.put(...names.map((name, i) => started(`on-${name}`, name, 0, "4", day([1, 4, 2, 3][i]!))));
  world.client.graceful = true;
  const preemptor = (name: string): void => {
    world.put(pod(name, { priority: 100, requests: cpu("4"), labels: { app: "vip" } }));
    world.run();
  };
  preemptor("v1");
  preemptor("v2");
  world.put(started("on-a", "a", 0, "4", day(5)));
  preemptor("v3");
  const chosen = names.filter((name) => world.pod(`on-${name}`)?.metadata.deletionTimestamp !== undefined);
  assert.equal(chosen, ["a", "b", "d"]);
});

test.run();
