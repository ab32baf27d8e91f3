/** Amounts of resources. @see kubernetes pkg/apis/core/validation/validation.go (ValidateContainerResourceRequirements ...) */
import type { ResourceRequirements } from "../../../../../generated/v1.36/model.ts";
import { isExtendedResource, isHugePages, isNativeResource } from "../../../../api/quota/resource-names.ts";
import { compareQuantity, formatQuantity, parseQuantity, type Quantity, ZERO } from "../../../../lib/quantity.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notFound, notSupported, required } from "../../field-error.ts";
import { dnsLabel, NOT_NEGATIVE, qualifiedName } from "../meta/formats.ts";
import { all, note } from "../meta/object-meta.ts";
import { at, type Path } from "../path.ts";

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
export function checkResourceName(name: string, path: Path, out: FieldError[]): void {
  const texts = qualifiedName(name);
  note(texts, name, path, out);
  if (texts.length === 0 && !name.includes("/") && !isStandardResource(name))
    out.push(invalidValue(path, name, "must be a standard resource type or fully qualified"));
}

export function checkContainerResourceName(name: string, path: Path, out: FieldError[]): void {
  checkResourceName(name, path, out);
  if (!name.includes("/")) {
    if (!CONTAINER_RESOURCES.has(name) && !isHugePages(name))
      out.push(invalidValue(path, name, "must be a standard resource for containers"));
  } else if (!isNativeResource(name) && !isExtendedResource(name)) {
    out.push(invalidValue(path, name, "doesn't follow extended resource name standard"));
  }
}

function checkPodResourceName(name: string, path: Path, out: FieldError[]): void {
  const before = out.length;
  checkResourceName(name, path, out);
  if (out.length > before || POD_RESOURCES.has(name) || isHugePages(name)) return;
  out.push(notSupported(path, name, ["cpu", "hugepages-", "memory"]));
}

/** Not negative, and whole for what is counted. */
export function checkResourceQuantity(name: string, quantity: Quantity, path: Path, out: FieldError[]): void {
  if (quantity.nano < 0n) out.push(invalidValue(path, show(quantity), NOT_NEGATIVE));
  if ((INTEGER.has(name) || isExtendedResource(name)) && quantity.nano % 1_000_000_000n !== 0n) {
    out.push(invalidValue(path, show(quantity), "must be an integer"));
  }
}

export function checkPositive(quantity: Quantity, path: Path, out: FieldError[]): void {
  if (quantity.nano <= 0n) out.push(invalidValue(path, show(quantity), "must be greater than zero"));
}

type NameRule = typeof checkResourceName;

export function checkContainerResources(
  resources: ResourceRequirements,
  claims: ReadonlySet<string> | undefined,
  path: Path,
  out: FieldError[],
): void {
  checkRequirements(resources, claims, checkContainerResourceName, path, out);
}

export function checkPodLevelResources(resources: ResourceRequirements, claims: ReadonlySet<string>, path: Path, out: FieldError[]): void {
  checkRequirements(resources, claims, checkPodResourceName, path, out);
}

const NOTHING: ResourceList = {};

function checkRequirements(
  resources: ResourceRequirements,
  claims: ReadonlySet<string> | undefined,
  checkName: NameRule,
  path: Path,
  out: FieldError[],
): void {
  const limits = (resources.limits ?? NOTHING) as ResourceList;
  const requests = (resources.requests ?? NOTHING) as ResourceList;
  let usesHugePages = false;
  for (const name in limits) {
    const item = at(path, `limits[${name}]`);
    const quantity = quantityOf(limits[name]);
    checkName(name, item, out);
    checkResourceQuantity(name, quantity, item, out);
    if (!isHugePages(name)) continue;
    usesHugePages = true;
    checkHugePages(name, quantity, item, out);
  }
  for (const name in requests) {
    const item = at(path, `requests[${name}]`);
    const quantity = quantityOf(requests[name]);
    checkName(name, item, out);
    checkResourceQuantity(name, quantity, item, out);
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
    if (!isHugePages(name)) continue;
    usesHugePages = true;
    checkHugePages(name, quantity, item, out);
  }
  const bounded = (list: ResourceList): boolean => "cpu" in list || "memory" in list;
  if (usesHugePages && !bounded(limits) && !bounded(requests)) out.push(forbidden(path, "HugePages require cpu or memory"));
  if (resources.claims) out.push(...validateClaimNames(resources.claims, claims, `${path}.claims`));
}

/** Whole pages of the size that the name gives. */
function checkHugePages(name: string, quantity: Quantity, path: Path, out: FieldError[]): void {
  const size = parseQuantity(name.slice("hugepages-".length));
  if (!size || size.nano <= 0n) out.push(invalidValue(path, show(quantity), "must be a valid hugepage size"));
  else if (quantity.nano < 0n || quantity.nano % size.nano !== 0n)
    out.push(invalidValue(path, show(quantity), `${show(quantity)} is not positive integer multiple of ${name}`));
}

/** A container uses the Pod's claims, whole or one request of them, each once. */
function validateClaimNames(claims: ResourceRequirements["claims"], known: ReadonlySet<string> | undefined, path: string): FieldError[] {
  const out: FieldError[] = [];
  const names = new Set<string>();
  claims?.forEach(({ name, request }, i) => {
    const item = `${path}[${i}]`;
    if (!name) {
      out.push(required(item));
      return;
    }
    if (names.has(name)) out.push(duplicate(item, name));
    else {
      const key = request ? `${name}/${request}` : name;
      if (request) out.push(...all(`${item}.request`, request, dnsLabel(request)));
      if (names.has(key)) out.push(duplicate(item, key));
      else if (!request) for (const other of names) if (other.startsWith(`${name}/`)) out.push(duplicate(item, name));
      names.add(key);
    }
    if (known?.has(name)) return;
    const list = [...(known ?? [])].sort();
    const detail = `must be one of the names in pod.spec.resourceClaims${list.length === 0 ? " which is empty" : `: ${list.join(", ")}`}`;
    out.push({ ...notFound(item, name), detail });
  });
  return out;
}
