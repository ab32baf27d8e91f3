/**
 * Stories whose outcome follows from the rules in Kubernetes' source, beyond what was recorded: rollbacks, proportional scaling, partitions.
 * Each expectation names its rule.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Deployment, ReplicaSet, StatefulSet } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../../src/api/object.ts";
import type { Action } from "../../src/cluster/scenario.ts";
import { apply, deployment, NODES, of, played, pods, said, sets, the, WEB, workload } from "./stories.ts";

test("a rollback takes the old ReplicaSet up again, under a new revision", () => {
  // deployment_util.go: SetNewReplicaSetAnnotations gives the newest revision to the ReplicaSet that is used again, and notes the old one.
  const steps = played(apply(...NODES), apply(deployment({ replicas: 3 })), apply(deployment({ replicas: 3, image: "i:2" })), {
    verb: "rollback",
    target: WEB,
  });
  assert.equal(sets(steps[2]), ["1: 0/0 i:1", "2: 3/3 i:2"]);
  assert.equal(sets(steps[3]), ["2: 0/0 i:2", "3: 3/3 i:1"]);
  const again = of<ReplicaSet>(steps[3], "ReplicaSet").find((rs) => rs.spec.replicas === 3)!;
  assert.is(again.metadata.annotations?.["deployment.kubernetes.io/revision-history"], "1");
  assert.is(the<Deployment>(steps[3], "Deployment").metadata.annotations?.["deployment.kubernetes.io/revision"], "3");
});

test("a rollback of a rollout that is stuck stops it", () => {
  const stuck = deployment({ replicas: 4, image: "i:broken", ready: false });
  const steps = played(apply(...NODES), apply(deployment({ replicas: 4 })), apply(stuck), { verb: "rollback", target: WEB });
  // 25% of 4: one more, one fewer. The new ones never become ready, so that 3 of the old stay.
  assert.equal(sets(steps[2]), ["1: 3/3 i:1", "2: 2/0 i:broken"]);
  assert.equal(sets(steps[3]), ["2: 0/0 i:broken", "3: 4/4 i:1"]);
});

test("a rollback to a named revision brings its annotations back; one to the present revision does nothing", () => {
  const cause = (text: string): Unchecked => ({ "kubernetes.io/change-cause": text });
  const steps = played(
    apply(...NODES),
    apply(deployment({ replicas: 1, annotations: cause("first") })),
    apply(deployment({ replicas: 1, image: "i:2", annotations: cause("second") })),
    apply(deployment({ replicas: 1, image: "i:3", annotations: cause("third") })),
    { verb: "rollback", target: WEB, toRevision: 1 },
    { verb: "rollback", target: WEB, toRevision: 4 },
    { verb: "rollback", target: WEB, toRevision: 1 },
  );
  assert.equal(sets(steps[4]), ["2: 0/0 i:2", "3: 0/0 i:3", "4: 1/1 i:1"]);
  const { metadata } = the<Deployment>(steps[4], "Deployment");
  assert.is(metadata.annotations?.["kubernetes.io/change-cause"], "first");
  assert.equal(said(steps[5]), [true]);
  assert.is(the<Deployment>(steps[5], "Deployment").metadata.generation, metadata.generation);
  assert.equal(said(steps[6]), ["error: unable to find specified revision 1 in history"]);
});

const REFUSED: readonly [string, readonly Action[], string][] = [
  ["without a history", [apply(deployment({ replicas: 1 }))], 'error: no rollout history found for deployment "web"'],
  [
    "while paused",
    [
      apply(deployment({ replicas: 1 })),
      apply(deployment({ replicas: 1, image: "i:2" })),
      apply(deployment({ replicas: 1, image: "i:2", spec: { paused: true } })),
    ],
    "error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
  ],
];
for (const [what, before, message] of REFUSED)
  test(`kubectl refuses a rollback ${what}`, () =>
    assert.equal(said(played(apply(...NODES), ...before, { verb: "rollback", target: WEB }).at(-1)), [message]));

test("StatefulSets roll back too, from the highest ordinal on; kinds without revisions do not", () => {
  const target = { kind: "StatefulSet", name: "web" };
  const steps = played(
    apply(...NODES),
    apply(workload("StatefulSet", { replicas: 2 })),
    { verb: "rollback", target },
    [apply(workload("StatefulSet", { replicas: 2, image: "i:2" })), 10],
    [{ verb: "rollback", target }, 10],
    { verb: "rollback", target: { kind: "Pod", name: "web-0" } },
  );
  assert.equal(said(steps[2]), ["error: no last revision to roll back to"]);
  const images = (i: number): readonly string[] => pods(steps[i]).map((p) => p.spec.containers[0]!.image!);
  assert.equal(images(3), ["i:2", "i:2"]);
  assert.equal(images(4), ["i:1", "i:1"]);
  const { currentRevision, updateRevision } = the<StatefulSet>(steps[4], "StatefulSet").status!;
  assert.is(currentRevision, updateRevision);
  assert.equal(said(steps[5]), ['error: no rollbacker has been implemented for "Pod"']);
});

test("a Deployment scaled in the middle of a rollout grows in proportion", () => {
  // deployment_util.go GetReplicaSetProportion; the example of the documentation: 10 with surge 3 and 2 unavailable, scaled to 15.
  const rolling = { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } };
  const steps = played(
    apply(...NODES),
    apply(deployment({ replicas: 10, spec: rolling })),
    apply(deployment({ replicas: 10, image: "i:2", spec: rolling, ready: false })),
    { verb: "scale", target: WEB, replicas: 15 },
    { verb: "scale", target: WEB, replicas: 5 },
  );
  assert.equal(sets(steps[2]), ["1: 8/8 i:1", "2: 5/0 i:2"]);
  assert.equal(sets(steps[3]), ["1: 11/11 i:1", "2: 7/0 i:2"]);
  // Down to 5 with surge 3, so 8 in all: 11*8/18 rounds to 5, 7*8/18 to 3. Then the rollout goes on: two of the old may be missing, and new ones come.
  assert.equal(sets(steps[4]), ["1: 3/3 i:1", "2: 5/0 i:2"]);
});

test("a paused Deployment scales, and its new template waits until it is resumed", () => {
  const steps = played(
    apply(...NODES),
    apply(deployment({ replicas: 2 })),
    apply(deployment({ replicas: 4, image: "i:2", spec: { paused: true } })),
    apply(deployment({ replicas: 4, image: "i:2" })),
  );
  assert.equal(sets(steps[2]), ["1: 4/4 i:1"]);
  const paused = the<Deployment>(steps[2], "Deployment").status?.conditions?.find((c) => c.type === "Progressing");
  assert.equal([paused?.status, paused?.reason], ["Unknown", "DeploymentPaused"]);
  assert.equal(sets(steps[3]), ["1: 0/0 i:1", "2: 4/4 i:2"]);
});

test("old ReplicaSets beyond the history limit go", () => {
  const release = (n: number): Action => apply(deployment({ replicas: 1, image: `i:${n}`, spec: { revisionHistoryLimit: 2 } }));
  const steps = played(apply(...NODES), ...[1, 2, 3, 4, 5].map(release));
  assert.equal(sets(steps.at(-1)), ["3: 0/0 i:3", "4: 0/0 i:4", "5: 1/1 i:5"]);
});

test("a StatefulSet's partition holds back the lower ordinals until it is lowered", () => {
  // stateful_set_control.go: ordinals at or above the partition are of the update revision.
  const set = (image: string, partition: number): Action =>
    apply(
      workload("StatefulSet", { replicas: 4, image, spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition } } } }),
    );
  const steps = played(apply(...NODES), [set("i:1", 0), 20], [set("i:2", 2), 20], [set("i:2", 0), 20]);
  const images = (i: number): string =>
    pods(steps[i])
      .map((p) => p.spec.containers[0]!.image)
      .join(" ");
  assert.is(images(1), "i:1 i:1 i:1 i:1");
  assert.is(images(2), "i:1 i:1 i:2 i:2");
  const half = the<StatefulSet>(steps[2], "StatefulSet").status!;
  assert.equal([half.updatedReplicas, half.currentReplicas, half.readyReplicas], [2, 2, 4]);
  assert.is.not(half.currentRevision, half.updateRevision);
  assert.is(images(3), "i:2 i:2 i:2 i:2");
  const whole = the<StatefulSet>(steps[3], "StatefulSet").status!;
  assert.equal([whole.updatedReplicas, whole.currentReplicas], [4, 4]);
  assert.is(whole.currentRevision, whole.updateRevision);
});

test("a Pod below the partition that is deleted comes back as it was", () => {
  const set = (image: string): Action =>
    apply(
      workload("StatefulSet", { replicas: 2, image, spec: { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } } }),
    );
  const steps = played(
    apply(...NODES),
    [set("i:1"), 10],
    [set("i:2"), 10],
    [{ verb: "delete", target: { kind: "Pod", name: "web-0" } }, 10],
  );
  assert.equal(
    pods(steps[3]).map((p) => `${p.metadata.name} ${p.spec.containers[0]!.image}`),
    ["web-0 i:1", "web-1 i:2"],
  );
});

test.run();
