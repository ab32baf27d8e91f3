/**
 * The report of a plan: what `--format json` prints, and what the other formats are rendered from.
 *
 * Everything is plain JSON. Amounts are Kubernetes quantities in canonical form (`1900m`, `3Gi`), shares are whole percent. Fields are only
 * ever added under this name; anything else gets a new one.
 */
import type { SourceLocation } from "../api/source-location.ts";
import type { Finding, IngressRoute, ObjectRef, QuotaLine, Readiness } from "./finding-schema.ts";
import type { Fix, FixSearchReport, PendingPods } from "./pending-schema.ts";

export type {
  Finding,
  FindingArgs,
  FindingCode,
  IngressRoute,
  ObjectRef,
  QuotaLine,
  Readiness,
  RefusalCause,
  Severity,
} from "./finding-schema.ts";
export type { Fix, FixChange, FixSearchReport, NodeRoom, PendingPods, Shortage, WaitingClaim } from "./pending-schema.ts";

export const PLAN_SCHEMA = "seatrial.dev/plan/v1";

export interface Plan {
  readonly schema: typeof PLAN_SCHEMA;
  /** The target version: `1.36`. */
  readonly kubernetes: string;
  readonly inputs: PlanInputs;
  readonly verdict: Verdict;
  readonly counts: Counts;
  readonly pods: { readonly before: PodCounts; readonly after: PodCounts };
  /** Worst first, then in order of object. */
  readonly findings: readonly Finding[];
  /** Every object of the entry or the base that is not the same before and after. In order of namespace, kind and name. */
  readonly changes: readonly ObjectChange[];
  readonly workloads: readonly WorkloadState[];
  readonly nodes: readonly NodeUse[];
  /** All nodes together. */
  readonly capacity: { readonly cpu: Amount; readonly memory: Amount };
  readonly pending: readonly PendingPods[];
  /** Changes after which Pending Pods find a node: each was tried in the simulation. By workload, cheapest first. */
  readonly fixes: readonly Fix[];
  readonly fixSearch: FixSearchReport;
  readonly rollouts: readonly RolloutReport[];
  /** Jobs that were written; what CronJobs make is in `cronJobs`. */
  readonly jobs: readonly JobReport[];
  readonly cronJobs: readonly CronJobReport[];
  readonly quotas: readonly QuotaUse[];
  readonly services: readonly ServiceState[];
  readonly ingresses: readonly IngressState[];
  readonly budgets: readonly BudgetState[];
  /** What happens when, in virtual time from the change on. The ready Pods of each workload over that time are in `rollouts`. */
  readonly timeline: PlanTimeline;
  readonly assumptions: readonly Assumption[];
  /** Kinds of the entry that the API server keeps and no simulated controller acts on: `autoscaling/v2 HorizontalPodAutoscaler`. */
  readonly notSimulated: readonly string[];
}

/** What was compared, as the user named it. Nothing here changes the result. */
export interface PlanInputs {
  readonly entry: string;
  /** Null: nothing was deployed before; the cluster alone is the base. */
  readonly base: string | null;
  /** What the work tree stands at, when the base is a git ref: `9d03e7e`, `9d03e7e with changes`. */
  readonly head: string | null;
  readonly cluster: string;
  readonly environment: string | null;
}

export interface Verdict {
  /** The worst severity among the findings. */
  readonly level: "healthy" | "warning" | "error";
  readonly errors: number;
  readonly warnings: number;
  /** Whether anything of the entry differs from the base. */
  readonly changed: boolean;
}

export interface Counts {
  readonly add: number;
  readonly change: number;
  /** Can only be had by deleting the object first. */
  readonly replace: number;
  readonly destroy: number;
  /** Not taken by the API server. */
  readonly refused: number;
  readonly unchanged: number;
}

/** Pods of the whole cluster. */
export interface PodCounts {
  readonly total: number;
  readonly running: number;
  readonly pending: number;
  readonly succeeded: number;
  readonly failed: number;
}

export type Action = "add" | "change" | "replace" | "destroy" | "refused";

export interface ObjectChange {
  readonly action: Action;
  readonly object: ObjectRef;
  /** Where the object is written: in the entry, or in the base for one that goes. */
  readonly source: SourceLocation | null;
  /** For `change` and `replace`: in order of path. */
  readonly fields: readonly FieldChange[];
}

export interface FieldChange {
  /** `spec.template.spec.containers[name=web].image`. */
  readonly path: string;
  readonly action: "add" | "change" | "remove";
  /** Absent for `add`. In place of a Secret's value: its size. */
  readonly before?: unknown;
  /** Absent for `remove`. */
  readonly after?: unknown;
  readonly source: SourceLocation | null;
}

export type HealthStatus = "healthy" | "waiting" | "failed" | "suspended";

export interface WorkloadState extends Readiness {
  readonly object: ObjectRef;
  readonly status: HealthStatus;
  readonly source: SourceLocation | null;
}

export interface Amount {
  readonly allocatable: string;
  readonly before: string;
  readonly after: string;
  readonly percentBefore: number;
  readonly percentAfter: number;
}

export interface NodeUse {
  readonly name: string;
  /** Whether it was there before; whether it is there after. */
  readonly existed: boolean;
  readonly exists: boolean;
  /** Why it takes no ordinary Pods: `cordoned`, `not ready`, a taint; empty when it does. */
  readonly closed: string;
  readonly pods: { readonly allocatable: number; readonly before: number; readonly after: number };
  readonly cpu: Amount;
  readonly memory: Amount;
  /** By the well-known labels of nodes; null where none says it. */
  readonly zone: string | null;
  readonly pool: string | null;
  /** What runs on it after the change: Pods of one workload and one size together. In order of workload. */
  readonly workloads: readonly NodeLoad[];
}

