/**
 * Which storage drivers a plan may count on, though none runs in the simulated control plane: those that the cluster shows to be at work, and those
 * that a class names as assumed.
 */
import type { CSINode, VolumeAttachment } from "../../../generated/v1.36/model.ts";
import { CSI_DRIVER } from "../../api/attachable-volume.ts";
import { PERSISTENT_VOLUME, STORAGE_CLASS } from "../../api/kinds.ts";
import { type Kind, kindOf } from "../../api/object.ts";
import type { Informers } from "../../sim/informer.ts";
import { PROVISIONED_BY, provisionerOf } from "./provisioners.ts";

export const CSI_NODE: Kind<CSINode> = kindOf("storage.k8s.io/v1", "CSINode");
export const VOLUME_ATTACHMENT: Kind<VolumeAttachment> = kindOf("storage.k8s.io/v1", "VolumeAttachment");
/** On a storage class: `assumed`. */
const ASSUMED = "seatrial.dev/provisioner";
const BY_PROVISIONER = "provisioner";

export class AssumedDrivers {
  readonly #volumes;
  readonly #classes;
  readonly #csiNodes;
  readonly #drivers;
  readonly #attachments;

  constructor(informers: Informers) {
    this.#volumes = informers.for(PERSISTENT_VOLUME);
    this.#volumes.addIndex(BY_PROVISIONER, (v) => [v.metadata.annotations?.[PROVISIONED_BY] ?? ""]);
    this.#classes = informers.for(STORAGE_CLASS);
    this.#csiNodes = informers.for(CSI_NODE);
    this.#drivers = informers.for(CSI_DRIVER);
    this.#attachments = informers.for(VOLUME_ATTACHMENT);
  }

  /** It makes, deletes and resizes volumes: it has made one, runs on a Node, or is assumed to. */
  provisions(driver: string): boolean {
    if (this.#volumes.by(BY_PROVISIONER, driver).length > 0) return true;
    for (const node of this.#csiNodes.list()) if (node.spec.drivers.some((d) => d.name === driver)) return true;
    for (const c of this.#classes.list()) {
      const found = c.metadata.annotations?.[ASSUMED] === "assumed" ? provisionerOf(c) : undefined;
      if (found && "name" in found && found.name === driver) return true;
    }
    return false;
  }

  /** It attaches volumes: it provisions, has registered itself, or has attached one. */
  attaches(driver: string): boolean {
    if (this.provisions(driver) || this.#drivers.get(driver)) return true;
    for (const { spec, status } of this.#attachments.list()) if (spec.attacher === driver && status?.attached) return true;
    return false;
  }
}
