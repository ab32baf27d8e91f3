/** CronJobs. @see kubernetes pkg/apis/batch/validation/validation.go (ValidateCronJobCreate, ValidateCronJobUpdate) */
import type { CronJob, JobSpec } from "../../../../generated/v1.36/model.ts";
import { type FieldError, invalidValue, notSupported, required } from "../field-error.ts";
import { selectorForm } from "../internal-form.ts";
import { isTimeZone, scheduleError } from "./cron-schedule.ts";
import { validateJobSpec } from "./job.ts";
import { tooManyCharacters } from "./meta/formats.ts";
import { notNegative, oneOf, subdomainName, validateObjectMeta, validateObjectMetaUpdate } from "./meta/object-meta.ts";

/** A Job's name has a suffix of eleven characters: its time in minutes. */
const CRON_NAME_MAX = 52;

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
    const mayBeZoned = old?.spec?.schedule?.includes("TZ") === true;
    if (zoned && mayBeZoned && timeZone !== undefined)
      out.push(invalidValue(at, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule"));
    else if (zoned && !mayBeZoned) out.push(invalidValue(at, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
  }
  out.push(...notNegative("spec.startingDeadlineSeconds", spec.startingDeadlineSeconds));
  if (timeZone !== undefined && timeZone !== old?.spec?.timeZone) out.push(...validateTimeZone(timeZone));
  out.push(...oneOf("spec.concurrencyPolicy", spec.concurrencyPolicy, ["Allow", "Forbid", "Replace"]));
  const job = spec.jobTemplate?.spec ?? ({} as JobSpec);
  out.push(...validateJobSpec(job, "spec.jobTemplate.spec"));
  if (job.selector)
    out.push(invalidValue("spec.jobTemplate.spec.selector", selectorForm(job.selector), "`selector` will be auto-generated"));
  if (job.manualSelector === true) out.push(notSupported("spec.jobTemplate.spec.manualSelector", true, ["nil", "false"]));
  out.push(
    ...notNegative("spec.successfulJobsHistoryLimit", spec.successfulJobsHistoryLimit),
    ...notNegative("spec.failedJobsHistoryLimit", spec.failedJobsHistoryLimit),
  );
  return out;
}

/** A name of the time zone database between slashes. */
const TIME_ZONE_PART = /^(?!\.{1,2}$|-)[A-Za-z.\-_0-9+]{1,14}$/;

function validateTimeZone(name: string): FieldError[] {
  const at = "spec.timeZone";
  if (name === "") return [invalidValue(at, name, "timeZone must be nil or non-empty string")];
  const unknown = invalidValue(at, name, `unknown time zone ${name}`);
  if (!name.split("/").every((part) => TIME_ZONE_PART.test(part))) return [unknown];
  if (name.toLowerCase() !== "local") return isTimeZone(name) ? [] : [unknown];
  const explicit = invalidValue(at, name, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
  return name === "Local" ? [explicit] : [explicit, unknown];
}
