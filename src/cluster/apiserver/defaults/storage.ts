/** @see kubernetes pkg/apis/storage/v1/defaults.go */
import type { CSIDriver, StorageClass } from "../../../../generated/v1.36/model.ts";
import { type Draft, fill } from "./fill.ts";

export function storageClass(own: Draft<StorageClass>): void {
  fill(own, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" });
}

export function csiDriver({ spec }: Draft<CSIDriver>): void {
  if (!spec) return;
  fill(spec, {
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: "ReadWriteOnceWithFSType",
    volumeLifecycleModes: ["Persistent"],
    requiresRepublish: false,
    seLinuxMount: false,
  });
}
