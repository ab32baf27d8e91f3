/** Amounts of resources. @see kubernetes pkg/apis/core/validation/validation.go (ValidateContainerResourceRequirements ...) */
import type { ResourceRequirements } from "../../../../../generated/v1.36/model.ts";
import { isExtendedResource, isHugePages, isNativeResource } from "../../../../api/quota/resource-names.ts";
import { compareQuantity, formatQuantity, parseQuantity, type Quantity, ZERO } from "../../../../lib/quantity.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notFound, notSupported, required } from "../../field-error.ts";
import { dnsLabel, NOT_NEGATIVE, qualifiedName } from "../meta/formats.ts";
import { all } from "../meta/object-meta.ts";

export type ResourceList = Readonly<Record<string, string | number>>;

export const quantityOf = (text: string | number | undefined): Quantity => (text === undefined ? ZERO : (parseQuantity(text) ?? ZERO));
export const show = (q: Quantity): string => formatQuantity(q);

const CONTAINER_RESOURCES: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);
const POD_RESOURCES: ReadonlySet<string> = new Set(["cpu", "memory"]);
const STANDARD: ReadonlySet<string> = new Set([
  ...["cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage"],
  ...["limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods", "resourcequotas", "services", "replicationcontrollers"],
  ...["secrets", "persistentvolumeclaims", "configmaps", "services.nodeports", "services.loadbalancers", "storage", "requests.storage"],
]);
const INTEGER: ReadonlySet<string> = new Set([
  ...["pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims"],
  ...["services.nodeports", "services.loadbalancers"],
]);

export function isStandardResource(name: string): boolean {
  return STANDARD.has(name) || isHugePages(name);
}

/** A resource's name in general: qualified, and of Kubernetes' own only those that exist. */
export function validateResourceName(name: string, path: string): FieldError[] {
  const texts = qualifiedName(name);
  if (texts.length > 0) return texts.map((text) => invalidValue(path, name, text));
  if (!name.includes("/") && !isStandardResource(name))
    return [invalidValue(path, name, "must be a standard resource type or fully qualified")];
  return [];
}

export function validateContainerResourceName(name: string, path: string): FieldError[] {
  const out = validateResourceName(name, path);
  if (!name.includes("/")) {
    if (!CONTAINER_RESOURCES.has(name) && !isHugePages(name))
      out.push(invalidValue(path, name, "must be a standard resource for containers"));
  } else if (!isNativeResource(name) && !isExtendedResource(name)) {
    out.push(invalidValue(path, name, "doesn't follow extended resource name standard"));
  }
  return out;
}

function validatePodResourceName(name: string, path: string): FieldError[] {
  const out = validateResourceName(name, path);
  if (out.length > 0 || POD_RESOURCES.has(name) || isHugePages(name)) return out;
  return [notSupported(path, name, ["cpu", "hugepages-", "memory"])];
}

/** Not negative, and whole for what is counted. */
export function validateResourceQuantity(name: string, quantity: Quantity, path: string): FieldError[] {
  const out = validateNotNegative(quantity, path);
  if ((INTEGER.has(name) || isExtendedResource(name)) && quantity.nano % 1_000_000_000n !== 0n) {
    out.push(invalidValue(path, show(quantity), "must be an integer"));
  }
  return out;
}

export function validateNotNegative(quantity: Quantity, path: string): FieldError[] {
  return quantity.nano < 0n ? [invalidValue(path, show(quantity), NOT_NEGATIVE)] : [];
}

export function validatePositive(quantity: Quantity, path: string): FieldError[] {
  return quantity.nano <= 0n ? [invalidValue(path, show(quantity), "must be greater than zero")] : [];
}

export function validateContainerResources(
  resources: ResourceRequirements | undefined,
  claims: ReadonlySet<string> | undefined,
  path: string,
): FieldError[] {
  return validateRequirements(resources ?? {}, claims, path, validateContainerResourceName);
}

