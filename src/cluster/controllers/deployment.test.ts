import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Deployment } from "../../../generated/v1.36/model.ts";
import { createWorld, type World } from "../../../test/support/controllers-world.ts";
import { DEPLOYMENT, POD, REPLICA_SET } from "../../api/kinds.ts";
import type { Unchecked } from "../../api/object.ts";

function deployment(replicas: number, image: string, spec: Unchecked = {}): Unchecked {
  const labels = { app: "web" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "web", image }] } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: { replicas, selector: { matchLabels: labels }, progressDeadlineSeconds: 600, template, ...spec },
  };
}

function change(world: World, spec: Unchecked): void {
  world.client.patch(DEPLOYMENT, "web", "default", { spec });
}

function image(name: string, annotations: Unchecked = {}): Unchecked {
  return { template: { metadata: { labels: { app: "web" }, annotations }, spec: { containers: [{ name: "web", image: name }] } } };
}

function progressing(world: World): string {
  const c = world.get(DEPLOYMENT, "web").status?.conditions?.find((x) => x.type === "Progressing");
  return `${c?.status} ${c?.reason}`;
}

function scaled(world: World): string[] {
  return world.events("ScalingReplicaSet").map((e) => e.replace(/^.*Scaled (up|down) replica set \S+ from (\d+) to (\d+)$/, "$1 $2→$3"));
}

function counts(d: Deployment): Unchecked {
  const { conditions: _, ...rest } = d.status ?? {};
  return rest;
}

test("a Deployment comes up", () => {
  const world = createWorld();
  world.create(deployment(4, "a"));
  world.run(5);
  const d = world.get(DEPLOYMENT, "web");
  assert.equal(counts(d), {
    availableReplicas: 4,
    observedGeneration: 1,
    readyReplicas: 4,
    replicas: 4,
    terminatingReplicas: 0,
    updatedReplicas: 4,
  });
  assert.is(progressing(world), "True NewReplicaSetAvailable");
  assert.is(d.metadata.annotations?.["deployment.kubernetes.io/revision"], "1");
  const [rs] = world.client.list(REPLICA_SET);
  assert.equal(rs?.metadata.annotations, {
    "deployment.kubernetes.io/desired-replicas": "4",
    "deployment.kubernetes.io/max-replicas": "5",
    "deployment.kubernetes.io/revision": "1",
  });
  assert.is(rs?.metadata.name, `web-${rs?.metadata.labels?.["pod-template-hash"]}`);
});

test("a rolling update goes step by step, as recorded", () => {
  const world = createWorld();
  world.create(deployment(4, "a"));
  world.run(5);
  change(world, image("b"));
  world.run(20);
  assert.equal(scaled(world).slice(1), ["up 0→1", "down 4→3", "up 1→2", "down 3→2", "up 2→3", "down 2→1", "up 3→4", "down 1→0"]);
  assert.equal(
    world.client.list(REPLICA_SET).map((rs) => [rs.spec.replicas, rs.metadata.generation]),
    [
      [0, 5],
      [4, 4],
    ],
  );
  assert.is(progressing(world), "True NewReplicaSetAvailable");
  change(world, { replicas: 6 });
  world.run(5);
  const sizes = world.client.list(REPLICA_SET).map((rs) => rs.metadata.annotations?.["deployment.kubernetes.io/desired-replicas"]);
  assert.equal(sizes, ["4", "6"], "only the active ReplicaSet is noted");
});

test("a version that never becomes ready stops at its bounds, and its deadline passes", () => {
  const world = createWorld();
  world.create(deployment(5, "a", { progressDeadlineSeconds: 10 }));
  world.run(5);
  change(world, image("b", { "seatrial.dev/ready": "false" }));
  world.run(5);
  assert.equal(counts(world.get(DEPLOYMENT, "web")), {
    availableReplicas: 4,
    observedGeneration: 2,
    readyReplicas: 4,
    replicas: 7,
    terminatingReplicas: 0,
    unavailableReplicas: 3,
    updatedReplicas: 3,
  });
  assert.is(progressing(world), "True ReplicaSetUpdated");
  world.run(15);
  assert.is(progressing(world), "False ProgressDeadlineExceeded");
});

