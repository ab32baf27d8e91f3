/** Only a claim whose class allows it may grow. @see kubernetes plugin/pkg/admission/storage/persistentvolume/resize/admission.go */
import type { PersistentVolumeClaim } from "../../../../generated/v1.36/model.ts";
import { compareQuantity, parseQuantity } from "../../../lib/quantity.ts";
import { STORAGE_CLASS } from "./kinds.ts";
import { type AdmissionPlugin, forbid, isRequestFor } from "./plugin.ts";

export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: "PersistentVolumeClaimResize",
  resources: ["/persistentvolumeclaims"],
  validate(request, context) {
    if (!isRequestFor(request, "UPDATE", "persistentvolumeclaims")) return undefined;
    const old = request.old as PersistentVolumeClaim;
    const wanted = storageOf(request.object as PersistentVolumeClaim);
    const had = storageOf(old);
    if (!wanted || !had || compareQuantity(wanted, had) <= 0) return undefined;
    if (old.status?.phase !== "Bound") return forbid(request, "Only bound persistent volume claims can be expanded");
    const name = old.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? old.spec?.storageClassName;
    const allowed = name ? context.get(STORAGE_CLASS, name)?.allowVolumeExpansion : undefined;
    if (allowed) return undefined;
    return forbid(
      request,
      "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
    );
  },
};

function storageOf(claim: PersistentVolumeClaim): ReturnType<typeof parseQuantity> {
  return parseQuantity(claim.spec?.resources?.requests?.["storage"] ?? "0");
}
