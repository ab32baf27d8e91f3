/**
 * Volumes that are attached to a Node before a Pod there can use them, and how Nodes name them.
 * Simplified: only CSI volumes; what was once built in and is translated to a CSI driver needs no attaching here, nor do Fibre Channel and iSCSI.
 * @see kubernetes pkg/volume/csi/csi_attacher.go, pkg/volume/util/util.go
 */
import type { CSIDriver, PersistentVolume } from "../../generated/v1.36/model.ts";
import { sha256 } from "../lib/sha256.ts";
import { type Kind, kindOf } from "./object.ts";

export const CSI_DRIVER: Kind<CSIDriver> = kindOf("storage.k8s.io/v1", "CSIDriver");

/** The name in `status.volumesAttached` and `status.volumesInUse` of a Node; undefined where nothing is attached. */
export function attachableName(volume: PersistentVolume, driver: (name: string) => CSIDriver | undefined): string | undefined {
  const { csi } = volume.spec;
  if (!csi || driver(csi.driver)?.spec.attachRequired === false) return undefined;
  return `kubernetes.io/csi/${csi.driver}^${csi.volumeHandle}`;
}

/** The name of the VolumeAttachment of a volume to a Node. */
export function attachmentName({ volumeHandle, driver }: { readonly volumeHandle: string; readonly driver: string }, node: string): string {
  return `csi-${sha256(`${volumeHandle}${driver}${node}`)}`;
}

/** Whether a Node's name for a volume is that of the volume that the VolumeAttachment attaches to it. */
export function namesAttachment(attachable: string, attachment: string, node: string): boolean {
  const [, driver, volumeHandle] = /^kubernetes\.io\/csi\/([^^]+)\^(.*)$/s.exec(attachable) ?? [];
  return driver !== undefined && volumeHandle !== undefined && attachmentName({ driver, volumeHandle }, node) === attachment;
}
