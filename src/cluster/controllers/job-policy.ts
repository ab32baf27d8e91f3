/**
 * When a Job has failed, has succeeded, or has to wait.
 * @see kubernetes pkg/controller/job/job_controller.go, pod_failure_policy.go, success_policy.go, backoff_utils.go
 */
import type { Job, JobCondition, Pod, PodFailurePolicyRule } from "../../../generated/v1.36/model.ts";
import { failureCount, indexOf, isIndexed, parseIndexes } from "./job-indexes.ts";

/** The delay after the first failure, and the longest, in milliseconds. */
const BACKOFF_MS = 10_000;
const BACKOFF_MAX_MS = 600_000;

/** How many Pods failed in a row, and when the last of them did. */
export interface Failures {
  readonly inARow: number;
  readonly lastMs: number;
}

/** How long until another Pod may be made, in milliseconds: 10 s after one failure, doubled with each more, 10 min at most. */
export function backoffLeftMs({ inARow, lastMs }: Failures, nowMs: number): number {
  if (inARow === 0) return 0;
  return Math.max(0, lastMs + Math.min(BACKOFF_MS * 2 ** (inARow - 1), BACKOFF_MAX_MS) - nowMs);
}

/** Failures in a row, after more Pods have ended: a success starts anew. */
export function failuresAfter(before: Failures, ended: readonly { readonly failed: boolean; readonly atMs: number }[]): Failures {
  if (ended.length === 0) return before;
  let { inARow, lastMs } = before;
  for (const { failed, atMs } of [...ended].sort((a, b) => a.atMs - b.atMs)) {
    inARow = failed ? inARow + 1 : 0;
    if (failed) lastMs = Math.max(lastMs, atMs);
  }
  return { inARow, lastMs };
}

/** A Pod that is being deleted counts as failed, unless only failed ones are replaced. */
export function isFailed(job: Job, pod: Pod): boolean {
  if (pod.status?.phase === "Failed") return true;
  return job.spec.podReplacementPolicy !== "Failed" && pod.metadata.deletionTimestamp !== undefined && pod.status?.phase !== "Succeeded";
}

export interface PolicyMatch {
  readonly action: PodFailurePolicyRule["action"];
  readonly message: string;
}

/** What the first rule that a failed Pod matches says; `undefined`: count it. */
export function matchFailurePolicy(job: Job, pod: Pod): PolicyMatch | undefined {
  const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
  for (const [i, rule] of (job.spec.podFailurePolicy?.rules ?? []).entries()) {
    const at = `matching ${rule.action} rule at index ${i}`;
    const container = rule.onExitCodes && matchExitCode(rule.onExitCodes, pod);
    if (container)
      return { action: rule.action, message: `Container ${container.name} for pod ${name} failed with exit code ${container.code} ${at}` };
    const condition = rule.onPodConditions?.find((p) =>
      pod.status?.conditions?.some((c) => c.type === p.type && c.status === (p.status ?? "True")),
    );
    if (condition) return { action: rule.action, message: `Pod ${name} has condition ${condition.type} ${at}` };
  }
  return undefined;
}

function matchExitCode(
  rule: NonNullable<PodFailurePolicyRule["onExitCodes"]>,
  pod: Pod,
): { readonly name: string; readonly code: number } | undefined {
  for (const c of [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]) {
    const code = c.state?.terminated?.exitCode;
    if (code === undefined || code === 0 || (rule.containerName !== undefined && rule.containerName !== c.name)) continue;
    if (rule.values.includes(code) === (rule.operator === "In")) return { name: c.name, code };
  }
  return undefined;
}

