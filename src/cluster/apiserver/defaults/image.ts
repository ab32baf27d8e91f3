/** Which tag an image reference names. @see kubernetes pkg/util/parsers/parsers.go; distribution/reference */

/** `Always` for an image without tag and digest or with the tag `latest`, else `IfNotPresent`. */
export function defaultPullPolicy(image: string | undefined): "Always" | "IfNotPresent" {
  const reference = image ?? "";
  const digest = reference.indexOf("@");
  const name = digest < 0 ? reference : reference.slice(0, digest);
  const colon = name.lastIndexOf(":");
  const tag = colon > name.lastIndexOf("/") ? name.slice(colon + 1) : "";
  if (tag === "") return digest < 0 ? "Always" : "IfNotPresent";
  return tag === "latest" && digest < 0 ? "Always" : "IfNotPresent";
}
