/** A claim that grows: admission, the resizer and the kubelet together. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PersistentVolume, PersistentVolumeClaim } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../api/object.ts";
import { builtInNodes } from "./built-in-nodes.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const DRIVER = "disk.example.com";
const PRE_RESIZE = "volume.alpha.kubernetes.io/pre-resize-capacity";

function apply(cluster: Cluster, ...objects: readonly Unchecked[]): void {
  for (const object of objects) {
    const answer = cluster.apply(object, { fieldManager: "kubectl", force: true });
    assert.ok(answer.code < 400, answer.message);
  }
  cluster.settle();
}

function claim(storage: string, volumeMode: string): Unchecked {
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, storageClassName: "fast", volumeMode };
  return { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data", namespace: "default" }, spec };
}

function start(volumeMode = "Filesystem", annotations: Unchecked = { "seatrial.dev/provisioner": "assumed" }): Cluster {
  const cluster = createCluster({ pods: { startSeconds: 0, stopSeconds: 0 } });
  for (const node of builtInNodes()) cluster.create(node);
  const storageClass = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "fast", annotations } };
  apply(cluster, { ...storageClass, provisioner: DRIVER, allowVolumeExpansion: true }, claim("1Gi", volumeMode));
  return cluster;
}

const pod = (): Unchecked => {
  const volumes = [{ name: "v", persistentVolumeClaim: { claimName: "data" } }];
  const spec = { containers: [{ name: "c", image: "i" }], terminationGracePeriodSeconds: 0, volumes };
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "default" }, spec };
};

const claimOf = (cluster: Cluster): PersistentVolumeClaim => cluster.get("PersistentVolumeClaim", "data") as PersistentVolumeClaim;
const volumeOf = (cluster: Cluster): PersistentVolume => cluster.list("PersistentVolume")[0] as PersistentVolume;
const conditions = (cluster: Cluster): unknown => claimOf(cluster).status?.conditions?.map((c) => `${c.type} ${c.status}`);
const told = (cluster: Cluster): readonly string[] =>
  cluster
    .events()
    .filter((e) => /Resiz|Expanding/.test(e.reason))
    .map((e) => `${e.from}: ${e.object.split(" ")[0]} ${e.reason} ${e.message}`);

test("the volume grows at once, its file system when a Pod runs with it", () => {
  const cluster = start();
  const { name } = volumeOf(cluster).metadata;
  cluster.apply(claim("3Gi", "Filesystem"), { fieldManager: "kubectl", force: true });
  cluster.advance(0.5);
  assert.equal(conditions(cluster), ["Resizing True"]);
  assert.equal(claimOf(cluster).status?.allocatedResourceStatuses, { storage: "ControllerResizeInProgress" });
  cluster.settle();
  const { status } = claimOf(cluster);
  assert.equal(
    [conditions(cluster), status?.capacity, status?.allocatedResources],
    [["FileSystemResizePending True"], { storage: "1Gi" }, { storage: "3Gi" }],
  );
  assert.is(status?.allocatedResourceStatuses?.["storage"], "NodeResizePending");
  assert.equal([volumeOf(cluster).spec.capacity, volumeOf(cluster).metadata.annotations?.[PRE_RESIZE]], [{ storage: "3Gi" }, "1Gi"]);
  apply(cluster, pod());
  const { status: after } = claimOf(cluster);
  assert.equal(
    [after?.capacity, after?.allocatedResources, after?.allocatedResourceStatuses],
    [{ storage: "3Gi" }, { storage: "3Gi" }, undefined],
  );
  assert.equal([conditions(cluster), volumeOf(cluster).metadata.annotations?.[PRE_RESIZE]], [undefined, undefined]);
  const node = cluster.get("Pod", "p") as { spec?: { nodeName?: string } } | undefined;
  const grown = `FileSystemResizeSuccessful MountVolume.NodeExpandVolume succeeded for volume "${name}" ${node?.spec?.nodeName}`;
  assert.equal(told(cluster), [
    "volume_expand: PersistentVolumeClaim ExternalExpanding waiting for an external controller to expand this PVC",
    `external-resizer ${DRIVER}: PersistentVolumeClaim Resizing External resizer is resizing volume ${name}`,
    `external-resizer ${DRIVER}: PersistentVolumeClaim FileSystemResizeRequired Require file system resize of volume on node`,
    `kubelet: Pod ${grown}`,
    `kubelet: PersistentVolumeClaim ${grown}`,
  ]);
});

test("in use, it grows to its end; and again", () => {
  const cluster = start();
  apply(cluster, pod(), claim("2Gi", "Filesystem"));
  assert.equal([claimOf(cluster).status?.capacity, conditions(cluster)], [{ storage: "2Gi" }, undefined]);
  apply(cluster, claim("5Gi", "Filesystem"));
  assert.equal([claimOf(cluster).status?.capacity, volumeOf(cluster).spec.capacity], [{ storage: "5Gi" }, { storage: "5Gi" }]);
});

test("a block device has no file system to grow", () => {
  const cluster = start("Block");
  apply(cluster, claim("2Gi", "Block"));
  const { status } = claimOf(cluster);
  assert.equal([status?.capacity, status?.allocatedResourceStatuses, conditions(cluster)], [{ storage: "2Gi" }, undefined, undefined]);
  assert.is(volumeOf(cluster).metadata.annotations?.[PRE_RESIZE], undefined);
  assert.match(told(cluster).at(-1) ?? "", /VolumeResizeSuccessful Resize volume succeeded$/);
});

test("where nobody resizes, the claim waits", () => {
  const cluster = start("Filesystem", {});
  const spec = { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, nfs: { server: "s", path: "/" }, storageClassName: "fast" };
  apply(cluster, { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "v" }, spec });
  cluster.advance(20);
  apply(cluster, claim("2Gi", "Filesystem"));
  cluster.advance(60);
  assert.equal([claimOf(cluster).status?.capacity, conditions(cluster)], [{ storage: "1Gi" }, undefined]);
  assert.equal(told(cluster), [
    "volume_expand: PersistentVolumeClaim ExternalExpanding waiting for an external controller to expand this PVC",
  ]);
});

test.run();
