/** Pods. @see kubernetes pkg/apis/core/validation/validation.go (ValidatePodCreate, ValidatePodUpdate) */
import type { Container, Pod, PodSpec, PodTemplate, Toleration } from "../../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../../lib/semantic-equal.ts";
import { type FieldError, forbidden, invalidValue, required } from "../../field-error.ts";
import { internalDifference } from "../../internal-difference.ts";
import { inclusiveRange } from "../meta/formats.ts";
import { subdomainName, validateObjectMeta, validateObjectMetaUpdate } from "../meta/object-meta.ts";
import { checkTolerations } from "./affinity.ts";
import { validateGatedPodUpdate, withOldNodeAffinity } from "./gated-pod.ts";
import { checkPodAnnotations, checkPodAnnotationUpdate } from "./pod-annotations.ts";
import { checkPodSpec, INT32_MAX, validatePodTemplateSpec } from "./pod-spec.ts";

const specOf = (pod: Pod): PodSpec => pod.spec ?? ({ containers: [] } as PodSpec);

function validatePodBasics(pod: Pod): FieldError[] {
  const spec = specOf(pod);
  const out = validateObjectMeta(pod.metadata, true, subdomainName);
  if (pod.metadata.annotations) checkPodAnnotations(pod.metadata.annotations, spec, "metadata.annotations", out);
  checkPodSpec(spec, pod.metadata, "spec", out);
  if (!spec.serviceAccountName) {
    spec.volumes?.forEach((v, i) => {
      v.projected?.sources?.forEach((s, k) => {
        if (s.serviceAccountToken) {
          out.push(
            forbidden(
              `spec.volumes[${i}].projected.sources[${k}].serviceAccountToken`,
              "must not be specified when serviceAccountName is not set",
            ),
          );
        }
      });
    });
  }
  for (const field of ["containers", "initContainers"] as const) {
    spec[field]?.forEach((c, i) => {
      if (c.image && c.image !== c.image.trim())
        out.push(invalidValue(`spec.${field}[${i}].image`, c.image, "must not have leading or trailing whitespace"));
    });
  }
  return out;
}

export function validatePod(pod: Pod): FieldError[] {
  const out = validatePodBasics(pod);
  const spec = specOf(pod);
  if ((spec.ephemeralContainers?.length ?? 0) > 0) out.push(forbidden("spec.ephemeralContainers", "cannot be set on create"));
  if (spec.nodeName && (spec.schedulingGates?.length ?? 0) > 0)
    out.push(forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared"));
  return out;
}

const UPDATABLE = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const out = [...validateObjectMetaUpdate(pod.metadata, old.metadata), ...validatePodBasics(pod)];
  checkPodAnnotationUpdate(pod, old, out);
  const [spec, before] = [specOf(pod), specOf(old)];
  for (const field of ["containers", "initContainers"] as const) {
    const [now, was] = [spec[field] ?? [], before[field] ?? []];
    if (now.length !== was.length) return [...out, forbidden(`spec.${field}`, "pod updates may not add or remove containers")];
    now.forEach((c, i) => {
      if (!c.image) out.push(required(`spec.${field}[${i}].image`));
      else if (c.image !== c.image.trim())
        out.push(invalidValue(`spec.${field}[${i}].image`, c.image, "must not have leading or trailing whitespace"));
    });
  }
  const deadline = validateDeadline(spec.activeDeadlineSeconds, before.activeDeadlineSeconds);
  if (deadline) {
    out.push(deadline);
    if (spec.activeDeadlineSeconds !== undefined) return out;
  }
  out.push(...validateOnlyAddedTolerations(spec.tolerations, before.tolerations), ...validateOnlyDeletedGates(spec, before));
  if (isGated(before)) out.push(...validateGatedPodUpdate(spec, before));
  const rest = withoutUpdatable(spec, before);
  if (!semanticEqual(rest, before)) {
    const changes = internalDifference("PodSpec", before, rest);
    out.push(forbidden("spec", `pod updates may not change fields other than ${UPDATABLE}\n${changes}`));
  }
  return out;
}

const isGated = (spec: PodSpec): boolean => (spec.schedulingGates?.length ?? 0) > 0;

/** A deadline may be set once and brought forward, never removed. */
function validateDeadline(deadline: number | undefined, before: number | undefined): FieldError | undefined {
  const at = "spec.activeDeadlineSeconds";
  if (deadline === undefined)
    return before === undefined ? undefined : invalidValue(at, null, "must not update from a positive integer to nil value");
  if (deadline < 0 || deadline > INT32_MAX) return invalidValue(at, deadline, inclusiveRange(0, INT32_MAX));
  return before !== undefined && before < deadline ? invalidValue(at, deadline, "must be less than or equal to previous value") : undefined;
}

function validateOnlyAddedTolerations(now: readonly Toleration[] | undefined, before: readonly Toleration[] | undefined): FieldError[] {
  const kept = (t: Toleration): boolean => (now ?? []).some((n) => semanticEqual({ ...t, tolerationSeconds: n.tolerationSeconds }, n));
  if (!(before ?? []).every(kept))
    return [forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")];
  const out: FieldError[] = [];
  if (now) checkTolerations(now, "spec.tolerations", out);
  return out;
}

function validateOnlyDeletedGates(spec: PodSpec, before: PodSpec): FieldError[] {
  const had = new Set((before.schedulingGates ?? []).map((g) => g.name));
  return (spec.schedulingGates ?? []).flatMap((g, i) =>
    had.has(g.name)
      ? []
      : [forbidden(`spec.schedulingGates[${i}].name`, `only deletion is allowed, but found new scheduling gate '${g.name}'`)],
  );
}

/** The spec with what may change brought back to what it was; a gated Pod may still be told where to go. */
function withoutUpdatable(spec: PodSpec, before: PodSpec): PodSpec {
  const images = (now: readonly Container[] | undefined, was: readonly Container[] | undefined): readonly Container[] | undefined =>
    now?.map((c, i) => ({ ...c, image: was?.[i]?.image }));
  const grace = before.terminationGracePeriodSeconds;
  return {
    ...spec,
    containers: images(spec.containers, before.containers) ?? [],
    initContainers: images(spec.initContainers, before.initContainers),
    activeDeadlineSeconds: before.activeDeadlineSeconds,
    schedulingGates: before.schedulingGates,
    tolerations: before.tolerations,
    ...(grace !== undefined && grace < 0 && spec.terminationGracePeriodSeconds === 1 ? { terminationGracePeriodSeconds: grace } : {}),
    ...(isGated(before) ? { nodeSelector: before.nodeSelector, affinity: withOldNodeAffinity(spec.affinity, before.affinity) } : {}),
  };
}

export function validatePodTemplate(template: PodTemplate): FieldError[] {
  return [...validateObjectMeta(template.metadata, true, subdomainName), ...validatePodTemplateSpec(template.template ?? {}, "template")];
}
