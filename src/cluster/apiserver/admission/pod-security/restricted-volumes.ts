/** Volumes are of the kinds that leave the node alone. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_restrictedVolumes.go */
import { type CheckPod, type PodCheck, plural, quoted, sortedSet } from "./check.ts";

const ALLOWED = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
] as const;

/** In the order in which they are looked for. */
const FORBIDDEN = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "gitRepo",
  "nfs",
  "iscsi",
  "glusterfs",
  "rbd",
  "flexVolume",
  "cinder",
  "cephfs",
  "flocker",
  "fc",
  "azureFile",
  "vsphereVolume",
  "quobyte",
  "azureDisk",
  "photonPersistentDisk",
  "portworxVolume",
  "scaleIO",
  "storageos",
] as const;

const check: CheckPod = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter((v) => ALLOWED.every((type) => v[type] === undefined));
  if (bad.length === 0) return undefined;
  const types = sortedSet(bad.map((v) => FORBIDDEN.find((type) => v[type] !== undefined) ?? "unknown"));
  const uses = plural(bad.length, "uses", "use");
  const names = quoted(bad.map((v) => v.name));
  return {
    reason: "restricted volume types",
    detail: `${plural(bad.length, "volume")} ${names} ${uses} ${plural(types.length, "restricted volume type")} ${quoted(types)}`,
  };
};

export const restrictedVolumes: PodCheck = {
  id: "restrictedVolumes",
  level: "restricted",
  versions: [{ since: 0, check }],
  overrides: "hostPathVolumes",
};
