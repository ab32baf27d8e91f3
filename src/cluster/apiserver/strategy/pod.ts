/** @see kubernetes pkg/registry/core/pod/strategy.go */
import type { Pod, PodAffinityTerm, PodSpec, TopologySpreadConstraint } from "../../../../generated/v1.36/model.ts";
import { qosClassOf } from "../../../api/quota/qos.ts";
import { changed } from "../../../lib/changed.ts";
import type { Strategy } from "./strategy.ts";

type Labels = Readonly<Record<string, string>> | undefined;
type Selector = NonNullable<PodAffinityTerm["labelSelector"]>;

export const podStrategy: Strategy<Pod> = {
  generation: "counted",
  ownStatus: true,
  prepareForCreate: (pod, { now }) => {
    const gated = (pod.spec.schedulingGates?.length ?? 0) > 0;
    const status = { phase: "Pending", qosClass: qosClassOf(pod) } as const;
    const waiting = {
      type: "PodScheduled",
      status: "False",
      lastTransitionTime: now,
      reason: "SchedulingGated",
      message: "Scheduling is blocked due to non-empty scheduling gates",
    };
    return changed(pod, {
      spec: withLabelKeys(pod.spec, pod.metadata.labels),
      status: gated ? { ...status, conditions: [waiting] } : status,
    });
  },
  prepareForStatusUpdate: (given, old) => {
    const { ownerReferences } = old.metadata;
    const isSame = given.metadata.ownerReferences === ownerReferences;
    const pod = isSame ? given : changed(given, { metadata: changed(given.metadata, { ownerReferences }) });
    const qosClass = old.status?.qosClass;
    return pod.status?.qosClass === undefined && qosClass !== undefined ? changed(pod, { status: { ...pod.status, qosClass } }) : pod;
  },
  /** Nothing runs of a Pod that was never scheduled or is finished: it goes at once. A negative period counts as 1 s. */
  gracePeriodSeconds: (pod, asked) => {
    const phase = pod.status?.phase;
    if (!pod.spec.nodeName || phase === "Failed" || phase === "Succeeded") return 0;
    const seconds = asked ?? pod.spec.terminationGracePeriodSeconds ?? 0;
    return seconds < 0 ? 1 : seconds;
  },
};

/** `matchLabelKeys` become requirements on the Pod's own values. */
function withLabelKeys(spec: PodSpec, labels: Labels): PodSpec {
  const constraints = spec.topologySpreadConstraints;
  const spread = constraints?.some((c) => c.matchLabelKeys?.length)
    ? { topologySpreadConstraints: constraints.map((c) => spreadOver(c, labels)) }
    : {};
  const { affinity } = spec;
  if (!affinity?.podAffinity && !affinity?.podAntiAffinity) return constraints ? { ...spec, ...spread } : spec;
  return {
    ...spec,
    ...spread,
    affinity: {
      ...affinity,
      ...(affinity.podAffinity ? { podAffinity: withTerms(affinity.podAffinity, labels) } : {}),
      ...(affinity.podAntiAffinity ? { podAntiAffinity: withTerms(affinity.podAntiAffinity, labels) } : {}),
    },
  };
}

function spreadOver(constraint: TopologySpreadConstraint, labels: Labels): TopologySpreadConstraint {
  if (!constraint.labelSelector) return constraint;
  return { ...constraint, labelSelector: withKeys(constraint.labelSelector, constraint.matchLabelKeys, "In", labels) };
}

function withTerms<T extends NonNullable<NonNullable<PodSpec["affinity"]>["podAffinity"]>>(affinity: T, labels: Labels): T {
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution;
  return {
    ...affinity,
    ...(required ? { requiredDuringSchedulingIgnoredDuringExecution: required.map((t) => withTerm(t, labels)) } : {}),
    ...(preferred
      ? {
          preferredDuringSchedulingIgnoredDuringExecution: preferred.map((p) => ({
            ...p,
            podAffinityTerm: withTerm(p.podAffinityTerm, labels),
          })),
        }
      : {}),
  };
}

function withTerm(term: PodAffinityTerm, labels: Labels): PodAffinityTerm {
  if (!term.labelSelector || !(term.matchLabelKeys?.length || term.mismatchLabelKeys?.length)) return term;
  const matching = withKeys(term.labelSelector, term.matchLabelKeys, "In", labels);
  return { ...term, labelSelector: withKeys(matching, term.mismatchLabelKeys, "NotIn", labels) };
}

function withKeys(selector: Selector, keys: readonly string[] | undefined, operator: "In" | "NotIn", labels: Labels): Selector {
  const added = (keys ?? []).flatMap((key) => {
    const value = labels?.[key];
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
  return added.length === 0 ? selector : { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...added] };
}
