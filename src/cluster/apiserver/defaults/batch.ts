/** @see kubernetes pkg/apis/batch/v1/defaults.go */
import type { CronJob, Job, JobSpec } from "../../../../generated/v1.36/model.ts";
import { type Draft, fill } from "./fill.ts";
import { podTemplateSpec } from "./pod.ts";

const BACKOFF_LIMIT = 6;
/** Where each index has a limit of its own, the Job's is out of the way. */
const BACKOFF_LIMIT_PER_INDEX = 2_147_483_647;

export function job({ metadata, spec: s }: Draft<Job>): void {
  const labels = s?.template?.metadata?.labels;
  if (labels && Object.keys(labels).length > 0) metadata.labels ??= { ...labels };
  if (!s) return;
  // A Job that says neither how many nor how many at once runs one Pod to completion.
  if (s.completions === undefined && s.parallelism === undefined) s.completions = 1;
  s.parallelism ??= 1;
  s.backoffLimit ??= s.backoffLimitPerIndex === undefined ? BACKOFF_LIMIT : BACKOFF_LIMIT_PER_INDEX;
  s.completionMode ??= "NonIndexed";
  s.suspend ??= false;
  s.podReplacementPolicy ??= s.podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed";
  s.manualSelector ??= false;
  jobTemplateSpec(s);
}

/** What a Job and a CronJob's template have in common. */
function jobTemplateSpec(s: Draft<JobSpec>): void {
  for (const rule of s.podFailurePolicy?.rules ?? []) for (const c of rule.onPodConditions ?? []) c.status ??= "True";
  if (s.template) podTemplateSpec(s.template);
}

export function cronJob({ spec: s }: Draft<CronJob>): void {
  if (!s) return;
  fill(s, { concurrencyPolicy: "Allow", suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 });
  if (s.jobTemplate?.spec) jobTemplateSpec(s.jobTemplate.spec);
}
