/** Services, Ingresses, policies and endpoints. @see kubernetes pkg/api/service/warnings.go; pkg/registry/networking, pkg/registry/discovery */
import type { EndpointSlice, Ingress, NetworkPolicy, NetworkPolicyPeer, Service } from "../../../../generated/v1.36/model.ts";
import { cidrWarnings, ipWarnings } from "./deprecated-values.ts";

const TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints";
const TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";
const INGRESS_CLASS = "kubernetes.io/ingress.class";

export function serviceWarnings({ metadata, spec = {} }: Service): readonly string[] {
  const {
    type = "ClusterIP",
    clusterIP = "",
    clusterIPs = [],
    externalIPs = [],
    loadBalancerIP = "",
    loadBalancerSourceRanges = [],
  } = spec;
  const isHeadless = type === "ClusterIP" && clusterIP === "None";
  const isExternalName = type === "ExternalName";
  const out: string[] = [];
  if (metadata.annotations?.[TOPOLOGY_HINTS] !== undefined)
    out.push(`annotation ${TOPOLOGY_HINTS} is deprecated, please use ${TOPOLOGY_MODE} instead`);
  if (clusterIP !== "" && clusterIP !== "None")
    for (const [i, ip] of clusterIPs.entries()) out.push(...ipWarnings(ip, `spec.clusterIPs[${i}]`));
  if (isHeadless) {
    if (loadBalancerIP) out.push("spec.loadBalancerIP is ignored for headless services");
    if (externalIPs.length > 0) out.push("spec.externalIPs is ignored for headless services");
    if (spec.sessionAffinity !== "None") out.push("spec.SessionAffinity is ignored for headless services");
  }
  for (const [i, ip] of externalIPs.entries()) out.push(...ipWarnings(ip, `spec.externalIPs[${i}]`));
  if (externalIPs.length > 0 && !isHeadless && !isExternalName)
    out.push("spec.externalIPs is deprecated and may no longer be implemented in some clusters");
  if (loadBalancerIP) out.push(...ipWarnings(loadBalancerIP, "spec.loadBalancerIP"));
  for (const [i, range] of loadBalancerSourceRanges.entries()) out.push(...cidrWarnings(range, `spec.loadBalancerSourceRanges[${i}]`));
  if (isExternalName && externalIPs.length > 0) out.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (!isExternalName && spec.externalName) out.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  if (spec.trafficDistribution === "PreferClose") out.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  return out;
}

export function ingressWarnings({ metadata }: Ingress, old: Ingress | undefined): readonly string[] {
  if (old || metadata.annotations?.[INGRESS_CLASS] === undefined) return [];
  return [`annotation "${INGRESS_CLASS}" is deprecated, please use 'spec.ingressClassName' instead`];
}

/** @see kubernetes pkg/registry/networking/networkpolicy/strategy.go (networkPolicyWarnings) */
export function networkPolicyWarnings({ spec }: NetworkPolicy): readonly string[] {
  const out: string[] = [];
  spec?.ingress?.forEach(({ from }, i) => {
    if (from) warnOfPeers(from, `spec.ingress[${i}].from`, out);
  });
  spec?.egress?.forEach(({ to }, i) => {
    if (to) warnOfPeers(to, `spec.egress[${i}].to`, out);
  });
  return out;
}

function warnOfPeers(peers: readonly NetworkPolicyPeer[], path: string, out: string[]): void {
  peers.forEach(({ ipBlock }, i) => {
    if (!ipBlock) return;
    out.push(...cidrWarnings(ipBlock.cidr, `${path}[${i}].ipBlock.cidr`));
    ipBlock.except?.forEach((range, k) => {
      out.push(...cidrWarnings(range, `${path}[${i}].ipBlock.except[${k}]`));
    });
  });
}

export function endpointSliceWarnings({ endpoints }: EndpointSlice): readonly string[] {
  return (endpoints ?? []).flatMap((e, i) => (e.addresses ?? []).flatMap((ip, k) => ipWarnings(ip, `endpoints[${i}].addresses[${k}]`)));
}

export function endpointsWarnings(): readonly string[] {
  return ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"];
}
