/** Which tag an image reference names. @see kubernetes pkg/util/parsers/parsers.go; github.com/distribution/reference */
import { remember } from "../../../lib/remember.ts";

const DOMAIN_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PATH = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?${PATH}(?:/${PATH})*(?::([\\w][\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
);

/**
 * `Always` for the tag `latest`, also when it is understood (no tag, no digest), else `IfNotPresent`: so for what is no image reference.
 */
export const defaultPullPolicy = (image: string | undefined): "Always" | "IfNotPresent" => pullPolicyOf(image ?? "");

const pullPolicyOf = remember((image): "Always" | "IfNotPresent" => {
  const m = REFERENCE.exec(image);
  if (!m) return "IfNotPresent";
  const [, tag, digest] = m;
  return (tag ?? (digest === undefined ? "latest" : "")) === "latest" ? "Always" : "IfNotPresent";
});
