import { test } from "uvu";
import * as assert from "uvu/assert";
import { evaluateIn, node, pod } from "../../../test/support/scheduler-world.ts";
import { eventNote } from "./message.ts";

const MESSAGES: readonly (readonly [string, Parameters<typeof evaluateIn>[0], ReturnType<typeof pod>, string])[] = [
  ["no nodes", [], pod("p"), "no nodes available to schedule pods"],
  [
    "counts are sorted as text: 10 before 2",
    [
      ...Array.from({ length: 10 }, (_, i) => node(`big-${i}`, { labels: { size: "l" } })),
      ...["a", "b"].map((n) => node(n, { unschedulable: true })),
    ],
    pod("p", { nodeSelector: { size: "m" } }),
    "0/12 nodes are available: 10 node(s) didn't match Pod's node affinity/selector, 2 node(s) were unschedulable. no new claims to deallocate, preemption: 0/12 nodes are available: 12 Preemption is not helpful for scheduling.",
  ],
  [
    "a node may have several reasons; what is beyond its size cannot be helped",
    [node("a"), node("b", { allocatable: { cpu: "16" } })],
    pod("p", { requests: { cpu: "8", memory: "64Gi" } }),
    "0/2 nodes are available: 1 Insufficient cpu, 2 Insufficient memory. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
  ],
  [
    "room that nobody of lower priority takes",
    [node("a"), pod("x", { nodeName: "a", requests: { cpu: "3" } })],
    pod("p", { requests: { cpu: "2" } }),
    "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
  ],
  [
    "a Pod that never preempts",
    [node("a"), pod("x", { nodeName: "a", requests: { cpu: "3" } })],
    pod("p", { requests: { cpu: "2" }, priority: 5, preemptionPolicy: "Never" }),
    "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never.",
  ],
  [
    "preemption helps: nothing more is said",
    [node("a"), pod("x", { nodeName: "a", requests: { cpu: "3" } })],
    pod("p", { requests: { cpu: "2" }, priority: 5 }),
    "0/1 nodes are available: 1 Insufficient cpu.",
  ],
  [
    "victims would not be enough",
    [
      node("a"),
      pod("x", { nodeName: "a", requests: { cpu: "3" } }),
      pod("low", { nodeName: "a", priority: -1, requests: { cpu: "500m" } }),
    ],
    pod("p", { requests: { cpu: "2" } }),
    "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Insufficient cpu.",
  ],
  [
    "only the named node is looked at",
    [node("a"), node("b", { unschedulable: true })],
    pod("p", {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["b"] }] }],
          },
        },
      },
    }),
    "0/2 nodes are available: 1 node(s) didn't satisfy plugin(s) [NodeAffinity], 1 node(s) were unschedulable. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
  ],
];
for (const [name, objects, subject, message] of MESSAGES) test(name, () => assert.is(evaluateIn(objects, subject).message, message));

test("an event's note is cut at 1,024 characters", () => {
  assert.is(eventNote("x".repeat(1024)).length, 1024);
  assert.is(eventNote("x".repeat(1025)), `${"x".repeat(1020)} ...`);
});

test.run();
