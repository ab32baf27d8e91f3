import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pod } from "../../../generated/v1.36/model.ts";
import { compareActivePods, compareForDeletion } from "./deletion-order.ts";

const NOW = Date.parse("2026-01-01T01:00:00Z");

interface Given {
  readonly node?: string;
  readonly phase?: "Pending" | "Running" | "Unknown";
  /** Seconds since it is ready. */
  readonly readyFor?: number;
  readonly cost?: string;
  readonly rank?: number;
  readonly restarts?: number;
  /** Seconds since it was created. */
  readonly age?: number;
  readonly uid?: string;
}

const time = (secondsAgo: number): string => new Date(NOW - secondsAgo * 1000).toISOString();

function ranked(name: string, given: Given): { pod: Pod; rank: number } {
  const { node = "n", phase = "Running", readyFor, cost, rank = 1, restarts = 0, age = 3000, uid = name } = given;
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      uid,
      creationTimestamp: time(age),
      ...(cost !== undefined && { annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } }),
    },
    spec: { containers: [], ...(node !== "" && { nodeName: node }) },
    status: {
      phase,
      ...(readyFor !== undefined && { conditions: [{ type: "Ready", status: "True", lastTransitionTime: time(readyFor) }] }),
      containerStatuses: [{ name: "c", image: "", imageID: "", ready: true, restartCount: restarts }],
    },
  };
  return { pod, rank };
}

for (const [what, first, second] of [
  ["no node", { node: "", readyFor: 10 }, { phase: "Pending" }],
  ["Pending", { phase: "Pending" }, { phase: "Unknown" }],
  ["Unknown", { phase: "Unknown" }, { phase: "Running" }],
  ["not ready", { cost: "100" }, { readyFor: 10 }],
  ["cheaper", { readyFor: 100, cost: "-5" }, { readyFor: 10 }],
  ["a cost that is no number counts as 0", { readyFor: 10, cost: "+1", uid: "a" }, { readyFor: 10, cost: "1", uid: "b" }],
  ["more of the family on its node", { readyFor: 100, rank: 2 }, { readyFor: 10 }],
  ["ready for a shorter time", { readyFor: 10 }, { readyFor: 100 }],
  ["ready about as long: by uid", { readyFor: 100, uid: "a" }, { readyFor: 99, uid: "b" }],
  ["more restarts", { readyFor: 10, restarts: 3 }, { readyFor: 10 }],
  ["created later", { age: 10 }, { age: 1000 }],
] as const)
  test(`goes first: ${what}`, () => {
    const compare = (a: Given, b: Given): number => compareForDeletion(ranked("p", a), ranked("q", b), NOW, Date.parse);
    assert.ok(compare(first, second) < 0);
    assert.ok(compare(second, first) > 0);
  });

for (const [what, first, second] of [
  ["no node", { node: "", readyFor: 10 }, { phase: "Pending" }],
  ["not ready", { cost: "100" }, { readyFor: 10 }],
  ["ready for a shorter time, be it by a second", { readyFor: 99, uid: "b" }, { readyFor: 100, cost: "-5", uid: "a" }],
  ["more restarts", { readyFor: 10, restarts: 3 }, { readyFor: 10 }],
  ["younger, be it by a second", { age: 999, uid: "b" }, { age: 1000, uid: "a" }],
] as const)
  test(`of a Job goes first: ${what}`, () => {
    const compare = (a: Given, b: Given): number => compareActivePods(ranked("p", a).pod, ranked("q", b).pod, Date.parse);
    assert.ok(compare(first, second) < 0);
    assert.ok(compare(second, first) > 0);
  });

test.run();
