/** A settled cluster, as `plan/` looks at it: plain data. */
import type { KubeObject } from "../api/object.ts";
import type { SourceLocation } from "../api/source-location.ts";
import type { Refused } from "../sim/answer.ts";
import type { ClusterEvent } from "../sim/recorder.ts";
import type { JobRun } from "./job-log.ts";

/** One state a rollout went through, taken whenever the numbers changed. */
export interface RolloutStep {
  /** Virtual milliseconds. */
  readonly atMs: number;
  readonly desired: number;
  /** Pods of the new and of the old revisions that exist (not terminating). */
  readonly updated: number;
  readonly old: number;
  readonly ready: number;
  readonly available: number;
}

/** What happened to one workload since the snapshot's changes were applied. */
export interface Rollout {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** In order of time; empty when nothing moved. */
  readonly steps: readonly RolloutStep[];
  readonly complete: boolean;
}

/** An object that the API server did not take. */
export interface RefusedObject {
  readonly object: KubeObject;
  readonly answer: Refused;
  readonly source: SourceLocation | undefined;
}

/** How the scheduler came to a node, for the Pods whose choice was a tie. */
export interface Tie {
  /** `namespace/name`. */
  readonly pod: string;
  readonly chosen: string;
  /** How many nodes had the best total. */
  readonly size: number;
}

export interface Snapshot {
  /** Virtual milliseconds since the cluster began. */
  readonly atMs: number;
  /** False when a limit stopped the simulation before it came to rest. */
  readonly settled: boolean;
  /** Every object in the cluster, also what a fresh cluster has by itself. In order of kind, namespace and name. */
  readonly objects: readonly KubeObject[];
  readonly events: readonly ClusterEvent[];
  readonly rollouts: readonly Rollout[];
  /** Jobs that were on their way since the snapshot's changes were applied. */
  readonly jobs: readonly JobRun[];
  readonly refused: readonly RefusedObject[];
  readonly warnings: readonly { readonly object: KubeObject; readonly message: string; readonly source: SourceLocation | undefined }[];
  readonly ties: readonly Tie[];
  /** Addresses of scheduler extenders that a real cluster would ask. */
  readonly extendersNotAsked?: readonly string[];
  /** Whether a cloud is assumed: its load balancers, routes and machines. */
  readonly assumesCloud?: boolean;
  /** Kinds that were applied and that no controller of ours works on: `apps/v1 StatefulSet`. */
  readonly notSimulated: readonly string[];
}
