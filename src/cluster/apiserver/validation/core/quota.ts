/** ResourceQuotas and LimitRanges. @see kubernetes pkg/apis/core/validation/validation.go (ValidateResourceQuota, ValidateLimitRange) */
import type { LimitRange, LimitRangeItem, ResourceQuota, ResourceQuotaSpec } from "../../../../../generated/v1.36/model.ts";
import { isHugePages, isNativeResource } from "../../../../api/quota/resource-names.ts";
import { compareQuantity } from "../../../../lib/quantity.ts";
import { duplicate, type FieldError, forbidden, invalidValue, required } from "../../field-error.ts";
import { IMMUTABLE, qualifiedName } from "../meta/formats.ts";
import { subdomainName, validateObjectMeta, validateObjectMetaUpdate } from "../meta/object-meta.ts";
import { checkContainerResourceName, checkResourceName, checkResourceQuantity, quantityOf, type ResourceList, show } from "./resources.ts";

const OBJECTS = [
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "persistentvolumeclaims",
  "configmaps",
  "services.nodeports",
  "services.loadbalancers",
];
const COMPUTE = ["cpu", "memory", "ephemeral-storage"];
const COMPUTE_NAMES = [...COMPUTE, ...COMPUTE.flatMap((n) => [`requests.${n}`, `limits.${n}`])];
const QUOTA_NAMES: ReadonlySet<string> = new Set([...COMPUTE_NAMES, ...OBJECTS, "pods", "requests.storage"]);
const isQuotaName = (name: string): boolean => QUOTA_NAMES.has(name) || isHugePages(name) || name.startsWith("requests.hugepages-");

function validateHard(list: ResourceList | undefined, path: string): FieldError[] {
  const out: FieldError[] = [];
  for (const name of Object.keys(list ?? {})) {
    const at = `${path}[${name}]`;
    checkResourceName(name, at, out);
    if (!name.includes("/") && !isQuotaName(name)) out.push(invalidValue(at, name, "must be a standard resource for quota"));
    checkResourceQuantity(name, quantityOf(list?.[name]), at, out);
  }
  return out;
}

export function validateResourceQuota(quota: ResourceQuota): FieldError[] {
  const out = [...validateObjectMeta(quota.metadata, true, subdomainName), ...validateQuotaSpec(quota.spec ?? {})];
  return [...out, ...validateHard(quota.status?.hard, "status.hard"), ...validateHard(quota.status?.used, "status.used")];
}

const SCOPES = [
  "BestEffort",
  "CrossNamespacePodAffinity",
  "NotBestEffort",
  "NotTerminating",
  "PriorityClass",
  "Terminating",
  "VolumeAttributesClass",
];
const ONLY_EXISTS: ReadonlySet<string> = new Set([
  "BestEffort",
  "NotBestEffort",
  "Terminating",
  "NotTerminating",
  "CrossNamespacePodAffinity",
]);
const PAIRS = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
] as const;

/** Which of the names that quotas know a scope can go with. */
function scopeFits(scope: string, name: string): boolean {
  switch (scope) {
    case "Terminating":
    case "NotTerminating":
    case "NotBestEffort":
    case "PriorityClass":
    case "CrossNamespacePodAffinity":
      return name === "pods" || COMPUTE_NAMES.includes(name) || isHugePages(name) || name.startsWith("requests.hugepages-");
    case "BestEffort":
      return name === "pods";
    case "VolumeAttributesClass":
      return name === "persistentvolumeclaims" || name === "requests.storage";
    default:
      return true;
  }
}

