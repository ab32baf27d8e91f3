/** Claims of devices, and the templates that they are made from. @see kubernetes pkg/apis/resource/validation/validation.go */
import type {
  DeviceClaim,
  DeviceConstraint,
  DeviceRequest,
  DeviceSelector,
  DeviceToleration,
  ExactDeviceRequest,
  OpaqueDeviceConfiguration,
  ResourceClaimSpec,
  ResourceClaimTemplate,
} from "../../../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../../../api/object.ts";
import { semanticEqual } from "../../../../lib/semantic-equal.ts";
import { type FieldError, invalidValue, notSupported, required, tooLong } from "../../field-error.ts";
import { internalForm } from "../../internal-form.ts";
import { dnsLabel, dnsSubdomain, IMMUTABLE } from "../meta/formats.ts";
import {
  all,
  subdomainName,
  validateAnnotations,
  validateLabelName,
  validateLabels,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../meta/object-meta.ts";
import { validateDriverName, validateFullyQualifiedName, validateItems, validateLabelValue } from "./shared.ts";

const REQUESTS_MAX = 32;
const SELECTORS_MAX = 32;
const ALTERNATIVES_MAX = 8;
export const CONFIG_MAX = 32;
const EXPRESSION_MAX = 10 * 1024;
const PARAMETERS_MAX = 10 * 1024;

export type Claim = KubeObject & { readonly spec?: ResourceClaimSpec };

export function validateResourceClaim(claim: Claim): FieldError[] {
  return [...validateObjectMeta(claim.metadata, true, subdomainName), ...validateClaimSpec(claim.spec ?? {}, "spec")];
}

export function validateResourceClaimUpdate(claim: Claim, old: Claim): FieldError[] {
  const moved = semanticEqual(claim.spec, old.spec)
    ? []
    : [invalidValue("spec", internalForm("ResourceClaimSpec", claim.spec ?? {}), IMMUTABLE)];
  return [...validateObjectMeta(claim.metadata, true, subdomainName), ...validateObjectMetaUpdate(claim.metadata, old.metadata), ...moved];
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
    : [invalidValue("spec", internalForm("ResourceClaimTemplateSpec", template.spec ?? {}), IMMUTABLE)];
  return [...validateObjectMetaUpdate(template.metadata, old.metadata), ...moved];
}

/** By the name of each request, those of its alternatives. */
type RequestNames = ReadonlyMap<string, ReadonlySet<string>>;

function namesOf({ requests = [] }: DeviceClaim): RequestNames {
  return new Map(requests.map((r) => [r.name, new Set(r.firstAvailable?.map((a) => a.name))]));
}

function validateClaimSpec({ devices = {} }: ResourceClaimSpec, path: string): FieldError[] {
  const names = namesOf(devices);
  const at = `${path}.devices`;
  return [
    ...validateItems(devices.requests, REQUESTS_MAX, `${at}.requests`, validateRequest, (r) => r.name),
    ...validateItems(devices.constraints, REQUESTS_MAX, `${at}.constraints`, (c, p) => validateConstraint(c, names, p)),
    ...validateItems(devices.config, CONFIG_MAX, `${at}.config`, (c, p) => [
      ...validateReferences(c.requests, names, `${p}.requests`),
      ...validateConfiguration(c, p),
    ]),
  ];
}

const validateName = (name: string | undefined, path: string): FieldError[] => all(path, name ?? "", dnsLabel(name ?? ""));

function validateRequest(r: DeviceRequest, path: string): FieldError[] {
  const out = r.name ? validateName(r.name, `${path}.name`) : [required(`${path}.name`)];
  const isAlternative = (r.firstAvailable?.length ?? 0) > 0;
  const one = "exactly one of `exactly` or `firstAvailable` is required";
  if (r.exactly && isAlternative) return [...out, invalidValue(path, null, `${one}, but multiple fields are set`)];
  if (r.exactly) return out.concat(validateAmount(r.exactly, `${path}.exactly`));
  if (!isAlternative) return [...out, required(path, one)];
  const alternatives = validateItems(
    r.firstAvailable,
    ALTERNATIVES_MAX,
    `${path}.firstAvailable`,
    (a, p) => [...(a.name ? validateName(a.name, `${p}.name`) : [required(`${p}.name`)]), ...validateAmount(a, p)],
    (a) => a.name,
  );
  return out.concat(alternatives);
}

type Amount = Pick<ExactDeviceRequest, "deviceClassName" | "selectors" | "allocationMode" | "count" | "tolerations">;

function validateAmount(amount: Amount, path: string): FieldError[] {
  const { deviceClassName: name, allocationMode: mode, count = 0 } = amount;
  const at = `${path}.deviceClassName`;
  const out = name ? all(at, name, dnsSubdomain(name)) : [required(at)];
  out.push(...validateSelectors(amount.selectors, `${path}.selectors`));
  if (mode === "All") {
    if (count !== 0) out.push(invalidValue(`${path}.count`, count, "must not be specified when allocationMode is 'All'"));
  } else if (mode === "ExactCount") {
    if (count <= 0) out.push(invalidValue(`${path}.count`, count, "must be greater than zero"));
  } else out.push(notSupported(`${path}.allocationMode`, mode ?? "", ["All", "ExactCount"]));
  amount.tolerations?.forEach((t, i) => {
    out.push(...validateToleration(t, `${path}.tolerations[${i}]`));
  });
  return out;
}

/** Expressions are compiled elsewhere. */
export function validateSelectors(selectors: readonly DeviceSelector[] | undefined, path: string): FieldError[] {
  return validateItems(selectors, SELECTORS_MAX, path, ({ cel }, p) => {
    if (!cel) return [required(`${p}.cel`)];
    return (cel.expression?.length ?? 0) > EXPRESSION_MAX ? [tooLong(`${p}.cel.expression`, EXPRESSION_MAX)] : [];
  });
}

const EFFECTS = ["NoExecute", "NoSchedule", "None"];

function validateToleration({ key, operator, value = "", effect }: DeviceToleration, path: string): FieldError[] {
  const out = key ? validateLabelName(key, `${path}.key`) : [];
  const known = operator as string | undefined;
  if (known === "Exists") {
    if (value !== "") out.push(invalidValue(`${path}.value`, value, "must be empty for operator `Exists`"));
  } else if (known === "Equal") out.push(...validateLabelValue(value, `${path}.value`));
  else out.push(known ? notSupported(`${path}.operator`, known, ["Equal", "Exists"]) : required(`${path}.operator`));
  if (effect && !EFFECTS.includes(effect)) out.push(notSupported(`${path}.effect`, effect, EFFECTS));
  return out;
}

function validateReferences(requests: readonly string[] | undefined, names: RequestNames, path: string): FieldError[] {
  return validateItems(
    requests,
    REQUESTS_MAX,
    path,
    (name, p) => validateReference(name, names, p),
    (name) => name,
  );
}

function validateReference(name: string, names: RequestNames, path: string): FieldError[] {
  const text = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
  const segments = name.split("/");
  if (segments.length > 2) return [invalidValue(path, name, text)];
  const out = segments.flatMap((segment) => validateName(segment, path));
  const under = names.get(segments[0] ?? "");
  const isKnown = under !== undefined && (segments.length === 1 || under.has(segments[1] ?? ""));
  return isKnown ? out : [...out, invalidValue(path, name, text)];
}

function validateConstraint(constraint: DeviceConstraint, names: RequestNames, path: string): FieldError[] {
  const out = validateReferences(constraint.requests, names, `${path}.requests`);
  for (const field of ["matchAttribute", "distinctAttribute"] as const) {
    const name = constraint[field];
    if (name !== undefined) return out.concat(validateFullyQualifiedName(name, `${path}.${field}`));
  }
  return [...out, required(path, 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set')];
}

export function validateConfiguration({ opaque }: { readonly opaque?: OpaqueDeviceConfiguration | undefined }, path: string): FieldError[] {
  if (!opaque) return [required(`${path}.opaque`)];
  const at = `${path}.opaque`;
  return [...validateDriverName(opaque.driver, `${at}.driver`), ...validateParameters(opaque.parameters, `${at}.parameters`)];
}

function validateParameters(parameters: unknown, path: string): FieldError[] {
  if (parameters === undefined || parameters === null) return [required(path)];
  if (JSON.stringify(parameters).length > PARAMETERS_MAX) return [tooLong(path, PARAMETERS_MAX)];
  const isObject = typeof parameters === "object" && !Array.isArray(parameters);
  return isObject ? [] : [invalidValue(path, "<value omitted>", "must be a valid JSON object")];
}
