/**
 * A node takes no more volumes of a CSI driver than the driver reports there.
 * Simplified: volumes of in-tree plugins are not translated to CSI.
 * @see kubernetes pkg/scheduler/framework/plugins/nodevolumelimits/csi.go
 */
import type { CSINode } from "../../../../generated/v1.36/model.ts";
import { claimsOf, classOf, isOwnClaim } from "../claims.ts";
import { type CycleContext, type Plugin, refusal, SKIP } from "../framework.ts";
import type { NodeInfo } from "../node-info.ts";
import type { PodInfo } from "../pod-info.ts";

const NAME = "NodeVolumeLimits";
const REFUSED = refusal(NAME, "node(s) exceed max volume count", true);

/** Volume → driver. */
type Volumes = ReadonlyMap<string, string>;

export const nodeVolumeLimits: Plugin<Volumes> = {
  name: NAME,
  preFilter(context) {
    const wanted = volumesOf(context.pod, context);
    return wanted.size === 0 ? SKIP : { state: wanted };
  },
  filter(wanted, _, node, context) {
    const limits = new Map<string, number>();
    for (const { name, allocatable } of context.listers.csiNode(node.name)?.spec.drivers ?? [])
      if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
    if (limits.size === 0) return undefined;
    const there = new Map<string, string>();
    for (const other of node.pods.values()) for (const [volume, driver] of volumesOf(other, context)) there.set(volume, driver);
    const attached = attachedTo(node, context);
    for (const [driver, limit] of limits) {
      const added = [...wanted].filter(([volume, d]) => d === driver && !there.has(volume)).length;
      const used = countOf(driver, there) + countOf(driver, attached, there);
      if (added > 0 && used + added > limit) return REFUSED;
    }
    return undefined;
  },
  wakes(event, pod) {
    if (event.type === "pod-removed") return claimsOf(event.pod.pod).length > 0;
    if (event.type === "object-removed") return event.object.kind === "VolumeAttachment" && claimsOf(pod.pod).some((c) => !c.ephemeral);
    if (event.type !== "object") return false;
    const { object, before } = event;
    if (object.kind === "CSINode") return !before || allowsMore(object as CSINode, before as CSINode);
    return before === undefined && isOwnClaim(object, pod);
  },
};

function allowsMore(now: CSINode, before: CSINode): boolean {
  const limits = new Map(before.spec.drivers.map(({ name, allocatable }) => [name, allocatable?.count ?? 0]));
  return now.spec.drivers.some(({ name, allocatable }) => (allocatable?.count ?? 0) > (limits.get(name) ?? 0));
}

/** Attached to the node, or about to be: also what no Pod there accounts for. */
function attachedTo(node: NodeInfo, { listers }: CycleContext): Volumes {
  const volumes = new Map<string, string>();
  for (const { spec } of listers.attachments(node.name)) {
    const csi = listers.volume(spec.source.persistentVolumeName ?? "")?.spec?.csi;
    if (csi) volumes.set(`${csi.driver}/${csi.volumeHandle}`, csi.driver);
  }
  return volumes;
}

function countOf(driver: string, volumes: Volumes, but?: Volumes): number {
  let count = 0;
  for (const [volume, d] of volumes) if (d === driver && !but?.has(volume)) count++;
  return count;
}

/** The CSI volumes of a Pod: those of bound claims by their handle, others by their claim. */
function volumesOf(pod: PodInfo, { listers }: CycleContext): Volumes {
  const volumes = new Map<string, string>();
  const { namespace } = pod.shape;
  for (const { name } of claimsOf(pod.pod)) {
    const claim = listers.claim(namespace, name);
    if (!claim) continue;
    const volume = listers.volume(claim.spec?.volumeName ?? "");
    const csi = volume?.spec?.csi;
    if (csi) volumes.set(`${csi.driver}/${csi.volumeHandle}`, csi.driver);
    else if (!volume) {
      const driver = listers.storageClass(classOf(claim))?.provisioner;
      if (driver) volumes.set(`${driver}/claim ${namespace}/${name}`, driver);
    }
  }
  return volumes;
}