/** With restartPolicy OnFailure the restarts of containers count, too. */
export function restartsExceed(job: Job, pods: readonly Pod[]): boolean {
  if (job.spec.template.spec?.restartPolicy !== "OnFailure") return false;
  const limit = job.spec.backoffLimit ?? 6;
  const restarts = pods
    .filter((p) => p.status?.phase === "Running" || p.status?.phase === "Pending")
    .flatMap((p) => [...(p.status?.containerStatuses ?? []), ...(p.status?.initContainerStatuses ?? [])])
    .reduce((sum, s) => sum + s.restartCount, 0);
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

/** Indexes that failed for good: their Pods failed more often than each index may, or a rule says so. */
export function failedIndexes(job: Job, pods: readonly Pod[]): ReadonlySet<number> {
  const limit = job.spec.backoffLimitPerIndex;
  const before = parseIndexes(job.status?.failedIndexes, job.spec.completions ?? 0);
  if (limit === undefined) return before;
  const out = new Set(before);
  for (const pod of pods) {
    if (!isFailed(job, pod)) continue;
    const action = matchFailurePolicy(job, pod)?.action;
    if (action === "FailIndex" || (action !== "Ignore" && failureCount(pod) >= limit)) out.add(indexOf(pod));
  }
  return out;
}

export type Verdict = Pick<JobCondition, "type" | "reason" | "message">;

function failing(reason: string, message: string): Verdict {
  return { type: "FailureTarget", reason, message };
}

export interface JobFacts {
  readonly pods: readonly Pod[];
  /** Failed Pods so far, with those of now. */
  readonly failed: number;
  readonly succeededIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number>;
  /** Milliseconds since the Job started, while it is not suspended. */
  readonly activeMs: number | undefined;
}

/** Why the Job ends now though not all is done; `undefined`: it goes on. */
export function verdictOf(job: Job, facts: JobFacts): Verdict | undefined {
  const known = job.status?.conditions?.find((c) => (c.type === "FailureTarget" || c.type === "SuccessCriteriaMet") && c.status === "True");
  if (known) return { type: known.type, reason: known.reason, message: known.message };
  for (const pod of facts.pods) {
    const match = isFailed(job, pod) ? matchFailurePolicy(job, pod) : undefined;
    if (match?.action === "FailJob") return failing("PodFailurePolicy", match.message);
  }
  const limit = job.spec.backoffLimit ?? 6;
  if (facts.failed > limit || restartsExceed(job, facts.pods))
    return failing("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  const deadline = job.spec.activeDeadlineSeconds;
  if (deadline !== undefined && facts.activeMs !== undefined && facts.activeMs >= deadline * 1000)
    return failing("DeadlineExceeded", "Job was active longer than specified deadline");
  if (!isIndexed(job)) return undefined;
  const completions = job.spec.completions ?? 0;
  if (job.spec.backoffLimitPerIndex !== undefined) {
    const { maxFailedIndexes } = job.spec;
    if (maxFailedIndexes !== undefined && facts.failedIndexes.size > maxFailedIndexes)
      return failing("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
    if (facts.failedIndexes.size > 0 && facts.failedIndexes.size + facts.succeededIndexes.size >= completions)
      return failing("FailedIndexes", "Job has failed indexes");
  }
  for (const [i, rule] of (job.spec.successPolicy?.rules ?? []).entries()) {
    const wanted = rule.succeededIndexes === undefined ? undefined : parseIndexes(rule.succeededIndexes, completions);
    const met = [...facts.succeededIndexes].filter((index) => !wanted || wanted.has(index)).length;
    if (met >= (rule.succeededCount ?? wanted?.size ?? completions))
      return { type: "SuccessCriteriaMet", reason: "SuccessPolicy", message: `Matched rules at index ${i}` };
  }
  return undefined;
}

/** How many Pods should run, beside those that have succeeded. */
export function wantedActive(job: Job, active: number, succeeded: number): number {
  const parallelism = job.spec.parallelism ?? 1;
  if (job.spec.suspend === true) return 0;
  if (job.spec.completions === undefined) return succeeded > 0 ? active : parallelism;
  return Math.max(0, Math.min(parallelism, job.spec.completions - succeeded));
}
