/**
 * A Pod that needs a feature of the kubelet goes to nodes that declare it.
 * @see kubernetes pkg/scheduler/framework/plugins/nodedeclaredfeatures, staging/src/k8s.io/component-helpers/nodedeclaredfeatures/features
 */
import type { Node, Pod } from "../../../../generated/v1.36/model.ts";
import { type Plugin, type Refusal, SKIP } from "../framework.ts";
import { allContainers } from "../pod-info.ts";

const NAME = "NodeDeclaredFeatures";

export const nodeDeclaredFeatures: Plugin<readonly string[]> = {
  name: NAME,
  local: true,
  preFilter({ pod }) {
    const needed = neededFeatures(pod.pod.spec);
    return needed.length === 0 ? SKIP : { state: needed };
  },
  filter(needed, _, { node }): Refusal | undefined {
    const missing = needed.filter((feature) => !node?.status?.declaredFeatures?.includes(feature));
    if (missing.length === 0) return undefined;
    const reason = `node declared features check failed - unsatisfied requirements: ${missing.join(", ")}`;
    return { plugin: NAME, reasons: [reason], preemptionMayHelp: false };
  },
  wakes(event, { pod }) {
    const suits = (node: Node): boolean => neededFeatures(pod.spec).every((f) => node.status?.declaredFeatures?.includes(f));
    if (event.type === "node-added") return suits(event.node);
    return event.type === "node-updated" && suits(event.node) && !suits(event.before);
  },
};

/** In order of name. */
function neededFeatures(spec: Pod["spec"]): readonly string[] {
  const needed: string[] = [];
  if (allContainers(spec).some((c) => c.restartPolicyRules?.some((rule) => rule.action === "RestartAllContainers")))
    needed.push("RestartAllContainersOnContainerExits");
  if (spec.hostNetwork && spec.hostUsers === false) needed.push("UserNamespacesHostNetworkSupport");
  return needed;
}
