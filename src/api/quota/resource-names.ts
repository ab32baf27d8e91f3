/** Kinds of resource names. @see kubernetes pkg/apis/core/v1/helper/helpers.go */
import { remember } from "../../lib/remember.ts";

/** `hugepages-2Mi`. */
export function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

/** A name without domain, or of Kubernetes' own. */
export function isNativeResource(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

/** `nvidia.com/gpu`: qualified, not Kubernetes' own, and usable in a quota as `requests.nvidia.com/gpu`. */
export function isExtendedResource(name: string): boolean {
  return !isNativeResource(name) && isQualifiedInQuota(name);
}
const QUALIFIED_NAME =
  /^(?=[^/]{1,253}\/[^/]{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const isQualifiedInQuota = remember((name) => !name.startsWith("requests.") && QUALIFIED_NAME.test(`requests.${name}`));
