/** DaemonSets: updates, and which Nodes have a Pod. @see kubernetes pkg/controller/daemon/daemon_controller.go, update.go */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DaemonSet, Pod } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../../src/api/object.ts";
import type { Action, PlayedStep } from "../../src/cluster/scenario.ts";
import { apply, NODES, node, of, played, pods, the, workload } from "./stories.ts";

const daemons = (image: string, ready: boolean, updateStrategy?: Unchecked): Action =>
  apply(workload("DaemonSet", { replicas: 0, image, ready, spec: updateStrategy ? { updateStrategy } : {} }));
/** `node image`, by node. */
const placed = (step: PlayedStep | undefined): string =>
  pods(step)
    .map((p) => `${p.spec.nodeName} ${p.spec.containers[0]!.image}`)
    .sort()
    .join(", ");
/** desired, current, updated, available, unavailable, misscheduled */
const counts = (step: PlayedStep | undefined): readonly unknown[] => {
  const s = the<DaemonSet>(step, "DaemonSet").status!;
  const { desiredNumberScheduled, currentNumberScheduled, updatedNumberScheduled, numberAvailable, numberUnavailable, numberMisscheduled } =
    s;
  return [desiredNumberScheduled, currentNumberScheduled, updatedNumberScheduled, numberAvailable, numberUnavailable, numberMisscheduled];
};
const ONE = [node("n1")];

const UPDATES: readonly [string, Unchecked | undefined, boolean, string, readonly unknown[]][] = [
  ["one at a time, to the end", undefined, true, "n1 i:2, n2 i:2", [2, 2, 2, 2, undefined, 0]],
  ["one unavailable: a broken version stops at the first", { rollingUpdate: { maxUnavailable: 1 } }, false, "", [2, 2, 1, 1, 1, 0]],
  ["all at once", { rollingUpdate: { maxUnavailable: "100%" } }, false, "n1 i:2, n2 i:2", [2, 2, 2, undefined, 2, 0]],
  // Only the older Pod of a Node counts, and it is the one that is available.
  [
    "beside the old ones: a broken version takes none away",
    { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    false,
    "",
    [2, 2, undefined, 2, undefined, 0],
  ],
  ["by deletion only", { type: "OnDelete" }, true, "n1 i:1, n2 i:1", [2, 2, undefined, 2, undefined, 0]],
];
for (const [what, strategy, ready, want, status] of UPDATES)
  test(`a DaemonSet's update: ${what}`, () => {
    const steps = played(apply(...NODES), daemons("i:1", true, strategy), [daemons("i:2", ready, strategy), 10]);
    if (want) assert.is(placed(steps[2]), want);
    assert.equal(counts(steps[2]), status);
  });

test("what is deleted comes back in the new version where nothing else updates it", () => {
  const onDelete = { type: "OnDelete" };
  const before = played(apply(...ONE), daemons("i:1", true, onDelete), daemons("i:2", true, onDelete));
  const name = of<Pod>(before[2], "Pod")[0]!.metadata.name;
  const steps = played(apply(...ONE), daemons("i:1", true, onDelete), daemons("i:2", true, onDelete), {
    verb: "delete",
    target: { kind: "Pod", name },
  });
  assert.is(placed(steps[3]), "n1 i:2");
});

test("Nodes that join, and Nodes that are tainted", () => {
  const tainted = (name: string, effect: string): Unchecked => ({ ...node(name), spec: { taints: [{ key: "k", value: "v", effect }] } });
  const steps = played(
    apply(...ONE),
    daemons("i:1", true),
    apply(node("n2"), tainted("n3", "NoSchedule")),
    apply(tainted("n2", "NoSchedule")),
    apply(tainted("n2", "NoExecute")),
  );
  assert.equal(steps.slice(1).map(placed), ["n1 i:1", "n1 i:1, n2 i:1", "n1 i:1, n2 i:1", "n1 i:1"]);
  // NodeShouldRunDaemonPod: one that is there stays under NoSchedule, in the wrong place; NoExecute drives it away.
  assert.equal(
    steps.slice(1).map((s) => counts(s).at(-1)),
    [0, 0, 1, 0],
  );
});

test("an update takes a Pod in the wrong place away, with surge only when enough are available elsewhere", () => {
  // update.go rollingUpdate: shouldNotRunPodsToDelete
  const closed = { ...node("n1"), spec: { taints: [{ key: "k", value: "v", effect: "NoSchedule" }] } };
  const surge = { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  const updated = (ready: boolean, strategy?: Unchecked): string => {
    const steps = played(apply(...NODES), daemons("i:1", true, strategy), apply(closed), [daemons("i:2", ready, strategy), 10]);
    assert.is(placed(steps[2]), "n1 i:1, n2 i:1");
    return placed(steps[3]);
  };
  assert.equal([updated(true), updated(true, surge), updated(false, surge)], ["n2 i:2", "n2 i:2", "n2 i:1, n2 i:2"]);
});

test.run();
