/**
 * External resizers that a plan may count on: they enlarge the volume, then the kubelet its file system.
 * Simplified: every driver can expand volumes in use, needs a second for it, and has room without end.
 * @see https://github.com/kubernetes-csi/external-resizer pkg/controller/expand_and_recover.go, resize_status.go
 */
import type { PersistentVolume, PersistentVolumeClaim } from "../../../generated/v1.36/model.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM } from "../../api/kinds.ts";
import { keyOf } from "../../api/object.ts";
import { StorageDrivers } from "../../sim/storage-drivers.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { compareSizes, wantsMore } from "./claim-size.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { RESIZER } from "./volume-expand.ts";

/** To enlarge a volume, in milliseconds. */
const WORK_MS = 1000;
/** On the volume, until its file system has grown, too: the size before. */
const PRE_RESIZE = "volume.alpha.kubernetes.io/pre-resize-capacity";
const RESIZE_CONDITIONS: readonly string[] = ["Resizing", "FileSystemResizePending"];

type ClaimStatus = NonNullable<PersistentVolumeClaim["status"]>;
type Conditions = NonNullable<ClaimStatus["conditions"]>;

/** The claim's conditions, with `condition` as the only one about its size. */
function withResizeCondition(status: ClaimStatus, condition?: Conditions[number]): { readonly conditions?: Conditions } {
  const others = (status.conditions ?? []).filter((c) => !RESIZE_CONDITIONS.includes(c.type));
  const kept = status.conditions?.find((c) => c.type === condition?.type && c.status === condition.status) ?? condition;
  const conditions = kept ? [...others, kept] : others;
  return conditions.length > 0 ? { conditions } : {};
}

/** Where the volume is enlarged already: by the kubelet, which is to grow the file system. */
function isNodesTurn({ status }: PersistentVolumeClaim): boolean {
  return status?.allocatedResourceStatuses?.["storage"]?.startsWith("NodeResize") === true;
}

export const externalResizer: Controller = {
  name: "external-resizer",
  start(context) {
    const { client, informers, loop, recorder } = context;
    const claims = informers.for(PERSISTENT_VOLUME_CLAIM);
    const volumes = informers.for(PERSISTENT_VOLUME);
    const assumed = new StorageDrivers(informers);
    const tell = (driver: string, claim: PersistentVolumeClaim, reason: string, message: string): void =>
      recorder.report(`external-resizer ${driver}`, claim, "Normal", reason, message);

    const begin = (claim: PersistentVolumeClaim, volume: PersistentVolume, driver: string): ReconcileResult => {
      const { conditions: _, ...rest } = claim.status ?? {};
      const size = claim.spec.resources?.requests?.["storage"] ?? "0";
      const status = {
        ...rest,
        allocatedResources: { ...rest.allocatedResources, storage: size },
        allocatedResourceStatuses: { ...rest.allocatedResourceStatuses, storage: "ControllerResizeInProgress" as const },
        ...withResizeCondition(claim.status ?? {}, { type: "Resizing", status: "True", lastTransitionTime: loop.timestamp() }),
      };
      if (mustRetry(client.updateStatus<PersistentVolumeClaim>({ ...claim, status }))) return "retry";
      tell(driver, claim, "Resizing", `External resizer is resizing volume ${volume.metadata.name}`);
      return { afterMs: WORK_MS };
    };

    const finish = (claim: PersistentVolumeClaim, volume: PersistentVolume, driver: string): ReconcileResult => {
      const { conditions: _, allocatedResourceStatuses, ...rest } = claim.status ?? {};
      const size = rest.allocatedResources?.["storage"] ?? "0";
      const hasFiles = volume.spec.volumeMode !== "Block";
      const annotations =
        hasFiles && !volume.metadata.annotations?.[PRE_RESIZE] ? { [PRE_RESIZE]: String(rest.capacity?.["storage"] ?? 0) } : {};
      const patch = { metadata: { annotations }, spec: { capacity: { storage: size } } };
      if (mustRetry(client.patch(PERSISTENT_VOLUME, volume.metadata.name, undefined, patch))) return "retry";
      const { storage: __, ...others } = allocatedResourceStatuses ?? {};
      const statuses = hasFiles ? { ...others, storage: "NodeResizePending" as const } : others;
      const message = "Waiting for user to (re-)start a pod to finish file system resize of volume on node.";
      const condition = { type: "FileSystemResizePending", status: "True", lastTransitionTime: loop.timestamp(), message };
      const status = {
        ...rest,
        ...(hasFiles ? {} : { capacity: { ...rest.capacity, storage: size } }),
        ...(Object.keys(statuses).length > 0 ? { allocatedResourceStatuses: statuses } : {}),
        ...withResizeCondition(claim.status ?? {}, hasFiles ? condition : undefined),
      };
      if (mustRetry(client.updateStatus<PersistentVolumeClaim>({ ...claim, status }))) return "retry";
      if (hasFiles) tell(driver, claim, "FileSystemResizeRequired", "Require file system resize of volume on node");
      else tell(driver, claim, "VolumeResizeSuccessful", "Resize volume succeeded");
    };

    const queue = queueFor(context, claims, (claim): ReconcileResult => {
      const volume = volumes.get(claim.spec.volumeName ?? "");
      if (!volume || claim.status?.phase !== "Bound" || volume.spec.claimRef?.uid !== claim.metadata.uid) return;
      const driver = volume.spec.csi?.driver ?? claim.metadata.annotations?.[RESIZER];
      if (driver === undefined || !assumed.provisions(driver)) return;
      if (!wantsMore(claim)) {
        if (volume.metadata.annotations?.[PRE_RESIZE] === undefined || isNodesTurn(claim)) return;
        const done = client.patch(PERSISTENT_VOLUME, volume.metadata.name, undefined, {
          metadata: { annotations: { [PRE_RESIZE]: null } },
        });
        return mustRetry(done) ? "retry" : undefined;
      }
      if (isNodesTurn(claim)) return;
      const { allocatedResourceStatuses, allocatedResources } = claim.status;
      const isResizing = allocatedResourceStatuses?.["storage"] === "ControllerResizeInProgress";
      const isAllocated = compareSizes(allocatedResources?.["storage"], claim.status.capacity?.["storage"]) > 0;
      if (isResizing && isAllocated) return finish(claim, volume, driver);
      return begin(claim, volume, driver);
    });
    claims.on((type, claim, before) => {
      if (type === "DELETED" || (before && before.spec === claim.spec && before.status?.capacity === claim.status?.capacity)) return;
      if (wantsMore(claim) || before) queue.add(keyOf(claim));
    });
  },
};
