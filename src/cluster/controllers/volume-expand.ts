/**
 * Claims that want more than their volume has: the control plane itself expands nothing any more, it says who is waited for.
 * @see kubernetes pkg/controller/volume/expand/expand_controller.go
 */
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "../../api/kinds.ts";
import { keyOf } from "../../api/object.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { wantsMore } from "./claim-size.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { movedDriverOf } from "./provisioners.ts";

const COMPONENT = "volume_expand";
/** On the claim of a volume whose plugin has moved: who resizes it. */
export const RESIZER = "volume.kubernetes.io/storage-resizer";

export const volumeExpandController: Controller = {
  name: "persistentvolume-expander-controller",
  start(context) {
    const { client, informers, recorder } = context;
    const claims = informers.for(PERSISTENT_VOLUME_CLAIM);
    const volumes = informers.for(PERSISTENT_VOLUME);
    const queue = queueFor(context, claims, (claim): ReconcileResult => {
      const volume = volumes.get(claim.spec.volumeName ?? "");
      if (!volume || volume.spec.claimRef?.uid !== claim.metadata.uid || !wantsMore(claim)) return;
      const moved = movedDriverOf(volume);
      const message = moved
        ? `CSI migration enabled for ${moved.plugin}; waiting for external resizer to expand the pvc`
        : "waiting for an external controller to expand this PVC";
      recorder.report(COMPONENT, claim, "Normal", "ExternalExpanding", message);
      if (!moved || claim.metadata.annotations?.[RESIZER] === moved.driver) return;
      const { name, namespace } = claim.metadata;
      const patch = { metadata: { annotations: { [RESIZER]: moved.driver } } };
      return mustRetry(client.patch(PERSISTENT_VOLUME_CLAIM, name, namespace, patch)) ? "retry" : undefined;
    });
    claims.on((type, claim, before) => {
      if (type === "DELETED" || claim.status?.phase !== "Bound" || !wantsMore(claim)) return;
      if (before && before.spec.resources?.requests?.["storage"] === claim.spec.resources?.requests?.["storage"]) return;
      queue.add(keyOf(claim));
    });
  },
};
