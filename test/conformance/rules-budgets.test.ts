/** Disruption budgets and drains. @see kubernetes pkg/controller/disruption/disruption.go, pkg/registry/core/pod/storage/eviction.go */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PodDisruptionBudget } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../../src/api/object.ts";
import { apply, conditions, deployment, events, NODES, played, pod, pods, the, workload } from "./stories.ts";

const budget = (spec: Unchecked): Unchecked => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "web", namespace: "default" },
  spec: { selector: { matchLabels: { app: "web" } }, ...spec },
});

// disruption.go, eviction.go: what a budget leaves after a drain of one of two nodes with four Pods, two on each.
const BUDGETS: readonly [string, Unchecked, boolean, number][] = [
  ["none may be missing", { minAvailable: 4 }, false, 2],
  ["none may be missing, in percent", { minAvailable: "100%" }, false, 2],
  ["one at a time", { maxUnavailable: 1 }, true, 0],
  ["one at a time, rounded up", { maxUnavailable: "10%" }, true, 0],
  ["all may be missing", { maxUnavailable: "100%" }, true, 0],
];
for (const [what, spec, ok, left] of BUDGETS)
  test(`a drain under a budget: ${what}`, () => {
    const steps = played(apply(...NODES), apply(deployment({ replicas: 4 }), budget(spec)), { verb: "drain", node: "n1" });
    assert.is(steps[2]!.answers[0]!.ok, ok, steps[2]!.answers[0]!.message);
    if (!ok) assert.match(steps[2]!.answers[0]!.message!, /Cannot evict pod as it would violate the pod's disruption budget\.$/);
    assert.is(pods(steps[2]).filter((p) => p.spec.nodeName === "n1").length, left);
    assert.is(pods(steps[2]).length, 4);
  });

test("two budgets over one Pod: the eviction is an error, whatever they allow", () => {
  const second = { ...budget({ maxUnavailable: 4 }), metadata: { name: "other", namespace: "default" } };
  const steps = played(apply(...NODES), apply(deployment({ replicas: 2 }), budget({ maxUnavailable: 2 }), second), {
    verb: "drain",
    node: "n1",
  });
  assert.match(
    steps[2]!.answers[0]!.message!,
    /This pod has more than one PodDisruptionBudget, which the eviction subresource does not support\./,
  );
});

test("Pods that are not ready may be evicted while the budget is met, or at any time where it says so", () => {
  const broken = deployment({ replicas: 2, ready: false });
  const policy = (unhealthyPodEvictionPolicy?: string): Unchecked =>
    budget({ minAvailable: 1, ...(unhealthyPodEvictionPolicy ? { unhealthyPodEvictionPolicy } : {}) });
  const drained = (b: Unchecked): boolean => played(apply(...NODES), apply(broken, b), { verb: "drain", node: "n1" })[2]!.answers[0]!.ok;
  assert.is(drained(policy()), false, "none is healthy: the budget is not met");
  assert.is(drained(policy("AlwaysAllow")), true);
});

const TOO_MANY = "Cannot evict pod as it would violate the pod's disruption budget.";

test("a drain that a budget forbids answers as the API server refused it, and the node stays closed", () => {
  const steps = played(apply(...NODES), apply(deployment({ replicas: 2 }), budget({ minAvailable: 2 })), { verb: "drain", node: "n1" });
  const [answer] = steps[2]!.answers;
  const [kept] = pods(steps[2]).filter((p) => p.spec.nodeName === "n1");
  assert.is(answer!.message, `Error from server (TooManyRequests): ${TOO_MANY}`);
  assert.equal(answer!.warnings, [`error when evicting pods/"${kept!.metadata.name}" -n "default" (will retry after 5s): ${TOO_MANY}`]);
  assert.is(the<{ spec: { unschedulable?: boolean } }>(steps[2], "Node").spec.unschedulable, true);
});

test("a share of Pods that nobody manages is not known: nothing may go, and an event says so; a number is", () => {
  // disruption.go getExpectedScale, trySync
  const labels = { app: "web" };
  const steps = played(
    apply(...NODES),
    apply(pod("a", undefined, {}, labels), pod("b", undefined, {}, labels), budget({ maxUnavailable: 1 })),
    apply(budget({ minAvailable: 1 })),
  );
  const counts = (i: number): readonly unknown[] => {
    const { currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed } = the<PodDisruptionBudget>(steps[i], "PodDisruptionBudget")
      .status!;
    return [currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed];
  };
  assert.equal(counts(1), [2, 0, 0, 0]);
  assert.equal(counts(2), [2, 1, 2, 1]);
  assert.equal(events(steps[1], "PodDisruptionBudget"), [
    "Warning UnmanagedPods: Pods selected by this PodDisruptionBudget (selector: " +
      "&LabelSelector{MatchLabels:map[string]string{app: web,},MatchExpressions:[]LabelSelectorRequirement{},}) were found to be unmanaged. " +
      "As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. " +
      'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.',
  ]);
});

test("a budget over Pods of a kind without a size cannot be counted", () => {
  // disruption.go getScaleController, failSafe: the rest of the status stays as it was, and nothing is tried again until something changes.
  const steps = played(apply(...NODES), apply(workload("DaemonSet", { replicas: 0 }), budget({ maxUnavailable: 1 })));
  const found = the<PodDisruptionBudget>(steps[1], "PodDisruptionBudget");
  assert.equal(conditions(found), ["DisruptionAllowed False SyncFailed"]);
  assert.is(found.status!.observedGeneration, undefined);
  assert.equal(events(steps[1], "PodDisruptionBudget"), [
    "Warning CalculateExpectedPodCountFailed: Failed to calculate the number of expected pods: daemonsets.apps does not implement the scale subresource",
  ]);
});

test("Pods whose controller has just gone have no size either", () => {
  const steps = played(apply(...NODES), apply(deployment({ replicas: 2 }), budget({ maxUnavailable: 1 })), {
    verb: "delete",
    target: { kind: "Deployment", name: "web" },
  });
  const told = events(steps[2], "PodDisruptionBudget");
  assert.match(told[0]!, /^Warning CalculateExpectedPodCountFailed: .*: found no controllers for pod "web-[^"]+"$/);
  assert.is(told.at(-1), "Normal NoPods: No matching pods found");
  assert.equal(conditions(the(steps[2], "PodDisruptionBudget")), ["DisruptionAllowed False InsufficientPods"]);
});

test.run();
