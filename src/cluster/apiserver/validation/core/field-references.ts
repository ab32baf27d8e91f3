/** References to fields of a Pod and to resources of its containers. @see kubernetes pkg/apis/core/validation/validation.go (validateObjectFieldSelector ...) */
import type { ObjectFieldSelector, ResourceFieldSelector } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, invalidValue, notSupported, required } from "../../field-error.ts";
import { qualifiedName } from "../meta/formats.ts";
import { all } from "../meta/object-meta.ts";
import { quantityOf, show } from "./resources.ts";

export const ENV_FIELDS: readonly string[] = [
  ...["metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName"],
  ...["status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"],
];
export const VOLUME_FIELDS: readonly string[] = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

/** Every field of a Pod that has a label in field selectors. @see kubernetes pkg/apis/core/pods/helpers.go (ConvertDownwardAPIFieldLabel) */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  ...["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"],
  ...["spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "spec.schedulerName", "status.phase"],
  ...["status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs", "spec.host"],
]);

export function validateFieldRef(ref: ObjectFieldSelector, fields: readonly string[], path: string): FieldError[] {
  if (!ref.apiVersion) return [required(`${path}.apiVersion`)];
  if (!ref.fieldPath) return [required(`${path}.fieldPath`)];
  const subscript = /^(.*)\['(.*)'\]$/s.exec(ref.fieldPath);
  const cannot = (why: string): FieldError[] => [invalidValue(`${path}.fieldPath`, ref.fieldPath, `error converting fieldPath: ${why}`)];
  if (ref.apiVersion !== "v1") return cannot(`unsupported pod version: ${ref.apiVersion}`);
  if (subscript) {
    const [, field = "", key = ""] = subscript;
    if (field === "metadata.annotations") return all(path, key.toLowerCase(), qualifiedName(key.toLowerCase()));
    if (field === "metadata.labels") return all(path, key, qualifiedName(key));
    return cannot(`field label does not support subscript: ${ref.fieldPath}`);
  }
  if (!KNOWN_FIELDS.has(ref.fieldPath)) return cannot(`field label not supported: ${ref.fieldPath}`);
  const field = ref.fieldPath === "spec.host" ? "spec.nodeName" : ref.fieldPath;
  return fields.includes(field) ? [] : [notSupported(`${path}.fieldPath`, field, fields)];
}

const RESOURCES: readonly string[] = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];
const HUGE_PAGES = /^(requests|limits)\.hugepages-/;

export function validateResourceFieldRef(ref: ResourceFieldSelector, path: string, inVolume: boolean): FieldError[] {
  const out: FieldError[] = [];
  if (inVolume && !ref.containerName) out.push(required(`${path}.containerName`));
  else if (!ref.resource) out.push(required(`${path}.resource`));
  else if (!RESOURCES.includes(ref.resource) && !HUGE_PAGES.test(ref.resource))
    out.push(notSupported(`${path}.resource`, ref.resource, RESOURCES));
  return out.concat(validateDivisor(ref, path));
}

const BYTES: readonly string[] = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

function validateDivisor(ref: ResourceFieldSelector, path: string): FieldError[] {
  const divisor = quantityOf(ref.divisor);
  const name = ref.resource ?? "";
  if (divisor.nano === 0n) return [];
  const refuse = (values: readonly string[], what: string): FieldError[] => {
    if (values.includes(show(divisor))) return [];
    const list = values.length === 2 ? values.join(" and ") : values.join(", ");
    return [invalidValue(`${path}.divisor`, name, `only divisor's values ${list} are supported with the ${what} resource`)];
  };
  if (name.endsWith(".cpu")) return refuse(["1m", "1"], "cpu");
  if (name.endsWith(".memory")) return refuse(BYTES, "memory");
  if (name.endsWith(".ephemeral-storage")) return refuse(BYTES, "local ephemeral storage");
  return HUGE_PAGES.test(name) ? refuse(BYTES, "hugepages") : [];
}
