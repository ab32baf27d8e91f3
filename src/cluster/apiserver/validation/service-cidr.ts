/** Ranges and addresses of Services. @see kubernetes pkg/apis/networking/validation/validation.go (ValidateServiceCIDR, ValidateIPAddress) */
import type { IPAddress, ServiceCIDR } from "../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { type FieldError, invalidValue, required } from "../field-error.ts";
import { internalForm } from "../internal-form.ts";
import { parseRange, validateAddress, validateRange } from "./meta/addresses.ts";
import { dnsSubdomain, IMMUTABLE } from "./meta/formats.ts";
import { all, type NameRule, pathSegmentName, subdomainName, validateObjectMeta, validateObjectMetaUpdate } from "./meta/object-meta.ts";

const AT = "spec.cidrs";

export function validateServiceCidr(range: ServiceCIDR): FieldError[] {
  return [...validateObjectMeta(range.metadata, false, subdomainName), ...validateRanges(range)];
}

function validateRanges({ spec }: ServiceCIDR): FieldError[] {
  const ranges = spec?.cidrs ?? [];
  if (ranges.length === 0) return [required(AT, "at least one CIDR required")];
  if (ranges.length > 2) return [invalidValue(AT, { CIDRs: ranges }, "may only hold up to 2 values")];
  const out = ranges.flatMap((range, i) => validateRange(`${AT}[${i}]`, range));
  const [a, b] = ranges.map((range) => parseRange(range)?.bits);
  const text = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";
  return ranges.length === 2 && a !== undefined && a === b ? [...out, invalidValue(AT, ranges, text)] : out;
}

/** A second family may be added. */
export function validateServiceCidrUpdate(range: ServiceCIDR, old: ServiceCIDR): FieldError[] {
  const out = validateObjectMetaUpdate(range.metadata, old.metadata);
  const [now, was] = [range.spec?.cidrs ?? [], old.spec?.cidrs ?? []];
  if (now.length !== was.length && !(was.length === 1 && now.length === 2))
    return [...out, invalidValue(AT, range.spec?.cidrs ?? null, IMMUTABLE)];
  was.forEach((text, i) => {
    if (now[i] !== text) out.push(invalidValue(`${AT}[${i}]`, now[i], IMMUTABLE));
  });
  return now.length === was.length ? out : out.concat(validateRanges(range));
}

const addressName: NameRule = (name) => validateAddress("", name).map((e) => e.detail);

export function validateIpAddress(address: IPAddress): FieldError[] {
  const out = validateObjectMeta(address.metadata, false, addressName);
  const ref = address.spec?.parentRef;
  const at = "spec.parentRef";
  if (!ref) return [...out, required(at)];
  if (ref.group) out.push(...all(`${at}.group`, ref.group, dnsSubdomain(ref.group)));
  for (const field of ["resource", "name", "namespace"] as const) {
    const value = ref[field];
    if (value) out.push(...all(`${at}.${field}`, value, pathSegmentName(value, false)));
    else if (field !== "namespace") out.push(required(`${at}.${field}`));
  }
  return out;
}

export function validateIpAddressUpdate(address: IPAddress, old: IPAddress): FieldError[] {
  const out = [...validateIpAddress(address), ...validateObjectMetaUpdate(address.metadata, old.metadata)];
  if (semanticEqual(address.spec?.parentRef, old.spec?.parentRef)) return out;
  return [...out, invalidValue("spec.parentRef", internalForm("ParentReference", address.spec?.parentRef), IMMUTABLE)];
}
