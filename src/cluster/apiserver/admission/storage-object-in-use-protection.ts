/** Claims, volumes and classes of their attributes in use outlive their deletion. @see kubernetes plugin/pkg/admission/storage/storageobjectinuseprotection/admission.go */
import { type AdmissionPlugin, isRequestFor } from "./plugin.ts";

const FINALIZERS: Readonly<Record<string, string>> = {
  persistentvolumeclaims: "kubernetes.io/pvc-protection",
  persistentvolumes: "kubernetes.io/pv-protection",
  volumeattributesclasses: "kubernetes.io/vac-protection",
};

export const storageObjectInUseProtection: AdmissionPlugin = {
  name: "StorageObjectInUseProtection",
  resources: ["/persistentvolumeclaims", "/persistentvolumes", "storage.k8s.io/volumeattributesclasses"],
  admit(request) {
    const { resource, group } = request.resource;
    const finalizer = FINALIZERS[resource];
    const object = request.object;
    if (finalizer === undefined || !object || !isRequestFor(request, "CREATE", resource, group)) return undefined;
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes(finalizer)) return undefined;
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
  },
};
