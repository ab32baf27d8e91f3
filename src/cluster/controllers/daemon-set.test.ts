import { test } from "uvu";
import * as assert from "uvu/assert";
import { createWorld, type World } from "../../../test/support/controllers-world.ts";
import { DAEMON_SET, NODE, POD } from "../../api/kinds.ts";
import type { Unchecked } from "../../api/object.ts";
import { targetNode } from "./daemon-pods.ts";
import { zoneState } from "./zone-limits.ts";

const labels = { app: "agent" };

function daemonSet(image: string, spec: object = {}): Unchecked {
  const template = { metadata: { labels }, spec: { containers: [{ name: "a", image }], nodeSelector: { os: "linux" } } };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "agent", namespace: "default" },
    spec: { selector: { matchLabels: labels }, template, ...spec },
  };
}

function node(name: string, os: string, taints: readonly object[] = []): Unchecked {
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels: { os } }, spec: { ...(taints.length > 0 && { taints }) } };
}

const placed = (world: World): string[] =>
  world.client
    .list(POD)
    .map((p) => `${targetNode(p)} ${p.spec.containers[0]?.image}`)
    .sort();

test("a Pod on every Node that it belongs on, as Nodes come and go", () => {
  const world = createWorld();
  world.create(node("n1", "linux"));
  world.create(node("n2", "windows"));
  world.create(node("n3", "linux", [{ key: "own", effect: "NoSchedule" }]));
  world.create(node("n4", "linux", [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }]));
  world.create(daemonSet("a"));
  world.run(3);
  assert.equal(placed(world), ["n1 a", "n4 a"]);
  const { status } = world.get(DAEMON_SET, "agent");
  assert.equal([status?.desiredNumberScheduled, status?.currentNumberScheduled, status?.numberMisscheduled], [2, 2, 0]);
  world.create(node("n5", "linux"));
  world.run(3);
  assert.equal(placed(world), ["n1 a", "n4 a", "n5 a"]);
  world.client.patch(NODE, "n5", undefined, { metadata: { labels: { os: "other" } } });
  world.run(3);
  assert.equal(placed(world), ["n1 a", "n4 a"]);
});

test("a rolling update takes one Node at a time", () => {
  const world = createWorld();
  for (const name of ["n1", "n2", "n3"]) world.create(node(name, "linux"));
  world.create(daemonSet("a"));
  world.run(3);
  world.client.patch(DAEMON_SET, "agent", "default", { spec: { template: { spec: { containers: [{ name: "a", image: "b" }] } } } });
  world.run(0.5);
  assert.is(world.client.list(POD).filter((p) => p.metadata.deletionTimestamp !== undefined).length, 1);
  world.run(20);
  assert.equal(placed(world), ["n1 b", "n2 b", "n3 b"]);
  assert.is(world.get(DAEMON_SET, "agent").status?.updatedNumberScheduled, 3);
});

for (const [ready, notReady, state] of [
  [0, 0, "Normal"],
  [0, 1, "FullDisruption"],
  [2, 2, "Normal"],
  [2, 3, "PartialDisruption"],
  [3, 3, "Normal"],
] as const)
  test(`a zone of ${ready} ready and ${notReady} others`, () => assert.is(zoneState(ready, notReady), state));

test.run();
