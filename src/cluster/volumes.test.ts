import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PersistentVolume, PersistentVolumeClaim, Pod } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../api/object.ts";
import { builtInNodes } from "./built-in-nodes.ts";
import { type Cluster, createCluster } from "./cluster.ts";

function start(): Cluster {
  const cluster = createCluster({ pods: { startSeconds: 0, stopSeconds: 0 } });
  for (const node of builtInNodes()) cluster.create(node);
  cluster.settle();
  return cluster;
}

function volume(name: string, size: string, more: Unchecked = {}): Unchecked {
  const spec = {
    accessModes: ["ReadWriteOnce"],
    capacity: { storage: size },
    hostPath: { path: `/data/${name}` },
    storageClassName: "manual",
    persistentVolumeReclaimPolicy: "Retain",
  };
  return { apiVersion: "v1", kind: "PersistentVolume", metadata: { name }, spec: { ...spec, ...more } };
}

function claim(name: string, size: string, more: Unchecked = {}): Unchecked {
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } }, storageClassName: "manual" };
  return { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace: "default" }, spec: { ...spec, ...more } };
}

function pod(name: string, volumes: readonly Unchecked[]): Unchecked {
  const spec = { containers: [{ name: "c", image: "i" }], terminationGracePeriodSeconds: 0, volumes };
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default" }, spec };
}

function storageClass(name: string, more: Unchecked = {}): Unchecked {
  return { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name }, provisioner: "disk.example.com", ...more };
}

const assumed = { metadata: { name: "fast", annotations: { "seatrial.dev/provisioner": "assumed" } } };
const uses = (claimName: string): readonly Unchecked[] => [{ name: "v", persistentVolumeClaim: { claimName } }];

function apply(cluster: Cluster, ...objects: readonly Unchecked[]): void {
  for (const object of objects) {
    const answer = cluster.apply(object);
    assert.ok(answer.code < 400, answer.message);
    cluster.advance(0.1);
  }
  cluster.settle();
}

const claimOf = (cluster: Cluster, name: string): string => {
  const found = cluster.get("PersistentVolumeClaim", name) as PersistentVolumeClaim | undefined;
  return found ? `${found.status?.phase} ${found.spec.volumeName ?? "-"} ${found.status?.capacity?.["storage"] ?? "-"}` : "gone";
};
const phaseOf = (cluster: Cluster, name: string): string => {
  const found = cluster.get("PersistentVolume", name) as PersistentVolume | undefined;
  return found ? (found.status?.phase ?? "") : "gone";
};
const eventsOf = (cluster: Cluster, object: string): readonly string[] =>
  cluster
    .events()
    .filter((e) => e.object === object)
    .map((e) => `${e.reason}: ${e.message}`);

test("the smallest volume that is large enough; the rest stays free", () => {
  const cluster = start();
  apply(cluster, volume("big", "10Gi"), volume("small", "2Gi"), volume("tiny", "1Gi"), claim("data", "1500Mi"));
  assert.is(claimOf(cluster, "data"), "Bound small 2Gi");
  assert.equal(
    ["big", "small", "tiny"].map((name) => phaseOf(cluster, name)),
    ["Available", "Bound", "Available"],
  );
});

test("a claim that nothing fits waits, and says for what; a new volume is noticed when it is looked at again", () => {
  const cluster = start();
  apply(cluster, claim("data", "5Gi"), claim("none", "1Gi", { storageClassName: "" }));
  assert.is(claimOf(cluster, "data"), "Pending - -");
  assert.equal(eventsOf(cluster, "PersistentVolumeClaim default/data"), [
    'ProvisioningFailed: storageclass.storage.k8s.io "manual" not found',
  ]);
  assert.equal(eventsOf(cluster, "PersistentVolumeClaim default/none"), [
    "FailedBinding: no persistent volumes available for this claim and no storage class is set",
  ]);
  apply(cluster, volume("late", "5Gi"));
  cluster.advance(15);
  assert.is(claimOf(cluster, "data"), "Bound late 5Gi");
});

