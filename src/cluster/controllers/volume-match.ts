/**
 * Which volume a claim takes, and what keeps it from the one that it names.
 * @see kubernetes pkg/controller/volume/persistentvolume/index.go, pv_controller.go (checkVolumeSatisfyClaim)
 * @see kubernetes staging/src/k8s.io/component-helpers/storage/volume/pv_helpers.go (FindMatchingVolume)
 */
import type { PersistentVolume, PersistentVolumeClaim } from "../../../generated/v1.36/model.ts";
import { matchesSelector } from "../../lib/labels.ts";
import { parseQuantity } from "../../lib/quantity.ts";

/** The storage class; `""`: none. The annotation is older than the field, and still goes first. */
export function classOf(object: PersistentVolumeClaim | PersistentVolume): string {
  return object.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? object.spec.storageClassName ?? "";
}

/** Nano-bytes. */
function sizeOf(amount: string | number | undefined): bigint {
  return amount === undefined ? 0n : (parseQuantity(amount)?.nano ?? 0n);
}

function requested(claim: PersistentVolumeClaim): bigint {
  return sizeOf(claim.spec.resources?.requests?.["storage"]);
}

function capacity(volume: PersistentVolume): bigint {
  return sizeOf(volume.spec.capacity?.["storage"]);
}

/** The volume names this claim: by name alone when somebody reserved it, by uid too once it is bound. */
export function isPromised({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const ref = spec.claimRef;
  if (!ref || ref.name !== metadata.name || ref.namespace !== metadata.namespace) return false;
  return !ref.uid || ref.uid === metadata.uid;
}

function sameMode(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (volume.spec.volumeMode ?? "Filesystem") === (claim.spec.volumeMode ?? "Filesystem");
}

function sameAttributes(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (volume.spec.volumeAttributesClassName ?? "") === (claim.spec.volumeAttributesClassName ?? "");
}

function grantsAccess(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (claim.spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode));
}

/** Why the claim cannot have the volume that it names; `undefined` when it can. */
export function unsatisfied(volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined {
  if (volume.metadata.deletionTimestamp !== undefined) return `the volume is marked for deletion ${JSON.stringify(volume.metadata.name)}`;
  if (capacity(volume) < requested(claim)) return "requested PV is too small";
  if (classOf(volume) !== classOf(claim)) return "storageClassName does not match";
  if (!sameAttributes(volume, claim)) return "volumeAttributesClassName does not match";
  if (!sameMode(volume, claim)) return "incompatible volumeMode";
  if (!grantsAccess(volume, claim)) return "incompatible accessMode";
  return undefined;
}

/**
 * The volume promised to the claim, else the smallest free one that fits; of volumes with different access modes those that grant the least.
 * A delayed claim takes only what was promised to it: the scheduler chooses.
 */
export function findBestMatch(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  delayed: boolean,
): PersistentVolume | undefined {
  const wanted = requested(claim);
  const modes = (v: PersistentVolume): number => new Set(v.spec.accessModes).size;
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    const promised = isPromised(volume, claim);
    if ((volume.spec.claimRef && !promised) || capacity(volume) < wanted || !grantsAccess(volume, claim)) continue;
    if (!sameMode(volume, claim) || !sameAttributes(volume, claim) || volume.metadata.deletionTimestamp !== undefined) continue;
    if (promised) return volume;
    if (delayed || volume.status?.phase !== "Available" || classOf(volume) !== classOf(claim)) continue;
    if (claim.spec.selector && !matchesSelector(claim.spec.selector, volume.metadata.labels)) continue;
    if (!best || modes(volume) < modes(best) || (modes(volume) === modes(best) && capacity(volume) < capacity(best))) best = volume;
  }
  return best;
}
