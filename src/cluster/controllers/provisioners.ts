/**
 * Who makes volumes for the claims of a storage class: what the control plane itself knows of it.
 * @see kubernetes pkg/controller/volume/persistentvolume/pv_controller.go (findProvisionablePlugin, provisionClaimOperationExternal, findDeletablePlugin)
 */
import type { PersistentVolume, StorageClass } from "../../../generated/v1.36/model.ts";

/** On a volume: the provisioner that made it. */
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

/** Drivers that took over from what was once built in. @see kubernetes staging/src/k8s.io/csi-translation-lib/plugins */
const MOVED: Readonly<Record<string, string>> = {
  "kubernetes.io/aws-ebs": "ebs.csi.aws.com",
  "kubernetes.io/gce-pd": "pd.csi.storage.gke.io",
  "kubernetes.io/azure-disk": "disk.csi.azure.com",
  "kubernetes.io/azure-file": "file.csi.azure.com",
  "kubernetes.io/cinder": "cinder.csi.openstack.org",
  "kubernetes.io/vsphere-volume": "csi.vsphere.vmware.com",
  "kubernetes.io/portworx-volume": "pxd.portworx.com",
};
/** Built in, but makes no volumes. */
const NOT_PROVISIONABLE: ReadonlySet<string> = new Set(["kubernetes.io/nfs", "kubernetes.io/local-volume", "kubernetes.io/csi"]);

/** The provisioner that a claim of the class waits for, or why there will be none. */
export function provisionerOf({ provisioner }: StorageClass): { readonly name: string } | { readonly error: string } {
  if (!provisioner.startsWith("kubernetes.io/")) return { name: provisioner };
  const moved = MOVED[provisioner];
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
    if (spec[source as keyof typeof IN_TREE]) return { plugin, driver: MOVED[plugin] ?? "" };
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
