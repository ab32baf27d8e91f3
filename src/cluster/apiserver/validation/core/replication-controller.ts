/** ReplicationControllers. @see kubernetes pkg/apis/core/validation/validation.go (ValidateReplicationControllerSpec) */
import type { ReplicationController } from "../../../../../generated/v1.36/model.ts";
import { matchesLabels } from "../../../../lib/labels.ts";
import { type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { mapForm } from "../../internal-form.ts";
import { notNegative, subdomainName, validateObjectMeta, validateObjectMetaUpdate } from "../meta/object-meta.ts";
import { validatePodTemplateSpec } from "./pod-spec.ts";

export function validateReplicationController(rc: ReplicationController): FieldError[] {
  return [...validateObjectMeta(rc.metadata, true, subdomainName), ...validateSpec(rc)];
}

export function validateReplicationControllerUpdate(rc: ReplicationController, old: ReplicationController): FieldError[] {
  return [...validateObjectMetaUpdate(rc.metadata, old.metadata), ...validateSpec(rc)];
}

function validateSpec(rc: ReplicationController): FieldError[] {
  const spec = rc.spec ?? {};
  const out = notNegative("spec.minReadySeconds", spec.minReadySeconds);
  const hasSelector = Object.keys(spec.selector ?? {}).length > 0;
  if (!hasSelector) out.push(required("spec.selector"));
  out.push(...(spec.replicas === undefined ? [required("spec.replicas")] : notNegative("spec.replicas", spec.replicas)));
  const { template } = spec;
  if (!template) return [...out, required("spec.template")];
  const labels = template.metadata?.labels;
  if (hasSelector && !matchesLabels(spec.selector, labels)) {
    out.push(invalidValue("spec.template.metadata.labels", mapForm(labels), "`selector` does not match template `labels`"));
  }
  out.push(...validatePodTemplateSpec(template, "spec.template"));
  const policy = (template.spec?.restartPolicy ?? "") as string;
  if (policy !== "Always") out.push(notSupported("spec.template.spec.restartPolicy", policy, ["Always"]));
  if (template.spec?.activeDeadlineSeconds !== undefined) {
    out.push(forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicationController is not Supported"));
  }
  return out;
}
