/**
 * Nodes with an untolerated NoSchedule or NoExecute taint are out; the fewer untolerated PreferNoSchedule taints, the better.
 * @see kubernetes pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go
 */
import type { Node, Toleration } from "../../../../generated/v1.36/model.ts";
import { normalizeByMax, type Plugin, refusal } from "../framework.ts";
import type { PodInfo } from "../pod-info.ts";
import { isTolerated, keepsAway, untoleratedTaint } from "../tolerations.ts";

const NAME = "TaintToleration";
const REFUSED = refusal(NAME, "node(s) had untolerated taint(s)", false);

export const taintToleration: Plugin<readonly Toleration[], readonly Toleration[]> = {
  name: NAME,
  local: true,
  preFilter: ({ pod }) => ({ state: pod.shape.tolerations }),
  filter(tolerations, _, { taints }) {
    return taints.length > 0 && untoleratedTaint(taints, tolerations, keepsAway) ? REFUSED : undefined;
  },
  preScore: ({ pod }) => pod.shape.tolerations.filter((t) => !t.effect || t.effect === "PreferNoSchedule"),
  score(tolerations, _, { taints }) {
    let untolerated = 0;
    for (const taint of taints) if (taint.effect === "PreferNoSchedule" && !isTolerated(taint, tolerations)) untolerated++;
    return untolerated;
  },
  normalize: (scores, feasible) => normalizeByMax(scores, feasible.length, true),
  wakes(event, pod) {
    if (event.type === "node-added") return isOpen(event.node, pod);
    return event.type === "node-updated" && isOpen(event.node, pod) && !isOpen(event.before, pod);
  },
};

function isOpen(node: Node, pod: PodInfo): boolean {
  return !untoleratedTaint(node.spec?.taints ?? [], pod.shape.tolerations, keepsAway);
}
