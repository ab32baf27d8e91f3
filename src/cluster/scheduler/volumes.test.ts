/** Claims and volumes: where they let a Pod go, and what is done for claims that wait for it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from "../../../generated/v1.36/model.ts";
import { node, pod, World } from "../../../test/support/scheduler-world.ts";
import type { KubeObject } from "../../api/object.ts";

const storageClass = (name: string, provisioner: string): StorageClass => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name },
  provisioner,
  volumeBindingMode: "WaitForFirstConsumer",
});
const claim = (name: string, spec: Partial<NonNullable<PersistentVolumeClaim["spec"]>>, bound = false): PersistentVolumeClaim => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: {
    name,
    namespace: "default",
    uid: `uid-${name}`,
    ...(bound ? { annotations: { "pv.kubernetes.io/bind-completed": "yes" } } : {}),
  },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "5Gi" } }, ...spec },
});
const volume = (name: string, on: string, storage = "10Gi"): PersistentVolume => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name },
  spec: {
    capacity: { storage },
    accessModes: ["ReadWriteOnce"],
    storageClassName: "local",
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [on] }] }] },
    },
  },
  status: { phase: "Available" },
});
const user = (name: string, claimName: string): Pod => pod(name, { volumes: [{ name: "v", persistentVolumeClaim: { claimName } }] });

test("a Pod goes where the volume of its claim is", () => {
  const world = new World([node("a"), node("b"), volume("v", "b"), claim("c", { volumeName: "v" }, true), user("p", "c")]);
  world.run();
  assert.equal(world.placement(), { p: "b" });
});

test("a claim waits for its Pod: the smallest volume that fits is promised, and the Pod bound once it has it", () => {
  const world = new World([
    node("a"),
    node("b"),
    storageClass("local", "kubernetes.io/no-provisioner"),
    volume("big", "b", "50Gi"),
    volume("small", "b", "5Gi"),
    volume("tiny", "b", "1Gi"),
  ]);
  world.put(claim("c", { storageClassName: "local" }), user("p", "c"));
  world.run();
  assert.equal(world.placement(), { p: "-" });
  const promised = world.client.get<PersistentVolume>({ apiVersion: "v1", kind: "PersistentVolume" }, "small");
  assert.is(promised?.spec?.claimRef?.name, "c");
  world.put(claim("c", { storageClassName: "local", volumeName: "small" }, true));
  world.run();
  assert.equal(world.placement(), { p: "b" });
});

test("a provisioner is told the node", () => {
  const world = new World([node("a"), storageClass("fast", "csi.example.com"), claim("c", { storageClassName: "fast" }), user("p", "c")]);
  world.run();
  const asked = world.client.get<PersistentVolumeClaim>({ apiVersion: "v1", kind: "PersistentVolumeClaim" }, "c", "default");
  assert.is(asked?.metadata.annotations?.["volume.kubernetes.io/selected-node"], "a");
});

test("after ten minutes without its volume a Pod gives its place back, and is tried again", () => {
  const world = new World([node("a"), storageClass("fast", "csi.example.com"), claim("c", { storageClassName: "fast" }), user("p", "c")]);
  world.run();
  assert.equal(world.messages("FailedScheduling"), []);
  world.run(600);
  assert.equal(world.messages("FailedScheduling"), ['running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded']);
});

test("a Pod deleted while it waits for its volume leaves its place to others", () => {
  const small = node("a", { allocatable: { pods: "1" } });
  const world = new World([small, storageClass("fast", "csi.example.com"), claim("c", { storageClassName: "fast" }), user("p", "c")]);
  world.run();
  world.put(pod("q"));
  world.run();
  assert.is(world.placement()["q"], "-");
  world.client.delete({ apiVersion: "v1", kind: "Pod" }, "p", "default");
  world.run();
  assert.is(world.placement()["q"], "a");
});

const csiVolume = (name: string, labels: Record<string, string> = {}): PersistentVolume => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name, labels },
  spec: { capacity: { storage: "10Gi" }, accessModes: ["ReadWriteOnce"], csi: { driver: "d", volumeHandle: name } },
  status: { phase: "Bound" },
});
const stored = (kind: string, name: string, spec: object): KubeObject =>
  ({ apiVersion: "storage.k8s.io/v1", kind, metadata: { name }, spec }) as unknown as KubeObject;
const limited = (name: string): KubeObject =>
  stored("CSINode", name, { drivers: [{ name: "d", nodeID: name, allocatable: { count: 1 } }] });
const attached = (volumeName: string, nodeName: string): KubeObject =>
  stored("VolumeAttachment", `${volumeName}-${nodeName}`, { attacher: "d", nodeName, source: { persistentVolumeName: volumeName } });
const zoned = (name: string, zone: string): KubeObject => node(name, { labels: { "topology.kubernetes.io/zone": zone } });
const FULL = "node(s) exceed max volume count";

/** Objects → a Pod that uses claim `c` → the start of its message; `""`: it is placed. */
const VOLUME_REFUSALS: readonly (readonly [string, readonly KubeObject[], string])[] = [
  ["no such claim", [], '0/2 nodes are available: persistentvolumeclaim "c" not found. not found'],
  ["not bound", [claim("c", {})], "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"],
  [
    "out of reach",
    [volume("v", "elsewhere"), claim("c", { volumeName: "v" }, true)],
    "0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity. no new claims",
  ],
  ["the volume is gone", [claim("c", { volumeName: "v" }, true)], '0/2 nodes are available: persistentvolume "v" not found. not found'],
  [
    "nothing to promise",
    [storageClass("local", "kubernetes.io/no-provisioner"), volume("v", "a", "1Gi"), claim("c", { storageClassName: "local" })],
    "0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. no new claims",
  ],
  [
    "another Pod has it for itself",
    [
      volume("v", "a"),
      claim("c", { volumeName: "v", accessModes: ["ReadWriteOncePod"] }, true),
      { ...user("x", "c"), spec: { ...user("x", "c").spec, nodeName: "a" } } as Pod,
    ],
    "0/2 nodes are available: 2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.",
  ],
  [
    "in another zone",
    [zoned("a", "x"), zoned("b", "y"), csiVolume("v", { "topology.kubernetes.io/zone": "z" }), claim("c", { volumeName: "v" }, true)],
    "0/2 nodes are available: 2 node(s) had no available volume zone. no new claims",
  ],
  [
    "in one of several zones, by their old name",
    [
      zoned("a", "x"),
      zoned("b", "y"),
      csiVolume("v", { "failure-domain.beta.kubernetes.io/zone": "y__z" }),
      claim("c", { volumeName: "v" }, true),
    ],
    "",
  ],
  ["nodes without zones take all", [csiVolume("v", { "topology.kubernetes.io/zone": "z" }), claim("c", { volumeName: "v" }, true)], ""],
  [
    "as many volumes as the driver takes, by other Pods or as attachments",
    [
      limited("a"),
      limited("b"),
      csiVolume("v"),
      csiVolume("w"),
      csiVolume("u"),
      claim("c", { volumeName: "v" }, true),
      claim("d", { volumeName: "w" }, true),
      { ...user("x", "d"), spec: { ...user("x", "d").spec, nodeName: "a" } } as Pod,
      attached("u", "b"),
    ],
    `0/2 nodes are available: 2 ${FULL}.`,
  ],
  [
    "a volume that is there already counts once",
    [
      limited("a"),
      limited("b"),
      csiVolume("v"),
      claim("c", { volumeName: "v" }, true),
      attached("v", "a"),
      attached("v", "b"),
      { ...user("x", "c"), spec: { ...user("x", "c").spec, nodeName: "a" } } as Pod,
    ],
    "",
  ],
];
for (const [name, objects, start] of VOLUME_REFUSALS) {
  test(`claims: ${name}`, () => {
    const world = new World([node("a"), node("b"), ...objects, user("p", "c")]);
    world.run();
    const [message = ""] = world.messages("FailedScheduling");
    assert.is(message.slice(0, start.length), start);
  });
}

test.run();