function validateQuotaSpec(spec: ResourceQuotaSpec): FieldError[] {
  const out = validateHard(spec.hard, "spec.hard");
  const names = Object.keys(spec.hard ?? {})
    .filter(isQuotaName)
    .sort();
  const scopes = (spec.scopes ?? []) as readonly string[];
  for (const scope of scopes) {
    if (!SCOPES.includes(scope)) out.push(invalidValue("spec.scopes", scopes, "unsupported scope"));
    for (const name of names)
      if (!scopeFits(scope, name)) out.push(invalidValue("spec.scopes", scopes, "unsupported scope applied to resource"));
  }
  for (const pair of PAIRS) if (pair.every((s) => scopes.includes(s))) out.push(invalidValue("spec.scopes", scopes, "conflicting scopes"));
  return out.concat(validateScopeSelector(spec, names));
}

function validateScopeSelector(spec: ResourceQuotaSpec, names: readonly string[]): FieldError[] {
  const out: FieldError[] = [];
  const at = "spec.scopeSelector.matchExpressions";
  const expressions = spec.scopeSelector?.matchExpressions ?? [];
  const shown = { MatchExpressions: expressions.map((e) => ({ ScopeName: e.scopeName, Operator: e.operator, Values: e.values ?? null })) };
  for (const e of expressions) {
    const scope = (e.scopeName ?? "") as string;
    const operator = (e.operator ?? "") as string;
    if (!SCOPES.includes(scope)) out.push(invalidValue(`${at}.scopeName`, scope, "unsupported scope"));
    for (const name of names) if (!scopeFits(scope, name)) out.push(invalidValue(at, shown, "unsupported scope applied to resource"));
    if (ONLY_EXISTS.has(scope) && operator !== "Exists") {
      const list =
        "ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
      out.push(invalidValue(`${at}.operator`, operator, `must be 'Exists' when scope is any of ${list}`));
    }
    const values = e.values ?? [];
    if (operator === "In" || operator === "NotIn") {
      if (values.length === 0)
        out.push(required(`${at}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
    } else if (operator === "Exists" || operator === "DoesNotExist") {
      if (values.length > 0)
        out.push(invalidValue(`${at}.values`, values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"));
    } else out.push(invalidValue(`${at}.operator`, operator, "not a valid selector operator"));
  }
  const scopes = expressions.map((e) => e.scopeName as string);
  for (const pair of PAIRS)
    if (pair.every((s) => scopes.includes(s))) out.push(invalidValue(at, spec.scopes ?? null, "conflicting scopes"));
  return out;
}

export function validateResourceQuotaUpdate(quota: ResourceQuota, old: ResourceQuota): FieldError[] {
  const out = [...validateObjectMetaUpdate(quota.metadata, old.metadata), ...validateQuotaSpec(quota.spec ?? {})];
  const [now, before] = [new Set(quota.spec?.scopes ?? []), new Set(old.spec?.scopes ?? [])];
  if (now.size !== before.size || [...now].some((s) => !before.has(s)))
    out.push(invalidValue("spec.scopes", quota.spec?.scopes ?? null, IMMUTABLE));
  return out;
}

export function validateResourceQuotaStatusUpdate({ metadata, status }: ResourceQuota, old: ResourceQuota): FieldError[] {
  const out = validateObjectMetaUpdate(metadata, old.metadata);
  return [...out, ...validateHard(status?.hard, "status.hard"), ...validateHard(status?.used, "status.used")];
}

export function validateLimitRange(range: LimitRange): FieldError[] {
  const out = validateObjectMeta(range.metadata, true, subdomainName);
  const types = new Set<string>();
  range.spec?.limits?.forEach((item, i) => {
    const at = `spec.limits[${i}]`;
    out.push(...validateLimitType(item.type, `${at}.type`));
    if (types.has(item.type)) out.push(duplicate(`${at}.type`, item.type));
    types.add(item.type);
    out.push(...validateLimitItem(item, at));
  });
  return out;
}

function validateLimitType(type: string, path: string): FieldError[] {
  const texts = qualifiedName(type);
  if (texts.length > 0) return texts.map((text) => invalidValue(path, type, text));
  const known = type.includes("/") || ["Pod", "Container", "PersistentVolumeClaim"].includes(type);
  return known ? [] : [invalidValue(path, type, "must be a standard limit type or fully qualified")];
}

function validateLimitItem(item: LimitRangeItem, path: string): FieldError[] {
  const out: FieldError[] = [];
  const names = new Set<string>();
  const isPod = item.type === "Pod";
  const checkName = isPod || item.type === "Container" ? checkContainerResourceName : checkResourceName;
  const take = (field: "max" | "min" | "default" | "defaultRequest" | "maxLimitRequestRatio"): void => {
    for (const name in item[field]) {
      checkName(name, `${path}.${field}[${name}]`, out);
      names.add(name);
    }
  };
  take("max");
  take("min");
  for (const field of ["default", "defaultRequest"] as const) {
    if (!isPod) take(field);
    else if (Object.keys(item[field] ?? {}).length > 0)
      out.push(forbidden(`${path}.${field}`, "may not be specified when `type` is 'Pod'"));
  }
  if (item.type === "PersistentVolumeClaim" && item.min?.["storage"] === undefined && item.max?.["storage"] === undefined) {
    out.push(required(`${path}.limits`, "either minimum or maximum storage value is required, but neither was provided"));
  }
  take("maxLimitRequestRatio");
  return out.concat(
    [...names].flatMap((name) => validateBounds(isPod ? { ...item, default: undefined, defaultRequest: undefined } : item, name, path)),
  );
}

/** Minimum ≤ default request ≤ default limit ≤ maximum, and a ratio that they allow. */
function validateBounds(item: LimitRangeItem, name: string, path: string): FieldError[] {
  const of = (field: "max" | "min" | "default" | "defaultRequest" | "maxLimitRequestRatio") => {
    const text = item[field]?.[name];
    return text === undefined ? undefined : quantityOf(text);
  };
  const [min, max, limit, request, ratio] = [of("min"), of("max"), of("default"), of("defaultRequest"), of("maxLimitRequestRatio")];
  const out: FieldError[] = [];
  type Q = typeof min;
  const ordered = (field: string, shown: Q, low: Q, lowName: string, high: Q, highName: string): void => {
    if (low && high && shown && compareQuantity(low, high) > 0) {
      out.push(
        invalidValue(
          `${path}.${field}[${name}]`,
          show(shown),
          `${lowName} value ${show(low)} is greater than ${highName} value ${show(high)}`,
        ),
      );
    }
  };
  ordered("min", min, min, "min", max, "max");
  ordered("defaultRequest", request, min, "min", request, "default request");
  ordered("defaultRequest", request, request, "default request", max, "max");
  ordered("defaultRequest", request, request, "default request", limit, "default limit");
  ordered("default", min, min, "min", limit, "default");
  ordered("default", max, limit, "default", max, "max");
  const at = `${path}.maxLimitRequestRatio[${name}]`;
  if (ratio && ratio.nano < 1_000_000_000n) out.push(invalidValue(at, show(ratio), `ratio ${show(ratio)} is less than 1`));
  if (ratio && min && max) {
    const bound = Number(max.nano) / Number(min.nano);
    if (Number(ratio.nano) / 1e9 > bound)
      out.push(invalidValue(at, show(ratio), `ratio ${show(ratio)} is greater than max/min = ${goFloat(bound)}`));
  }
  if ((!isNativeResource(name) || isHugePages(name)) && limit && request && compareQuantity(limit, request) !== 0) {
    out.push(
      invalidValue(
        `${path}.defaultRequest[${name}]`,
        show(request),
        `default value ${show(limit)} must equal to defaultRequest value ${show(request)} in ${name}`,
      ),
    );
  }
  return out;
}

/** Go's `%f`. */
function goFloat(n: number): string {
  if (Number.isNaN(n)) return "NaN";
  return Number.isFinite(n) ? n.toFixed(6) : n > 0 ? "+Inf" : "-Inf";
}
