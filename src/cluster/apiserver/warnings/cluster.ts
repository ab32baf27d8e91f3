/** What belongs to the cluster and to namespaces as a whole. @see kubernetes pkg/registry/core, pkg/registry/node (strategies) */
import type { Node, ResourceQuota, RuntimeClass, Secret, ServiceAccount } from "../../../../generated/v1.36/model.ts";
import { formatQuantity, parseQuantity } from "../../../lib/quantity.ts";
import { cidrWarnings, deprecatedNodeLabel } from "./deprecated-values.ts";

const COMPARED = ["cpu", "memory", "storage", "ephemeral-storage"] as const;

/** What may be requested is more than what may be the limit. */
export function quotaWarnings({ spec }: ResourceQuota, old: ResourceQuota | undefined): readonly string[] {
  const hard = spec?.hard ?? {};
  if (old) return [];
  return COMPARED.flatMap((name) => {
    const isCompute = name === "cpu" || name === "memory";
    const requests = hard[`requests.${name}`] === undefined && isCompute ? name : `requests.${name}`;
    const limits = `limits.${name}`;
    const [request, limit] = [hard[requests], hard[limits]].map((text) => (text === undefined ? undefined : parseQuantity(text)));
    if (!request || !limit || request.nano <= limit.nano) return [];
    return [`ResourceQuota ${requests} (${formatQuantity(request)}) should be less than ${limits} (${formatQuantity(limit)})`];
  });
}

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----\s[\s\S]*?-----END \1-----/g;

/**
 * A certificate and a key that are not read as such.
 * Simplified: what is in the PEM blocks is not looked at.
 * @see Go crypto/tls.X509KeyPair
 */
export function secretWarnings({ type, data = {} }: Secret): readonly string[] {
  if (type !== "kubernetes.io/tls") return [];
  const certificate = pemTypes(data["tls.crt"]);
  if (!certificate.includes("CERTIFICATE")) {
    if (certificate.length === 0) return ["tls: failed to find any PEM data in certificate input"];
    if (certificate.length === 1 && certificate[0]?.endsWith("PRIVATE KEY"))
      return [
        "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
      ];
    return [
      `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${certificate.join(" ")}]`,
    ];
  }
  const key = pemTypes(data["tls.key"]);
  if (key.some((t) => t === "PRIVATE KEY" || t.endsWith(" PRIVATE KEY"))) return [];
  if (key.length === 0) return ["tls: failed to find any PEM data in key input"];
  if (key.length === 1 && key[0] === "CERTIFICATE") return ["tls: found a certificate rather than a key in the PEM for the private key"];
  return [
    `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${key.join(" ")}]`,
  ];
}

function pemTypes(base64: string | undefined): readonly string[] {
  if (!base64) return [];
  return [...atob(base64).matchAll(PEM)].map((match) => match[1] ?? "");
}

const MOUNTABLE = "kubernetes.io/enforce-mountable-secrets";

export function serviceAccountWarnings({ metadata }: ServiceAccount, old: ServiceAccount | undefined): readonly string[] {
  const now = metadata.annotations?.[MOUNTABLE];
  if (now === undefined || (old && old.metadata.annotations?.[MOUNTABLE] === now)) return [];
  return [`metadata.annotations[${MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`];
}

export function nodeWarnings({ spec }: Node): readonly string[] {
  return [
    ...(spec?.externalID ? ["spec.externalID: this field is deprecated, and is unused by Kubernetes"] : []),
    ...(spec?.configSource ? ["spec.configSource: the DynamicKubeletConfig feature has been removed"] : []),
    ...(spec?.podCIDRs ?? []).flatMap((range, i) => cidrWarnings(range, `spec.podCIDRs[${i}]`)),
  ];
}

export function runtimeClassWarnings({ scheduling }: RuntimeClass): readonly string[] {
  return Object.keys(scheduling?.nodeSelector ?? {}).flatMap((key) => {
    const why = deprecatedNodeLabel(key);
    return why ? [`scheduling.nodeSelector: ${why}`] : [];
  });
}

export function componentStatusWarnings(): readonly string[] {
  return ["v1 ComponentStatus is deprecated in v1.19+"];
}
