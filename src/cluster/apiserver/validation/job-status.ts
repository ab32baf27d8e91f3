/**
 * The status of a Job, as far as a controller of one's own (`managedBy`) could get it wrong. Most rules ask only of what the update changes.
 * @see kubernetes pkg/apis/batch/validation/validation.go (validateJobStatus), pkg/registry/batch/job/strategy.go (getStatusValidationOptions)
 */
import type { Job, JobSpec, JobStatus } from "../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { duplicate, type FieldError, invalidValue, OMITTED, required } from "../field-error.ts";
import { firstOverlap, readIndexes } from "./job-indexes.ts";
import { notNegative, validateObjectMetaUpdate } from "./meta/object-meta.ts";

const at = (field: string): string => `status.${field}`;
const conditions = (detail: string): FieldError => invalidValue(at("conditions"), OMITTED, detail);

function has(status: JobStatus, type: string, value = "True"): boolean {
  return status.conditions?.some((c) => c.type === type && c.status === value) === true;
}
const isFinished = (s: JobStatus): boolean => has(s, "Complete") || has(s, "Failed");

export function validateJobStatusUpdate(job: Job, old: Job): FieldError[] {
  const [spec, status, was] = [job.spec ?? ({} as JobSpec), job.status ?? {}, old.status ?? {}];
  return [
    ...validateObjectMetaUpdate(job.metadata, old.metadata),
    ...validateCounts(status),
    ...validateTerms(status, was, spec),
    ...validateIndexes(status, was, spec),
    ...validateCriteria(status, spec),
    ...validateTransition(status, was, spec),
  ];
}

function validateCounts(status: JobStatus): FieldError[] {
  const out: FieldError[] = [];
  for (const field of ["active", "succeeded", "failed", "ready", "terminating"] as const)
    out.push(...notNegative(at(field), status[field]));
  const seen = new Set<string>();
  for (const field of ["succeeded", "failed"] as const) {
    status.uncountedTerminatedPods?.[field]?.forEach((uid, i) => {
      const path = at(`uncountedTerminatedPods.${field}[${i}]`);
      if (uid === "") out.push(invalidValue(path, uid, "must not be empty"));
      else if (seen.has(uid)) out.push(duplicate(path, uid));
      seen.add(uid);
    });
  }
  return out;
}

/** What a finished Job has, and has not. */
function validateTerms(status: JobStatus, was: JobStatus, spec: JobSpec): FieldError[] {
  const out: FieldError[] = [];
  const changed = (...types: readonly string[]): boolean => types.some((t) => has(status, t) !== has(was, t));
  const differs = (field: keyof JobStatus): boolean => !semanticEqual(status[field], was[field]);
  const [isComplete, isFailed, isDone] = [has(status, "Complete"), has(status, "Failed"), isFinished(status)];
  const finishes = isDone !== isFinished(was);
  const { completionTime, startTime } = status;
  if (changed("Complete", "Failed") && isComplete && isFailed) out.push(conditions("cannot set Complete=True and Failed=true conditions"));
  if (changed("Complete", "FailureTarget") && isComplete && has(status, "FailureTarget"))
    out.push(conditions("cannot set Complete=True and FailureTarget=true conditions"));
  if (changed("Complete") || differs("completionTime")) {
    if (completionTime !== undefined && !isComplete) {
      const why = "cannot set completionTime when there is no Complete=True condition";
      out.push(invalidValue(at("completionTime"), completionTime, why));
    }
    if (completionTime === undefined && isComplete)
      out.push(required(at("completionTime"), "completionTime is required for Complete jobs"));
  }
  const isBefore = startTime !== undefined && completionTime !== undefined && Date.parse(completionTime) < Date.parse(startTime);
  if ((differs("startTime") || differs("completionTime")) && isBefore)
    out.push(invalidValue(at("completionTime"), completionTime, "must be equal to or after `startTime`"));
  if ((changed("Failed") || differs("failedIndexes")) && isFailed && !has(status, "FailureTarget"))
    out.push(conditions("cannot set Failed=True condition without the FailureTarget=true condition"));
  if (changed("Complete", "SuccessCriteriaMet") && isComplete && !has(status, "SuccessCriteriaMet"))
    out.push(conditions("cannot set Complete=True condition without the SuccessCriteriaMet=true condition"));
  if ((finishes || differs("active")) && (status.active ?? 0) > 0 && isDone)
    out.push(invalidValue(at("active"), status.active, "active>0 is invalid for finished job"));
  const isEmpty = spec.suspend === true && spec.completions === 0;
  if ((finishes || differs("startTime")) && !isEmpty && startTime === undefined && isDone)
    out.push(required(at("startTime"), "startTime is required for finished job"));
  const { uncountedTerminatedPods: uncounted } = status;
  const isCounted = !uncounted?.failed?.length && !uncounted?.succeeded?.length;
  if ((finishes || differs("uncountedTerminatedPods")) && isDone && !isCounted) {
    const shown = { Succeeded: uncounted?.succeeded ?? null, Failed: uncounted?.failed ?? null };
    out.push(invalidValue(at("uncountedTerminatedPods"), shown, "must be empty for finished job"));
  }
  return out;
}

