/**
 * Volumes that only one Pod, or one node, can have at a time.
 * @see kubernetes pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go
 */
import type { Pod, Volume } from "../../../../generated/v1.36/model.ts";
import { claimNotFound, claimsOf, isOwnClaim } from "../claims.ts";
import type { Plugin } from "../framework.ts";
import { refusal, SKIP } from "../framework.ts";
import type { PodInfo } from "../pod-info.ts";

const NAME = "VolumeRestrictions";
const DISK_CONFLICT = refusal(NAME, "node(s) had no available disk", true);
const IN_USE = refusal(NAME, "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode", true);

interface State {
  /** The Pod's claims that one Pod may use at a time. */
  readonly exclusive: ReadonlySet<string>;
  /** How many of them others use. */
  inUse: number;
  /** The Pod's volumes that may clash on a node. */
  readonly disks: readonly Volume[];
}

export const volumeRestrictions: Plugin<State> = {
  name: NAME,
  preFilter({ pod, cache, listers }) {
    const disks = (pod.pod.spec.volumes ?? []).filter(isDisk);
    const exclusive = new Set<string>();
    for (const { name, ephemeral } of claimsOf(pod.pod)) {
      if (ephemeral) continue;
      const claim = listers.claim(pod.shape.namespace, name);
      if (!claim) return { refusal: refusal(NAME, claimNotFound(name), false) };
      if (claim.spec?.accessModes?.includes("ReadWriteOncePod")) exclusive.add(name);
    }
    if (exclusive.size === 0 && disks.length === 0) return SKIP;
    const state: State = { exclusive, inUse: 0, disks };
    if (exclusive.size > 0)
      for (const node of cache.order()) for (const other of node.pods.values()) state.inUse += usedBy(state, pod, other);
    return { state };
  },
  filter({ disks, inUse }, _, node) {
    if (disks.length > 0) for (const other of node.pods.values()) if (disks.some((d) => clashes(d, other.pod))) return DISK_CONFLICT;
    return inUse > 0 ? IN_USE : undefined;
  },
  update(state, pod, other, _, by) {
    state.inUse += by * usedBy(state, pod, other);
  },
  wakes(event, pod) {
    if (event.type === "pod-removed") {
      if (event.pod.shape.namespace !== pod.shape.namespace) return false;
      return sharesClaim(pod, event.pod) || (pod.pod.spec.volumes ?? []).some((v) => clashes(v, event.pod.pod));
    }
    if (event.type === "node-added") return true;
    return event.type === "object" && event.before === undefined && isOwnClaim(event.object, pod);
  },
};

function usedBy({ exclusive }: State, pod: PodInfo, other: PodInfo): number {
  if (other.shape.namespace !== pod.shape.namespace || other.key === pod.key) return 0;
  return claimsOf(other.pod).filter(({ name }) => exclusive.has(name)).length;
}

function sharesClaim(pod: PodInfo, other: PodInfo): boolean {
  const names = new Set(claimsOf(pod.pod).map(({ name }) => name));
  return claimsOf(other.pod).some(({ name }) => names.has(name));
}

function isDisk(v: Volume): boolean {
  return Boolean(v.gcePersistentDisk ?? v.awsElasticBlockStore ?? v.iscsi ?? v.rbd);
}

/** Two uses of one disk; where the kind of disk allows it, two that only read are fine. */
function clashes(volume: Volume, { spec }: Pod): boolean {
  return (spec.volumes ?? []).some((other) => {
    const { gcePersistentDisk: gce, awsElasticBlockStore: ebs, iscsi, rbd } = volume;
    if (gce && other.gcePersistentDisk)
      return gce.pdName === other.gcePersistentDisk.pdName && !(gce.readOnly && other.gcePersistentDisk.readOnly);
    if (ebs && other.awsElasticBlockStore) return ebs.volumeID === other.awsElasticBlockStore.volumeID;
    if (iscsi && other.iscsi) return iscsi.iqn === other.iscsi.iqn && !(iscsi.readOnly && other.iscsi.readOnly);
    if (!rbd || !other.rbd) return false;
    const sameImage = (rbd.pool ?? "rbd") === (other.rbd.pool ?? "rbd") && rbd.image === other.rbd.image;
    return sameImage && rbd.monitors.some((m) => other.rbd!.monitors.includes(m)) && !(rbd.readOnly && other.rbd.readOnly);
  });
}
