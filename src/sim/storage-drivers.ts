/**
 * Which storage drivers a plan may count on, though none runs in the simulated control plane: those that the cluster shows to be at work, and those
 * that a class names as assumed.
 */
import type { PersistentVolume } from "../../generated/v1.36/model.ts";
import { CSI_DRIVER, CSI_NODE, csiVolumeName, VOLUME_ATTACHMENT } from "../api/attachable-volume.ts";
import { PERSISTENT_VOLUME, STORAGE_CLASS } from "../api/kinds.ts";
import { MIGRATED_DRIVERS } from "../api/migrated-drivers.ts";
import type { Informers } from "./informer.ts";

/** On a storage class: `assumed`. */
const ASSUMED = "seatrial.dev/provisioner";
/** On a volume: the provisioner that made it. */
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
const BY_PROVISIONER = "provisioner";

export class StorageDrivers {
  readonly #volumes;
  readonly #classes;
  readonly #csiNodes;
  readonly #drivers;
  readonly #attachments;
  /** Drivers that have been seen to make volumes. */
  readonly #known = new Set<string>();

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
    if (this.#known.has(driver)) return true;
    const known = this.#volumes.by(BY_PROVISIONER, driver).length > 0 || this.#runsSomewhere(driver) || this.#isAssumed(driver);
    if (known) this.#known.add(driver);
    return known;
  }

  #runsSomewhere(driver: string): boolean {
    for (const node of this.#csiNodes.list()) if (node.spec.drivers.some((d) => d.name === driver)) return true;
    return false;
  }

  #isAssumed(driver: string): boolean {
    for (const { metadata, provisioner } of this.#classes.list())
      if (metadata.annotations?.[ASSUMED] === "assumed" && (MIGRATED_DRIVERS[provisioner] ?? provisioner) === driver) return true;
    return false;
  }

  /** It attaches volumes: it provisions, has registered itself, or has attached one. */
  attaches(driver: string): boolean {
    if (this.provisions(driver) || this.#drivers.get(driver)) return true;
    for (const { spec, status } of this.#attachments.list()) if (spec.attacher === driver && status?.attached) return true;
    return false;
  }

  /**
   * The name by which a Node knows the volume as attached; undefined where nothing is to be attached.
   * A driver of which a cluster without any CSINode says nothing is nobody's to judge: its volumes are taken as they are.
   */
  attachableName({ spec: { csi } }: PersistentVolume): string | undefined {
    if (!csi || this.#drivers.get(csi.driver)?.spec.attachRequired === false) return undefined;
    if (this.#csiNodes.size === 0 && !this.attaches(csi.driver)) return undefined;
    return csiVolumeName(csi);
  }
}
