/** Which Pods use a claim. @see kubernetes pkg/controller/volume/common/common.go */
import type { PersistentVolumeClaim, Pod } from "../../../generated/v1.36/model.ts";
import { POD } from "../../api/kinds.ts";
import { controllerOf, keyOf } from "../../api/object.ts";
import type { Informer, Informers } from "../../sim/informer.ts";

/** Index of Pods by the claims that they name or would have made for them, as `namespace/name`. */
export const CLAIM_USERS = "claim";

/** The claim of an ephemeral volume. */
export function ephemeralClaimName(pod: Pod, volume: string): string {
  return `${pod.metadata.name}-${volume}`;
}

/** The keys of the claims that a Pod names, or that are made for it. */
export function claimsOf(pod: Pod): readonly string[] {
  const names = (pod.spec.volumes ?? []).flatMap((v) => {
    if (v.persistentVolumeClaim) return [v.persistentVolumeClaim.claimName];
    return v.ephemeral ? [ephemeralClaimName(pod, v.name)] : [];
  });
  return [...new Set(names)].map((name) => `${pod.metadata.namespace}/${name}`);
}

export function watchClaimUsers(informers: Informers): Informer<Pod> {
  const pods = informers.for(POD);
  pods.addIndex(CLAIM_USERS, claimsOf);
  return pods;
}

/** The Pods that use the claim; of an ephemeral volume, only the Pod that it was made for. */
export function usersOf(pods: Informer<Pod>, claim: PersistentVolumeClaim): readonly Pod[] {
  const { name } = claim.metadata;
  return pods.by(CLAIM_USERS, keyOf(claim)).filter((pod) =>
    (pod.spec.volumes ?? []).some((v) => {
      if (v.persistentVolumeClaim) return v.persistentVolumeClaim.claimName === name;
      return v.ephemeral !== undefined && ephemeralClaimName(pod, v.name) === name && controllerOf(claim)?.uid === pod.metadata.uid;
    }),
  );
}
