/** A claim without class takes the default one. @see kubernetes plugin/pkg/admission/storage/storageclass/setdefault/admission.go */
import type { PersistentVolumeClaim } from "../../../../generated/v1.36/model.ts";
import { STORAGE_CLASS } from "./kinds.ts";
import { type AdmissionPlugin, isRequestFor, youngestDefault } from "./plugin.ts";

const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
const DEFAULT_ANNOTATIONS = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"] as const;

export const defaultStorageClass: AdmissionPlugin = {
  name: "DefaultStorageClass",
  resources: ["/persistentvolumeclaims"],
  admit(request, context) {
    if (!isRequestFor(request, "CREATE", "persistentvolumeclaims")) return undefined;
    const claim = request.object as PersistentVolumeClaim;
    if (claim.spec?.storageClassName !== undefined || claim.metadata.annotations?.[CLASS_ANNOTATION] !== undefined) return undefined;
    const chosen = youngestDefault(context.list(STORAGE_CLASS), DEFAULT_ANNOTATIONS);
    return chosen && ({ ...claim, spec: { ...claim.spec, storageClassName: chosen.metadata.name } } as PersistentVolumeClaim);
  },
};
