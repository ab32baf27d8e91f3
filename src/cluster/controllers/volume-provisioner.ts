/**
 * Provisioners that a plan may count on: they make volumes for the claims that wait for them, and delete what is released.
 *
 * No provisioner runs in the simulated control plane, as none runs in a real one by itself: a claim waits until somebody makes a volume. One is
 * assumed to work when the cluster shows that it does (a volume that it made, a node that runs its driver), or where its class says so by the
 * annotation `seatrial.dev/provisioner: assumed`.
 * Simplified: every driver is a CSI driver, has room without end, and needs a second.
 * @see https://github.com/kubernetes-csi/external-provisioner pkg/controller/controller.go
 */
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../../generated/v1.36/model.ts";
import { CSI_NODE } from "../../api/attachable-volume.ts";
import { NODE, PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, STORAGE_CLASS } from "../../api/kinds.ts";
import { keyOf } from "../../api/object.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { PROVISIONED_BY, StorageDrivers } from "../../sim/storage-drivers.ts";
import type { ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { SELECTED_NODE } from "./volume-decisions.ts";
import { classOf } from "./volume-match.ts";

/** On a claim: whom the volume controller has asked. */
const ASKED = "volume.kubernetes.io/storage-provisioner";
/** Keeps the volume until its storage is deleted too. */
const FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";
/** To make a volume, or to delete one, in milliseconds. */
const WORK_MS = 1000;

class Provisioner {
  readonly #context: ComponentContext;
  readonly #claims;
  readonly #volumes;
  readonly #classes;
  readonly #csiNodes;
  readonly #assumed: StorageDrivers;
  readonly #claimQueue: WorkQueue;
  readonly #volumeQueue: WorkQueue;

  constructor(context: ComponentContext) {
    this.#context = context;
    const { informers } = context;
    this.#claims = informers.for(PERSISTENT_VOLUME_CLAIM);
    this.#volumes = informers.for(PERSISTENT_VOLUME);
    this.#classes = informers.for(STORAGE_CLASS);
    this.#csiNodes = informers.for(CSI_NODE);
    this.#assumed = new StorageDrivers(informers);
    this.#claimQueue = queueFor(context, this.#claims, (claim) => this.#provision(claim));
    this.#volumeQueue = queueFor(context, this.#volumes, (volume) => this.#reclaim(volume));
    this.#claims.on((type, claim) => {
      if (type !== "DELETED" && waits(claim)) this.#claimQueue.addAfter(keyOf(claim), WORK_MS);
    });
    this.#volumes.on((type, volume) => {
      if (type !== "DELETED" && isReclaimed(volume)) this.#volumeQueue.addAfter(volume.metadata.name, WORK_MS);
    });
  }

  #provision(claim: PersistentVolumeClaim): ReconcileResult {
    const { client, recorder } = this.#context;
    const provisioner = claim.metadata.annotations?.[ASKED] ?? "";
    const storageClass = this.#classes.get(classOf(claim));
    if (!waits(claim) || !storageClass || !this.#assumed.provisions(provisioner)) return;
    const volume = volumeFor(claim, storageClass, provisioner, this.#placeOf(claim, storageClass, provisioner));
    if (this.#volumes.get(volume.metadata.name)) return;
    recorder.report(
      provisioner,
      claim,
      "Normal",
      "Provisioning",
      `External provisioner is provisioning volume for claim ${JSON.stringify(keyOf(claim))}`,
    );
    if (mustRetry(client.create<PersistentVolume>(volume))) return "retry";
    recorder.report(provisioner, claim, "Normal", "ProvisioningSucceeded", `Successfully provisioned volume ${volume.metadata.name}`);
  }

  /** Where the volume can be reached: as far as the driver tells places apart, where the chosen node is; else what the class allows first. */
  #placeOf(claim: PersistentVolumeClaim, storageClass: StorageClass, provisioner: string): Readonly<Record<string, readonly string[]>> {
    const name = claim.metadata.annotations?.[SELECTED_NODE];
    const allowed = storageClass.allowedTopologies?.[0]?.matchLabelExpressions ?? [];
    if (name === undefined) return Object.fromEntries(allowed.map((e) => [e.key, e.values]));
    const labels = this.#context.informers.for(NODE).get(name)?.metadata.labels ?? {};
    const driver = this.#csiNodes.get(name)?.spec.drivers.find((d) => d.name === provisioner);
    const keys = driver?.topologyKeys ?? allowed.map((e) => e.key);
    return Object.fromEntries(keys.flatMap((key) => (labels[key] === undefined ? [] : [[key, [labels[key]]]])));
  }

  #reclaim(volume: PersistentVolume): ReconcileResult {
    if (!isReclaimed(volume) || !this.#assumed.provisions(volume.metadata.annotations?.[PROVISIONED_BY] ?? "")) return;
    const { client } = this.#context;
    const { name, finalizers = [] } = volume.metadata;
    const left = finalizers.filter((f) => f !== FINALIZER);
    if (left.length < finalizers.length)
      if (mustRetry(client.patch(PERSISTENT_VOLUME, name, undefined, { metadata: { finalizers: left.length > 0 ? left : null } })))
        return "retry";
    return mustRetry(client.delete(PERSISTENT_VOLUME, name)) ? "retry" : undefined;
  }
}

/** Somebody has been asked for a volume, and there is none yet. */
function waits({ metadata, spec }: PersistentVolumeClaim): boolean {
  return metadata.annotations?.[ASKED] !== undefined && !spec.volumeName && metadata.deletionTimestamp === undefined;
}

function isReclaimed({ metadata, spec, status }: PersistentVolume): boolean {
  const released = status?.phase === "Released" || status?.phase === "Failed";
  return metadata.annotations?.[PROVISIONED_BY] !== undefined && spec.persistentVolumeReclaimPolicy === "Delete" && released;
}

function volumeFor(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  provisioner: string,
  place: Readonly<Record<string, readonly string[]>>,
): PersistentVolume {
  const { name, namespace, uid, resourceVersion } = claim.metadata;
  const { accessModes, resources, volumeMode, volumeAttributesClassName } = claim.spec;
  const volumeName = `pvc-${uid}`;
  const matchExpressions = Object.entries(place).map(([key, values]) => ({ key, operator: "In" as const, values }));
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volumeName, annotations: { [PROVISIONED_BY]: provisioner }, finalizers: [FINALIZER] },
    spec: {
      accessModes,
      capacity: { storage: resources?.requests?.["storage"] ?? "0" },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid, resourceVersion },
      csi: { driver: provisioner, volumeHandle: volumeName },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      storageClassName: storageClass.metadata.name,
      volumeMode: volumeMode ?? "Filesystem",
      ...(storageClass.mountOptions ? { mountOptions: storageClass.mountOptions } : {}),
      ...(volumeAttributesClassName ? { volumeAttributesClassName } : {}),
      ...(matchExpressions.length > 0 ? { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } } } : {}),
    },
  };
}

export const volumeProvisioner: Controller = {
  name: "external-provisioner",
  start(context) {
    new Provisioner(context);
  },
};
