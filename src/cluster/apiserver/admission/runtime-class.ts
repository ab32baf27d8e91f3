/** A Pod takes its runtime class's overhead and where that may run. @see kubernetes plugin/pkg/admission/runtimeclass/admission.go */
import type { Pod, RuntimeClass, Toleration } from "../../../../generated/v1.36/model.ts";
import { goQuote } from "../../../lib/go-text.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { RUNTIME_CLASS } from "./kinds.ts";
import { type AdmissionContext, type AdmissionPlugin, type AdmissionRequest, forbid, isRequestFor } from "./plugin.ts";

export const runtimeClass: AdmissionPlugin = {
  name: "RuntimeClass",
  resources: ["/pods"],
  admit(request, context) {
    if (!isRequestFor(request, "CREATE", "pods")) return undefined;
    const pod = request.object as Pod;
    const chosen = classOf(pod, context);
    if (chosen === "missing") return missing(request, pod);
    if (!chosen) return undefined;
    const given = pod.spec;
    const fixed = chosen.overhead?.podFixed;
    if (fixed && given.overhead !== undefined && !semanticEqual(given.overhead, fixed)) {
      return forbid(request, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    }
    const selector = chosen.scheduling?.nodeSelector ?? {};
    const clash = Object.entries(selector).find(([k, v]) => given.nodeSelector?.[k] !== undefined && given.nodeSelector[k] !== v);
    if (clash)
      return forbid(
        request,
        `conflict: runtimeClass.scheduling.nodeSelector[${clash[0]}] = ${clash[1]}; pod.spec.nodeSelector[${clash[0]}] = ${given.nodeSelector?.[clash[0]]}`,
      );
    const spec = {
      ...given,
      ...(fixed ? { overhead: fixed } : {}),
      ...(Object.keys(selector).length > 0 ? { nodeSelector: { ...given.nodeSelector, ...selector } } : {}),
      ...tolerations(given.tolerations, chosen.scheduling?.tolerations),
    };
    return { ...pod, spec } as Pod;
  },
  validate(request, context) {
    if (!isRequestFor(request, "CREATE", "pods")) return undefined;
    const pod = request.object as Pod;
    const chosen = classOf(pod, context);
    if (chosen === "missing") return missing(request, pod);
    const hasOverhead = Object.keys(pod.spec.overhead ?? {}).length > 0;
    return hasOverhead && !chosen?.overhead?.podFixed
      ? forbid(request, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
      : undefined;
  },
};

function classOf(pod: Pod, context: AdmissionContext): RuntimeClass | "missing" | undefined {
  const name = pod.spec?.runtimeClassName;
  return name ? (context.get(RUNTIME_CLASS, name) ?? "missing") : undefined;
}

function missing(request: AdmissionRequest, pod: Pod): ReturnType<typeof forbid> {
  return forbid(request, `pod rejected: RuntimeClass ${goQuote(pod.spec?.runtimeClassName ?? "")} not found`);
}

function tolerations(own: readonly Toleration[] = [], added: readonly Toleration[] = []): { readonly tolerations?: readonly Toleration[] } {
  const extra = added.filter((t) => !own.some((o) => semanticEqual(o, t)));
  return extra.length === 0 ? {} : { tolerations: [...own, ...extra] };
}
