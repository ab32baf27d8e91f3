/** A new Node takes no Pods until it is seen to be ready. @see kubernetes plugin/pkg/admission/nodetaint/admission.go */
import type { Node } from "../../../../generated/v1.36/model.ts";
import { type AdmissionPlugin, isRequestFor } from "./plugin.ts";

const NOT_READY = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" } as const;

export const taintNodesByCondition: AdmissionPlugin = {
  name: "TaintNodesByCondition",
  resources: ["/nodes"],
  admit(request) {
    if (!isRequestFor(request, "CREATE", "nodes")) return undefined;
    const node = request.object as Node;
    const taints = node.spec?.taints ?? [];
    if (taints.some((t) => t.key === NOT_READY.key && t.effect === NOT_READY.effect)) return undefined;
    return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } } as Node;
  },
};
