/** Where Services are reached from outside. @see kubernetes pkg/apis/core/validation/validation.go (ValidateLoadBalancerStatus) */
import type { Service } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, forbidden, invalidValue, notSupported } from "../../field-error.ts";
import { parseAddress, validateAddress } from "../meta/addresses.ts";
import { dnsSubdomain } from "../meta/formats.ts";
import { all, validateObjectMetaUpdate } from "../meta/object-meta.ts";

const ADDRESS_MODES: readonly string[] = ["Proxy", "VIP"];

export function validateServiceStatusUpdate(service: Service, old: Service): FieldError[] {
  const out = validateObjectMetaUpdate(service.metadata, old.metadata);
  const ingress = service.status?.loadBalancer?.ingress ?? [];
  const path = "status.loadBalancer.ingress";
  if (service.spec?.type !== "LoadBalancer")
    return ingress.length > 0 ? [...out, forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")] : out;
  ingress.forEach(({ ip, ipMode, hostname }, i) => {
    const at = `${path}[${i}]`;
    if (ip) out.push(...validateAddress(`${at}.ip`, ip));
    if (ipMode !== undefined && !ip) out.push(forbidden(`${at}.ipMode`, "may not be specified when `ip` is not set"));
    else if (ipMode !== undefined && !ADDRESS_MODES.includes(ipMode)) out.push(notSupported(`${at}.ipMode`, ipMode, ADDRESS_MODES));
    if (hostname) out.push(...validateHostname(hostname, `${at}.hostname`));
  });
  return out;
}

/** Where a load balancer is, by name. */
export function validateHostname(hostname: string, path: string): FieldError[] {
  const out = all(path, hostname, dnsSubdomain(hostname));
  return parseAddress(hostname) ? [...out, invalidValue(path, hostname, "must be a DNS name, not an IP address")] : out;
}
