/** Dynamic resource allocation. @see kubernetes pkg/apis/resource/validation/validation.go */
import type {
  DeviceClass,
  DeviceRequest,
  DeviceSelector,
  ResourceClaimSpec,
  ResourceClaimTemplate,
} from "../../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../../api/object.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { duplicate, type FieldError, invalidValue, notSupported, required, tooMany } from "../field-error.ts";
import { internalForm } from "../internal-form.ts";
import { dnsLabel, dnsSubdomain } from "./meta/formats.ts";
import {
  all,
  type NameRule,
  subdomainName,
  validateAnnotations,
  validateLabels,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "./meta/object-meta.ts";

const REQUESTS_MAX = 32;
const SELECTORS_MAX = 32;

interface Amount {
  readonly deviceClassName?: string;
  readonly selectors?: readonly DeviceSelector[] | undefined;
  readonly allocationMode?: string | undefined;
  readonly count?: number | undefined;
}

/** Simplified: expressions are not compiled. */
function validateSelectors(selectors: readonly DeviceSelector[] | undefined, path: string): FieldError[] {
  const list = selectors ?? [];
  if (list.length > SELECTORS_MAX) return [tooMany(path, list.length, SELECTORS_MAX)];
  return list.flatMap((s, i) => {
    if (!s.cel) return [required(`${path}[${i}].cel`)];
    return s.cel.expression ? [] : [required(`${path}[${i}].cel.expression`)];
  });
}

function validateAmount(amount: Amount, path: string): FieldError[] {
  const name = amount.deviceClassName ?? "";
  const out = name ? all(`${path}.deviceClassName`, name, dnsSubdomain(name)) : [required(`${path}.deviceClassName`)];
  out.push(...validateSelectors(amount.selectors, `${path}.selectors`));
  const { allocationMode: mode, count = 0 } = amount;
  if (mode === "All") {
    if (count !== 0) out.push(invalidValue(`${path}.count`, count, "must not be specified when allocationMode is 'All'"));
  } else if (mode === "ExactCount") {
    if (count <= 0) out.push(invalidValue(`${path}.count`, count, "must be greater than zero"));
  } else out.push(notSupported(`${path}.allocationMode`, mode ?? "", ["All", "ExactCount"]));
  return out;
}

function validateClaimSpec(spec: ResourceClaimSpec, path: string): FieldError[] {
  const requests = spec.devices?.requests ?? [];
  const at = `${path}.devices.requests`;
  if (requests.length > REQUESTS_MAX) return [tooMany(at, requests.length, REQUESTS_MAX)];
  const names = new Set<string>();
  return requests.flatMap((r, i) => {
    const out = validateRequest(r, `${at}[${i}]`);
    if (r.name && names.has(r.name)) out.push(duplicate(`${at}[${i}]`, r.name));
    names.add(r.name);
    return out;
  });
}

function validateRequest(r: DeviceRequest, path: string): FieldError[] {
  const out = r.name ? all(`${path}.name`, r.name, dnsLabel(r.name)) : [required(`${path}.name`)];
  const alternatives = r.firstAvailable ?? [];
  if (r.exactly && alternatives.length > 0)
    return [...out, invalidValue(path, r, "exactly one of `exactly` or `firstAvailable` is required")];
  if (!r.exactly && alternatives.length === 0) return [...out, required(path, "exactly one of `exactly` or `firstAvailable` is required")];
  if (r.exactly) out.push(...validateAmount(r.exactly, `${path}.exactly`));
  alternatives.forEach((a, i) => {
    const at = `${path}.firstAvailable[${i}]`;
    out.push(...(a.name ? all(`${at}.name`, a.name, dnsLabel(a.name)) : [required(`${at}.name`)]), ...validateAmount(a, at));
  });
  return out;
}

/** A DNS subdomain, whose length is told in bytes. */
const longName: NameRule = (name, prefix) => subdomainName(name, prefix).map((text) => text.replace(/ characters$/, " bytes"));

export function validateDeviceClass(deviceClass: DeviceClass): FieldError[] {
  return [
    ...validateObjectMeta(deviceClass.metadata, false, longName),
    ...validateSelectors(deviceClass.spec?.selectors, "spec.selectors"),
  ];
}

type Claim = KubeObject & { readonly spec?: ResourceClaimSpec };

export function validateResourceClaim(claim: Claim): FieldError[] {
  return [...validateObjectMeta(claim.metadata, true, subdomainName), ...validateClaimSpec(claim.spec ?? {}, "spec")];
}

export function validateResourceClaimUpdate(claim: Claim, old: Claim): FieldError[] {
  const moved = semanticEqual(claim.spec, old.spec)
    ? []
    : [invalidValue("spec", internalForm("ResourceClaimSpec", claim.spec ?? {}), "field is immutable")];
  return [...validateObjectMetaUpdate(claim.metadata, old.metadata), ...moved];
}

export function validateResourceClaimTemplate(template: ResourceClaimTemplate): FieldError[] {
  const { metadata, spec } = template.spec ?? {};
  return [
    ...validateObjectMeta(template.metadata, true, subdomainName),
    ...validateLabels(metadata?.labels, "spec.metadata.labels"),
    ...validateAnnotations(metadata?.annotations, "spec.metadata.annotations"),
    ...validateClaimSpec(spec ?? {}, "spec.spec"),
  ];
}

export function validateResourceClaimTemplateUpdate(template: ResourceClaimTemplate, old: ResourceClaimTemplate): FieldError[] {
  const moved = semanticEqual(template.spec, old.spec)
    ? []
    : [invalidValue("spec", internalForm("ResourceClaimTemplateSpec", template.spec ?? {}), "field is immutable")];
  return [...validateObjectMetaUpdate(template.metadata, old.metadata), ...moved];
}
