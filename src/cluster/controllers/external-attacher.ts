/**
 * External attachers that a plan may count on: they attach what a VolumeAttachment asks for, and detach before it goes.
 * Simplified: each needs a second, and succeeds wherever the driver runs.
 * @see https://github.com/kubernetes-csi/external-attacher pkg/controller/csi_handler.go
 */
import type { PersistentVolume, VolumeAttachment } from "../../../generated/v1.36/model.ts";
import { CSI_NODE, VOLUME_ATTACHMENT } from "../../api/attachable-volume.ts";
import { PERSISTENT_VOLUME } from "../../api/kinds.ts";
import type { Kind, KubeObject } from "../../api/object.ts";
import type { ComponentContext } from "../../sim/component.ts";
import { StorageDrivers } from "../../sim/storage-drivers.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";

/** To attach a volume, or to detach one, in milliseconds. */
const WORK_MS = 1000;
const NODE_ID = "csi.alpha.kubernetes.io/node-id";

/** What keeps a volume, and its attachment, until it is detached. */
function finalizerOf(driver: string): string {
  const name = driver.replaceAll(/[^a-zA-Z0-9-]/g, "-");
  return `external-attacher/${name}${name.endsWith("-") ? "X" : ""}`;
}

/** Adds the finalizer to the object, or takes it off; true when it is so. */
function setFinalizer({ client }: ComponentContext, kind: Kind, { metadata }: KubeObject, finalizer: string, wanted: boolean): boolean {
  const { finalizers = [], name } = metadata;
  if (finalizers.includes(finalizer) === wanted) return true;
  const left = wanted ? [...finalizers, finalizer] : finalizers.filter((f) => f !== finalizer);
  return !mustRetry(client.patch(kind, name, undefined, { metadata: { finalizers: left.length > 0 ? left : null } }));
}

export const externalAttacher: Controller = {
  name: "external-attacher",
  start(context) {
    const { client, informers, loop } = context;
    const attachments = informers.for(VOLUME_ATTACHMENT);
    const volumes = informers.for(PERSISTENT_VOLUME);
    const csiNodes = informers.for(CSI_NODE);
    const assumed = new StorageDrivers(informers);
    attachments.addIndex("volume", (a) => [a.spec.source.persistentVolumeName ?? ""]);

    /** How the driver knows the Node; an error where it runs on other Nodes, but not on this one. */
    const nodeId = ({ attacher, nodeName }: VolumeAttachment["spec"]): { readonly id?: string } | { readonly error: string } => {
      const node = csiNodes.get(nodeName);
      const found = node?.spec.drivers.find((d) => d.name === attacher);
      if (found) return { id: found.nodeID };
      for (const other of csiNodes.list())
        if (other.spec.drivers.some((d) => d.name === attacher))
          return {
            error: node ? `CSINode ${nodeName} does not contain driver ${attacher}` : `csinode.storage.k8s.io "${nodeName}" not found`,
          };
      return {};
    };

    const attach = (attachment: VolumeAttachment, volume: PersistentVolume): ReconcileResult => {
      const { metadata, spec, status } = attachment;
      const where = nodeId(spec);
      if ("error" in where) {
        if (status?.attachError?.message === where.error) return;
        const attachError = { message: where.error, time: loop.timestamp() };
        return mustRetry(client.updateStatus({ ...attachment, status: { attached: false, attachError } })) ? "retry" : undefined;
      }
      const finalizer = finalizerOf(spec.attacher);
      if (!setFinalizer(context, PERSISTENT_VOLUME, volume, finalizer, true)) return "retry";
      const finalizers = [...(metadata.finalizers ?? []).filter((f) => f !== finalizer), finalizer];
      const annotations = where.id === undefined ? {} : { annotations: { [NODE_ID]: where.id } };
      const answer = client.patch(VOLUME_ATTACHMENT, metadata.name, undefined, { metadata: { finalizers, ...annotations } });
      if (mustRetry(answer)) return "retry";
      if (!answer.object) return;
      return mustRetry(client.updateStatus({ ...answer.object, status: { attached: true } })) ? "retry" : undefined;
    };

    const queue = queueFor(context, attachments, (attachment): ReconcileResult => {
      const { metadata, spec, status } = attachment;
      if (metadata.deletionTimestamp !== undefined)
        return setFinalizer(context, VOLUME_ATTACHMENT, attachment, finalizerOf(spec.attacher), false) ? undefined : "retry";
      const volume = volumes.get(spec.source.persistentVolumeName ?? "");
      if (!status?.attached && volume && assumed.attaches(spec.attacher)) return attach(attachment, volume);
    });
    const volumeQueue = queueFor(context, volumes, (volume, name): ReconcileResult => {
      const driver = volume.spec.csi?.driver;
      if (driver === undefined || volume.metadata.deletionTimestamp === undefined || attachments.by("volume", name).length > 0) return;
      return setFinalizer(context, PERSISTENT_VOLUME, volume, finalizerOf(driver), false) ? undefined : "retry";
    });
    attachments.on((type, { metadata, spec, status }) => {
      if (type === "DELETED") volumeQueue.add(spec.source.persistentVolumeName ?? "");
      else if (metadata.deletionTimestamp !== undefined || !status?.attached) queue.addAfter(metadata.name, WORK_MS);
    });
    volumes.on((type, { metadata }) => {
      if (type !== "DELETED" && metadata.deletionTimestamp !== undefined) volumeQueue.add(metadata.name);
    });
    const again = (): void => {
      for (const { metadata, status } of attachments.list()) if (!status?.attached) queue.addAfter(metadata.name, WORK_MS);
    };
    csiNodes.on(again);
  },
};
