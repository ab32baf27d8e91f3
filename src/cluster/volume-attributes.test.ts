/** A claim that names another class of volume attributes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PersistentVolume, PersistentVolumeClaim } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const DRIVER = "disk.example.com";

function attributes(name: string): Unchecked {
  const parameters = { iops: name };
  return { apiVersion: "storage.k8s.io/v1", kind: "VolumeAttributesClass", metadata: { name }, driverName: DRIVER, parameters };
}

function claim(volumeAttributesClassName?: string): Unchecked {
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "fast" };
  const metadata = { name: "data", namespace: "default" };
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata,
    spec: { ...spec, ...(volumeAttributesClassName === undefined ? {} : { volumeAttributesClassName }) },
  };
}

function apply(cluster: Cluster, ...objects: readonly Unchecked[]): void {
  for (const object of objects) {
    const answer = cluster.apply(object, { force: true });
    assert.ok(answer.code < 400, answer.message);
  }
}

function start(): Cluster {
  const cluster = createCluster();
  const annotations = { "seatrial.dev/provisioner": "assumed" };
  const storageClass = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "fast", annotations } };
  apply(cluster, { ...storageClass, provisioner: DRIVER }, attributes("silver"), claim("silver"));
  cluster.settle();
  return cluster;
}

const statusOf = (cluster: Cluster): PersistentVolumeClaim["status"] =>
  (cluster.get("PersistentVolumeClaim", "data") as PersistentVolumeClaim).status;
const volumeOf = (cluster: Cluster): PersistentVolume => cluster.list("PersistentVolume")[0] as PersistentVolume;
const told = (cluster: Cluster): readonly string[] =>
  cluster
    .events()
    .filter((e) => e.reason.startsWith("VolumeModify"))
    .map((e) => `${e.from}: ${e.reason} ${e.message}`);

test("a volume has the attributes of its claim from the start; others come later", () => {
  const cluster = start();
  assert.equal([statusOf(cluster)?.currentVolumeAttributesClassName, told(cluster)], ["silver", []]);
  apply(cluster, attributes("gold"), claim("gold"));
  cluster.advance(0.5);
  assert.equal(statusOf(cluster)?.modifyVolumeStatus, { status: "InProgress", targetVolumeAttributesClassName: "gold" });
  assert.equal(
    statusOf(cluster)?.conditions?.map((c) => `${c.type} ${c.status} ${c.message}`),
    ["ModifyingVolume True ModifyVolume operation in progress."],
  );
  cluster.settle();
  const status = statusOf(cluster);
  assert.equal([status?.currentVolumeAttributesClassName, status?.modifyVolumeStatus, status?.conditions], ["gold", undefined, undefined]);
  assert.is(volumeOf(cluster).spec.volumeAttributesClassName, "gold");
  assert.equal(told(cluster), [
    `external-resizer ${DRIVER}: VolumeModify external resizer is modifying volume data with vac gold`,
    `external-resizer ${DRIVER}: VolumeModifySuccessful external resizer modified volume data with vac gold successfully `,
  ]);
});

test("a class that is not there yet is waited for", () => {
  const cluster = start();
  apply(cluster, claim("gold"));
  cluster.settle();
  assert.equal([statusOf(cluster)?.modifyVolumeStatus?.status, volumeOf(cluster).spec.volumeAttributesClassName], ["Pending", "silver"]);
  apply(cluster, attributes("gold"));
  cluster.settle();
  assert.equal([statusOf(cluster)?.modifyVolumeStatus, volumeOf(cluster).spec.volumeAttributesClassName], [undefined, "gold"]);
});

test.run();
