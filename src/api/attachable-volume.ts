/**
 * Volumes that are attached to a Node before a Pod there can use them, and how Nodes name them.
 * Simplified: only CSI volumes; what was once built in and is translated to a CSI driver needs no attaching here, nor do Fibre Channel and iSCSI.
 * @see kubernetes pkg/volume/csi/csi_attacher.go, pkg/volume/util/util.go
 */
import type { CSIDriver, CSINode, VolumeAttachment } from "../../generated/v1.36/model.ts";
import { sha256 } from "../lib/sha256.ts";
import { type Kind, kindOf } from "./object.ts";

export const CSI_DRIVER: Kind<CSIDriver> = kindOf("storage.k8s.io/v1", "CSIDriver");
export const CSI_NODE: Kind<CSINode> = kindOf("storage.k8s.io/v1", "CSINode");
export const VOLUME_ATTACHMENT: Kind<VolumeAttachment> = kindOf("storage.k8s.io/v1", "VolumeAttachment");

interface CsiVolume {
  readonly driver: string;
  readonly volumeHandle: string;
}

/** The name in `status.volumesAttached` and `status.volumesInUse` of a Node. */
export function csiVolumeName({ driver, volumeHandle }: CsiVolume): string {
  return `kubernetes.io/csi/${driver}^${volumeHandle}`;
}

/** The name of the VolumeAttachment of a volume to a Node. */
export function attachmentName({ volumeHandle, driver }: CsiVolume, node: string): string {
  return `csi-${sha256(`${volumeHandle}${driver}${node}`)}`;
}

/** Whether a Node's name for a volume is that of the volume that the VolumeAttachment attaches to it. */
export function namesAttachment(attachable: string, attachment: string, node: string): boolean {
  const [, driver, volumeHandle] = /^kubernetes\.io\/csi\/([^^]+)\^(.*)$/s.exec(attachable) ?? [];
  return driver !== undefined && volumeHandle !== undefined && attachmentName({ driver, volumeHandle }, node) === attachment;
}
