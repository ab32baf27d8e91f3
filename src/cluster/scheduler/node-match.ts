/** Which nodes a Pod insists on: `nodeSelector` and required node affinity. @see component-helpers nodeaffinity.RequiredNodeAffinity */
import type { PodShape } from "./pod-info.ts";
import { matchesLabels, matchesNodeSelector, type SelectableNode } from "./selectors.ts";

export function matchesRequiredNodes(shape: PodShape, node: SelectableNode): boolean {
  if (shape.nodeSelector && !matchesLabels(shape.nodeSelector, node.labels)) return false;
  return !shape.requiredNodes || matchesNodeSelector(shape.requiredNodes, node);
}