test("a claim that names its volume gets that one, or is told why not", () => {
  const cluster = start();
  apply(cluster, volume("a", "1Gi"), volume("b", "1Gi"));
  apply(cluster, claim("wants-b", "1Gi", { volumeName: "b" }), claim("too-big", "2Gi", { volumeName: "a" }));
  assert.is(claimOf(cluster, "wants-b"), "Bound b 1Gi");
  assert.equal(eventsOf(cluster, "PersistentVolumeClaim default/too-big"), [
    'VolumeMismatch: Cannot bind to requested volume "a": requested PV is too small',
  ]);
  apply(cluster, claim("late", "1Gi", { volumeName: "b" }));
  assert.equal(eventsOf(cluster, "PersistentVolumeClaim default/late"), ['FailedBinding: volume "b" already bound to a different claim.']);
});

test("a volume reserved for a claim waits for it", () => {
  const cluster = start();
  apply(cluster, volume("mine", "9Gi", { claimRef: { namespace: "default", name: "data" } }), volume("free", "1Gi"));
  assert.is(phaseOf(cluster, "mine"), "Available");
  apply(cluster, claim("other", "1Gi"), claim("data", "1Gi"));
  assert.is(claimOf(cluster, "other"), "Bound free 1Gi");
  assert.is(claimOf(cluster, "data"), "Bound mine 9Gi");
});

test("what becomes of a volume whose claim is deleted", () => {
  const cluster = start();
  const policy = (persistentVolumeReclaimPolicy: string, more: Unchecked = {}): Unchecked => ({ persistentVolumeReclaimPolicy, ...more });
  apply(cluster, volume("keep", "1Gi", policy("Retain")), volume("temp", "2Gi", policy("Delete", { hostPath: { path: "/tmp/x" } })));
  apply(cluster, volume("stuck", "3Gi", policy("Delete")), volume("again", "4Gi", policy("Recycle")));
  apply(cluster, ...[1, 2, 3, 4].map((n) => claim(`c${n}`, `${n}Gi`)));
  for (const n of [1, 2, 3, 4]) cluster.delete({ kind: "PersistentVolumeClaim", name: `c${n}` });
  cluster.settle();
  assert.equal(
    ["keep", "temp", "stuck", "again"].map((name) => phaseOf(cluster, name)),
    ["Released", "gone", "Failed", "Available"],
  );
  assert.equal(eventsOf(cluster, "PersistentVolume /stuck"), [
    "VolumeFailedDelete: host_path deleter only supports /tmp/.+ but received provided /data/stuck",
  ]);
});

test("a claim that a Pod uses stays until the Pod is gone, a bound volume until its claim is", () => {
  const cluster = start();
  apply(cluster, volume("v", "1Gi"), claim("data", "1Gi"), pod("p", uses("data")));
  cluster.delete({ kind: "PersistentVolume", name: "v" });
  cluster.delete({ kind: "PersistentVolumeClaim", name: "data" });
  cluster.settle();
  assert.equal([claimOf(cluster, "data"), phaseOf(cluster, "v")], ["Bound v 1Gi", "Bound"]);
  cluster.delete({ kind: "Pod", name: "p" });
  cluster.settle();
  assert.equal([claimOf(cluster, "data"), phaseOf(cluster, "v")], ["gone", "gone"]);
});

test("a bound claim whose volume is forced away is lost", () => {
  const cluster = start();
  apply(cluster, volume("v", "1Gi"), claim("data", "1Gi"));
  cluster.delete({ kind: "PersistentVolume", name: "v" });
  const { metadata, ...rest } = cluster.get("PersistentVolume", "v") as PersistentVolume;
  cluster.update({ ...rest, metadata: { ...metadata, finalizers: [] } });
  cluster.settle();
  assert.is(claimOf(cluster, "data"), "Lost v -");
  assert.equal(eventsOf(cluster, "PersistentVolumeClaim default/data"), [
    "ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!",
  ]);
});

test("without a provisioner a claim waits for one", () => {
  const cluster = start();
  apply(cluster, storageClass("fast"), claim("data", "1Gi", { storageClassName: "fast" }));
  assert.is(claimOf(cluster, "data"), "Pending - -");
  const [event] = eventsOf(cluster, "PersistentVolumeClaim default/data");
  assert.match(
    event ?? "",
    /^ExternalProvisioning: Waiting for a volume to be created either by the external provisioner 'disk.example.com'/,
  );
});

