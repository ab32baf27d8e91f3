/** The claims of a Pod, and what is known of them. @see kubernetes staging/src/k8s.io/component-helpers/storage/volume */
import type { PersistentVolume, PersistentVolumeClaim, Pod } from "../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../api/object.ts";
import type { Listers } from "./listers.ts";
import type { PodInfo } from "./pod-info.ts";

export interface ClaimUse {
  readonly name: string;
  /** Made for the Pod from a template in its volume. */
  readonly ephemeral: boolean;
}

export function claimsOf({ metadata, spec }: Pod): readonly ClaimUse[] {
  const uses: ClaimUse[] = [];
  for (const v of spec.volumes ?? []) {
    if (v.persistentVolumeClaim) uses.push({ name: v.persistentVolumeClaim.claimName, ephemeral: false });
    else if (v.ephemeral) uses.push({ name: `${metadata.name}-${v.name}`, ephemeral: true });
  }
  return uses;
}

/** Whether an object is a claim of the Pod. */
export function isOwnClaim(object: KubeObject, { pod, shape }: PodInfo): boolean {
  if (object.kind !== "PersistentVolumeClaim" || object.metadata.namespace !== shape.namespace) return false;
  return claimsOf(pod).some(({ name }) => name === object.metadata.name);
}

/** The storage class; `""`: none. */
export function classOf(object: PersistentVolumeClaim | PersistentVolume): string {
  return object.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? object.spec?.storageClassName ?? "";
}

const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";

/** Has a volume, and the volume knows it. */
export function isFullyBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return Boolean(spec?.volumeName) && metadata.annotations?.[BIND_COMPLETED] !== undefined;
}

/** Waits with its binding until a Pod is placed. */
export function isDelayed(claim: PersistentVolumeClaim, listers: Listers): boolean {
  return listers.storageClass(classOf(claim))?.volumeBindingMode === "WaitForFirstConsumer";
}

/** The text of a claim that is not there, as the API machinery words it. */
export function claimNotFound(name: string): string {
  return `persistentvolumeclaim ${JSON.stringify(name)} not found`;
}
