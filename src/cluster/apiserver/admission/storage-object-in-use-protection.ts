/** Claims and volumes in use outlive their deletion. @see kubernetes plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go */
import { type AdmissionPlugin, isRequestFor } from "./plugin.ts";

const FINALIZERS: Readonly<Record<string, string>> = {
  persistentvolumeclaims: "kubernetes.io/pvc-protection",
  persistentvolumes: "kubernetes.io/pv-protection",
};

export const storageObjectInUseProtection: AdmissionPlugin = {
  name: "StorageObjectInUseProtection",
  resources: ["/persistentvolumeclaims", "/persistentvolumes"],
  admit(request) {
    const finalizer = FINALIZERS[request.resource.resource];
    const object = request.object;
    if (finalizer === undefined || !object || !isRequestFor(request, "CREATE", request.resource.resource)) return undefined;
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes(finalizer)) return undefined;
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
  },
};