/** Pods of one workload on one node that ask for the same. */
export interface NodeLoad {
  /** `Kind namespace/name`. */
  readonly workload: string;
  readonly pods: number;
  /** How many of them came with the change. */
  readonly added: number;
  /** Requests of one Pod. */
  readonly cpu: string;
  readonly memory: string;
}

export interface RolloutReport {
  readonly object: ObjectRef;
  readonly source: SourceLocation | null;
  readonly outcome: "completes" | "waits" | "paused";
  /** The workload was not there before. */
  readonly first: boolean;
  /** How many of the wanted Pods are updated and available at the end. */
  readonly at: number;
  readonly desired: number;
  /** Virtual seconds from the change to the last step. */
  readonly seconds: number;
  /** The fewest available Pods on the way. */
  readonly availableMin: number;
  /** The most Pods at one time on the way. */
  readonly podsMax: number;
  /**
   * For one that waits: `exceeded` already, `after` so many seconds, or `never` (nothing ends the wait: a mere scale-up, or a kind without a
   * deadline).
   */
  readonly deadline: { readonly kind: "never" | "exceeded" | "none" } | { readonly kind: "after"; readonly seconds: number };
  readonly steps: readonly RolloutReportStep[];
}

export interface RolloutReportStep {
  /** Virtual seconds since the change was applied, to a tenth. */
  readonly atSeconds: number;
  readonly updated: number;
  readonly old: number;
  readonly ready: number;
  readonly available: number;
}

export interface JobReport {
  readonly object: ObjectRef;
  readonly source: SourceLocation | null;
  readonly outcome: "completes" | "fails" | "waits" | "suspended";
  /** Virtual seconds from the change to the first and to the last step, to a tenth. */
  readonly startSeconds: number;
  readonly seconds: number;
  /** Null: any one Pod's success ends it. */
  readonly completions: number | null;
  /** Pods at the end. */
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly steps: readonly { readonly atSeconds: number; readonly active: number; readonly succeeded: number; readonly failed: number }[];
}

export interface CronJobReport {
  readonly object: ObjectRef;
  readonly source: SourceLocation | null;
  /** As written: `0 3 * * *`. */
  readonly schedule: string;
  readonly timeZone: string | null;
  readonly suspended: boolean;
  /** Runs that fall due in the plan's virtual time, which begins at midnight UTC of 2026-01-01, and how many of them completed and failed. */
  readonly runs: number;
  readonly complete: number;
  readonly failed: number;
}

export interface PlanTimeline {
  /** Virtual seconds from the change to the last thing that happens for the first time. */
  readonly seconds: number;
  /** In order of time: every warning, and what workloads, nodes and other objects than Pods and ReplicaSets report. */
  readonly events: readonly TimelineEvent[];
  /** Events behind the last of these, when there are too many. */
  readonly leftOut: number;
}

export interface TimelineEvent {
  /** Virtual seconds since the change was applied, to a tenth: of the first and the last time. */
  readonly atSeconds: number;
  readonly untilSeconds: number;
  readonly type: "Normal" | "Warning";
  /** `Kind namespace/name`. */
  readonly object: string;
  /** Further objects of the same kind and namespace of which the same was said. */
  readonly others: number;
  /** `ScalingReplicaSet`. */
  readonly reason: string;
  readonly message: string;
  /** A warning about Pods of a workload that is as it should be in the end. */
  readonly passes: boolean;
}

export interface QuotaUse {
  readonly object: ObjectRef;
  readonly source: SourceLocation | null;
  readonly lines: readonly QuotaLine[];
  /** Pods that it kept from being made, by the workload that wanted them. */
  readonly refused: readonly { readonly workload: ObjectRef; readonly pods: number; readonly message: string }[];
}

export interface ServiceState {
  readonly object: ObjectRef;
  readonly source: SourceLocation | null;
  readonly type: string;
  /** Pods that the selector takes; null for a Service without one. */
  readonly selected: number | null;
  /** Ready endpoints; null: it was not there. */
  readonly readyBefore: number | null;
  readonly ready: number;
}

/** A PodDisruptionBudget of the entry, or one that allows another number than before. */
export interface BudgetState {
  readonly object: ObjectRef;
  readonly source: SourceLocation | null;
  /** Pods that may be evicted at one time; `before` null: it was not there. */
  readonly allowedBefore: number | null;
  readonly allowed: number;
  /** Healthy Pods now, at least wanted, and all that it covers. */
  readonly healthy: number;
  readonly healthyMin: number;
  readonly pods: number;
}

/** An Ingress of the entry, or one whose Services change. */
export interface IngressState {
  readonly object: ObjectRef;
  readonly source: SourceLocation | null;
  readonly className: string | null;
  /** In the order written; the default backend last. */
  readonly routes: readonly IngressRoute[];
}

/** What carried the result and cannot be known before the deployment. */
export type Assumption =
  | { readonly code: "images-pull" }
  | { readonly code: "containers-become-ready"; readonly seconds: number }
  | { readonly code: "nodes"; readonly from: string; readonly count: number; readonly builtIn: boolean; readonly asOf: string | null }
  | { readonly code: "ties"; readonly pods: number; readonly nodesMax: number }
  | { readonly code: "cloud" }
  /** Provisioners that do not run here, and are counted on since their class says so. */
  | { readonly code: "storage-drivers"; readonly names: readonly string[] }
  | { readonly code: "webhooks-not-run"; readonly names: readonly string[] }
  | { readonly code: "extenders-not-asked"; readonly addresses: readonly string[] }
  | { readonly code: "nothing-else-arrives" };
