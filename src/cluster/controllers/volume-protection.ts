/**
 * Claims that a Pod uses, volumes that are bound, and classes of volume attributes that are referred to stay until that is over.
 * @see kubernetes pkg/controller/volume/pvcprotection, pvprotection, vacprotection
 */
import type { PersistentVolume, PersistentVolumeClaim, Pod, VolumeAttributesClass } from "../../../generated/v1.36/model.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "../../api/kinds.ts";
import { controllerOf, type Kind, keyOf, kindOf } from "../../api/object.ts";
import { claimsOf } from "../../api/pod-claims.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { usersOf, watchClaimUsers } from "./claim-users.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { isPodFinished } from "./pods.ts";

const CLAIM_FINALIZER = "kubernetes.io/pvc-protection";
const VOLUME_FINALIZER = "kubernetes.io/pv-protection";
const CLASS_FINALIZER = "kubernetes.io/vac-protection";
const CLASS: Kind<VolumeAttributesClass> = kindOf("storage.k8s.io/v1", "VolumeAttributesClass");

/** Takes the finalizer off an object that is being deleted. */
function letGo<T extends PersistentVolume | PersistentVolumeClaim | VolumeAttributesClass>(
  { client }: ComponentContext,
  kind: Kind<T>,
  object: T,
  finalizer: string,
): ReconcileResult {
  const { finalizers, name, namespace } = object.metadata;
  if (!finalizers?.includes(finalizer)) return;
  const left = finalizers.filter((f) => f !== finalizer);
  if (mustRetry(client.patch(kind, name, namespace, { metadata: { finalizers: left.length > 0 ? left : null } }))) return "retry";
}

/** A Pod that has a node uses its claims as long as it is there; one that is over, no longer those that were made for it. */
function blocks(pod: Pod, claim: PersistentVolumeClaim): boolean {
  return Boolean(pod.spec.nodeName) && !(isPodFinished(pod) && controllerOf(claim)?.uid === pod.metadata.uid);
}

/** The classes that a claim has, is said to have, or is on its way to. */
function classesOf({ spec, status }: PersistentVolumeClaim): readonly (string | undefined)[] {
  return [
    spec.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
}

export const volumeProtectionController: Controller = {
  name: "pvc-protection-controller",
  start(context) {
    const pods = watchClaimUsers(context.informers);
    const claims = context.informers.for(PERSISTENT_VOLUME_CLAIM);
    const volumes = context.informers.for(PERSISTENT_VOLUME);
    const claimQueue = queueFor(context, claims, (claim): ReconcileResult => {
      if (claim.metadata.deletionTimestamp === undefined || usersOf(pods, claim).some((p) => blocks(p, claim))) return;
      return letGo(context, PERSISTENT_VOLUME_CLAIM, claim, CLAIM_FINALIZER);
    });
    const volumeQueue = queueFor(context, volumes, (volume): ReconcileResult => {
      if (volume.metadata.deletionTimestamp !== undefined && volume.status?.phase !== "Bound")
        return letGo(context, PERSISTENT_VOLUME, volume, VOLUME_FINALIZER);
    });
    const classes = context.informers.for(CLASS);
    const classQueue = queueFor(context, classes, (object): ReconcileResult => {
      const { name, deletionTimestamp } = object.metadata;
      if (deletionTimestamp === undefined) return;
      const used =
        [...volumes.list()].some((v) => v.spec.volumeAttributesClassName === name) ||
        [...claims.list()].some((c) => classesOf(c).includes(name));
      if (!used) return letGo(context, CLASS, object, CLASS_FINALIZER);
    });
    const wakeClasses = (before: readonly (string | undefined)[], now: readonly (string | undefined)[]): void => {
      for (const name of before) if (name !== undefined && !now.includes(name)) classQueue.add(name);
    };
    classes.on((_type, object) => classQueue.add(keyOf(object)));
    claims.on((type, claim, before) => {
      claimQueue.add(keyOf(claim));
      wakeClasses(classesOf(before ?? claim), type === "DELETED" ? [] : classesOf(claim));
    });
    volumes.on((type, volume, before) => {
      volumeQueue.add(keyOf(volume));
      wakeClasses([(before ?? volume).spec.volumeAttributesClassName], type === "DELETED" ? [] : [volume.spec.volumeAttributesClassName]);
    });
    pods.on((type, pod) => {
      if (type === "DELETED" || isPodFinished(pod)) for (const key of claimsOf(pod)) claimQueue.add(key);
    });
  },
};
