import type { Job } from "../../../generated/v1.36/model.ts";
import { conditionOf, type Health, health } from "./health.ts";

/** Healthy when complete; failed when it gave up. Counts completions; a Job without a number of completions wants one. */
export function jobHealth(job: Job): Health {
  const desired = job.spec?.completions ?? 1;
  const succeeded = Math.min(job.status?.succeeded ?? 0, desired);
  const conditions = job.status?.conditions;
  const failed = conditionOf(conditions, "Failed") ?? conditionOf(conditions, "FailureTarget");
  if (conditionOf(conditions, "Complete")?.status === "True") return health("healthy", succeeded, desired);
  if (failed?.status === "True") return health("failed", succeeded, desired, failed.reason, failed.message);
  if (job.spec?.suspend === true) return health("suspended", succeeded, desired, "Suspended");
  return health("waiting", succeeded, desired);
}
