/** Deployments, ReplicaSets and DaemonSets. @see kubernetes pkg/apis/apps/validation/validation.go */
import type { DaemonSet, Deployment, DeploymentStrategy, PodTemplateSpec, ReplicaSet } from "../../../../generated/v1.36/model.ts";
import { matchesSelector } from "../../../lib/labels.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { type FieldError, forbidden, invalidValue, notSupported, required } from "../field-error.ts";
import { internalForm, mapForm, selectorForm } from "../internal-form.ts";
import { validatePodTemplateSpec } from "./core/pod-spec.ts";
import { NOT_NEGATIVE, percent } from "./meta/formats.ts";
import {
  immutable,
  isEmptySelector,
  isUsableSelector,
  type LabelSelector,
  notNegative,
  subdomainName,
  validateLabelSelector,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "./meta/object-meta.ts";

const TEMPLATE: PodTemplateSpec = {};

/** A selector that is there, well-formed and takes not everything. */
export function validateSelector(selector: LabelSelector | undefined, kind: string): FieldError[] {
  if (!selector) return [required("spec.selector")];
  const out = validateLabelSelector(selector, "spec.selector");
  if (isEmptySelector(selector)) out.push(invalidValue("spec.selector", {}, `empty selector is invalid for ${kind}`));
  return out;
}

/** Templates whose Pods the selector would not take; no selector takes none. */
export function validateTemplateLabels(selector: LabelSelector | undefined, template: PodTemplateSpec): FieldError[] {
  if ((selector && isEmptySelector(selector)) || matchesSelector(selector, template.metadata?.labels)) return [];
  return [invalidValue("spec.template.metadata.labels", mapForm(template.metadata?.labels), "`selector` does not match template `labels`")];
}

/** Pods that a controller keeps running restart always, and have no deadline. */
function validateRunsForever(template: PodTemplateSpec, kind: string): FieldError[] {
  const policy = (template.spec?.restartPolicy ?? "") as string;
  const out = policy === "Always" ? [] : [notSupported("spec.template.spec.restartPolicy", policy, ["Always"])];
  if (template.spec?.activeDeadlineSeconds !== undefined) {
    out.push(forbidden("spec.template.spec.activeDeadlineSeconds", `activeDeadlineSeconds in ${kind} is not Supported`));
  }
  return out;
}

// ---- Counts and shares

type IntOrPercent = number | string;
export const isZero = (value: IntOrPercent | undefined): boolean =>
  typeof value === "number" ? value === 0 : value === undefined || Number(/^([+-]?\d+)%?$/.exec(value)?.[1] ?? 0) === 0;

export function validateIntOrPercent(value: IntOrPercent, path: string): FieldError[] {
  if (typeof value === "string") return percent(value).map((text) => invalidValue(path, value, text));
  return value < 0 ? [invalidValue(path, value, NOT_NEGATIVE)] : [];
}

export function notMoreThanAll(value: IntOrPercent, path: string): FieldError[] {
  const share = typeof value === "string" ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return share !== undefined && Number(share) > 100 ? [invalidValue(path, value, "must not be greater than 100%")] : [];
}

// ---- Deployment

function validateDeploymentStrategy(strategy: DeploymentStrategy): FieldError[] {
  const out: FieldError[] = [];
  const type = (strategy.type ?? "") as string;
  const at = "spec.strategy";
  if (type === "Recreate") {
    if (strategy.rollingUpdate) out.push(forbidden(`${at}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'"));
  } else if (type === "RollingUpdate") {
    const r = strategy.rollingUpdate;
    if (!r) return [required(`${at}.rollingUpdate`, "this should be defaulted and never be nil")];
    const path = `${at}.rollingUpdate`;
    out.push(
      ...validateIntOrPercent(r.maxUnavailable ?? 0, `${path}.maxUnavailable`),
      ...validateIntOrPercent(r.maxSurge ?? 0, `${path}.maxSurge`),
    );
    if (isZero(r.maxUnavailable) && isZero(r.maxSurge)) {
      out.push(invalidValue(`${path}.maxUnavailable`, r.maxUnavailable ?? 0, "may not be 0 when `maxSurge` is 0"));
    }
    out.push(...notMoreThanAll(r.maxUnavailable ?? 0, `${path}.maxUnavailable`));
  } else out.push(notSupported(at, internalForm("DeploymentStrategy", strategy), ["Recreate", "RollingUpdate"]));
  return out;
}

function validateDeploymentSpec(d: Deployment): FieldError[] {
  const spec = d.spec ?? ({} as NonNullable<Deployment["spec"]>);
  const template = spec.template ?? TEMPLATE;
  const out = [...notNegative("spec.replicas", spec.replicas), ...validateSelector(spec.selector, "deployment")];
  if (spec.selector && !isUsableSelector(spec.selector))
    out.push(invalidValue("spec.selector", selectorForm(spec.selector), "invalid label selector"));
  else {
    out.push(...validateTemplateLabels(spec.selector, template), ...validatePodTemplateSpec(template, "spec.template"));
    out.push(...validateRunsForever(template, "ReplicaSet"));
  }
  out.push(...validateDeploymentStrategy(spec.strategy ?? {}), ...notNegative("spec.minReadySeconds", spec.minReadySeconds));
  out.push(...notNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit));
  const deadline = spec.progressDeadlineSeconds;
  if (deadline !== undefined) {
    out.push(...notNegative("spec.progressDeadlineSeconds", deadline));
    if (deadline <= (spec.minReadySeconds ?? 0))
      out.push(invalidValue("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
  }
  return out;
}

export function validateDeployment(d: Deployment): FieldError[] {
  return [...validateObjectMeta(d.metadata, true, subdomainName), ...validateDeploymentSpec(d)];
}

export function validateDeploymentUpdate(d: Deployment, old: Deployment): FieldError[] {
  return [
    ...validateObjectMetaUpdate(d.metadata, old.metadata),
    ...validateDeploymentSpec(d),
    ...selectorStays(d.spec?.selector, old.spec?.selector),
  ];
}

function selectorStays(now: LabelSelector | undefined, old: LabelSelector | undefined): FieldError[] {
  return semanticEqual(now, old) ? [] : [immutable("spec.selector", selectorForm(now))];
}

// ---- ReplicaSet

function validateReplicaSetSpec(rs: ReplicaSet): FieldError[] {
  const spec = rs.spec ?? ({} as NonNullable<ReplicaSet["spec"]>);
  const template = spec.template ?? TEMPLATE;
  const out = [...notNegative("spec.replicas", spec.replicas), ...notNegative("spec.minReadySeconds", spec.minReadySeconds)];
  if (!spec.selector) out.push(required("spec.selector"));
  else {
    out.push(...validateLabelSelector(spec.selector, "spec.selector"));
    if (isEmptySelector(spec.selector)) out.push(invalidValue("spec.selector", {}, "empty selector is invalid for deployment"));
  }
  if (spec.selector && !isUsableSelector(spec.selector))
    return [...out, invalidValue("spec.selector", selectorForm(spec.selector), "invalid label selector")];
  return [
    ...out,
    ...validateTemplateLabels(spec.selector, template),
    ...validatePodTemplateSpec(template, "spec.template"),
    ...validateRunsForever(template, "ReplicaSet"),
  ];
}

export function validateReplicaSet(rs: ReplicaSet): FieldError[] {
  return [...validateObjectMeta(rs.metadata, true, subdomainName), ...validateReplicaSetSpec(rs)];
}

export function validateReplicaSetUpdate(rs: ReplicaSet, old: ReplicaSet): FieldError[] {
  return [
    ...validateObjectMetaUpdate(rs.metadata, old.metadata),
    ...validateReplicaSetSpec(rs),
    ...selectorStays(rs.spec?.selector, old.spec?.selector),
  ];
}

// ---- DaemonSet

function validateDaemonSetSpec(ds: DaemonSet): FieldError[] {
  const spec = ds.spec ?? ({} as NonNullable<DaemonSet["spec"]>);
  const template = spec.template ?? TEMPLATE;
  const out = validateLabelSelector(spec.selector, "spec.selector");
  if (isUsableSelector(spec.selector)) out.push(...validateTemplateLabels(spec.selector, template));
  if (spec.selector && isEmptySelector(spec.selector))
    out.push(invalidValue("spec.selector", {}, "empty selector is invalid for daemonset"));
  out.push(...validatePodTemplateSpec(template, "spec.template"));
  const policy = (template.spec?.restartPolicy ?? "") as string;
  if (policy !== "Always") out.push(notSupported("spec.template.spec.restartPolicy", policy, ["Always"]));
  if (template.spec?.activeDeadlineSeconds !== undefined) {
    out.push(forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in DaemonSet is not Supported"));
  }
  out.push(...notNegative("spec.minReadySeconds", spec.minReadySeconds), ...validateDaemonSetStrategy(spec.updateStrategy ?? {}));
  return [...out, ...notNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit)];
}

function validateDaemonSetStrategy(strategy: NonNullable<NonNullable<DaemonSet["spec"]>["updateStrategy"]>): FieldError[] {
  const type = (strategy.type ?? "") as string;
  const at = "spec.updateStrategy";
  if (type === "OnDelete") return [];
  if (type !== "RollingUpdate") return [notSupported(at, internalForm("DaemonSetUpdateStrategy", strategy), ["RollingUpdate", "OnDelete"])];
  const r = strategy.rollingUpdate;
  if (!r) return [required(`${at}.rollingUpdate`)];
  const path = `${at}.rollingUpdate`;
  const out = [
    ...validateIntOrPercent(r.maxUnavailable ?? 0, `${path}.maxUnavailable`),
    ...validateIntOrPercent(r.maxSurge ?? 0, `${path}.maxSurge`),
  ];
  const [unavailable, surge] = [!isZero(r.maxUnavailable), !isZero(r.maxSurge)];
  out.push(...notMoreThanAll(r.maxUnavailable ?? 0, `${path}.maxUnavailable`), ...notMoreThanAll(r.maxSurge ?? 0, `${path}.maxSurge`));
  if (unavailable && surge) out.push(invalidValue(`${path}.maxSurge`, r.maxSurge, "may not be set when maxUnavailable is non-zero"));
  if (!unavailable && !surge) out.push(required(`${path}.maxUnavailable`, "cannot be 0 when maxSurge is 0"));
  return out;
}

export function validateDaemonSet(ds: DaemonSet): FieldError[] {
  return [...validateObjectMeta(ds.metadata, true, subdomainName), ...validateDaemonSetSpec(ds)];
}

export function validateDaemonSetUpdate(ds: DaemonSet, old: DaemonSet): FieldError[] {
  return [
    ...validateObjectMetaUpdate(ds.metadata, old.metadata),
    ...selectorStays(ds.spec?.selector, old.spec?.selector),
    ...validateDaemonSetSpec(ds),
  ];
}
