import { test } from "uvu";
import * as assert from "uvu/assert";
import { fakeDeployment, fakePod, fakeReplicaSet, fakeSnapshot } from "../../test/support/fake-snapshots.ts";
import type { ClusterEvent } from "../sim/recorder.ts";
import { timelineOf } from "./happenings.ts";
import { identityOf, viewOf } from "./view.ts";

/** `at type object reason message`, the change being at 60 s. */
function event(text: string, lastAtMs?: number): ClusterEvent {
  const [at = "0", type = "Normal", kind = "", name = "", reason = "", ...message] = text.split(" ");
  const firstAtMs = Number(at);
  return {
    type: type as "Normal",
    object: `${kind} ${name}`,
    reason,
    message: message.join(" "),
    from: "x",
    firstAtMs,
    lastAtMs: lastAtMs ?? firstAtMs,
    count: 1,
  };
}
const of = (events: readonly ClusterEvent[]) =>
  timelineOf(viewOf(fakeSnapshot([])), viewOf(fakeSnapshot([], { events, atMs: 99_000 })), new Set(), [], (text) =>
    text.replace("hunter2", "***"),
  );

const CASES: readonly [string, readonly ClusterEvent[], readonly string[]][] = [
  ["what was before the change", [event("59999 Warning Pod shop/a Failed x")], []],
  [
    "ordinary life of Pods and ReplicaSets",
    [event("60000 Normal Pod shop/a Started x"), event("60000 Normal ReplicaSet shop/a SuccessfulCreate x")],
    [],
  ],
  [
    "workloads and nodes",
    [event("61000 Normal Deployment shop/a ScalingReplicaSet up"), event("60500 Normal Node /n NodeNotReady x")],
    ["0.5 Node /n NodeNotReady x", "1 Deployment shop/a ScalingReplicaSet up"],
  ],
  ["warnings of all", [event("60000 Warning Pod shop/a BackOff x")], ["0 Pod shop/a BackOff x"]],
  [
    "the same of several, by kind and namespace",
    [
      event("60000 Warning Pod shop/a F x"),
      event("61000 Warning Pod shop/b F x", 90_000),
      event("60000 Warning Pod else/a F x"),
      event("60000 Warning Pod shop/a F y"),
    ],
    ["0 Pod shop/a +1 F x", "0 Pod else/a F x", "0 Pod shop/a F y"],
  ],
  ["secrets", [event("60000 Warning Pod shop/a F password hunter2")], ["0 Pod shop/a F password ***"]],
];
for (const [what, events, want] of CASES)
  test(what, () =>
    assert.equal(
      of(events).events.map(
        (e) => `${e.atSeconds} ${e.object.replace("Node n", "Node /n")}${e.others > 0 ? ` +${e.others}` : ""} ${e.reason} ${e.message}`,
      ),
      want,
    ),
  );

test("too many are counted, and time ends with what happens for the first time", () => {
  const many = Array.from({ length: 700 }, (_, i) => event(`${60_000 + i} Warning Pod shop/a F ${i}`, 5_000_000));
  const { events, leftOut, seconds } = of(many);
  assert.equal([events.length, leftOut, seconds], [500, 200, 0.7]);
});

test("warnings about Pods pass when their workload is well in the end, or when they are gone; all of one entry must", () => {
  const [good, bad] = [fakeDeployment("good", { replicas: 1, ready: 1 }), fakeDeployment("bad", { replicas: 1, ready: 0 })];
  const sets = [fakeReplicaSet(good, 1), fakeReplicaSet(bad, 1)];
  const pods = [fakePod("good-1", { owner: sets[0]!, node: "n" }), fakePod("bad-1", { owner: sets[1]! })];
  const events = [
    event("60000 Warning Pod shop/good-1 A x"),
    event("60001 Warning ReplicaSet shop/good-abc B x"),
    event("60002 Warning Pod shop/bad-1 C x"),
    event("60003 Warning Pod shop/gone D x"),
    event("60004 Warning Pod shop/good-1 E x"),
    event("60004 Warning Pod shop/bad-1 E x"),
    event("60005 Warning HorizontalPodAutoscaler shop/good F x"),
    event("60006 Normal Deployment shop/good G x"),
  ];
  const after = viewOf(fakeSnapshot([good, bad, ...sets, ...pods], { events }));
  const { events: told } = timelineOf(viewOf(fakeSnapshot([])), after, new Set([identityOf(good)]), [], (text) => text);
  assert.equal(
    told.map((e) => `${e.reason} ${e.passes}`),
    ["A true", "B true", "C false", "D true", "E false", "F false", "G false"],
  );
});

test.run();
