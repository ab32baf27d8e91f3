/** Jobs. @see kubernetes pkg/apis/batch/validation/validation.go */
import type { Job, JobSpec, PodFailurePolicyRule, PodTemplateSpec, SuccessPolicyRule } from "../../../../generated/v1.36/model.ts";
import { goQuote } from "../../../lib/go-text.ts";
import { matchesSelector } from "../../../lib/labels.ts";
import { duplicate, type FieldError, invalidValue, notSupported, OMITTED, required, tooLong, tooMany } from "../field-error.ts";
import { internalForm, mapForm, selectorForm } from "../internal-form.ts";
import { validatePodTemplateSpec } from "./core/pod-spec.ts";
import { readIndexes } from "./job-indexes.ts";
import { dnsLabel, isDomainPrefixedPath, qualifiedName } from "./meta/formats.ts";
import { notNegative, subdomainName, validateLabelSelector, validateObjectMeta } from "./meta/object-meta.ts";

const ACTIONS = ["Count", "FailIndex", "FailJob", "Ignore"] as const;
const STATUSES = ["False", "True", "Unknown"] as const;
const MANAGED_BY_MAX = 63;
/** Indexes of a Job from which on stricter limits hold, and those limits. */
const MANY = 100_000;
const MANY_LIMIT = 10_000;

/** `prefixed`: the template has the generated labels with a prefix, too. Jobs of old have those without alone. */
export function validateJob(job: Job, prefixed = true): FieldError[] {
  const spec = job.spec ?? ({} as JobSpec);
  return [
    ...validateObjectMeta(job.metadata, true, subdomainName),
    ...validateGeneratedSelector(job, prefixed),
    ...validateSpecAndSelector(spec),
    ...validateHostname(job),
  ];
}

/** The rules of a Job's spec, in which the selector has to be there. */
export function validateSpecAndSelector(spec: JobSpec): FieldError[] {
  return [...validateJobSpec(spec, "spec"), ...validateSelector(spec)];
}

const UID_LABELS = ["controller-uid", "batch.kubernetes.io/controller-uid"] as const;
const NAME_LABELS = ["job-name", "batch.kubernetes.io/job-name"] as const;

/** Unless it is made by hand, a selector takes what carries the Job's uid and name, and the template has them as labels. */
function validateGeneratedSelector({ metadata, spec }: Job, prefixed: boolean): FieldError[] {
  if (!spec?.selector || spec.manualSelector === true) return [];
  const { name = "", uid = "" } = metadata;
  const out: FieldError[] = uid === "" ? [required("metadata.uid")] : [];
  const labels = spec.template?.metadata?.labels;
  const expected: Record<string, string> = {};
  for (const i of prefixed ? [0, 1] : [0]) {
    for (const [label, value] of [
      [UID_LABELS[i]!, uid],
      [NAME_LABELS[i]!, name],
    ] as const) {
      const at = `spec.template.metadata.labels[${label}]`;
      expected[label] = value;
      if (labels?.[label] === undefined) out.push(required(at, `must be '${value}'`));
      else if (labels[label] !== value) out.push(invalidValue(at, mapForm(labels), `must be '${value}'`));
    }
  }
  const isUsable = validateLabelSelector(spec.selector, "").length === 0;
  if (isUsable && !matchesSelector(spec.selector, expected))
    out.push(invalidValue("spec.selector", selectorForm(spec.selector), "`selector` not auto-generated"));
  return out;
}

/** Each Pod of an indexed Job has the Job's name and its index as host name. */
function validateHostname(job: Job): FieldError[] {
  const { completionMode, completions } = job.spec ?? {};
  if (completionMode !== "Indexed" || completions === undefined || completions <= 0) return [];
  const name = job.metadata.name ?? "";
  const hostname = `${name}-${completions - 1}`;
  return dnsLabel(hostname).length === 0
    ? []
    : [invalidValue("metadata.name", name, `will not able to create pod with invalid DNS label: ${hostname}`)];
}

function validateSelector(spec: JobSpec): FieldError[] {
  const out = spec.selector ? validateLabelSelector(spec.selector, "spec.selector") : [required("spec.selector")];
  const labels = spec.template?.metadata?.labels;
  if (!spec.selector || (out.length === 0 && !matchesSelector(spec.selector, labels))) {
    out.push(invalidValue("spec.template.metadata.labels", mapForm(labels), "`selector` does not match template `labels`"));
  }
  return out;
}

