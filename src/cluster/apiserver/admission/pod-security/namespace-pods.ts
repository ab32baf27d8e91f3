/** What Pods that are there do against a standard that their namespace is about to enforce. @see kubernetes staging/src/k8s.io/pod-security-admission/admission/admission.go */
import type { Pod } from "../../../../../generated/v1.36/model.ts";
import { goQuote } from "../../../../lib/go-text.ts";
import { tellReasons, violationsOf } from "./evaluate.ts";
import { type Standard, tellStandard } from "./labels.ts";

/** More Pods than these are not looked at. */
const PODS_MAX = 3000;

/** The warnings; none when no Pod is against it. */
export function warningsOfPods(namespace: string, standard: Standard, pods: readonly Pod[]): readonly string[] {
  const inOrder = onePodOfEachControllerFirst(pods);
  const checked = inOrder.slice(0, PODS_MAX);
  const byReason = new Map<string, string[]>();
  for (const pod of checked) {
    const violations = pod.spec ? violationsOf(standard, { metadata: pod.metadata, spec: pod.spec }) : [];
    if (violations.length === 0) continue;
    const reasons = tellReasons(violations);
    byReason.set(reasons, [...(byReason.get(reasons) ?? []), pod.metadata.name]);
  }
  const warnings: string[] = [];
  if (checked.length < inOrder.length)
    warnings.push(`new PodSecurity enforce level only checked against the first ${checked.length} of ${inOrder.length} existing pods`);
  if (byReason.size > 0)
    warnings.push(
      `existing pods in namespace ${goQuote(namespace)} violate the new PodSecurity enforce level ${goQuote(tellStandard(standard))}`,
    );
  return [...warnings, ...[...byReason].map(([reasons, names]) => `${tellPods(names)}: ${reasons}`).sort()];
}

function tellPods(names: readonly string[]): string {
  const first = [...names].sort()[0] ?? "";
  if (names.length === 1) return first;
  return names.length === 2 ? `${first} (and 1 other pod)` : `${first} (and ${names.length - 1} other pods)`;
}

/** Pods of one controller are alike, so that one of each is looked at before the others. */
function onePodOfEachControllerFirst(pods: readonly Pod[]): readonly Pod[] {
  const seen = new Set<string>();
  const first: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of pods) {
    const uid = pod.metadata.ownerReferences?.find((o) => o.controller)?.uid;
    (uid !== undefined && seen.has(uid) ? others : first).push(pod);
    if (uid !== undefined) seen.add(uid);
  }
  return [...first, ...others];
}
