/** Which Pods use a claim. @see kubernetes pkg/controller/volume/common/common.go */
import type { PersistentVolumeClaim, Pod } from "../../../generated/v1.36/model.ts";
import { POD } from "../../api/kinds.ts";
import { controllerOf, keyOf } from "../../api/object.ts";
import { CLAIM_USERS, claimsOf, ephemeralClaimName } from "../../api/pod-claims.ts";
import type { Informer, Informers } from "../../sim/informer.ts";

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