export function validateJobSpec(spec: JobSpec, path: string): FieldError[] {
  const out: FieldError[] = [];
  const whole = (
    field: "parallelism" | "completions" | "activeDeadlineSeconds" | "backoffLimit" | "ttlSecondsAfterFinished" | "backoffLimitPerIndex",
  ): void => {
    out.push(...notNegative(`${path}.${field}`, spec[field]));
  };
  for (const field of [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
  ] as const)
    whole(field);
  out.push(...validateFailedIndexes(spec, path));
  if (spec.managedBy !== undefined) {
    if (!isDomainPrefixedPath(spec.managedBy))
      out.push(invalidValue(`${path}.managedBy`, spec.managedBy, 'must be a domain-prefixed path (such as "acme.io/foo")'));
    if (spec.managedBy.length > MANAGED_BY_MAX) out.push(tooLong(`${path}.managedBy`, MANAGED_BY_MAX));
  }
  out.push(...validateCompletionMode(spec, path));
  if (spec.podFailurePolicy) out.push(...validateFailurePolicy(spec, `${path}.podFailurePolicy`));
  out.push(...validateSuccessPolicy(spec, `${path}.successPolicy`), ...validateReplacement(spec, path));
  const template = spec.template ?? ({} as PodTemplateSpec);
  out.push(...validatePodTemplateSpec(template, `${path}.template`));
  const policy = (template.spec?.restartPolicy ?? "") as string;
  const at = `${path}.template.spec.restartPolicy`;
  if (policy === "" || policy === "Always") out.push(required(at, 'valid values: "OnFailure", "Never"'));
  else if (policy !== "OnFailure" && policy !== "Never") out.push(notSupported(at, policy, ["OnFailure", "Never"]));
  else if (spec.podFailurePolicy && policy !== "Never")
    out.push(invalidValue(at, policy, 'only "Never" is supported when podFailurePolicy is specified'));
  return out;
}

function validateFailedIndexes(spec: JobSpec, path: string): FieldError[] {
  if (spec.maxFailedIndexes === undefined) return [];
  const out = notNegative(`${path}.maxFailedIndexes`, spec.maxFailedIndexes);
  if (spec.backoffLimitPerIndex === undefined) out.push(required(`${path}.backoffLimitPerIndex`, "when maxFailedIndexes is specified"));
  return out;
}

