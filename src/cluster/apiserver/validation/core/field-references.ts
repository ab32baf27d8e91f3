/** References to fields of a Pod and to resources of its containers. @see kubernetes pkg/apis/core/validation/validation.go (validateObjectFieldSelector ...) */
import type { ObjectFieldSelector, ResourceFieldSelector } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, invalidValue, notSupported, required } from "../../field-error.ts";
import { qualifiedName } from "../meta/formats.ts";
import { note } from "../meta/object-meta.ts";
import type { Path } from "../path.ts";
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

export function checkFieldRef(
  { apiVersion, fieldPath }: ObjectFieldSelector,
  fields: readonly string[],
  path: Path,
  out: FieldError[],
): void {
  // `metadata.labels['app']`
  const subscript = fieldPath?.endsWith("']") ? /^(.*)\['(.*)'\]$/s.exec(fieldPath) : null;
  const cannot = (why: string): unknown => out.push(invalidValue(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${why}`));
  if (!apiVersion) out.push(required(`${path}.apiVersion`));
  else if (!fieldPath) out.push(required(`${path}.fieldPath`));
  else if (apiVersion !== "v1") cannot(`unsupported pod version: ${apiVersion}`);
  else if (subscript) {
    const [, field = "", key = ""] = subscript;
    if (field === "metadata.annotations") note(qualifiedName(key.toLowerCase()), key.toLowerCase(), path, out);
    else if (field === "metadata.labels") note(qualifiedName(key), key, path, out);
    else cannot(`field label does not support subscript: ${fieldPath}`);
  } else if (!KNOWN_FIELDS.has(fieldPath)) cannot(`field label not supported: ${fieldPath}`);
  else {
    const field = fieldPath === "spec.host" ? "spec.nodeName" : fieldPath;
    if (!fields.includes(field)) out.push(notSupported(`${path}.fieldPath`, field, fields));
  }
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

export function checkResourceFieldRef(ref: ResourceFieldSelector, inVolume: boolean, path: Path, out: FieldError[]): void {
  if (inVolume && !ref.containerName) out.push(required(`${path}.containerName`));
  else if (!ref.resource) out.push(required(`${path}.resource`));
  else if (!RESOURCES.includes(ref.resource) && !HUGE_PAGES.test(ref.resource))
    out.push(notSupported(`${path}.resource`, ref.resource, RESOURCES));
  checkDivisor(ref, path, out);
}

const BYTES: readonly string[] = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

function checkDivisor(ref: ResourceFieldSelector, path: Path, out: FieldError[]): void {
  const divisor = quantityOf(ref.divisor);
  const name = ref.resource ?? "";
  if (divisor.nano === 0n) return;
  const only = (values: readonly string[], what: string): void => {
    if (values.includes(show(divisor))) return;
    const list = values.length === 2 ? values.join(" and ") : values.join(", ");
    out.push(invalidValue(`${path}.divisor`, name, `only divisor's values ${list} are supported with the ${what} resource`));
  };
  if (name.endsWith(".cpu")) only(MILLIS, "cpu");
  else if (name.endsWith(".memory")) only(BYTES, "memory");
  else if (name.endsWith(".ephemeral-storage")) only(BYTES, "local ephemeral storage");
  else if (HUGE_PAGES.test(name)) only(BYTES, "hugepages");
}
const MILLIS: readonly string[] = ["1m", "1"];