test("an assumed provisioner makes the volume, and deletes it with the claim", () => {
  const cluster = start();
  apply(cluster, storageClass("fast", assumed), claim("data", "1Gi", { storageClassName: "fast" }), pod("p", uses("data")));
  const { uid } = (cluster.get("PersistentVolumeClaim", "data") as PersistentVolumeClaim).metadata;
  assert.is(claimOf(cluster, "data"), `Bound pvc-${uid} 1Gi`);
  assert.is((cluster.get("Pod", "p") as Pod).status?.phase, "Running");
  cluster.delete({ kind: "Pod", name: "p" });
  cluster.delete({ kind: "PersistentVolumeClaim", name: "data" });
  cluster.settle();
  assert.is(phaseOf(cluster, `pvc-${uid}`), "gone");
});

test("a class that waits for its first consumer: the volume is made where the Pod goes", () => {
  const cluster = start();
  const late = { ...assumed, volumeBindingMode: "WaitForFirstConsumer" };
  apply(cluster, storageClass("fast", late), claim("data", "1Gi", { storageClassName: "fast" }));
  assert.equal(eventsOf(cluster, "PersistentVolumeClaim default/data"), [
    "WaitForFirstConsumer: waiting for first consumer to be created before binding",
  ]);
  apply(cluster, pod("p", uses("data")));
  const found = cluster.get("PersistentVolumeClaim", "data") as PersistentVolumeClaim;
  const { nodeName } = (cluster.get("Pod", "p") as Pod).spec;
  assert.is(found.metadata.annotations?.["volume.kubernetes.io/selected-node"], nodeName);
  assert.is(found.status?.phase, "Bound");
});

test("a claim without a class gets the default one when there is one", () => {
  const cluster = start();
  const { storageClassName: _, ...spec } = claim("data", "1Gi")["spec"] as Record<string, unknown>;
  apply(cluster, { ...claim("data", "1Gi"), spec });
  const annotations = { "storageclass.kubernetes.io/is-default-class": "true", "seatrial.dev/provisioner": "assumed" };
  apply(cluster, storageClass("usual", { metadata: { name: "usual", annotations } }));
  cluster.advance(30);
  assert.is((cluster.get("PersistentVolumeClaim", "data") as PersistentVolumeClaim).spec.storageClassName, "usual");
  assert.match(claimOf(cluster, "data"), /^Bound pvc-/);
});

test("an ephemeral volume has a claim of its own, which goes with the Pod", () => {
  const cluster = start();
  const volumeClaimTemplate = { metadata: { labels: { a: "b" } }, spec: claim("", "1Gi")["spec"] };
  apply(cluster, volume("v", "1Gi"), pod("p", [{ name: "scratch", ephemeral: { volumeClaimTemplate } }]));
  assert.is(claimOf(cluster, "p-scratch"), "Bound v 1Gi");
  assert.is((cluster.get("Pod", "p") as Pod).status?.phase, "Running");
  cluster.delete({ kind: "Pod", name: "p" });
  cluster.settle();
  assert.is(claimOf(cluster, "p-scratch"), "gone");
  assert.is(phaseOf(cluster, "v"), "Released");
});

test("a class of volume attributes stays as long as a claim or a volume refers to it", () => {
  // plugin/pkg/admission/storage/storageobjectinuseprotection, pkg/controller/volume/vacprotection isBeingUsed
  const cluster = start();
  const gold = {
    apiVersion: "storage.k8s.io/v1",
    kind: "VolumeAttributesClass",
    metadata: { name: "gold" },
    driverName: "disk.example.com",
  };
  apply(cluster, { ...gold, parameters: { iops: "1" } }, claim("a", "1Gi", { volumeAttributesClassName: "gold" }));
  assert.equal(cluster.get("VolumeAttributesClass", "gold")?.metadata.finalizers, ["kubernetes.io/vac-protection"]);
  cluster.delete({ kind: "VolumeAttributesClass", name: "gold" });
  cluster.settle();
  assert.ok(cluster.get("VolumeAttributesClass", "gold")?.metadata.deletionTimestamp);
  cluster.delete({ kind: "PersistentVolumeClaim", name: "a" });
  cluster.settle();
  assert.is(cluster.get("VolumeAttributesClass", "gold"), undefined);
});

test.run();
