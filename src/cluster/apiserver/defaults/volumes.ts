/** Volumes. @see kubernetes pkg/apis/core/v1/defaults.go (SetDefaults_Volume and those of each source) */
import type {
  DownwardAPIVolumeFile,
  PersistentVolume,
  PersistentVolumeClaimTemplate,
  Volume,
  VolumeProjection,
} from "../../../../generated/v1.36/model.ts";
import { change, each, fill } from "./fill.ts";
import { defaultPullPolicy } from "./image.ts";
import { resourceRequirements } from "./resources.ts";

/** Octal 0644. */
const FILE_MODE = 420;

export function volume(given: Volume): Volume {
  const named = Object.keys(given).some((k) => k !== "name") ? given : { ...given, emptyDir: {} };
  let v = named;
  v = change(v, "secret", (s) => fill(s, { defaultMode: FILE_MODE }));
  v = change(v, "configMap", (s) => fill(s, { defaultMode: FILE_MODE }));
  v = change(v, "downwardAPI", (s) => change(fill(s, { defaultMode: FILE_MODE }), "items", each(downwardFile)));
  v = change(v, "projected", (s) => change(fill(s, { defaultMode: FILE_MODE }), "sources", each(projection)));
  v = change(v, "ephemeral", (s) => change(s, "volumeClaimTemplate", claimTemplate));
  v = change(v, "image", (s) => fill(s, { pullPolicy: defaultPullPolicy(s.reference) }));
  return volumeSource(v);
}

/** The sources that a volume and a PersistentVolume have in common. */
function volumeSource<T extends Pick<Volume, "hostPath" | "iscsi" | "azureDisk" | "rbd" | "scaleIO">>(given: T): T {
  let v: Pick<Volume, "hostPath" | "iscsi" | "azureDisk" | "rbd" | "scaleIO"> = given;
  v = change(v, "hostPath", (s) => fill(s, { type: "" } as never));
  v = change(v, "iscsi", (s) => fill(s, { iscsiInterface: "default" }));
  v = change(v, "azureDisk", (s) => fill(s, { cachingMode: "ReadWrite", kind: "Shared", fsType: "ext4", readOnly: false }));
  v = change(v, "rbd", (s) => fill(s, { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" }));
  v = change(v, "scaleIO", (s) => fill(s, { storageMode: "ThinProvisioned", fsType: "xfs" }));
  return v as T;
}

export function downwardFile(file: DownwardAPIVolumeFile): DownwardAPIVolumeFile {
  const f = change(file, "fieldRef", (r) => fill(r, { apiVersion: "v1" }));
  return change(f, "resourceFieldRef", (r) => fill(r, { divisor: "0" }));
}

function projection(source: VolumeProjection): VolumeProjection {
  const s = change(source, "serviceAccountToken", (t) => fill(t, { expirationSeconds: 3600 }));
  return change(s, "downwardAPI", (d) => change(d, "items", each(downwardFile)));
}

function claimTemplate(template: PersistentVolumeClaimTemplate): PersistentVolumeClaimTemplate {
  return change(template, "spec", (s) => change(fill(s, { volumeMode: "Filesystem" }), "resources", resourceRequirements));
}

export function persistentVolumeSource(spec: NonNullable<PersistentVolume["spec"]>): NonNullable<PersistentVolume["spec"]> {
  return volumeSource(spec as never) as NonNullable<PersistentVolume["spec"]>;
}
