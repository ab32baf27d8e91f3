/**
 * External resizers also give volumes other attributes, when their claim names another VolumeAttributesClass.
 * Simplified: every driver can, needs a second for it, and takes whatever the class says.
 * @see https://github.com/kubernetes-csi/external-resizer pkg/modifycontroller/modify_volume.go, modify_status.go
 */
import type { PersistentVolume, PersistentVolumeClaim, VolumeAttributesClass } from "../../../generated/v1.36/model.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "../../api/kinds.ts";
import { type Kind, keyOf, kindOf } from "../../api/object.ts";
import { StorageDrivers } from "../../sim/storage-drivers.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";

const CLASS: Kind<VolumeAttributesClass> = kindOf("storage.k8s.io/v1", "VolumeAttributesClass");
/** To change a volume's attributes, in milliseconds. */
const WORK_MS = 1000;
const CONDITIONS: readonly string[] = ["ModifyingVolume", "ModifyVolumeError"];

/** The class that the claim is to have and has not. */
function wantedClass({ spec, status }: PersistentVolumeClaim): string | undefined {
  const wanted = spec.volumeAttributesClassName;
  return status?.phase === "Bound" && wanted && wanted !== status.currentVolumeAttributesClassName ? wanted : undefined;
}

export const externalModifier: Controller = {
  name: "external-modifier",
  start(context) {
    const { client, informers, loop, recorder } = context;
    const claims = informers.for(PERSISTENT_VOLUME_CLAIM);
    const volumes = informers.for(PERSISTENT_VOLUME);
    const classes = informers.for(CLASS);
    const drivers = new StorageDrivers(informers);

    const write = (claim: PersistentVolumeClaim, changes: Partial<PersistentVolumeClaim["status"]>): boolean => {
      const { conditions = [], modifyVolumeStatus: _, ...rest } = claim.status ?? {};
      const left = conditions.filter((c) => !CONDITIONS.includes(c.type));
      const status = { ...rest, ...(left.length > 0 ? { conditions: left } : {}), ...changes };
      return !mustRetry(client.updateStatus<PersistentVolumeClaim>({ ...claim, status }));
    };

    const begin = (claim: PersistentVolumeClaim, wanted: string, driver: string): ReconcileResult => {
      if (!classes.get(wanted)) {
        if (claim.status?.modifyVolumeStatus?.status === "Pending") return;
        const modifyVolumeStatus = { ...claim.status?.modifyVolumeStatus, status: "Pending" as const };
        const { conditions = [] } = claim.status ?? {};
        return write(claim, { modifyVolumeStatus, ...(conditions.length > 0 ? { conditions } : {}) }) ? undefined : "retry";
      }
      const conditions = (claim.status?.conditions ?? []).filter((c) => !CONDITIONS.includes(c.type));
      const message = "ModifyVolume operation in progress.";
      const condition = { type: "ModifyingVolume", status: "True", lastTransitionTime: loop.timestamp(), message };
      const modifyVolumeStatus = { status: "InProgress" as const, targetVolumeAttributesClassName: wanted };
      if (!write(claim, { modifyVolumeStatus, conditions: [...conditions, condition] })) return "retry";
      const { name } = claim.metadata;
      const told = `external resizer is modifying volume ${name} with vac ${wanted}`;
      recorder.report(`external-resizer ${driver}`, claim, "Normal", "VolumeModify", told);
      return { afterMs: WORK_MS };
    };

    const finish = (claim: PersistentVolumeClaim, volume: PersistentVolume, target: string, driver: string): ReconcileResult => {
      const patch = { spec: { volumeAttributesClassName: target } };
      if (mustRetry(client.patch(PERSISTENT_VOLUME, volume.metadata.name, undefined, patch))) return "retry";
      if (!write(claim, { currentVolumeAttributesClassName: target })) return "retry";
      const { name } = claim.metadata;
      const told = `external resizer modified volume ${name} with vac ${target} successfully `;
      recorder.report(`external-resizer ${driver}`, claim, "Normal", "VolumeModifySuccessful", told);
    };

    const queue = queueFor(context, claims, (claim): ReconcileResult => {
      const wanted = wantedClass(claim);
      const volume = volumes.get(claim.spec.volumeName ?? "");
      const driver = volume?.spec.csi?.driver;
      if (!wanted || !volume || driver === undefined || volume.spec.claimRef?.uid !== claim.metadata.uid || !drivers.provisions(driver))
        return;
      const { status, targetVolumeAttributesClassName: target } = claim.status?.modifyVolumeStatus ?? {};
      if (status === "InProgress" && target === wanted) return finish(claim, volume, target, driver);
      return begin(claim, wanted, driver);
    });
    claims.on((type, claim, before) => {
      if (type !== "DELETED" && wantedClass(claim) && wantedClass(claim) !== (before && wantedClass(before))) queue.add(keyOf(claim));
    });
    classes.on((type, { metadata }) => {
      if (type !== "ADDED") return;
      for (const claim of claims.list()) if (wantedClass(claim) === metadata.name) queue.add(keyOf(claim));
    });
  },
};
