/** Volumes. @see kubernetes pkg/apis/core/v1/defaults.go (SetDefaults_Volume and those of each source) */
import type { DownwardAPIVolumeFile, PersistentVolumeClaimTemplate, Volume, VolumeProjection } from "../../../../generated/v1.36/model.ts";
import { type Draft, fill } from "./fill.ts";
import { defaultPullPolicy } from "./image.ts";
import { resourceRequirements } from "./resources.ts";

/** Octal 0644. */
const FILE_MODE = 420;

export function volume(v: Draft<Volume>): void {
  if (isSourceless(v)) v.emptyDir = {};
  const { secret, configMap, downwardAPI, projected, ephemeral, image } = v;
  if (secret) secret.defaultMode ??= FILE_MODE;
  if (configMap) configMap.defaultMode ??= FILE_MODE;
  if (downwardAPI) {
    downwardAPI.defaultMode ??= FILE_MODE;
    downwardAPI.items?.forEach(downwardFile);
  }
  if (projected) {
    projected.defaultMode ??= FILE_MODE;
    projected.sources?.forEach(projection);
  }
  if (ephemeral?.volumeClaimTemplate) claimTemplate(ephemeral.volumeClaimTemplate);
  if (image) image.pullPolicy ??= defaultPullPolicy(image.reference);
  volumeSource(v);
}

function isSourceless(v: Draft<Volume>): boolean {
  for (const key in v) if (key !== "name") return false;
  return true;
}

/** The sources that a volume and a PersistentVolume have in common. */
export function volumeSource({ hostPath, iscsi, azureDisk, rbd, scaleIO }: Draft<Volume>): void {
  if (hostPath) hostPath.type ??= "";
  if (iscsi) iscsi.iscsiInterface ??= "default";
  if (azureDisk) fill(azureDisk, { cachingMode: "ReadWrite", kind: "Shared", fsType: "ext4", readOnly: false });
  if (rbd) fill(rbd, { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" });
  if (scaleIO) fill(scaleIO, { storageMode: "ThinProvisioned", fsType: "xfs" });
}

export function downwardFile({ fieldRef, resourceFieldRef }: Draft<DownwardAPIVolumeFile>): void {
  if (fieldRef) fieldRef.apiVersion ??= "v1";
  if (resourceFieldRef) resourceFieldRef.divisor ??= "0";
}

function projection({ serviceAccountToken, downwardAPI }: Draft<VolumeProjection>): void {
  if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= 3600;
  downwardAPI?.items?.forEach(downwardFile);
}

function claimTemplate({ spec }: Draft<PersistentVolumeClaimTemplate>): void {
  if (!spec) return;
  spec.volumeMode ??= "Filesystem";
  if (spec.resources) resourceRequirements(spec.resources);
}
