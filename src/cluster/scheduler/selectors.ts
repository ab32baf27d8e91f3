/** Selectors, read once per Pod template and asked often. */
import type { LabelSelector, NodeSelector, NodeSelectorTerm, PodAffinityTerm } from "../../../generated/v1.36/model.ts";
import { type Labels, matchesLabels, matchesRequirement, matchesSelector } from "../../lib/labels.ts";

/** A node, as node selectors look at it. */
export interface SelectableNode {
  readonly name: string;
  readonly labels: Labels;
}

/**
 * Whether a node selector takes the node: terms are alternatives, an empty term and an empty list take nothing.
 * @see kubernetes staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go
 */
export function matchesNodeSelector(selector: NodeSelector, node: SelectableNode): boolean {
  for (const term of selector.nodeSelectorTerms) if (matchesNodeTerm(term, node)) return true;
  return false;
}

export function matchesNodeTerm(term: NodeSelectorTerm, node: SelectableNode): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length === 0 && fields.length === 0) return false;
  for (const r of expressions) if (!matchesNodeRequirement(r, node.labels)) return false;
  for (const r of fields) if (r.key !== "metadata.name" || !matchesRequirement(r, { "metadata.name": node.name })) return false;
  return true;
}

function matchesNodeRequirement(
  r: { readonly key: string; readonly operator: string; readonly values?: readonly string[] | undefined },
  labels: Labels,
): boolean {
  if (r.operator !== "Gt" && r.operator !== "Lt") return matchesRequirement(r, labels);
  const have = integerOf(labels[r.key]);
  const bound = integerOf(r.values?.[0]);
  if (have === undefined || bound === undefined) return false;
  return r.operator === "Gt" ? have > bound : have < bound;
}

function integerOf(text: string | undefined): bigint | undefined {
  return text !== undefined && /^[+-]?[0-9]+$/.test(text) ? BigInt(text.replace("+", "")) : undefined;
}

/** One term of inter-Pod (anti-)affinity, completed with the namespace of the Pod that has it. */
export interface AffinityTerm {
  /** Equal for equal terms. */
  readonly key: string;
  readonly topologyKey: string;
  readonly namespaces: readonly string[];
  readonly namespaceSelector: LabelSelector | undefined;
  readonly selector: LabelSelector | undefined;
  /** 1 to 100 of a preferred term; 0 of a required one. */
  readonly weight: number;
}

export function affinityTerm(term: PodAffinityTerm, ownNamespace: string, weight: number): AffinityTerm {
  const own = (term.namespaces ?? []).length === 0 && term.namespaceSelector === undefined;
  const parts = {
    topologyKey: term.topologyKey,
    namespaces: own ? [ownNamespace] : (term.namespaces ?? []),
    namespaceSelector: term.namespaceSelector,
    selector: term.labelSelector,
    weight,
  };
  return { key: JSON.stringify(parts), ...parts };
}

/** Whether the term is about Pods with these labels in this namespace. */
export function matchesTerm(
  term: AffinityTerm,
  namespace: string,
  labels: Labels | undefined,
  namespaceLabels: (namespace: string) => Labels,
): boolean {
  if (!term.namespaces.includes(namespace)) {
    if (!term.namespaceSelector || !matchesSelector(term.namespaceSelector, namespaceLabels(namespace))) return false;
  }
  return matchesSelector(term.selector, labels);
}

/** A label selector that asks for nothing: takes every Pod. */
export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  if (!selector) return false;
  return Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;
}

export { matchesLabels };
