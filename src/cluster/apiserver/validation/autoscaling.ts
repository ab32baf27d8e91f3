/** HorizontalPodAutoscalers. @see kubernetes pkg/apis/autoscaling/validation/validation.go */
import type {
  HorizontalPodAutoscaler,
  HPAScalingRules,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
} from "../../../../generated/v1.36/model.ts";
import { type FieldError, forbidden, invalidValue, notSupported, required } from "../field-error.ts";
import { checkContainerResourceName, quantityOf, show } from "./core/resources.ts";
import { dnsLabel, NOT_NEGATIVE } from "./meta/formats.ts";
import {
  all,
  pathSegmentName,
  subdomainName,
  validateLabelSelector,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "./meta/object-meta.ts";

interface Reference {
  readonly apiVersion?: string | undefined;
  readonly kind: string;
  readonly name: string;
}

/** Autoscalers of autoscaling/v1 have what these have in common. */
export function validateHorizontalPodAutoscaler(hpa: HorizontalPodAutoscaler): FieldError[] {
  return [...validateObjectMeta(hpa.metadata, true, subdomainName), ...validateSpec(hpa, undefined)];
}

export function validateHorizontalPodAutoscalerUpdate(hpa: HorizontalPodAutoscaler, old: HorizontalPodAutoscaler): FieldError[] {
  return [...validateObjectMetaUpdate(hpa.metadata, old.metadata), ...validateSpec(hpa, old)];
}

/** What was wrong before may stay: none as the least count, and versions that name no group. */
function validateSpec(hpa: HorizontalPodAutoscaler, old: HorizontalPodAutoscaler | undefined): FieldError[] {
  const spec = hpa.spec ?? ({} as NonNullable<HorizontalPodAutoscaler["spec"]>);
  const out: FieldError[] = [];
  const { minReplicas, maxReplicas = 0, scaleTargetRef: target = { kind: "", name: "" } } = spec;
  const least = old?.spec?.minReplicas === 0 ? 0 : 1;
  if (minReplicas !== undefined && minReplicas < least)
    out.push(invalidValue("spec.minReplicas", minReplicas, `must be greater than or equal to ${least}`));
  if (maxReplicas === 0) out.push(required("spec.maxReplicas", "must be set and greater than 0"));
  else if (maxReplicas < 1) out.push(invalidValue("spec.maxReplicas", maxReplicas, "must be greater than or equal to 1"));
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    out.push(invalidValue("spec.maxReplicas", maxReplicas, "must be greater than or equal to `minReplicas`"));
  }
  const before = old?.spec?.scaleTargetRef;
  const isAsBefore = old !== undefined && before?.apiVersion === target.apiVersion && before?.kind === target.kind;
  const mayBeCore = target.kind === "ReplicationController" ? "group may be empty" : "group must be there";
  out.push(...validateTarget(target, "spec.scaleTargetRef", isAsBefore ? "not looked at" : mayBeCore));
  const metrics = spec.metrics ?? [];
  out.push(...metrics.flatMap((m, i) => validateMetric(m, `spec.metrics[${i}]`)));
  if (minReplicas === 0 && !metrics.some((m) => m.type === "Object" || m.type === "External"))
    out.push(forbidden("spec.metrics", "must specify at least one Object or External metric to support scaling to zero replicas"));
  const behavior = spec.behavior;
  if (behavior?.scaleUp) out.push(...validateScalingRules(behavior.scaleUp, "spec.behavior.scaleUp"));
  if (behavior?.scaleDown) out.push(...validateScalingRules(behavior.scaleDown, "spec.behavior.scaleDown"));
  return out;
}

/** How the API version of a reference is looked at: of the core group only ReplicationControllers can be scaled. */
type VersionRule = "group must be there" | "group may be empty" | "not looked at";

function validateTarget(ref: Reference, path: string, rule: VersionRule): FieldError[] {
  const out: FieldError[] = [];
  for (const field of ["kind", "name"] as const) {
    const value = ref[field];
    out.push(...(value ? all(`${path}.${field}`, value, pathSegmentName(value, false)) : [required(`${path}.${field}`)]));
  }
  if (rule === "not looked at") return out;
  const version = ref.apiVersion ?? "";
  const [group, ...more] = version.split("/");
  if (more.length > 1) out.push(invalidValue(`${path}.apiVersion`, version, `unexpected GroupVersion string: ${version}`));
  else if (rule === "group must be there" && (more.length === 0 || group === ""))
    out.push(invalidValue(`${path}.apiVersion`, version, "apiVersion must specify API group"));
  return out;
}

const SOURCES = ["ContainerResource", "External", "Object", "Pods", "Resource"] as const;
const FIELDS = ["object", "external", "pods", "resource", "containerResource"] as const;

function validateMetric(metric: MetricSpec, path: string): FieldError[] {
  const out: FieldError[] = [];
  const type = (metric.type ?? "") as string;
  if (type === "") out.push(required(`${path}.type`, "must specify a metric source type"));
  const unknown = !(SOURCES as readonly string[]).includes(type);
  if (unknown) out.push(notSupported(`${path}.type`, type, SOURCES));
  const present = FIELDS.filter((f) => metric[f] !== undefined);
  const first = present[0];
  if (first !== undefined) out.push(...validateSource(metric, first, `${path}.${first}`));
  if (unknown) return [...out, notSupported(`${path}.type`, type, SOURCES)];
  const expected = type[0]!.toLowerCase() + type.slice(1);
  if (!(present as readonly string[]).includes(expected))
    out.push(required(`${path}.${expected}`, "must populate information for the given metric source"));
  if (present.length !== 1) {
    for (const f of present) if (f !== expected) out.push(forbidden(`${path}.${f}`, "must populate the given metric source only"));
  }
  return out;
}

