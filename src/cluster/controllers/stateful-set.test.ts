import { test } from "uvu";
import * as assert from "uvu/assert";
import type { StatefulSet } from "../../../generated/v1.36/model.ts";
import { createWorld, type World } from "../../../test/support/controllers-world.ts";
import { CONTROLLER_REVISION, PERSISTENT_VOLUME_CLAIM, POD, STATEFUL_SET } from "../../api/kinds.ts";
import type { Unchecked } from "../../api/object.ts";
import { claimOwner } from "./stateful-set-pod.ts";

const labels = { app: "db" };

function template(image: string, ready = true): Unchecked {
  const annotations = ready ? {} : { "seatrial.dev/ready": "false" };
  return { metadata: { labels, annotations }, spec: { containers: [{ name: "db", image }] } };
}

function statefulSet(replicas: number, spec: Unchecked = {}): Unchecked {
  const updateStrategy = { type: "RollingUpdate", rollingUpdate: { partition: 0 } };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db", namespace: "default" },
    spec: { replicas, selector: { matchLabels: labels }, serviceName: "db", template: template("a"), updateStrategy, ...spec },
  };
}

function change(world: World, spec: Unchecked): void {
  world.client.patch(STATEFUL_SET, "db", "default", { spec });
}

const names = (world: World): string[] =>
  world.client
    .list(POD)
    .map((p) => `${p.metadata.name}${p.spec.containers[0]?.image === "a" ? "" : "'"}`)
    .sort();
const status = (world: World): StatefulSet["status"] => world.get(STATEFUL_SET, "db").status;

test("Pods come one after the other, with names, hosts and claims", () => {
  const world = createWorld();
  world.create(statefulSet(3, { volumeClaimTemplates: [{ metadata: { name: "data" }, spec: {} }] }));
  world.run(0.5);
  assert.equal(names(world), ["db-0"]);
  world.run(1);
  assert.equal(names(world), ["db-0", "db-1"]);
  world.run(5);
  assert.equal(names(world), ["db-0", "db-1", "db-2"]);
  const pod = world.get(POD, "db-1");
  assert.equal([pod.spec.hostname, pod.spec.subdomain], ["db-1", "db"]);
  assert.equal(pod.spec.volumes, [{ name: "data", persistentVolumeClaim: { claimName: "data-db-1" } }]);
  const revision = status(world)?.currentRevision;
  assert.equal(pod.metadata.labels, {
    app: "db",
    "apps.kubernetes.io/pod-index": "1",
    "controller-revision-hash": revision,
    "statefulset.kubernetes.io/pod-name": "db-1",
  });
  assert.equal(
    world.client.list(PERSISTENT_VOLUME_CLAIM).map((c) => [c.metadata.name, c.metadata.labels]),
    ["data-db-0", "data-db-1", "data-db-2"].map((n) => [n, labels]),
  );
  assert.equal(status(world), {
    availableReplicas: 3,
    collisionCount: 0,
    currentReplicas: 3,
    currentRevision: revision,
    observedGeneration: 1,
    readyReplicas: 3,
    replicas: 3,
    updateRevision: revision,
    updatedReplicas: 3,
  });
  assert.equal(world.events("SuccessfulCreate").slice(0, 2), [
    "SuccessfulCreate: Create Claim data-db-0 Pod db-0 in StatefulSet db success",
    "SuccessfulCreate: Create Pod db-0 in StatefulSet db successful",
  ]);
});

test("the first Pod never becomes ready: no second one comes; Parallel does not wait", () => {
  for (const [podManagementPolicy, wanted] of [
    ["OrderedReady", ["db-0"]],
    ["Parallel", ["db-0", "db-1", "db-2"]],
  ] as const) {
    const world = createWorld();
    world.create(statefulSet(3, { podManagementPolicy, template: template("a", false) }));
    world.run(10);
    assert.equal(names(world), wanted);
    assert.is(status(world)?.availableReplicas, 0);
    assert.is(status(world)?.readyReplicas, undefined);
  }
});

test("scaled down from the highest ordinal, one at a time", () => {
  const world = createWorld();
  world.create(statefulSet(3));
  world.run(5);
  change(world, { replicas: 1 });
  world.run(0.5);
  const going = world.client.list(POD).filter((p) => p.metadata.deletionTimestamp !== undefined);
  assert.equal(
    going.map((p) => p.metadata.name),
    ["db-2"],
  );
  world.run(5);
  assert.equal(names(world), ["db-0"]);
});

test("an update goes from the highest ordinal down to the partition", () => {
  const world = createWorld();
  world.create(statefulSet(3));
  world.run(5);
  change(world, { template: template("b"), updateStrategy: { rollingUpdate: { partition: 1 } } });
  world.run(10);
  assert.equal(names(world), ["db-0", "db-1'", "db-2'"]);
  assert.equal([status(world)?.currentReplicas, status(world)?.updatedReplicas], [1, 2]);
  assert.is.not(status(world)?.currentRevision, status(world)?.updateRevision);
  change(world, { updateStrategy: { rollingUpdate: { partition: 0 } } });
  world.run(10);
  assert.equal(names(world), ["db-0'", "db-1'", "db-2'"]);
  assert.is(status(world)?.currentRevision, status(world)?.updateRevision);
  assert.equal(
    world.client.list(CONTROLLER_REVISION).map((r) => r.revision),
    [1, 2],
  );
});

test("OnDelete: Pods change when somebody deletes them", () => {
  const world = createWorld();
  world.create(statefulSet(2, { updateStrategy: { type: "OnDelete" } }));
  world.run(5);
  change(world, { template: template("b") });
  world.run(5);
  assert.equal(names(world), ["db-0", "db-1"]);
  world.client.delete(POD, "db-0", "default");
  world.run(5);
  assert.equal(names(world), ["db-0'", "db-1"]);
});

test("a template taken back takes its revision again", () => {
  const world = createWorld();
  world.create(statefulSet(1));
  world.run(3);
  const first = status(world)?.currentRevision;
  change(world, { template: template("b") });
  world.run(5);
  change(world, { template: template("a") });
  world.run(5);
  assert.is(status(world)?.currentRevision, first);
  assert.is(world.get(CONTROLLER_REVISION, first ?? "").revision, 3);
});

test("ordinals may start elsewhere", () => {
  const world = createWorld();
  world.create(statefulSet(2, { ordinals: { start: 5 } }));
  world.run(5);
  assert.equal(names(world), ["db-5", "db-6"]);
});

for (const [whenScaled, whenDeleted, condemned, owner] of [
  ["Retain", "Retain", true, undefined],
  ["Retain", "Delete", true, "set"],
  ["Delete", "Retain", true, "pod"],
  ["Delete", "Retain", false, undefined],
  ["Delete", "Delete", true, "pod"],
  ["Delete", "Delete", false, "set"],
] as const)
  test(`claims: scaled ${whenScaled}, deleted ${whenDeleted}${condemned ? ", scaled down" : ""}`, () => {
    const set = statefulSet(1, { persistentVolumeClaimRetentionPolicy: { whenScaled, whenDeleted } }) as unknown as StatefulSet;
    assert.is(claimOwner(set, condemned), owner);
  });

test.run();
