/** Pending Pods of a plan, why they wait and what helps them. Part of the report's schema. */
import type { SourceLocation } from "../api/source-location.ts";
import type { ObjectRef } from "./finding-schema.ts";

export interface PendingPods {
  /** What made the Pods, or the Pod itself. */
  readonly owner: ObjectRef;
  readonly source: SourceLocation | null;
  /** In order of name. */
  readonly pods: readonly string[];
  /** How many of them were already Pending in the base. */
  readonly already: number;
  /** The scheduler's own text; ours, when the Pods name a scheduler that does not run. */
  readonly message: string;
  /** The arithmetic, for each resource that is short. */
  readonly shortages: readonly Shortage[];
  /** The volume claims that are waited for; at most five. */
  readonly claims: readonly WaitingClaim[];
}

export interface WaitingClaim {
  readonly name: string;
  readonly exists: boolean;
  readonly storageClass: string | null;
  /** Of the class, when it is a program that is not simulated and not assumed to run. */
  readonly provisioner: string | null;
  /** What was last reported of it; empty when nothing was. */
  readonly message: string;
}

export interface Shortage {
  readonly resource: string;
  /** Of one Pod. */
  readonly request: string;
  /** How many new Pods of the workload looked for room: those that found some and those that did not. */
  readonly pods: number;
  /** Whether any node in question has the resource at all. */
  readonly offered: boolean;
  /** The roomiest nodes first; at most eight. */
  readonly nodes: readonly NodeRoom[];
  readonly nodesLeftOut: number;
}

export interface NodeRoom {
  readonly node: string;
  /** Without what this workload brings: what it found. */
  readonly free: string;
  /** How many of its Pods that is room for. */
  readonly fits: number;
  /** What is missing for one Pod; null when one fits. */
  readonly short: string | null;
}

export interface Fix {
  /** Whose Pods it helps; of several workloads the first. */
  readonly owner: ObjectRef;
  /** How many workloads it helps: 1, or all that have Pending Pods. */
  readonly workloads: number;
  /** All of them together. */
  readonly changes: readonly FixChange[];
  /** Of the workload, or of all of them, after the change. */
  readonly ready: number;
  readonly desired: number;
  /** The fullest line of the namespace's quotas after the change, in percent; null: it has none. */
  readonly quotaPercent: number | null;
}

/** How far the search for fixes went: it has limits, so that a large plan stays quick. */
export interface FixSearchReport {
  /** Candidates that were simulated. */
  readonly tried: number;
  /** Candidates that were not, because a limit was reached. */
  readonly untried: number;
  /** Workloads with Pending Pods for which fixes were looked for, and those for which they were not. */
  readonly workloads: number;
  readonly workloadsLeftOut: number;
  /** Whether each candidate was simulated from the base on; false: from this plan's result on, as in large clusters. */
  readonly anew: boolean;
}

export type FixChange =
  | { readonly kind: "toleration"; readonly key: string; readonly value: string; readonly effect: string }
  | { readonly kind: "label"; readonly node: string; readonly key: string; readonly value: string }
  | {
      readonly kind: "request";
      readonly container: string;
      readonly resource: string;
      readonly before: string;
      readonly after: string;
    }
  | { readonly kind: "replicas"; readonly before: number; readonly after: number }
  /** More nodes like one that is there; `pool`: its name, where a label says it. */
  | { readonly kind: "node"; readonly count: number; readonly like: string; readonly pool: string | null };
