/** @see kubernetes pkg/apis/batch/v1/defaults.go */
import type { CronJob, Job, JobSpec } from "../../../../generated/v1.36/model.ts";
import { change, each, fill } from "./fill.ts";
import { podTemplateSpec } from "./pod.ts";

const BACKOFF_LIMIT = 6;
/** Where each index has a limit of its own, the Job's is out of the way. */
const BACKOFF_LIMIT_PER_INDEX = 2_147_483_647;

export function job(given: Job): Job {
  const labels = given.spec?.template?.metadata?.labels;
  const labelled = labels && Object.keys(labels).length > 0 ? change(given, "metadata", (m) => fill(m, { labels })) : given;
  return change(labelled, "spec", (spec) => {
    const s = fill(spec, {
      // A Job that says neither how many nor how many at once runs one Pod to completion.
      ...(spec.completions === undefined && spec.parallelism === undefined ? { completions: 1 } : {}),
      parallelism: 1,
      backoffLimit: spec.backoffLimitPerIndex === undefined ? BACKOFF_LIMIT : BACKOFF_LIMIT_PER_INDEX,
      completionMode: "NonIndexed",
      suspend: false,
      podReplacementPolicy: spec.podFailurePolicy === undefined ? "TerminatingOrFailed" : "Failed",
      manualSelector: false,
    });
    return jobTemplateSpec(s);
  });
}

/** What a Job and a CronJob's template have in common. */
function jobTemplateSpec(spec: JobSpec): JobSpec {
  const s = change(spec, "podFailurePolicy", (policy) =>
    change(
      policy,
      "rules",
      each((rule) =>
        change(
          rule,
          "onPodConditions",
          each((c) => fill(c, { status: "True" })),
        ),
      ),
    ),
  );
  return change(s, "template", podTemplateSpec);
}

export function cronJob(given: CronJob): CronJob {
  return change(given, "spec", (spec) => {
    const s = fill(spec, { concurrencyPolicy: "Allow", suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 });
    return change(s, "jobTemplate", (template) => change(template, "spec", jobTemplateSpec));
  });
}
