/**
 * Claims that a Pod uses, and volumes that are bound, stay until that is over.
 * @see kubernetes pkg/controller/volume/pvcprotection, pvprotection
 */
import type { PersistentVolume, PersistentVolumeClaim, Pod } from "../../../generated/v1.36/model.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "../../api/kinds.ts";
import { controllerOf, type Kind, keyOf } from "../../api/object.ts";
import { claimsOf } from "../../api/pod-claims.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { usersOf, watchClaimUsers } from "./claim-users.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { isPodFinished } from "./pods.ts";

const CLAIM_FINALIZER = "kubernetes.io/pvc-protection";
const VOLUME_FINALIZER = "kubernetes.io/pv-protection";

/** Takes the finalizer off an object that is being deleted. */
function letGo<T extends PersistentVolume | PersistentVolumeClaim>(
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
    claims.on((_type, claim) => claimQueue.add(keyOf(claim)));
    volumes.on((_type, volume) => volumeQueue.add(keyOf(volume)));
    pods.on((type, pod) => {
      if (type === "DELETED" || isPodFinished(pod)) for (const key of claimsOf(pod)) claimQueue.add(key);
    });
  },
};