function validateSource(metric: MetricSpec, field: (typeof FIELDS)[number], path: string): FieldError[] {
  switch (field) {
    case "object": {
      const source = metric.object!;
      const out = [
        ...validateTarget(source.describedObject ?? { kind: "", name: "" }, `${path}.describedObject`, "group may be empty"),
        ...validateIdentifier(source.metric, `${path}.metric`),
        ...validateMetricTarget(source.target, `${path}.target`),
      ];
      return source.target?.value === undefined && source.target?.averageValue === undefined
        ? [...out, required(`${path}.target.averageValue`, "must set either a target value or averageValue")]
        : out;
    }
    case "external": {
      const source = metric.external!;
      const out = [...validateIdentifier(source.metric, `${path}.metric`), ...validateMetricTarget(source.target, `${path}.target`)];
      const { value, averageValue } = source.target ?? {};
      if (value === undefined && averageValue === undefined)
        out.push(required(`${path}.target.averageValue`, "must set either a target value for metric or a per-pod target"));
      if (value !== undefined && averageValue !== undefined)
        out.push(forbidden(`${path}.target.value`, "may not set both a target value for metric and a per-pod target"));
      return out;
    }
    case "pods": {
      const source = metric.pods!;
      const out = [...validateIdentifier(source.metric, `${path}.metric`), ...validateMetricTarget(source.target, `${path}.target`)];
      if (source.target?.averageValue === undefined)
        out.push(required(`${path}.target.averageValue`, "must specify a positive target averageValue"));
      return out;
    }
    default: {
      const source = (field === "resource" ? metric.resource : metric.containerResource)!;
      const out: FieldError[] = [];
      if (!source.name) out.push(required(`${path}.name`, "must specify a resource name"));
      else if (field === "containerResource") checkContainerResourceName(source.name, `${path}.name`, out);
      if (field === "containerResource") {
        const container = metric.containerResource?.container ?? "";
        const at = `${path}.container`;
        out.push(...(container ? all(at, container, dnsLabel(container)) : [required(at, "must specify a container")]));
      }
      out.push(...validateMetricTarget(source.target, `${path}.target`));
      const { averageUtilization, averageValue } = source.target ?? {};
      if (averageUtilization === undefined && averageValue === undefined) {
        out.push(required(`${path}.target.averageUtilization`, "must set either a target raw value or a target utilization"));
      }
      if (averageUtilization !== undefined && averageValue !== undefined) {
        out.push(forbidden(`${path}.target.averageValue`, "may not set both a target raw value and a target utilization"));
      }
      return out;
    }
  }
}

function validateIdentifier(metric: MetricIdentifier | undefined, path: string): FieldError[] {
  const name = metric?.name ?? "";
  const out = name ? all(`${path}.name`, name, pathSegmentName(name, false)) : [required(`${path}.name`, "must specify a metric name")];
  return out.concat(validateLabelSelector(metric?.selector, `${path}.selector`));
}

function validateMetricTarget(target: MetricTarget | undefined, path: string): FieldError[] {
  const out: FieldError[] = [];
  const type = (target?.type ?? "") as string;
  if (type === "") out.push(required(`${path}.type`, "must specify a metric target type"));
  if (!["Utilization", "Value", "AverageValue"].includes(type))
    out.push(invalidValue(`${path}.type`, type, "must be either Utilization, Value, or AverageValue"));
  for (const field of ["value", "averageValue"] as const) {
    const value = target?.[field];
    if (value !== undefined && quantityOf(value).nano <= 0n)
      out.push(invalidValue(`${path}.${field}`, show(quantityOf(value)), "must be positive"));
  }
  const share = target?.averageUtilization;
  if (share !== undefined && share < 1) out.push(invalidValue(`${path}.averageUtilization`, share, "must be greater than 0"));
  return out;
}

const STABILIZATION_MAX = 3600;
const PERIOD_MAX = 1800;

function validateScalingRules(rules: HPAScalingRules, path: string): FieldError[] {
  const out: FieldError[] = [];
  const window = rules.stabilizationWindowSeconds;
  if (window !== undefined && window < 0)
    out.push(invalidValue(`${path}.stabilizationWindowSeconds`, window, "must be greater than or equal to zero"));
  if (window !== undefined && window > STABILIZATION_MAX) {
    out.push(invalidValue(`${path}.stabilizationWindowSeconds`, window, `must be less than or equal to ${STABILIZATION_MAX}`));
  }
  const select = rules.selectPolicy as string | undefined;
  if (select !== undefined && !["Disabled", "Max", "Min"].includes(select))
    out.push(notSupported(`${path}.selectPolicy`, select, ["Disabled", "Max", "Min"]));
  const policies = rules.policies ?? [];
  if (policies.length === 0) out.push(required(`${path}.policies`, "must specify at least one Policy"));
  policies.forEach((p, i) => {
    const at = `${path}.policies[${i}]`;
    if (p.type !== "Pods" && p.type !== "Percent") out.push(notSupported(`${at}.type`, p.type ?? "", ["Percent", "Pods"]));
    if ((p.value ?? 0) <= 0) out.push(invalidValue(`${at}.value`, p.value ?? 0, "must be greater than zero"));
    const period = p.periodSeconds ?? 0;
    if (period <= 0) out.push(invalidValue(`${at}.periodSeconds`, period, "must be greater than zero"));
    if (period > PERIOD_MAX) out.push(invalidValue(`${at}.periodSeconds`, period, `must be less than or equal to ${PERIOD_MAX}`));
  });
  if (rules.tolerance !== undefined && quantityOf(rules.tolerance).nano < 0n)
    out.push(invalidValue(`${path}.tolerance`, show(quantityOf(rules.tolerance)), NOT_NEGATIVE));
  return out;
}
