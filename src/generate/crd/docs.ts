/** What the editor shows for a field of a custom kind: the definition's own words, and what it checks. */
import type { JsonSchema } from "./schema.ts";

/** Characters of a description that are kept: definitions of whole Pods bring books along. */
const DESCRIPTION_MAX = 600;
const DEFAULT_MAX = 80;

export function fieldComment(schema: JsonSchema): readonly string[] {
  const lines = [...described(schema.description), ...facts(schema)];
  if (lines.length === 0) return [];
  return lines.length === 1 ? [`  /** ${lines[0]} */`] : ["  /**", ...lines.map((l) => `   * ${l}`.trimEnd()), "   */"];
}

export function described(description: string | undefined): readonly string[] {
  if (!description) return [];
  const short = description.length > DESCRIPTION_MAX ? `${description.slice(0, DESCRIPTION_MAX).trimEnd()}…` : description;
  return short
    .replaceAll("*/", "*\\/")
    .split("\n")
    .map((l) => l.trim())
    .filter((l, i, all) => l !== "" || (i > 0 && all[i - 1] !== ""));
}

function facts(schema: JsonSchema): readonly string[] {
  const bounds = [
    ...(schema.minimum === undefined ? [] : [`${schema.exclusiveMinimum ? "more than" : "at least"} ${schema.minimum}`]),
    ...(schema.maximum === undefined ? [] : [`${schema.exclusiveMaximum ? "less than" : "at most"} ${schema.maximum}`]),
    ...(schema.minLength === undefined ? [] : [`at least ${schema.minLength} characters`]),
    ...(schema.maxLength === undefined ? [] : [`at most ${schema.maxLength} characters`]),
    ...(schema.maxItems === undefined ? [] : [`at most ${schema.maxItems} items`]),
  ];
  const keys = schema["x-kubernetes-list-map-keys"];
  const shownDefault = schema.default === undefined ? undefined : JSON.stringify(schema.default);
  return [
    ...(shownDefault === undefined
      ? []
      : [`Default: \`${shownDefault.length > DEFAULT_MAX ? `${shownDefault.slice(0, DEFAULT_MAX)}…` : shownDefault}\`.`]),
    ...(schema.pattern === undefined ? [] : [`Pattern: \`${schema.pattern}\`.`]),
    ...(schema.format === undefined ? [] : [`Format: ${schema.format}.`]),
    ...(bounds.length === 0 ? [] : [`${bounds.join(", ").replace(/^./, (c) => c.toUpperCase())}.`]),
    ...(keys ? [`Items merge by ${keys.map((k) => `\`${k}\``).join(" and ")}.`] : []),
    ...(schema["x-kubernetes-list-type"] === "set" ? ["A set: no item twice."] : []),
    ...(schema["x-kubernetes-validations"] ?? []).map((v) => `Rule: ${v.message ?? `\`${v.rule}\``}`.replaceAll("\n", " ")),
  ].map((line) => line.replaceAll("*/", "*\\/"));
}
