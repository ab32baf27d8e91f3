/** A Pod that is bound takes its node's zone and region. @see kubernetes plugin/pkg/admission/podtopologylabels/admission.go */
import type { Binding } from "../../../../generated/v1.36/model.ts";
import { NODE } from "../../../api/kinds.ts";
import type { AdmissionPlugin } from "./plugin.ts";

const LABELS = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"] as const;

export const podTopologyLabels: AdmissionPlugin = {
  name: "PodTopologyLabels",
  resources: ["/pods"],
  admit(request, context) {
    if (request.operation !== "CREATE" || request.resource.resource !== "pods" || request.subresource !== "binding") return undefined;
    const binding = request.object as Binding;
    if (binding.target.kind && binding.target.kind !== "Node") return undefined;
    const node = context.get(NODE, binding.target.name ?? "");
    const own = LABELS.flatMap((l) => (node?.metadata.labels?.[l] === undefined ? [] : [[l, node.metadata.labels[l]] as const]));
    if (own.length === 0) return undefined;
    return { ...binding, metadata: { ...binding.metadata, labels: { ...binding.metadata.labels, ...Object.fromEntries(own) } } };
  },
};
