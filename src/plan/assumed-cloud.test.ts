/** What a plan says of a cloud and of storage drivers: those that are missing, and those that it assumes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { desired, fakeNode, fakeSnapshot, material } from "../../test/support/fake-snapshots.ts";
import type { KubeObject, Unchecked } from "../api/object.ts";
import type { Snapshot } from "../cluster/snapshot.ts";
import { makePlan } from "./plan.ts";

/** Without a selector: its endpoints are somebody else's. */
function balancer(ip?: string, loadBalancerClass?: string): KubeObject {
  const loadBalancer = ip === undefined ? {} : { ingress: [{ ip }] };
  const spec = { type: "LoadBalancer", ...(loadBalancerClass === undefined ? {} : { loadBalancerClass }) };
  return { apiVersion: "v1", kind: "Service", metadata: { name: "lb", namespace: "shop" }, spec, status: { loadBalancer } } as KubeObject;
}

test("a load balancer without an address is told when it comes with the change", () => {
  const cases: readonly (readonly [about: string, before: readonly KubeObject[], after: KubeObject, want: readonly unknown[]])[] = [
    ["new", [], balancer(), [{ className: null }]],
    ["of a class", [], balancer(undefined, "example.com/mine"), [{ className: "example.com/mine" }]],
    ["with an address", [], balancer("192.0.2.7"), []],
    ["without one before, too", [balancer()], balancer(), []],
    ["that loses it", [balancer("192.0.2.7")], balancer(), [{ className: null }]],
  ];
  for (const [about, before, after, want] of cases) {
    const plan = makePlan(material(fakeSnapshot(before), fakeSnapshot([after]), [desired(after as unknown as Unchecked)]));
    const findings = plan.findings.filter((f) => f.code === "load-balancer-pending");
    assert.equal(
      findings.map((f) => f.args),
      want,
      about,
    );
    assert.ok(findings.every((f) => f.severity === "info" && f.object?.name === "lb"));
    assert.is(plan.verdict.level, "healthy");
  }
});

test("a cloud and storage drivers that are assumed are said to be", () => {
  const annotations = { "seatrial.dev/provisioner": "assumed" };
  const storageClass = (name: string, more: Unchecked): KubeObject =>
    ({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name, ...more },
      provisioner: `${name}.example.com`,
    }) as KubeObject;
  const objects = [fakeNode("w1", "4"), storageClass("fast", { annotations }), storageClass("slow", {})];
  const codes = (rest: Partial<Snapshot>): unknown =>
    makePlan(material(fakeSnapshot([]), fakeSnapshot(objects, rest), [])).assumptions.slice(1);
  const drivers = { code: "storage-drivers", names: ["fast.example.com"] };
  assert.equal(codes({}), [drivers]);
  assert.equal(codes({ assumesCloud: true }), [{ code: "cloud" }, drivers]);
});

test.run();
