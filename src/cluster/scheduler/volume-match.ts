/** Which volume a claim would take. @see kubernetes staging/src/k8s.io/component-helpers/storage/volume/pv_helpers.go (FindMatchingVolume) */
import type { PersistentVolume, PersistentVolumeClaim } from "../../../generated/v1.36/model.ts";
import { matchesSelector } from "../../lib/labels.ts";
import { parseQuantity } from "../../lib/quantity.ts";
import { classOf } from "./claims.ts";
import { matchesNodeSelector, type SelectableNode } from "./selectors.ts";

/** Nano-bytes. */
export function sizeOf(amount: string | number | undefined): bigint {
  return amount === undefined ? 0n : (parseQuantity(amount)?.nano ?? 0n);
}

/** What a claim asks for, in nano-bytes. */
export function requestedSize(claim: PersistentVolumeClaim): bigint {
  return sizeOf(claim.spec?.resources?.requests?.["storage"]);
}

/** Whether the volume can be reached from the node. */
export function isReachable(volume: PersistentVolume, node: SelectableNode): boolean {
  const required = volume.spec?.nodeAffinity?.required;
  return !required || matchesNodeSelector(required, node);
}

/** The volume that is promised to the claim, else the smallest free one that is large enough and fits in class, mode, access and place. */
export function findMatchingVolume(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  node: SelectableNode,
  taken: ReadonlySet<string>,
): PersistentVolume | undefined {
  const wanted = requestedSize(claim);
  let smallest: PersistentVolume | undefined;
  let smallestSize = 0n;
  for (const volume of volumes) {
    if (taken.has(volume.metadata.name) || volume.metadata.deletionTimestamp !== undefined) continue;
    const promised = isPromised(volume, claim);
    if (volume.spec?.claimRef && !promised) continue;
    const size = sizeOf(volume.spec?.capacity?.["storage"]);
    if (size < wanted || !sameModes(volume, claim)) continue;
    if (promised) return isReachable(volume, node) ? volume : undefined;
    if (volume.status?.phase !== "Available" || classOf(volume) !== classOf(claim)) continue;
    if (claim.spec?.selector && !matchesSelector(claim.spec.selector, volume.metadata.labels)) continue;
    if (!isReachable(volume, node) || !grantsAccess(volume, claim)) continue;
    if (smallest && size >= smallestSize) continue;
    smallest = volume;
    smallestSize = size;
  }
  return smallest;
}

/** The volume names this claim. */
function isPromised({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const ref = spec?.claimRef;
  if (!ref || ref.name !== claim.metadata.name || ref.namespace !== claim.metadata.namespace) return false;
  return !ref.uid || ref.uid === claim.metadata.uid;
}

function sameModes(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  if ((volume.spec?.volumeMode ?? "Filesystem") !== (claim.spec?.volumeMode ?? "Filesystem")) return false;
  return (volume.spec?.volumeAttributesClassName ?? "") === (claim.spec?.volumeAttributesClassName ?? "");
}

function grantsAccess(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (claim.spec?.accessModes ?? []).every((mode) => volume.spec?.accessModes?.includes(mode));
}
