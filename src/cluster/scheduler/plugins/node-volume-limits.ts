/**
 * A node takes no more volumes of a CSI driver than the driver reports there.
 * Simplified: volumes of in-tree plugins are not translated to CSI; attachments that no Pod on the node accounts for are not counted.
 * @see kubernetes pkg/scheduler/framework/plugins/nodevolumelimits/csi.go
 */
import { claimsOf, classOf } from "../claims.ts";
import { type CycleContext, type Plugin, refusal, SKIP } from "../framework.ts";
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
    for (const [driver, limit] of limits) {
      const added = [...wanted].filter(([volume, d]) => d === driver && !there.has(volume)).length;
      const used = [...there.values()].filter((d) => d === driver).length;
      if (added > 0 && used + added > limit) return REFUSED;
    }
    return undefined;
  },
  wakes(event) {
    return event.type === "pod-removed" || event.type === "node-added" || (event.type === "object" && event.object.kind !== "Namespace");
  },
};

/** The CSI volumes of a Pod: those of bound claims by their handle, others by their claim. */
function volumesOf(pod: PodInfo, { listers }: CycleContext): Volumes {
  const volumes = new Map<string, string>();
  const { namespace } = pod.shape;
  for (const { name } of claimsOf(pod.pod)) {
    const claim = listers.claim(namespace, name);
    if (!claim) continue;
    const csi = listers.volume(claim.spec?.volumeName ?? "")?.spec?.csi;
    if (csi) volumes.set(`${csi.driver}/${csi.volumeHandle}`, csi.driver);
    else if (!claim.spec?.volumeName) {
      const driver = listers.storageClass(classOf(claim))?.provisioner;
      if (driver) volumes.set(`${driver}/claim ${namespace}/${name}`, driver);
    }
  }
  return volumes;
}