export function validatePodLevelResources(resources: ResourceRequirements, claims: ReadonlySet<string>, path: string): FieldError[] {
  return validateRequirements(resources, claims, path, validatePodResourceName);
}

function validateRequirements(
  resources: ResourceRequirements,
  claims: ReadonlySet<string> | undefined,
  path: string,
  validateName: (name: string, path: string) => FieldError[],
): FieldError[] {
  const out: FieldError[] = [];
  const limits = (resources.limits ?? {}) as ResourceList;
  const requests = (resources.requests ?? {}) as ResourceList;
  const bounded = "cpu" in limits || "memory" in limits || "cpu" in requests || "memory" in requests;
  for (const name in limits) {
    const at = `${path}.limits[${name}]`;
    const quantity = quantityOf(limits[name]);
    out.push(...validateName(name, at), ...validateResourceQuantity(name, quantity, at));
    if (isHugePages(name)) out.push(...validateHugePages(name, quantity, at));
  }
  for (const name in requests) {
    const at = `${path}.requests[${name}]`;
    const quantity = quantityOf(requests[name]);
    out.push(...validateName(name, at), ...validateResourceQuantity(name, quantity, at));
    const limit = limits[name];
    const mayOvercommit = isNativeResource(name) && !isHugePages(name);
    if (limit !== undefined) {
      const q = quantityOf(limit);
      if (compareQuantity(quantity, q) > 0 && mayOvercommit) {
        out.push(invalidValue(`${path}.requests`, show(quantity), `must be less than or equal to ${name} limit of ${show(q)}`));
      } else if (compareQuantity(quantity, q) !== 0 && !mayOvercommit) {
        out.push(invalidValue(`${path}.requests`, show(quantity), `must be equal to ${name} limit of ${show(q)}`));
      }
    } else if (!mayOvercommit) out.push(required(`${path}.limits`, "Limit must be set for non overcommitable resources"));
    if (isHugePages(name)) out.push(...validateHugePages(name, quantity, at));
  }
  const usesHugePages = [...Object.keys(limits), ...Object.keys(requests)].some(isHugePages);
  if (usesHugePages && !bounded) out.push(forbidden(path, "HugePages require cpu or memory"));
  return out.concat(validateClaimNames(resources.claims, claims, `${path}.claims`));
}

/** Whole pages of the size that the name gives. */
function validateHugePages(name: string, quantity: Quantity, path: string): FieldError[] {
  const size = parseQuantity(name.slice("hugepages-".length));
  if (!size || size.nano <= 0n) return [invalidValue(path, show(quantity), "must be a valid hugepage size")];
  if (quantity.nano % size.nano === 0n && quantity.nano >= 0n) return [];
  return [invalidValue(path, show(quantity), `${show(quantity)} is not positive integer multiple of ${name}`)];
}

/** A container uses the Pod's claims, whole or one request of them, each once. */
function validateClaimNames(claims: ResourceRequirements["claims"], known: ReadonlySet<string> | undefined, path: string): FieldError[] {
  const out: FieldError[] = [];
  const names = new Set<string>();
  claims?.forEach(({ name, request }, i) => {
    const at = `${path}[${i}]`;
    if (!name) {
      out.push(required(at));
      return;
    }
    if (names.has(name)) out.push(duplicate(at, name));
    else {
      const key = request ? `${name}/${request}` : name;
      if (request) out.push(...all(`${at}.request`, request, dnsLabel(request)));
      if (names.has(key)) out.push(duplicate(at, key));
      else if (!request) for (const other of names) if (other.startsWith(`${name}/`)) out.push(duplicate(at, name));
      names.add(key);
    }
    if (known?.has(name)) return;
    const list = [...(known ?? [])].sort();
    const detail = `must be one of the names in pod.spec.resourceClaims${list.length === 0 ? " which is empty" : `: ${list.join(", ")}`}`;
    out.push({ ...notFound(at, name), detail });
  });
  return out;
}
