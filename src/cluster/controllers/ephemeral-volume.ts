/**
 * Claims of ephemeral volumes: made for their Pod from the template in its volume, and gone with it.
 * @see kubernetes pkg/controller/volume/ephemeral/controller.go
 */
import type { PersistentVolumeClaim, Pod, Volume } from "../../../generated/v1.36/model.ts";
import { PERSISTENT_VOLUME_CLAIM } from "../../api/kinds.ts";
import { controllerOf, controllerRef, keyOf } from "../../api/object.ts";
import { ephemeralClaimName } from "../../api/pod-claims.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { watchClaimUsers } from "./claim-users.ts";
import { type Controller, queueFor } from "./controller.ts";

const NAME = "ephemeral_volume";

/** Makes the claim of a volume, unless it is there; why it cannot be had. */
function ensureClaim({ client }: ComponentContext, pod: Pod, volume: Volume): string | undefined {
  const template = volume.ephemeral?.volumeClaimTemplate;
  if (!template) return undefined;
  const { namespace = "" } = pod.metadata;
  const name = ephemeralClaimName(pod, volume.name);
  const known = client.get(PERSISTENT_VOLUME_CLAIM, name, namespace);
  if (known) {
    if (controllerOf(known)?.uid === pod.metadata.uid) return undefined;
    return `PVC ${namespace}/${name} was not created for pod ${keyOf(pod)} (pod is not owner)`;
  }
  const { labels, annotations } = template.metadata ?? {};
  const claim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }), ownerReferences: [controllerRef(pod)] },
    spec: template.spec,
  };
  const answer = client.create<PersistentVolumeClaim>(claim, { namespace });
  return isRefused(answer) ? `create PVC ${name}: ${answer.message}` : undefined;
}

export const ephemeralVolumeController: Controller = {
  name: "ephemeral-volume-controller",
  start(context) {
    const pods = watchClaimUsers(context.informers);
    const queue = queueFor(context, pods, (pod): ReconcileResult => {
      if (pod.metadata.deletionTimestamp !== undefined) return;
      for (const volume of pod.spec.volumes ?? []) {
        const error = ensureClaim(context, pod, volume);
        if (error === undefined) continue;
        context.recorder.report(NAME, pod, "Warning", "FailedBinding", `ephemeral volume ${volume.name}: ${error}`);
        return "retry";
      }
    });
    pods.on((type, pod) => {
      if (type === "ADDED" && pod.spec.volumes?.some((v) => v.ephemeral)) queue.add(keyOf(pod));
    }, "spec");
    // One that is deleted while its Pod waits is made again.
    context.informers.for(PERSISTENT_VOLUME_CLAIM).on((type, claim) => {
      const owner = controllerOf(claim);
      if (type === "DELETED" && owner?.kind === "Pod") queue.add(`${claim.metadata.namespace}/${owner.name}`);
    });
  },
};