test("a surge that brings no change to old Pods is no progress", () => {
  const world = createWorld();
  world.create(deployment(4, "a", { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } }));
  world.run(5);
  change(world, image("b", { "seatrial.dev/ready": "false" }));
  world.run(5);
  assert.is(progressing(world), "True NewReplicaSetCreated");
  assert.is(world.get(DEPLOYMENT, "web").status?.updatedReplicas, 1);
});

test("a rollback takes the old ReplicaSet again and remembers its revision", () => {
  const world = createWorld();
  world.create(deployment(2, "a"));
  world.run(5);
  change(world, image("b"));
  world.run(10);
  change(world, image("a"));
  world.run(10);
  const sets = world.client.list(REPLICA_SET);
  assert.equal(
    sets.map((rs) => [rs.spec.replicas, rs.metadata.annotations?.["deployment.kubernetes.io/revision"]]),
    [
      [2, "3"],
      [0, "2"],
    ],
  );
  assert.is(sets[0]?.metadata.annotations?.["deployment.kubernetes.io/revision-history"], "1");
  assert.is(world.get(DEPLOYMENT, "web").metadata.annotations?.["deployment.kubernetes.io/revision"], "3");
});

test("Recreate: all old Pods go before the new ones come", () => {
  const world = createWorld();
  world.create(deployment(3, "a", { strategy: { type: "Recreate" } }));
  world.run(5);
  change(world, image("b"));
  world.run(0.5);
  assert.is(world.client.list(POD).length, 3, "stopping");
  world.run(5);
  assert.equal(scaled(world), ["up 0→3", "down 3→0", "up 0→3"]);
  const pods = world.client.list(POD).map((p) => p.spec.containers[0]?.image);
  assert.equal(pods, ["b", "b", "b"]);
});

test("history beyond its limit is cleaned up", () => {
  const world = createWorld();
  world.create(deployment(1, "a", { revisionHistoryLimit: 1 }));
  world.run(5);
  for (const name of ["b", "c", "d"]) {
    change(world, image(name));
    world.run(10);
  }
  const revisions = world.client.list(REPLICA_SET).map((rs) => rs.metadata.annotations?.["deployment.kubernetes.io/revision"]);
  assert.equal(revisions, ["3", "4"]);
});

test("paused: scaled, not rolled out; resumed: rolled out", () => {
  const world = createWorld();
  world.create(deployment(2, "a"));
  world.run(5);
  change(world, { paused: true, replicas: 3, ...image("b") });
  world.run(5);
  assert.is(progressing(world), "Unknown DeploymentPaused");
  assert.equal(scaled(world), ["up 0→2", "up 2→3"]);
  change(world, { paused: false });
  world.run(15);
  assert.is(progressing(world), "True NewReplicaSetAvailable");
  assert.ok(world.client.list(POD).every((p) => p.spec.containers[0]?.image === "b"));
});

test("a thousand Deployments of three in about a second", () => {
  const world = createWorld();
  for (let i = 0; i < 1000; i++) {
    const labels = { app: `web-${i}` };
    const template = { metadata: { labels }, spec: { containers: [{ name: "web", image: "a" }] } };
    world.create({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: `web-${i}`, namespace: "default" },
      spec: { replicas: 3, selector: { matchLabels: labels }, template, progressDeadlineSeconds: 600 },
    });
  }
  const before = process.hrtime.bigint();
  world.run(10);
  const ms = Number(process.hrtime.bigint() - before) / 1e6;
  assert.is(world.client.list(POD).filter((p) => p.status?.phase === "Running").length, 3000);
  const writesPerDeployment = world.client.writes / 1000;
  assert.ok(writesPerDeployment <= 25, `${writesPerDeployment} writes a Deployment`);
  assert.ok(ms < 15_000, `${ms} ms`);
  if (process.env["SHOW"]) console.log(ms, writesPerDeployment);
});

test.run();
