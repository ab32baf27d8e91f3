/** A Pod that names its node goes nowhere else. @see kubernetes pkg/scheduler/framework/plugins/nodename */
import { type Plugin, refusal, SKIP } from "../framework.ts";

const NAME = "NodeName";
const REFUSED = refusal(NAME, "node(s) didn't match the requested node name", false);

export const nodeName: Plugin<string> = {
  name: NAME,
  preFilter({ pod }) {
    const wanted = pod.pod.spec.nodeName;
    return wanted ? { state: wanted } : SKIP;
  },
  filter: (wanted, _, node) => (node.name === wanted ? undefined : REFUSED),
  wakes: (event) => event.type === "node-added",
};
