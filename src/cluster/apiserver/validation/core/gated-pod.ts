/** A Pod behind a gate may still be told more narrowly where to go. @see kubernetes pkg/apis/core/validation/validation.go (ValidatePodUpdate) */
import type { NodeAffinity, NodeSelectorTerm, PodSpec } from "../../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../../lib/semantic-equal.ts";
import { type FieldError, invalidValue } from "../../field-error.ts";
import { internalForm, mapForm } from "../../internal-form.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

export function validateGatedPodUpdate(spec: PodSpec, before: PodSpec): FieldError[] {
  return [
    ...validateSelector(spec.nodeSelector, before.nodeSelector),
    ...validateAffinity(spec.affinity?.nodeAffinity, before.affinity?.nodeAffinity),
  ];
}

function validateSelector(selector: PodSpec["nodeSelector"] = {}, before: PodSpec["nodeSelector"] = {}): FieldError[] {
  if (Object.entries(before).every(([key, value]) => selector[key] === value)) return [];
  const text = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
  return [invalidValue("spec.nodeSelector", mapForm(selector), text)];
}

function validateAffinity(affinity: NodeAffinity | undefined, before: NodeAffinity | undefined): FieldError[] {
  const path = `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
  const had = before?.[REQUIRED]?.nodeSelectorTerms ?? [];
  const terms = affinity?.[REQUIRED]?.nodeSelectorTerms;
  if (had.length === 0) return [];
  const form = (term: NodeSelectorTerm): unknown => internalForm("NodeSelectorTerm", term);
  if (terms?.length !== had.length)
    return [invalidValue(path, terms?.map(form) ?? null, "no additions/deletions to non-empty NodeSelectorTerms list are allowed")];
  return terms.flatMap((term, i) =>
    hasOnlyAdditions(term, had[i]!)
      ? []
      : [invalidValue(`${path}[${i}]`, form(term), "only additions are allowed (no mutations or deletions)")],
  );
}

function hasOnlyAdditions(term: NodeSelectorTerm, before: NodeSelectorTerm): boolean {
  const isEmpty = (t: NodeSelectorTerm): boolean => !t.matchExpressions?.length && !t.matchFields?.length;
  if (isEmpty(before)) return isEmpty(term);
  return (["matchExpressions", "matchFields"] as const).every((field) => {
    const had = before[field] ?? [];
    return had.length === 0 || semanticEqual((term[field] ?? []).slice(0, had.length), had);
  });
}

/** The affinity of a gated Pod with that for nodes brought back to what it was. */
export function withOldNodeAffinity(affinity: PodSpec["affinity"], before: PodSpec["affinity"]): PodSpec["affinity"] {
  const old = before?.nodeAffinity;
  if (semanticEqual(affinity?.nodeAffinity, old)) return affinity;
  if (!affinity) return { nodeAffinity: old };
  return !before && !affinity.podAffinity && !affinity.podAntiAffinity ? undefined : { ...affinity, nodeAffinity: old };
}
