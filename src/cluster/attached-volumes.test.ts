/** Attach and detach, from the claim to the running Pod: the controller, the attacher and the kubelet together. */
import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod, VolumeAttachment } from "../../generated/v1.36/model.ts";
import type { Unchecked } from "../api/object.ts";
import { builtInNodes } from "./built-in-nodes.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const DRIVER = "disk.example.com";
const [ONE = "", TWO = ""] = builtInNodes().map((n) => n.metadata.name);

function start(accessMode = "ReadWriteOnce", more: readonly Unchecked[] = []): Cluster {
  const cluster = createCluster({ pods: { startSeconds: 0, stopSeconds: 0 } });
  for (const node of builtInNodes()) cluster.create(node);
  const metadata = { name: "fast", annotations: { "seatrial.dev/provisioner": "assumed" } };
  const storageClass = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata, provisioner: DRIVER };
  const spec = { accessModes: [accessMode], resources: { requests: { storage: "1Gi" } }, storageClassName: "fast" };
  const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data", namespace: "default" }, spec };
  apply(cluster, storageClass, ...more, claim);
  return cluster;
}

function apply(cluster: Cluster, ...objects: readonly Unchecked[]): void {
  for (const object of objects) {
    const answer = cluster.apply(object);
    assert.ok(answer.code < 400, answer.message);
  }
  cluster.settle();
}

function pod(name: string, node: string, claimName = "data"): Unchecked {
  const volumes = [{ name: "v", persistentVolumeClaim: { claimName } }];
  const affinity = { nodeSelector: { "kubernetes.io/hostname": node } };
  const spec = { containers: [{ name: "c", image: "i" }], terminationGracePeriodSeconds: 0, volumes, ...affinity };
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default" }, spec };
}

const volumeOf = (cluster: Cluster): PersistentVolume => cluster.list("PersistentVolume")[0] as PersistentVolume;
const attachments = (cluster: Cluster): readonly VolumeAttachment[] => cluster.list("VolumeAttachment") as readonly VolumeAttachment[];
const attachedTo = (cluster: Cluster): readonly string[] => attachments(cluster).map((a) => `${a.spec.nodeName} ${a.status?.attached}`);
const statusOf = (cluster: Cluster, node: string): Node["status"] => (cluster.get("Node", node) as Node).status;
const phase = (cluster: Cluster, name: string): string => (cluster.get("Pod", name) as Pod).status?.phase ?? "";
const eventsOf = (cluster: Cluster, name: string): readonly string[] =>
  cluster
    .events()
    .filter((e) => e.object === `Pod default/${name}` && e.from === "attachdetach-controller")
    .map((e) => `${e.type} ${e.reason} ${e.message}`);

test("a volume is attached before its Pod starts, and detached when the Pod is gone", () => {
  const cluster = start();
  apply(cluster, pod("a", ONE));
  const { name } = volumeOf(cluster).metadata;
  const [attachment] = attachments(cluster);
  assert.is(attachment?.metadata.name, `csi-${createHash("sha256").update(`${name}${DRIVER}${ONE}`).digest("hex")}`);
  assert.equal(attachment?.spec, { attacher: DRIVER, nodeName: ONE, source: { persistentVolumeName: name } });
  assert.equal([attachment?.status, attachment?.metadata.finalizers], [{ attached: true }, ["external-attacher/disk-example-com"]]);
  assert.ok(volumeOf(cluster).metadata.finalizers?.includes("external-attacher/disk-example-com"));
  const unique = `kubernetes.io/csi/${DRIVER}^${name}`;
  assert.equal(statusOf(cluster, ONE)?.volumesAttached, [{ name: unique, devicePath: "" }]);
  assert.equal(statusOf(cluster, ONE)?.volumesInUse, [unique]);
  assert.equal(eventsOf(cluster, "a"), [`Normal SuccessfulAttachVolume AttachVolume.Attach succeeded for volume "${name}" `]);
  assert.is(phase(cluster, "a"), "Running");
  cluster.delete({ kind: "Pod", name: "a" });
  cluster.settle();
  assert.equal(attachedTo(cluster), []);
  assert.equal([statusOf(cluster, ONE)?.volumesAttached, statusOf(cluster, ONE)?.volumesInUse], [undefined, undefined]);
  cluster.delete({ kind: "PersistentVolumeClaim", name: "data" });
  cluster.settle();
  assert.equal(cluster.list("PersistentVolume"), []);
});

