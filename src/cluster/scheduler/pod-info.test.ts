import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Pod } from "../../../generated/v1.36/model.ts";
import { PodShapes } from "./pod-info.ts";

const ownedBy = (kind: string, uid: string): object => ({
  ownerReferences: [{ apiVersion: "batch/v1", kind, name: uid, uid, controller: true }],
});
const pod = (name: string, metadata: object, spec: object = {}, cpu = "1"): Pod =>
  ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", ...metadata },
    spec: { containers: [{ name: "c", image: "i", resources: { requests: { cpu } } }], ...spec },
  }) as unknown as Pod;

const A = { "job-name": "a" };
const first = pod("a-1", { labels: A, ...ownedBy("Job", "a") });

const CASES: readonly (readonly [what: string, other: Pod, sameShape: boolean, sameMould: boolean])[] = [
  ["of the same Job", pod("a-2", { labels: A, ...ownedBy("Job", "a") }), true, true],
  ["of another Job", pod("b-1", { labels: { "job-name": "b" }, ...ownedBy("Job", "b") }), false, true],
  ["of another owner", pod("r-1", { labels: A, ...ownedBy("ReplicaSet", "r") }), false, true],
  ["in another namespace", pod("a-3", { labels: A, ...ownedBy("Job", "a"), namespace: "other" }), false, false],
  ["that asks for more", pod("a-4", { labels: A, ...ownedBy("Job", "a") }, {}, "2"), false, false],
  ["of another priority", pod("a-5", { labels: A, ...ownedBy("Job", "a") }, { priority: 1 }), false, false],
  ["that tolerates", pod("a-6", { labels: A, ...ownedBy("Job", "a") }, { tolerations: [{ operator: "Exists" }] }), false, false],
  ["for some nodes", pod("a-7", { labels: A, ...ownedBy("Job", "a") }, { nodeSelector: { disk: "ssd" } }), false, false],
  [
    "with a claim",
    pod("a-8", { labels: A, ...ownedBy("Job", "a") }, { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "v" } }] }),
    false,
    false,
  ],
];

for (const [what, other, sameShape, sameMould] of CASES)
  test(`a Pod ${what}`, () => {
    const shapes = new PodShapes();
    const a = shapes.infoOf(first).shape;
    const b = shapes.infoOf(other).shape;
    assert.is(a.id === b.id, sameShape, "shape");
    assert.is(a.mould === b.mould, sameMould, "mould");
    assert.is(b.labels, other.metadata.labels);
  });

test.run();
