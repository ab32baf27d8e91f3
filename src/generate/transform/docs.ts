/** What the editor shows when the pointer rests on a name: facts from the document, and a link to the reference for the rest. */
import { itemsOf, type SchemaNode } from "../spec.ts";
import { defaultOf } from "./defaults.ts";

const REFERENCE = "https://kubernetes.io/docs/reference/generated/kubernetes-api";

/** The place of a type in the published API reference: `…/v1.36/#deploymentspec-v1-apps`. */
export function referenceLink(version: string, modulePath: string, name: string): string {
  const [group = "", apiVersion = ""] = modulePath.split("/");
  return `${REFERENCE}/v${version}/#${name.toLowerCase()}-${apiVersion}-${group.replaceAll(".", "-")}`;
}

/** A type's description. */
export function typeDoc(node: SchemaNode, title: string, link: string): string {
  return [`${title} [Reference](${link})`.trim(), ...(node.deprecated ? ["@deprecated"] : [])].join("\n");
}

/** A field's description: default, allowed values, how lists merge, whether it can change, and where to read on. */
export function fieldDoc(owner: string, field: string, node: SchemaNode, allowed: readonly string[] | undefined, link: string): string {
  const fallback = defaultOf(owner, field, node);
  const facts = [
    ...(fallback === undefined ? [] : [`Default: ${fallback}.`]),
    ...(allowed ? [`One of ${allowed.map((v) => `\`${v === "" ? '""' : v}\``).join(", ")}.`] : []),
    ...formatFact(itemsOf(node) ?? node),
    ...listFact(node),
    ...(node["x-cannot-be-updated"] ? ["Cannot be changed once set."] : []),
  ];
  return [[...facts, `[Reference](${link})`].join(" "), ...(node.deprecated ? ["@deprecated"] : [])].join("\n");
}

function formatFact(node: SchemaNode): readonly string[] {
  if (node.format === "byte") return ["Base64."];
  const time = node.allOf?.some((s) => "$ref" in s && /\.(Micro)?Time$/.test(s.$ref)) || /\.(Micro)?Time$/.test(node.$ref ?? "");
  return time ? ["RFC 3339 time."] : [];
}

function listFact(node: SchemaNode): readonly string[] {
  const keys = node["x-kubernetes-list-map-keys"];
  const mergeKey = node["x-kubernetes-patch-merge-key"];
  switch (node["x-kubernetes-list-type"]) {
    case "map":
      return [`Items merge by ${(keys ?? []).map((k) => `\`${k}\``).join(" and ")}.`];
    case "set":
      return ["A set: no item twice."];
    case "atomic":
      return mergeKey ? [`Items merge by \`${mergeKey}\` in a patch; apply replaces the list.`] : ["Replaced as a whole."];
    default:
      return mergeKey ? [`Items merge by \`${mergeKey}\`.`] : [];
  }
}