test("while it is being attached, the Pod waits without a fault", () => {
  const cluster = start();
  cluster.apply(pod("a", ONE));
  cluster.advance(0.9);
  assert.equal(attachedTo(cluster), [`${ONE} false`]);
  const { status } = cluster.get("Pod", "a") as Pod;
  assert.equal([status?.phase, status?.containerStatuses?.[0]?.state?.waiting?.reason], ["Pending", "ContainerCreating"]);
});

test("a volume that one Node may have: a Pod on another waits, and is told for whom", () => {
  const cluster = start();
  apply(cluster, pod("a", ONE), pod("b", TWO));
  const { name } = volumeOf(cluster).metadata;
  assert.equal(attachedTo(cluster), [`${ONE} true`]);
  assert.is(phase(cluster, "b"), "Pending");
  const told = `Warning FailedAttachVolume Multi-Attach error for volume "${name}" Volume is already used by pod(s) a`;
  assert.equal(eventsOf(cluster, "b"), [told]);
  apply(cluster, pod("c", ONE));
  assert.is(phase(cluster, "c"), "Running", "Pods of one Node share it");
  for (const gone of ["a", "c"]) cluster.delete({ kind: "Pod", name: gone });
  cluster.settle();
  assert.equal([attachedTo(cluster), phase(cluster, "b")], [[`${TWO} true`], "Running"]);
});

test("a volume that many Nodes may have is attached to each", () => {
  const cluster = start("ReadWriteMany");
  apply(cluster, pod("a", ONE), pod("b", TWO));
  assert.equal([...attachedTo(cluster)].sort(), [`${ONE} true`, `${TWO} true`].sort());
  assert.equal([phase(cluster, "a"), phase(cluster, "b")], ["Running", "Running"]);
});

test("a driver whose volumes need no attaching", () => {
  const driver = { apiVersion: "storage.k8s.io/v1", kind: "CSIDriver", metadata: { name: DRIVER }, spec: { attachRequired: false } };
  const cluster = start("ReadWriteOnce", [driver]);
  apply(cluster, pod("a", ONE));
  assert.equal([attachedTo(cluster), phase(cluster, "a"), statusOf(cluster, ONE)?.volumesInUse], [[], "Running", undefined]);
});

test("a Node that is lost keeps the volume for six minutes after the Pod is gone; not so one that is out of service", () => {
  const force = (cluster: Cluster): void => {
    cluster.kubelets?.setDown(ONE, true);
    cluster.advance(60);
    cluster.server.delete({ apiVersion: "v1", kind: "Pod" }, "a", "default", { gracePeriodSeconds: 0 });
    cluster.apply(pod("b", TWO));
    cluster.advance(2);
  };
  const lost = start();
  apply(lost, pod("a", ONE));
  force(lost);
  const { name } = volumeOf(lost).metadata;
  const told = `Multi-Attach error for volume "${name}" Volume is already exclusively attached to one node and can't be attached to another`;
  assert.equal(eventsOf(lost, "b"), [`Warning FailedAttachVolume ${told}`]);
  lost.advance(355);
  assert.equal([attachedTo(lost), phase(lost, "b")], [[`${ONE} true`], "Pending"]);
  lost.advance(10);
  assert.equal([attachedTo(lost), phase(lost, "b")], [[`${TWO} true`], "Running"]);

  const out = start();
  apply(out, pod("a", ONE));
  force(out);
  const node = out.get("Node", ONE) as Node;
  const taint = { key: "node.kubernetes.io/out-of-service", value: "nodeshutdown", effect: "NoExecute" as const };
  out.update({ ...node, spec: { ...node.spec, taints: [...(node.spec.taints ?? []), taint] } });
  out.advance(5);
  assert.equal([attachedTo(out), phase(out, "b")], [[`${TWO} true`], "Running"]);
});

