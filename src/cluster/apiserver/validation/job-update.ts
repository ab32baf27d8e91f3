/** What may change of a Job. @see kubernetes pkg/apis/batch/validation/validation.go (ValidateJobSpecUpdate), pkg/registry/batch/job/strategy.go */
import type { Affinity, Container, Job, JobSpec, PodSpec, PodTemplateSpec } from "../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { type FieldError, invalidValue } from "../field-error.ts";
import { internalForm, selectorForm } from "../internal-form.ts";
import { validateJob, validateSpecAndSelector } from "./job.ts";
import { IMMUTABLE } from "./meta/formats.ts";
import { validateImmutable, validateObjectMetaUpdate } from "./meta/object-meta.ts";

/** The rules for a new Job, then those for a changed one, which say what is wrong with the spec again. */
export function validateJobUpdate(job: Job, old: Job): FieldError[] {
  const [spec, was] = [job.spec ?? ({} as JobSpec), old.spec ?? ({} as JobSpec)];
  const labels = was.template?.metadata?.labels ?? {};
  const prefixed = "batch.kubernetes.io/job-name" in labels && "batch.kubernetes.io/controller-uid" in labels;
  return [
    ...validateJob(job, prefixed),
    ...validateObjectMetaUpdate(job.metadata, old.metadata),
    ...validateSpecAndSelector(spec),
    ...validateCompletions(spec, was),
    ...(semanticEqual(spec.selector, was.selector) ? [] : [invalidValue("spec.selector", selectorForm(spec.selector), IMMUTABLE)]),
    ...validateTemplate(spec, was, old),
    ...validateImmutable(spec.completionMode, was.completionMode, "spec.completionMode"),
    ...stays("podFailurePolicy", "PodFailurePolicy", spec, was),
    ...validateImmutable(spec.backoffLimitPerIndex, was.backoffLimitPerIndex, "spec.backoffLimitPerIndex"),
    ...validateImmutable(spec.managedBy, was.managedBy, "spec.managedBy"),
    ...stays("successPolicy", "SuccessPolicy", spec, was),
  ];
}

function stays(
  field: "podFailurePolicy" | "successPolicy",
  type: "PodFailurePolicy" | "SuccessPolicy",
  spec: JobSpec,
  was: JobSpec,
): FieldError[] {
  return semanticEqual(spec[field], was[field]) ? [] : [invalidValue(`spec.${field}`, internalForm(type, spec[field]), IMMUTABLE)];
}

/** An indexed Job may grow and shrink when every index runs at once. */
function validateCompletions(spec: JobSpec, was: JobSpec): FieldError[] {
  const at = "spec.completions";
  if (spec.completionMode !== "Indexed") return validateImmutable(spec.completions, was.completions, at);
  if (spec.completions === was.completions || spec.completions === undefined || spec.completions === spec.parallelism) return [];
  return [invalidValue(at, spec.completions, "can only be modified in tandem with spec.parallelism")];
}

/** While a Job is suspended and none of its Pods run, where they run and with which resources may still change. */
function validateTemplate(spec: JobSpec, was: JobSpec, old: Job): FieldError[] {
  const [now, before] = [spec.template ?? {}, was.template ?? {}];
  if (was.suspend !== true) {
    return semanticEqual(now, before) ? [] : [invalidValue("spec.template", internalForm("PodTemplateSpec", now), IMMUTABLE)];
  }
  const isStill =
    (old.status?.startTime === undefined || old.status.conditions?.some((c) => c.type === "Suspended" && c.status === "True")) &&
    !old.status?.active;
  if (!isStill) return semanticEqual(now, before) ? [] : [invalidValue("spec.template", internalForm("PodTemplateSpec", now), IMMUTABLE)];
  const allowed = withResources(now.spec, withDirectives(now.spec, before));
  return semanticEqual(now.spec, allowed) ? [] : [invalidValue("spec.template.spec", internalForm("PodSpec", now.spec), IMMUTABLE)];
}

/** What was, with the scheduling directives of what is. */
function withDirectives(now: PodSpec | undefined, { spec: before }: PodTemplateSpec): PodSpec | undefined {
  if (!now || !before) return before;
  const { nodeSelector, tolerations, schedulingGates } = now;
  const { affinity: _, ...rest } = before;
  const affinity = allowedAffinity(now.affinity, before.affinity);
  return { ...rest, ...(affinity ? { affinity } : {}), nodeSelector, tolerations, schedulingGates } as PodSpec;
}

/** Only the affinity to nodes may change. */
function allowedAffinity(now: Affinity | undefined, before: Affinity | undefined): Affinity | undefined {
  if (!now && !before) return undefined;
  return { ...before, nodeAffinity: now?.nodeAffinity } as Affinity;
}

function withResources(now: PodSpec | undefined, before: PodSpec | undefined): PodSpec | undefined {
  if (!now || !before) return before;
  const taken = (was: readonly Container[] | undefined, is: readonly Container[] | undefined): readonly Container[] | undefined => {
    if (was?.length !== is?.length) return was;
    return was?.map((c, i) => (is?.[i]?.name === c.name ? ({ ...c, resources: is[i].resources } as Container) : c));
  };
  const initContainers = taken(before.initContainers, now.initContainers);
  const containers = taken(before.containers, now.containers) ?? [];
  return { ...before, containers, ...(initContainers ? { initContainers } : {}) } as PodSpec;
}