function validateCompletionMode(spec: JobSpec, path: string): FieldError[] {
  const out: FieldError[] = [];
  const mode = spec.completionMode as string | undefined;
  if (mode !== undefined && mode !== "NonIndexed" && mode !== "Indexed")
    out.push(notSupported(`${path}.completionMode`, mode, ["NonIndexed", "Indexed"]));
  if (mode === "Indexed") {
    if (spec.completions === undefined) out.push(required(`${path}.completions`, "when completion mode is Indexed"));
    if ((spec.parallelism ?? 0) > MANY) {
      const why = `must be less than or equal to ${MANY} when completion mode is Indexed`;
      out.push(invalidValue(`${path}.parallelism`, spec.parallelism, why));
    }
    const max = spec.maxFailedIndexes;
    if (max !== undefined && spec.completions !== undefined && max > spec.completions) {
      out.push(invalidValue(`${path}.maxFailedIndexes`, max, "must be less than or equal to completions"));
    }
    if (max !== undefined && max > MANY) out.push(invalidValue(`${path}.maxFailedIndexes`, max, `must be less than or equal to ${MANY}`));
    if ((spec.completions ?? 0) > MANY && spec.backoffLimitPerIndex !== undefined) {
      const why = `must be less than or equal to ${MANY_LIMIT} when completions are above ${MANY} and used with backoff limit per index`;
      if (max === undefined) out.push(required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${MANY}`));
      for (const field of ["parallelism", "maxFailedIndexes"] as const)
        if ((spec[field] ?? 0) > MANY_LIMIT) out.push(invalidValue(`${path}.${field}`, spec[field], why));
    }
  }
  if (mode === undefined || mode === "NonIndexed") {
    for (const field of ["backoffLimitPerIndex", "maxFailedIndexes"] as const) {
      if (spec[field] !== undefined) out.push(invalidValue(`${path}.${field}`, spec[field], "requires indexed completion mode"));
    }
  }
  return out;
}

function listed(values: readonly string[]): string {
  return `valid values: [${values.map(goQuote).join(" ")}]`;
}

const RULES_MAX = 20;

function validateFailurePolicy(spec: JobSpec, path: string): FieldError[] {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const pod = spec.template?.spec;
  const names = new Set([...(pod?.containers ?? []), ...(pod?.initContainers ?? [])].map((c) => c.name));
  return [
    ...(rules.length > RULES_MAX ? [tooMany(`${path}.rules`, rules.length, RULES_MAX)] : []),
    ...rules.flatMap((rule, i) => validateFailureRule(rule, spec, names, `${path}.rules[${i}]`)),
  ];
}

function validateFailureRule(rule: PodFailurePolicyRule, spec: JobSpec, names: ReadonlySet<string>, path: string): FieldError[] {
  const out: FieldError[] = [];
  const action = (rule.action ?? "") as string;
  if (action === "") out.push(required(`${path}.action`, listed(ACTIONS)));
  else if (!(ACTIONS as readonly string[]).includes(action)) out.push(notSupported(`${path}.action`, action, ACTIONS));
  else if (action === "FailIndex" && spec.backoffLimitPerIndex === undefined) {
    out.push(invalidValue(`${path}.action`, action, "requires the backoffLimitPerIndex to be set"));
  }
  const codes = rule.onExitCodes;
  if (codes) out.push(...validateExitCodes(codes, names, `${path}.onExitCodes`));
  const conditions = rule.onPodConditions ?? [];
  if (conditions.length > RULES_MAX) out.push(tooMany(`${path}.onPodConditions`, conditions.length, RULES_MAX));
  conditions.forEach((c, i) => {
    const at = `${path}.onPodConditions[${i}]`;
    for (const text of qualifiedName(c.type)) out.push(invalidValue(`${at}.type`, c.type, text));
    const status = (c.status ?? "") as string;
    if (status === "") out.push(required(`${at}.status`, listed(STATUSES)));
    else if (!(STATUSES as readonly string[]).includes(status)) out.push(notSupported(`${at}.status`, status, STATUSES));
  });
  const both = codes !== undefined && conditions.length > 0;
  if (both) out.push(invalidValue(path, OMITTED, "specifying both OnExitCodes and OnPodConditions is not supported"));
  if (!codes && conditions.length === 0)
    out.push(invalidValue(path, OMITTED, "specifying one of OnExitCodes and OnPodConditions is required"));
  return out;
}

function validateExitCodes(
  codes: NonNullable<PodFailurePolicyRule["onExitCodes"]>,
  names: ReadonlySet<string>,
  path: string,
): FieldError[] {
  const out: FieldError[] = [];
  const operator = (codes.operator ?? "") as string;
  if (operator === "") out.push(required(`${path}.operator`, listed(["In", "NotIn"])));
  else if (operator !== "In" && operator !== "NotIn") out.push(notSupported(`${path}.operator`, operator, ["In", "NotIn"]));
  if (codes.containerName !== undefined && !names.has(codes.containerName)) {
    out.push(
      invalidValue(`${path}.containerName`, codes.containerName, "must be one of the container or initContainer names in the pod template"),
    );
  }
  const values = codes.values ?? [];
  if (values.length === 0) out.push(invalidValue(`${path}.values`, codes.values ?? null, "at least one value is required"));
  if (values.length > 255) out.push(tooMany(`${path}.values`, values.length, 255));
  let ordered = true;
  values.forEach((v, i) => {
    if (v === 0 && operator === "In") out.push(invalidValue(`${path}.values[${i}]`, v, "must not be 0 for the In operator"));
    if (values.indexOf(v) < i) out.push(duplicate(`${path}.values[${i}]`, v));
    if (i > 0 && values[i - 1]! > v) ordered = false;
  });
  if (!ordered) out.push(invalidValue(`${path}.values`, values, "must be ordered"));
  return out;
}

function validateSuccessPolicy(spec: JobSpec, path: string): FieldError[] {
  const policy = spec.successPolicy;
  if (!policy) return [];
  if (spec.completionMode !== "Indexed")
    return [invalidValue(path, internalForm("SuccessPolicy", policy), "requires indexed completion mode")];
  const rules = policy.rules ?? [];
  const out: FieldError[] = [];
  if (rules.length === 0) out.push(required(`${path}.rules`, "at least one rules must be specified when the successPolicy is specified"));
  if (rules.length > RULES_MAX) out.push(tooMany(`${path}.rules`, rules.length, RULES_MAX));
  return out.concat(rules.flatMap((rule, i) => validateSuccessRule(rule, spec.completions ?? 0, `${path}.rules[${i}]`)));
}

const INDEXES_MAX = 64 * 1024;

function validateSuccessRule({ succeededCount: count, succeededIndexes: indexes }: SuccessPolicyRule, completions: number, path: string) {
  const out: FieldError[] = [];
  if (count === undefined && indexes === undefined)
    out.push(required(path, "at least one of succeededCount or succeededIndexes must be specified"));
  const read = readIndexes(indexes ?? "", completions);
  if (indexes !== undefined) {
    const at = `${path}.succeededIndexes`;
    if (indexes.length > INDEXES_MAX) out.push(tooLong(at, INDEXES_MAX));
    if ("error" in read) out.push(invalidValue(at, indexes, `error parsing succeededIndexes: ${read.error}`));
  }
  if (count === undefined) return out;
  const at = `${path}.succeededCount`;
  out.push(...notNegative(at, count));
  const atMost = (max: number, of: string): FieldError[] =>
    count > max ? [invalidValue(at, count, `must be less than or equal to ${max} (the number of ${of})`)] : [];
  out.push(...atMost(completions, "specified completions"));
  const total = "error" in read ? 0 : read.total;
  return indexes === undefined ? out : out.concat(atMost(total, "indexes in the specified succeededIndexes field"));
}

function validateReplacement(spec: JobSpec, path: string): FieldError[] {
  const policy = spec.podReplacementPolicy as string | undefined;
  if (policy === undefined) return [];
  const known = spec.podFailurePolicy ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  return known.includes(policy) ? [] : [notSupported(`${path}.podReplacementPolicy`, policy, known)];
}