test("a Node that is removed keeps the volume until its Pod is gone, and six minutes more", () => {
  const cluster = start();
  apply(cluster, pod("a", ONE));
  cluster.kubelets?.setDown(ONE, true);
  cluster.delete({ kind: "Node", name: ONE });
  cluster.apply(pod("b", TWO));
  cluster.advance(30);
  assert.equal([attachedTo(cluster), phase(cluster, "a")], [[`${ONE} true`], "Running"]);
  cluster.advance(360);
  assert.equal([attachedTo(cluster), cluster.get("Pod", "a")], [[`${ONE} true`], undefined]);
  cluster.advance(60);
  assert.equal([attachedTo(cluster), phase(cluster, "b")], [[`${TWO} true`], "Running"]);
  assert.is(eventsOf(cluster, "a").length, 1, "attached once");
});

const csiNode = (name: string, drivers: readonly Unchecked[]): Unchecked => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "CSINode",
  metadata: { name },
  spec: { drivers },
});

/** A cluster with a volume that nobody has provisioned, and a Pod that uses it. */
function withOwnVolume(csiNodes: readonly Unchecked[]): Cluster {
  const csi = { driver: "none.example.com", volumeHandle: "vol-1" };
  const spec = { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, csi, storageClassName: "" };
  const cluster = start("ReadWriteOnce", [...csiNodes, { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "v" }, spec }]);
  const { metadata, ...claim } = cluster.get("PersistentVolumeClaim", "data") as PersistentVolumeClaim;
  const own = { ...claim, metadata: { name: "own", namespace: "default" }, spec: { ...claim.spec, storageClassName: "", volumeName: "v" } };
  apply(cluster, own as unknown as Unchecked, pod("a", ONE, "own"));
  return cluster;
}

test("a driver of which nothing is known: its volumes are taken as they are", () => {
  const cluster = withOwnVolume([]);
  assert.equal([attachedTo(cluster), phase(cluster, "a"), statusOf(cluster, ONE)?.volumesInUse], [[], "Running", undefined]);
});

test("a driver that runs on no Node: the Pod waits, and is told after two minutes", () => {
  const cluster = withOwnVolume([csiNode(ONE, []), csiNode(TWO, [])]);
  assert.equal([attachedTo(cluster), phase(cluster, "a"), eventsOf(cluster, "a")], [[`${ONE} false`], "Pending", []]);
  cluster.advance(120);
  const why = "timed out waiting for external-attacher of none.example.com CSI driver to attach volume vol-1";
  assert.equal(eventsOf(cluster, "a"), [`Warning FailedAttachVolume AttachVolume.Attach failed for volume "v" : ${why}`]);
});

test("a Node on which the driver does not run", () => {
  const cluster = start("ReadWriteMany", [csiNode(ONE, [{ name: DRIVER, nodeID: "id-1" }]), csiNode(TWO, [])]);
  apply(cluster, pod("a", ONE), pod("b", TWO));
  const { name } = volumeOf(cluster).metadata;
  assert.equal([phase(cluster, "a"), phase(cluster, "b")], ["Running", "Pending"]);
  assert.is(attachments(cluster).find((a) => a.spec.nodeName === ONE)?.metadata.annotations?.["csi.alpha.kubernetes.io/node-id"], "id-1");
  assert.equal(eventsOf(cluster, "b"), [
    `Warning FailedAttachVolume AttachVolume.Attach failed for volume "${name}" : CSINode ${TWO} does not contain driver ${DRIVER}`,
  ]);
});

test.run();