function validateIndexes(status: JobStatus, was: JobStatus, spec: JobSpec): FieldError[] {
  const out: FieldError[] = [];
  const { completedIndexes: completed = "", failedIndexes: failed } = status;
  const { completions } = spec;
  const moved = { completed: completed !== (was.completedIndexes ?? ""), failed: failed !== was.failedIndexes };
  const wrong = (field: string, text: string): void => {
    const read = readIndexes(text, completions ?? 0);
    if ("error" in read) out.push(invalidValue(at(field), text, `error parsing ${field}: ${read.error}`));
  };
  if (moved.completed && completions !== undefined) wrong("completedIndexes", completed);
  if (moved.failed && completions !== undefined && spec.backoffLimitPerIndex !== undefined && failed !== undefined)
    wrong("failedIndexes", failed);
  if (moved.completed && completed !== "" && spec.completionMode !== "Indexed") {
    const why = "cannot set non-empty completedIndexes when non-indexed completion mode";
    out.push(invalidValue(at("completedIndexes"), completed, why));
  }
  if (moved.failed && spec.backoffLimitPerIndex === undefined && failed !== undefined)
    out.push(invalidValue(at("failedIndexes"), failed, "cannot set non-null failedIndexes when backoffLimitPerIndex is null"));
  if ((moved.failed || moved.completed) && completions !== undefined && failed !== undefined) {
    const overlap = firstOverlap(completed, failed, completions);
    if (overlap !== undefined)
      out.push(invalidValue(at("failedIndexes"), failed, `failedIndexes and completedIndexes overlap at index: ${overlap}`));
  }
  const terminates = isFinished(status) !== isFinished(was) || status.terminating !== was.terminating;
  if (terminates && (status.terminating ?? 0) > 0 && isFinished(status))
    out.push(invalidValue(at("terminating"), status.terminating, "terminating>0 is invalid for finished job"));
  const counts = status.ready !== was.ready || (status.active ?? 0) !== (was.active ?? 0);
  if (counts && (status.ready ?? 0) > (status.active ?? 0))
    out.push(invalidValue(at("ready"), status.ready, "cannot set more ready pods than active"));
  return out;
}

function validateCriteria(status: JobStatus, spec: JobSpec): FieldError[] {
  const isMet = has(status, "SuccessCriteriaMet");
  const out: FieldError[] = [];
  if (isMet && has(status, "Failed")) out.push(conditions("cannot set SuccessCriteriaMet=True and Failed=true conditions"));
  if (isMet && has(status, "FailureTarget")) out.push(conditions("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions"));
  if (spec.successPolicy && !isMet && has(status, "Complete"))
    out.push(conditions("cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True"));
  return out;
}

function validateTransition(status: JobStatus, was: JobStatus, spec: JobSpec): FieldError[] {
  const out: FieldError[] = [];
  for (const type of ["Failed", "Complete", "FailureTarget"])
    if (has(was, type) && !has(status, type)) out.push(conditions(`cannot disable the terminal ${type}=True condition`));
  if ((status.failed ?? 0) < (was.failed ?? 0))
    out.push(invalidValue(at("failed"), status.failed ?? 0, "cannot decrease the failed counter"));
  const mayShrink = spec.completionMode === "Indexed" && spec.completions === spec.parallelism;
  if (!mayShrink && (status.succeeded ?? 0) < (was.succeeded ?? 0))
    out.push(invalidValue(at("succeeded"), status.succeeded ?? 0, "cannot decrease the succeeded counter"));
  const { completionTime, startTime } = status;
  if (completionTime !== undefined && was.completionTime !== undefined && completionTime !== was.completionTime)
    out.push(invalidValue(at("completionTime"), completionTime, "field is immutable"));
  const resumes = has(was, "Suspended") && has(status, "Suspended", "False");
  if (was.startTime !== undefined && startTime !== was.startTime && !resumes && spec.suspend !== true)
    out.push(invalidValue(at("startTime"), startTime ?? null, "field is immutable for unsuspended job once set"));
  const [isMet, wasMet] = [has(status, "SuccessCriteriaMet"), has(was, "SuccessCriteriaMet")];
  if (wasMet && !isMet) out.push(conditions("cannot disable the SuccessCriteriaMet=True condition"));
  if (has(was, "Complete") && !wasMet && isMet)
    out.push(conditions("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions"));
  return out;
}
