/** Cordoned nodes take no new Pods, but for those that tolerate it. @see kubernetes pkg/scheduler/framework/plugins/nodeunschedulable */
import type { Node, Taint } from "../../../../generated/v1.36/model.ts";
import { type Plugin, refusal } from "../framework.ts";
import type { PodInfo } from "../pod-info.ts";
import { toleratesTaint } from "../tolerations.ts";

const NAME = "NodeUnschedulable";
const CORDONED: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
const REFUSED = refusal(NAME, "node(s) were unschedulable", false);

export const nodeUnschedulable: Plugin<true> = {
  name: NAME,
  local: true,
  preFilter: () => ({ state: true }),
  filter: (_, pod, node) => (node.unschedulable && !toleratesCordon(pod) ? REFUSED : undefined),
  wakes(event) {
    if (event.type === "node-added") return !isCordoned(event.node);
    return event.type === "node-updated" && isCordoned(event.before) && !isCordoned(event.node);
  },
};

const isCordoned = (node: Node): boolean => node.spec?.unschedulable === true;
const toleratesCordon = (pod: PodInfo): boolean => pod.shape.tolerations.some((t) => toleratesTaint(t, CORDONED));
