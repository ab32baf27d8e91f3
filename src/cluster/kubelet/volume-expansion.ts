/**
 * Volumes that have been enlarged: the kubelet grows their file system, as soon as a Pod of its Node runs with them.
 * Simplified: at once, and it never fails; a real kubelet may need a minute to notice.
 * @see kubernetes pkg/volume/util/operationexecutor/node_expander.go
 */
import type { Node, PersistentVolumeClaim } from "../../../generated/v1.36/model.ts";
import { PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, POD } from "../../api/kinds.ts";
import { keyOf } from "../../api/object.ts";
import { CLAIM_USERS, claimsOf } from "../../api/pod-claims.ts";
import { isRefused } from "../../sim/answer.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { type ReconcileResult, WorkQueue } from "../../sim/work-queue.ts";

const COMPONENT = "kubelet";
const RESIZE_CONDITIONS: readonly string[] = ["Resizing", "FileSystemResizePending"];

function isPending({ status }: PersistentVolumeClaim): boolean {
  return status?.allocatedResourceStatuses?.["storage"] === "NodeResizePending";
}

/** The status once the file system has grown: `allocatedResources` stays. */
function expanded(status: NonNullable<PersistentVolumeClaim["status"]>, size: string | number): PersistentVolumeClaim["status"] {
  const { allocatedResourceStatuses, conditions = [], ...rest } = status;
  const { storage: _, ...statuses } = allocatedResourceStatuses ?? {};
  const left = conditions.filter((c) => !RESIZE_CONDITIONS.includes(c.type));
  return {
    ...rest,
    capacity: { ...rest.capacity, storage: size },
    ...(Object.keys(statuses).length > 0 ? { allocatedResourceStatuses: statuses } : {}),
    ...(left.length > 0 ? { conditions: left } : {}),
  };
}

export function startVolumeExpansion(
  { client, informers, loop, recorder }: ComponentContext,
  running: (node: string) => Node | undefined,
): void {
  const claims = informers.for(PERSISTENT_VOLUME_CLAIM);
  const volumes = informers.for(PERSISTENT_VOLUME);
  const pods = informers.for(POD);
  pods.addIndex(CLAIM_USERS, claimsOf);
  const queue = new WorkQueue(loop, (key): ReconcileResult => {
    const claim = claims.get(key);
    const volume = volumes.get(claim?.spec.volumeName ?? "");
    if (!claim?.status || !volume || !isPending(claim)) return;
    const pod = pods.by(CLAIM_USERS, key).find((p) => p.status?.phase === "Running" && running(p.spec.nodeName ?? ""));
    if (!pod) return;
    const size = volume.spec.capacity?.["storage"] ?? "0";
    const answer = client.updateStatus<PersistentVolumeClaim>({ ...claim, status: expanded(claim.status, size) });
    if (isRefused(answer)) return answer.code === 409 ? "retry" : undefined;
    const message = `MountVolume.NodeExpandVolume succeeded for volume "${volume.metadata.name}" ${pod.spec.nodeName}`;
    for (const object of [pod, claim]) recorder.report(COMPONENT, object, "Normal", "FileSystemResizeSuccessful", message);
  });
  claims.on((type, claim) => {
    if (type !== "DELETED" && isPending(claim)) queue.add(keyOf(claim));
  });
  pods.on((_type, pod, before) => {
    if (pod.status?.phase !== "Running" || before?.status?.phase === "Running" || !pod.spec.volumes) return;
    for (const key of claimsOf(pod)) queue.add(key);
  });
}
