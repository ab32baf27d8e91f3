/** @see kubernetes pkg/apis/networking/v1/defaults.go and pkg/apis/discovery/v1/defaults.go */
import type { EndpointSlice, IngressClass, NetworkPolicy } from "../../../../generated/v1.36/model.ts";
import type { Draft } from "./fill.ts";

export function networkPolicy({ spec: s }: Draft<NetworkPolicy>): void {
  if (!s) return;
  // Ingress always; Egress when there are rules for it.
  s.policyTypes ??= (s.egress?.length ?? 0) > 0 ? ["Ingress", "Egress"] : ["Ingress"];
  for (const rule of s.ingress ?? []) for (const port of rule.ports ?? []) port.protocol ??= "TCP";
  for (const rule of s.egress ?? []) for (const port of rule.ports ?? []) port.protocol ??= "TCP";
}

export function ingressClass({ spec }: Draft<IngressClass>): void {
  if (spec?.parameters) spec.parameters.scope ??= "Cluster";
}

export function endpointSlice({ ports }: Draft<EndpointSlice>): void {
  for (const port of ports ?? []) {
    port.name ??= "";
    port.protocol ??= "TCP";
  }
}
