/**
 * Who makes volumes for the claims of a storage class: what the control plane itself knows of it.
 * @see kubernetes pkg/controller/volume/persistentvolume/pv_controller.go (findProvisionablePlugin, provisionClaimOperationExternal, findDeletablePlugin)
 */
import type { PersistentVolume, StorageClass } from "../../../generated/v1.36/model.ts";
import { MIGRATED_DRIVERS } from "../../api/migrated-drivers.ts";
import { PROVISIONED_BY } from "../../sim/storage-drivers.ts";

/** Built in, but makes no volumes. */
const NOT_PROVISIONABLE: ReadonlySet<string> = new Set(["kubernetes.io/nfs", "kubernetes.io/local-volume", "kubernetes.io/csi"]);

/** The provisioner that a claim of the class waits for, or why there will be none. */
export function provisionerOf({ provisioner }: StorageClass): { readonly name: string } | { readonly error: string } {
  if (!provisioner.startsWith("kubernetes.io/")) return { name: provisioner };
  const moved = MIGRATED_DRIVERS[provisioner];
  if (moved !== undefined) return { name: moved };
  if (NOT_PROVISIONABLE.has(provisioner)) return { error: "no provisionable volume plugin matched" };
  return { error: `no volume plugin matched name: ${provisioner}` };
}

/** In-tree sources of volumes, and what their plugins are called. */
const IN_TREE = {
  awsElasticBlockStore: "kubernetes.io/aws-ebs",
  azureDisk: "kubernetes.io/azure-disk",
  azureFile: "kubernetes.io/azure-file",
  cinder: "kubernetes.io/cinder",
  gcePersistentDisk: "kubernetes.io/gce-pd",
  portworxVolume: "kubernetes.io/portworx-volume",
  vsphereVolume: "kubernetes.io/vsphere-volume",
} as const satisfies Partial<Record<keyof PersistentVolume["spec"], string>>;

/** What once was built in and is a CSI driver's now: the plugin that the volume names, and the driver. */
export function movedDriverOf({ spec }: PersistentVolume): { readonly plugin: string; readonly driver: string } | undefined {
  for (const [source, plugin] of Object.entries(IN_TREE))
    if (spec[source as keyof typeof IN_TREE]) return { plugin, driver: MIGRATED_DRIVERS[plugin] ?? "" };
  return undefined;
}

/** Only below here does the built-in deleter of host paths delete. */
const DELETABLE_PATH = /^\/tmp\/.+/;

/** What becomes of a released volume of policy Delete: its provisioner deletes it, the control plane does, or nobody can. */
export function deleterOf(volume: PersistentVolume): "external" | "built-in" | { readonly error: string } {
  const by = volume.metadata.annotations?.[PROVISIONED_BY];
  if (by !== undefined) return "external";
  const { hostPath, nfs, local, csi } = volume.spec;
  if (hostPath) {
    if (DELETABLE_PATH.test(hostPath.path)) return "built-in";
    return { error: `host_path deleter only supports /tmp/.+ but received provided ${hostPath.path}` };
  }
  const why = nfs || local || csi ? "no deletable volume plugin matched" : "no volume plugin matched";
  return { error: `error getting deleter volume plugin for volume ${JSON.stringify(volume.metadata.name)}: ${why}` };
}
