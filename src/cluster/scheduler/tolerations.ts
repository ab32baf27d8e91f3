/** Taints and tolerations. @see kubernetes staging/src/k8s.io/component-helpers/scheduling/corev1/helpers.go */
import type { Taint, Toleration } from "../../../generated/v1.36/model.ts";

/**
 * Whether a toleration covers a taint: no effect means every effect, no key (with Exists) every key.
 * Simplified: the operators Gt and Lt (alpha in 1.36) cover nothing.
 */
export function toleratesTaint(t: Toleration, taint: Taint): boolean {
  if (t.effect && t.effect !== taint.effect) return false;
  if (t.key && t.key !== taint.key) return false;
  const operator = t.operator || "Equal";
  if (operator === "Exists") return true;
  return operator === "Equal" && (t.value ?? "") === (taint.value ?? "");
}

/** The first taint of those effects that no toleration covers. */
export function untoleratedTaint(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  counts: (effect: string) => boolean,
): Taint | undefined {
  for (const taint of taints) if (counts(taint.effect) && !isTolerated(taint, tolerations)) return taint;
  return undefined;
}

export function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  for (const t of tolerations) if (toleratesTaint(t, taint)) return true;
  return false;
}

/** The effects that keep a Pod from a node. */
export function keepsAway(effect: string): boolean {
  return effect === "NoSchedule" || effect === "NoExecute";
}
