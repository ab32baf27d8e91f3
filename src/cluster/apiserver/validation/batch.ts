/** Jobs and CronJobs. @see kubernetes pkg/apis/batch/validation/validation.go */
import type { CronJob, Job, JobSpec, PodFailurePolicyRule, PodTemplateSpec } from "../../../../generated/v1.36/model.ts";
import { goQuote } from "../../../lib/go-text.ts";
import { matchesSelector } from "../../../lib/labels.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { duplicate, type FieldError, invalidValue, notSupported, required, tooLong, tooMany } from "../field-error.ts";
import { validatePodTemplateSpec } from "./core/pod-spec.ts";
import { isTimeZone, scheduleError } from "./cron-schedule.ts";
import { dnsLabel, isDomainPrefixedPath, qualifiedName, tooManyCharacters } from "./meta/formats.ts";
import {
  notNegative,
  oneOf,
  subdomainName,
  validateImmutable,
  validateLabelSelector,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "./meta/object-meta.ts";

const ACTIONS = ["Count", "FailIndex", "FailJob", "Ignore"] as const;
const STATUSES = ["False", "True", "Unknown"] as const;
/** A Job's name has a suffix of eleven characters: its time in minutes. */
const CRON_NAME_MAX = 52;
const MANAGED_BY_MAX = 63;

export function validateJob(job: Job): FieldError[] {
  const spec = job.spec ?? ({} as JobSpec);
  return [
    ...validateObjectMeta(job.metadata, true, subdomainName),
    ...validateSpec(spec, "spec"),
    ...validateSelector(spec),
    ...validateHostname(job),
  ];
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
  if (!spec.selector) return [required("spec.selector")];
  const out = validateLabelSelector(spec.selector, "spec.selector");
  const labels = spec.template?.metadata?.labels;
  if (out.length === 0 && !matchesSelector(spec.selector, labels)) {
    out.push(invalidValue("spec.template.metadata.labels", labels ?? null, "`selector` does not match template `labels`"));
  }
  return out;
}

function validateSpec(spec: JobSpec, path: string): FieldError[] {
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
    if ((spec.parallelism ?? 0) > 100_000)
      out.push(
        invalidValue(`${path}.parallelism`, spec.parallelism, "must be less than or equal to 100000 when completion mode is Indexed"),
      );
    const max = spec.maxFailedIndexes;
    if (max !== undefined && spec.completions !== undefined && max > spec.completions) {
      out.push(invalidValue(`${path}.maxFailedIndexes`, max, "must be less than or equal to completions"));
    }
  } else if (mode === "NonIndexed") {
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
  if (rules.length > RULES_MAX) return [tooMany(`${path}.rules`, rules.length, RULES_MAX)];
  const pod = spec.template?.spec;
  const names = new Set([...(pod?.containers ?? []), ...(pod?.initContainers ?? [])].map((c) => c.name));
  return rules.flatMap((rule, i) => validateFailureRule(rule, spec, names, `${path}.rules[${i}]`));
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
  if (both) out.push(unshown(path, "specifying both OnExitCodes and OnPodConditions is not supported"));
  if (!codes && conditions.length === 0) out.push(unshown(path, "specifying one of OnExitCodes and OnPodConditions is required"));
  return out;
}

/** A value that the message does not show. */
function unshown(path: string, detail: string): FieldError {
  return { ...tooMany(path, -1, 1), type: "FieldValueInvalid", detail };
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
  if (spec.completionMode !== "Indexed") return [invalidValue(path, policy, "requires indexed completion mode")];
  const rules = policy.rules ?? [];
  if (rules.length === 0) return [required(`${path}.rules`, "at least one rules must be specified when the successPolicy is specified")];
  if (rules.length > RULES_MAX) return [tooMany(`${path}.rules`, rules.length, RULES_MAX)];
  return rules.flatMap((rule, i) => {
    const at = `${path}.rules[${i}]`;
    if (rule.succeededCount === undefined && rule.succeededIndexes === undefined)
      return [required(at, "at least one of succeededCount or succeededIndexes must be specified")];
    const out = notNegative(`${at}.succeededCount`, rule.succeededCount);
    if (rule.succeededCount !== undefined && spec.completions !== undefined && rule.succeededCount > spec.completions) {
      out.push(
        invalidValue(
          `${at}.succeededCount`,
          rule.succeededCount,
          `must be less than or equal to ${spec.completions} (the number of specified completions)`,
        ),
      );
    }
    return out;
  });
}

function validateReplacement(spec: JobSpec, path: string): FieldError[] {
  const policy = spec.podReplacementPolicy as string | undefined;
  if (policy === undefined) return [];
  const known = spec.podFailurePolicy ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  return known.includes(policy) ? [] : [notSupported(`${path}.podReplacementPolicy`, policy, known)];
}

export function validateJobUpdate(job: Job, old: Job): FieldError[] {
  const [spec, was] = [job.spec ?? ({} as JobSpec), old.spec ?? ({} as JobSpec)];
  const out = [...validateObjectMetaUpdate(job.metadata, old.metadata), ...validateSpec(spec, "spec"), ...validateSelector(spec)];
  // An indexed Job may grow and shrink when every index runs at once.
  const changed = spec.completions !== was.completions;
  if (changed && was.completionMode === "Indexed") {
    if (spec.completions !== spec.parallelism)
      out.push(invalidValue("spec.completions", spec.completions ?? null, "can only be modified in tandem with spec.parallelism"));
  } else out.push(...validateImmutable(spec.completions, was.completions, "spec.completions"));
  out.push(...validateImmutable(spec.selector, was.selector, "spec.selector"), ...templateStays(spec, was, old));
  out.push(...validateImmutable(spec.completionMode, was.completionMode, "spec.completionMode"));
  if (!semanticEqual(spec.podFailurePolicy, was.podFailurePolicy))
    out.push(invalidValue("spec.podFailurePolicy", shownPolicy(spec), "field is immutable"));
  for (const field of ["backoffLimitPerIndex", "managedBy", "successPolicy"] as const) {
    out.push(...validateImmutable(spec[field], was[field], `spec.${field}`));
  }
  return out;
}

/** A failure policy as Go's internal type is written. */
function shownPolicy(spec: JobSpec): unknown {
  if (!spec.podFailurePolicy) return null;
  const codes = (c: PodFailurePolicyRule["onExitCodes"]): unknown =>
    c ? { ContainerName: c.containerName ?? null, Operator: c.operator, Values: c.values ?? null } : null;
  const Rules = spec.podFailurePolicy.rules?.map((r) => ({
    Action: r.action,
    OnExitCodes: codes(r.onExitCodes),
    OnPodConditions: r.onPodConditions?.map((c) => ({ Type: c.type, Status: c.status })) ?? null,
  }));
  return { Rules: Rules ?? null };
}

/** While a Job is suspended and has not begun, where and with what its Pods run may still change. */
function templateStays(spec: JobSpec, was: JobSpec, old: Job): FieldError[] {
  let before = was.template ?? ({} as PodTemplateSpec);
  const now = spec.template ?? ({} as PodTemplateSpec);
  if (was.suspend === true && old.status?.startTime === undefined && before.spec && now.spec) {
    const { affinity, nodeSelector, tolerations, schedulingGates } = now.spec;
    before = {
      ...before,
      metadata: now.metadata,
      spec: { ...before.spec, affinity, nodeSelector, tolerations, schedulingGates },
    } as PodTemplateSpec;
  }
  return semanticEqual(now, before) ? [] : [invalidValue("spec.template", now, "field is immutable")];
}

export function validateCronJob(cron: CronJob): FieldError[] {
  const out = [...validateObjectMeta(cron.metadata, true, subdomainName), ...validateCronSpec(cron, undefined)];
  const name = cron.metadata.name ?? "";
  if (name.length > CRON_NAME_MAX) out.push(invalidValue("metadata.name", name, tooManyCharacters(CRON_NAME_MAX)));
  return out;
}

export function validateCronJobUpdate(cron: CronJob, old: CronJob): FieldError[] {
  return [...validateObjectMetaUpdate(cron.metadata, old.metadata), ...validateCronSpec(cron, old)];
}

function validateCronSpec(cron: CronJob, old: CronJob | undefined): FieldError[] {
  const spec = cron.spec ?? ({} as NonNullable<CronJob["spec"]>);
  const out: FieldError[] = [];
  const { schedule, timeZone } = spec;
  const at = "spec.schedule";
  if (!schedule) out.push(required(at));
  else {
    const zoned = schedule.includes("TZ");
    const error = scheduleError(schedule.replace(/^(?:CRON_)?TZ=\S*\s*/, ""));
    if (error !== undefined) out.push(invalidValue(at, schedule, error));
    if (zoned && timeZone !== undefined)
      out.push(invalidValue(at, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule"));
    else if (zoned && old?.spec?.schedule !== schedule)
      out.push(invalidValue(at, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
  }
  out.push(...notNegative("spec.startingDeadlineSeconds", spec.startingDeadlineSeconds));
  if (timeZone !== undefined && timeZone !== old?.spec?.timeZone) out.push(...validateTimeZone(timeZone));
  out.push(...oneOf("spec.concurrencyPolicy", spec.concurrencyPolicy, ["Allow", "Forbid", "Replace"]));
  const job = spec.jobTemplate?.spec ?? ({} as JobSpec);
  out.push(...validateSpec(job, "spec.jobTemplate.spec"));
  if (job.selector) out.push(invalidValue("spec.jobTemplate.spec.selector", job.selector, "`selector` will be auto-generated"));
  if (job.manualSelector === true) out.push(notSupported("spec.jobTemplate.spec.manualSelector", true, ["nil", "false"]));
  out.push(
    ...notNegative("spec.successfulJobsHistoryLimit", spec.successfulJobsHistoryLimit),
    ...notNegative("spec.failedJobsHistoryLimit", spec.failedJobsHistoryLimit),
  );
  return out;
}

function validateTimeZone(name: string): FieldError[] {
  const at = "spec.timeZone";
  if (name === "") return [invalidValue(at, name, "timeZone must be nil or non-empty string")];
  if (name.toLowerCase() === "local")
    return [invalidValue(at, name, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")];
  return isTimeZone(name) ? [] : [invalidValue(at, name, `unknown time zone ${name}`)];
}
