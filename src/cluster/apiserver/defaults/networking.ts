/** @see kubernetes pkg/apis/networking/v1/defaults.go and pkg/apis/discovery/v1/defaults.go */
import type { EndpointSlice, IngressClass, NetworkPolicy } from "../../../../generated/v1.36/model.ts";
import { change, each, fill } from "./fill.ts";

export function networkPolicy(given: NetworkPolicy): NetworkPolicy {
  return change(given, "spec", (spec) => {
    // Ingress always; Egress when there are rules for it.
    const s = fill(spec, { policyTypes: (spec.egress?.length ?? 0) > 0 ? ["Ingress", "Egress"] : ["Ingress"] });
    const tcp = each((p: NonNullable<NonNullable<typeof s.ingress>[number]["ports"]>[number]) => fill(p, { protocol: "TCP" }));
    return change(
      change(
        s,
        "ingress",
        each((r) => change(r, "ports", tcp)),
      ),
      "egress",
      each((r) => change(r, "ports", tcp)),
    );
  });
}

export function ingressClass(given: IngressClass): IngressClass {
  return change(given, "spec", (s) => change(s, "parameters", (p) => fill(p, { scope: "Cluster" })));
}

export function endpointSlice(given: EndpointSlice): EndpointSlice {
  return change(
    given,
    "ports",
    each((p) => fill(p, { name: "", protocol: "TCP" })),
  );
}
