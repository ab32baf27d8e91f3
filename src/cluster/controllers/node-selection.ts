/**
 * Whether a Pod's selectors and tolerations take a Node, for controllers that place Pods themselves.
 * @see kubernetes staging/src/k8s.io/component-helpers/scheduling/corev1
 */
import type { Node, NodeSelectorRequirement, NodeSelectorTerm, PodSpec, Taint, Toleration } from "../../../generated/v1.36/model.ts";
import { type Labels, matchesLabels, matchesRequirement } from "../../lib/labels.ts";

function meets(r: NodeSelectorRequirement, labels: Labels | undefined): boolean {
  if (r.operator !== "Gt" && r.operator !== "Lt") return matchesRequirement({ key: r.key, operator: r.operator, values: r.values }, labels);
  const value = labels?.[r.key];
  const bound = r.values?.[0];
  const integer = /^[+-]?\d+$/;
  if (value === undefined || bound === undefined || !integer.test(value) || !integer.test(bound)) return false;
  return r.operator === "Gt" ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
}

/** A term without anything in it takes nothing. */
function takes(term: NodeSelectorTerm, node: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const fields = { "metadata.name": node.metadata.name };
  return matchExpressions.every((r) => meets(r, node.metadata.labels)) && matchFields.every((r) => meets(r, fields));
}

/** Node selector and required node affinity. */
export function matchesNode(spec: PodSpec | undefined, node: Node): boolean {
  if (!matchesLabels(spec?.nodeSelector, node.metadata.labels)) return false;
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => takes(term, node));
}

export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  const operator = toleration.operator || "Equal";
  if (operator === "Exists") return true;
  return operator === "Equal" && !!toleration.key && (toleration.value ?? "") === (taint.value ?? "");
}

/** Whether all taints of these effects are tolerated. */
export function toleratesAll(tolerations: readonly Toleration[], taints: readonly Taint[], effects: readonly string[]): boolean {
  return taints.every((taint) => !effects.includes(taint.effect) || tolerations.some((t) => tolerates(t, taint)));
}
