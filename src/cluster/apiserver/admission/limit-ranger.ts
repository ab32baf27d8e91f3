/** Containers, Pods and claims within a namespace's limits. @see kubernetes plugin/pkg/admission/limitranger/admission.go */
import type { Container, LimitRange, PersistentVolumeClaim, Pod } from "../../../../generated/v1.36/model.ts";
import { LIMIT_RANGE } from "../../../api/kinds.ts";
import { type Amounts, amountsOf } from "../../../api/quota/amounts.ts";
import { podLimits, podRequests } from "../../../api/quota/pod-amounts.ts";
import { limitErrors, maxRequestErrors } from "./limits.ts";
import { type AdmissionContext, type AdmissionPlugin, type AdmissionRequest, aggregate, forbid, isRequestFor } from "./plugin.ts";

const ANNOTATION = "kubernetes.io/limit-ranger";

export const limitRanger: AdmissionPlugin = {
  name: "LimitRanger",
  resources: ["/pods", "/persistentvolumeclaims"],
  admit(request, context) {
    if (!isRequestFor(request, "CREATE", "pods")) return undefined;
    let pod = request.object as Pod;
    for (const range of ranges(request, context)) pod = withDefaults(pod, range);
    return pod;
  },
  validate(request, context) {
    const errorsOf = isRequestFor(request, "CREATE", "pods")
      ? podErrors
      : isRequestFor(request, "CREATE UPDATE", "persistentvolumeclaims")
        ? claimErrors
        : undefined;
    if (!errorsOf) return undefined;
    for (const range of ranges(request, context)) {
      const errors = errorsOf(request.object as never, range);
      if (errors.length > 0) return forbid(request, aggregate(errors));
    }
    return undefined;
  },
};

function ranges(request: AdmissionRequest, context: AdmissionContext): readonly LimitRange[] {
  return context.list(LIMIT_RANGE, request.namespace);
}

/** Limits and requests that a container does not state are those of the range's Container items; an annotation says which were set. */
function withDefaults(pod: Pod, range: LimitRange): Pod {
  const items = (range.spec?.limits ?? []).filter((l) => l.type === "Container");
  const limits = Object.assign({}, ...items.map((l) => l.default));
  const requests = Object.assign({}, ...items.map((l) => l.defaultRequest));
  const notes: string[] = [];
  const merge =
    (what: string) =>
    (c: Container): Container => {
      const missing = (defaults: Readonly<Record<string, string>>, own: object | undefined): string[] =>
        Object.keys(defaults)
          .filter((name) => own === undefined || !Object.hasOwn(own, name))
          .sort();
      const newRequests = missing(requests, c.resources?.requests);
      const newLimits = missing(limits, c.resources?.limits);
      if (newRequests.length > 0) notes.push(`${newRequests.join(", ")} request for ${what} ${c.name}`);
      if (newLimits.length > 0) notes.push(`${newLimits.join(", ")} limit for ${what} ${c.name}`);
      if (newRequests.length + newLimits.length === 0) return c;
      const pick = (names: string[], from: Readonly<Record<string, string>>): Record<string, string> =>
        Object.fromEntries(names.map((n) => [n, from[n]!]));
      return {
        ...c,
        resources: {
          ...c.resources,
          ...(newLimits.length > 0 ? { limits: { ...c.resources?.limits, ...pick(newLimits, limits) } } : {}),
          ...(newRequests.length > 0 ? { requests: { ...c.resources?.requests, ...pick(newRequests, requests) } } : {}),
        },
      };
    };
  const containers = (pod.spec.containers ?? []).map(merge("container"));
  const initContainers = pod.spec.initContainers?.map(merge("init container"));
  if (notes.length === 0) return pod;
  const annotations = { ...pod.metadata.annotations, [ANNOTATION]: `LimitRanger plugin set: ${notes.join("; ")}` };
  const spec = { ...pod.spec, containers, ...(initContainers ? { initContainers } : {}) };
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec } as Pod;
}

function podErrors(pod: Pod, range: LimitRange): readonly string[] {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  return (range.spec?.limits ?? []).flatMap((item) => {
    if (item.type === "Container") {
      return containers.flatMap((c) => limitErrors(item, amountsOf(c.resources?.requests), amountsOf(c.resources?.limits)));
    }
    return item.type === "Pod" ? limitErrors(item, podRequests(pod), podLimits(pod)) : [];
  });
}

function claimErrors(claim: PersistentVolumeClaim, range: LimitRange): readonly string[] {
  const requests: Amounts = amountsOf(claim.spec?.resources?.requests);
  return (range.spec?.limits ?? []).flatMap((item) => {
    if (item.type !== "PersistentVolumeClaim") return [];
    return [...limitErrors({ type: item.type, min: item.min }, requests, new Map()), ...maxRequestErrors(item, requests)];
  });
}
