/**
 * Claims that a Pod uses, and volumes that are bound, stay until that is over.
 * @see kubernetes pkg/controller/volume/pvcprotection, pvprotection
 */
import type { PersistentVolume, PersistentVolumeClaim } from "../../../generated/v1.36/model.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, POD } from "../../api/kinds.ts";
import { type Kind, keyOf } from "../../api/object.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { isPodFinished } from "./pods.ts";

const CLAIM_FINALIZER = "kubernetes.io/pvc-protection";
const VOLUME_FINALIZER = "kubernetes.io/pv-protection";
const BY_POD = "claims";

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

export const volumeProtectionController: Controller = {
  name: "pvc-protection-controller",
  start(context) {
    const pods = context.informers.for(POD);
    const claims = context.informers.for(PERSISTENT_VOLUME_CLAIM);
    const volumes = context.informers.for(PERSISTENT_VOLUME);
    pods.addIndex(BY_POD, (p) =>
      (p.spec.volumes ?? []).flatMap((v) =>
        v.persistentVolumeClaim ? [`${p.metadata.namespace}/${v.persistentVolumeClaim.claimName}`] : [],
      ),
    );
    const claimQueue = queueFor(context, claims, (claim, key): ReconcileResult => {
      const used = pods.by(BY_POD, key).some((p) => !isPodFinished(p) && p.spec.nodeName);
      if (claim.metadata.deletionTimestamp !== undefined && !used) return letGo(context, PERSISTENT_VOLUME_CLAIM, claim, CLAIM_FINALIZER);
    });
    const volumeQueue = queueFor(context, volumes, (volume): ReconcileResult => {
      if (volume.metadata.deletionTimestamp !== undefined && volume.status?.phase !== "Bound")
        return letGo(context, PERSISTENT_VOLUME, volume, VOLUME_FINALIZER);
    });
    claims.on((_type, claim) => claimQueue.add(keyOf(claim)));
    volumes.on((_type, volume) => volumeQueue.add(keyOf(volume)));
    pods.on((type, pod) => {
      if (type === "DELETED" || isPodFinished(pod))
        for (const v of pod.spec.volumes ?? [])
          if (v.persistentVolumeClaim) claimQueue.add(`${pod.metadata.namespace}/${v.persistentVolumeClaim.claimName}`);
    });
  },
};
