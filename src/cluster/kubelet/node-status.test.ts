import { test } from "uvu";
import * as assert from "uvu/assert";
import { node } from "../../../test/support/kubelet-world.ts";
import { healthyNodeStatus, hostIps, readiness } from "./node-status.ts";

const T0 = "2026-01-01T00:00:00Z";
const T1 = "2026-01-01T00:01:00Z";

test("conditions of others are kept, and so is the time of a transition that did not happen", () => {
  const conditions = [
    { type: "NetworkUnavailable", status: "False", reason: "CalicoIsUp" },
    { type: "Ready", status: "Unknown", reason: "NodeStatusUnknown", lastTransitionTime: T0 },
    { type: "DiskPressure", status: "False", lastTransitionTime: T0 },
  ];
  const status = healthyNodeStatus(node("n", { status: { conditions, capacity: { cpu: "4" } } }), T1);
  assert.equal(
    status.conditions?.map((c) => [c.type, c.status, c.lastTransitionTime, c.lastHeartbeatTime]),
    [
      ["NetworkUnavailable", "False", undefined, undefined],
      ["MemoryPressure", "False", T1, T1],
      ["DiskPressure", "False", T0, T1],
      ["PIDPressure", "False", T1, T1],
      ["Ready", "True", T1, T1],
    ],
  );
  assert.equal(status.capacity, { cpu: "4" });
});

test("a node without addresses gets its own, the same for the same name", () => {
  const of = (name: string): readonly string[] => hostIps({ ...node(name), status: healthyNodeStatus(node(name, { status: {} }), T0) });
  assert.equal(of("a"), of("a"));
  assert.not.equal(of("a"), of("b"));
  assert.match(of("a")[0] ?? "", /^172\.(1[6-9]|2\d|3[01])\.\d+\.\d+$/);
  assert.equal(hostIps({ ...node("a"), status: healthyNodeStatus(node("a"), T0) }), ["192.168.1.1"], "given ones stay");
});

test("readiness", () => {
  assert.is(readiness(node("a")), undefined);
  assert.is(readiness(node("a", { status: { conditions: [{ type: "Ready", status: "False" }] } })), "False");
});

test.run();
