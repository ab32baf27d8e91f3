/** @see kubernetes pkg/apis/storage/v1/defaults.go */
import type { CSIDriver, StorageClass } from "../../../../generated/v1.36/model.ts";
import { change, fill } from "./fill.ts";

export function storageClass(given: StorageClass): StorageClass {
  return fill(given, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" });
}

export function csiDriver(given: CSIDriver): CSIDriver {
  return change(given, "spec", (s) =>
    fill(s, {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: "ReadWriteOnceWithFSType",
      volumeLifecycleModes: ["Persistent"],
      requiresRepublish: false,
      seLinuxMount: false,
    }),
  );
}
