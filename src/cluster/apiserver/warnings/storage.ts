/** Volumes, claims and their classes. @see kubernetes pkg/api/persistentvolume/util.go, pkg/api/persistentvolumeclaim/util.go, pkg/api/storage/util.go */
import type { CSIStorageCapacity, PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../../../generated/v1.36/model.ts";
import { deprecatedNodeLabel, fractionalStorage, nodeSelectorTerm } from "./deprecated-values.ts";

const CLASS = "volume.beta.kubernetes.io/storage-class";
const MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options";
const CLASS_IS_A_FIELD = 'deprecated since v1.8; use "storageClassName" attribute instead';

export function claimWarnings({ metadata, spec }: PersistentVolumeClaim): readonly string[] {
  return [
    ...(metadata.annotations?.[CLASS] === undefined ? [] : [`metadata.annotations[${CLASS}]: ${CLASS_IS_A_FIELD}`]),
    ...fractionalStorage(spec?.resources, "spec"),
  ];
}

const SOURCES = [
  ["photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["storageos", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["rbd", "deprecated in v1.28, non-functional in v1.31+"],
] as const;

export function volumeWarnings({ metadata, spec }: PersistentVolume): readonly string[] {
  const annotations = metadata.annotations ?? {};
  return [
    ...(annotations[CLASS] === undefined ? [] : [`metadata.annotations[${CLASS}]: ${CLASS_IS_A_FIELD}`]),
    ...(annotations[MOUNT_OPTIONS] === undefined
      ? []
      : [`metadata.annotations[${MOUNT_OPTIONS}]: deprecated since v1.31; use "mountOptions" attribute instead`]),
    ...(spec?.persistentVolumeReclaimPolicy === "Recycle"
      ? [
          "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
        ]
      : []),
    ...(spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap((term, i) =>
      nodeSelectorTerm(term, `spec.nodeAffinity.required.nodeSelectorTerms[${i}]`, false),
    ),
    ...SOURCES.flatMap(([field, why]) =>
      spec?.[field] === undefined ? [] : [`spec.${field === "storageos" ? "storageOS" : field}: ${why}`],
    ),
  ];
}

export function storageClassWarnings({ allowedTopologies }: StorageClass): readonly string[] {
  return (allowedTopologies ?? []).flatMap((topology, i) =>
    (topology.matchLabelExpressions ?? []).flatMap(({ key }, k) => {
      const why = deprecatedNodeLabel(key);
      return why ? [`allowedTopologies[${i}].matchLabelExpressions[${k}]: ${why}`] : [];
    }),
  );
}

export function storageCapacityWarnings({ nodeTopology }: CSIStorageCapacity): readonly string[] {
  const expressions = (nodeTopology?.matchExpressions ?? []).flatMap(({ key }, i) => {
    const why = deprecatedNodeLabel(key);
    return why ? [`nodeTopology.matchExpressions[${i}].key: ${key} is ${why}`] : [];
  });
  const labels = Object.keys(nodeTopology?.matchLabels ?? {}).flatMap((key) => {
    const why = deprecatedNodeLabel(key);
    return why ? [`nodeTopology.matchLabels.${key}: ${why}`] : [];
  });
  return [...expressions, ...labels];
}
