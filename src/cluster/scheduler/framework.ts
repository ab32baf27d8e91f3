/**
 * The scheduling framework: what a plugin may do, and when.
 *
 * A cycle for one Pod: preFilter (look at the Pod once) → filter (each node) → preScore → score (each feasible node) → normalize →
 * weights → choice → reserve → bind; postFilter when no node is left.
 * @see kubernetes staging/src/k8s.io/kube-scheduler/framework/interface.go
 */
import type { Answer } from "../../sim/answer.ts";
import type { Client } from "../../sim/client.ts";
import type { SchedulerCache } from "./cache.ts";
import type { ClusterEvent } from "./events.ts";
import type { Listers } from "./listers.ts";
import type { NodeInfo } from "./node-info.ts";
import type { Nominator } from "./nominator.ts";
import type { PodInfo } from "./pod-info.ts";
import type { NodeRefusals, ShapeTable } from "./shape-table.ts";

/** Why a plugin refuses a node, or the Pod altogether. Shared constants where the words do not depend on the node. */
export interface Refusal {
  readonly plugin: string;
  readonly reasons: readonly string[];
  /** Whether removing other Pods could help (`Unschedulable`, against `UnschedulableAndUnresolvable`). */
  readonly preemptionMayHelp: boolean;
  /** The plugin failed: the whole cycle ends with this, and is tried again. */
  readonly error?: string;
}

export function refusal(plugin: string, reason: string, preemptionMayHelp: boolean): Refusal {
  return { plugin, reasons: [reason], preemptionMayHelp };
}

/** Nothing to do for this Pod: the plugin is left out of the cycle. */
export const SKIP: unique symbol = Symbol("skip");

/** What preFilter found. */
export type PreFilterResult<F> =
  | typeof SKIP
  /** Go on, with what the filter needs to know; `nodes`: only nodes of these names can do; `unshared`: identical Pods may get other answers. */
  | { readonly state: F; readonly nodes?: ReadonlySet<string>; readonly unshared?: true }
  | { readonly refusal: Refusal };

/** What a cycle knows beside its Pod. */
export interface CycleContext {
  readonly pod: PodInfo;
  readonly cache: SchedulerCache;
  readonly listers: Listers;
  /** RFC 3339; absent where nothing is placed. */
  readonly now?: string;
}

/** The filters that have something to do for the Pod, with what they found out about it. */
export interface Prepared {
  readonly context: CycleContext;
  readonly filters: readonly { readonly plugin: AnyPlugin; readonly state: unknown }[];
  /** When a plugin knows the only nodes that can do: their names, and why the others cannot. */
  readonly only: { readonly names: ReadonlySet<string>; readonly others: Refusal } | undefined;
  /** The Pod is refused before any node is looked at. */
  readonly refusal: Refusal | undefined;
  /** The plugins whose preFilter had its turn. */
  readonly asked: ReadonlySet<string>;
  /** What is known from identical Pods before. */
  readonly table: ShapeTable | undefined;
}

/** Why there is no node. */
export interface Diagnosis {
  readonly nodes: number;
  /** The Pod was refused before any node was looked at. */
  readonly pod: Refusal | undefined;
  /** By node, for all nodes that were looked at. */
  readonly refusals: NodeRefusals;
  /** Why the nodes that were not looked at cannot do. */
  readonly others: Refusal | undefined;
}

/** What a plugin can do for a Pod that no node takes. */
export type PostFilterResult =
  /** Room is made on the node: the Pod is nominated to it. */
  | { readonly candidate: Candidate }
  /** Nothing on a node, and why; `keepsNomination`: the Pod goes on waiting for the node it was promised. Other plugins are asked. */
  | {
      readonly candidate?: undefined;
      readonly message: string;
      readonly keepsNomination: boolean;
      /** What is written so that another try may succeed. */
      readonly act?: (client: Client) => void;
    }
  /** The plugin failed: no other is asked. */
  | { readonly candidate?: undefined; readonly error: string };

/** Pods that must go from a node so that another fits. */
export interface Candidate {
  readonly node: NodeInfo;
  /** Most important first. */
  readonly victims: readonly PodInfo[];
  /** How many victims go against a disruption budget. */
  readonly violations: number;
  /** Of the victims; each counts at least 0. */
  readonly prioritySum: number;
  /** Of the victims of the highest priority: RFC 3339, or `~` when none has started. */
  readonly earliestStart: string;
}

/** A Pod in the queue, as queue-sort plugins look at it. */
export interface QueuedPod {
  readonly priority: number;
  /** When it came into the queue, or last failed. Virtual milliseconds. */
  readonly sinceMs: number;
}

/** Work that must be done before a Pod is bound; the Pod keeps its place on the node meanwhile. */
export interface PreBinding {
  /** Of the plugin. */
  readonly name: string;
  /** How long it may take; then the Pod gives its place back. Virtual milliseconds. */
  readonly timeoutMs: number;
  /** What is said then. */
  readonly timeoutMessage: string;
  /** `now`: RFC 3339. */
  start(client: Client, now: string): void;
  isDone(): boolean;
  /** Why it will never be done. */
  failure?(): string | undefined;
  /** The Pod gave its place back. */
  undo?(client: Client): void;
  /** Said as an event when the Pod has to wait. */
  readonly event?: { readonly reason: string; readonly message: string } | undefined;
}

/**
 * One plugin. `F` is what it hands from preFilter to filter, `S` from preScore to score: made once per cycle, so that the loops over nodes
 * allocate nothing.
 */
export interface Plugin<F = never, S = never> {
  readonly name: string;
  /**
   * The filter's verdict and the score (before it is normalised) depend on the Pod's shape and on the node alone, its Pods included: identical Pods get the
   * same until the node changes.
   */
  readonly local?: true;
  /** Queue sort: negative when `a` is to be tried before `b`. */
  compare?(a: QueuedPod, b: QueuedPod): number;
  /** Whether the Pod may enter the queue at all. */
  preEnqueue?(pod: PodInfo, listers: Listers): Refusal | undefined;
  preFilter?(context: CycleContext): PreFilterResult<F>;
  /** `undefined`: the node will do. */
  filter?(state: F, pod: PodInfo, node: NodeInfo, context: CycleContext): Refusal | undefined;
  /** What-if: `other` is put on (`1`) or taken from (`-1`) the node; the node's own totals are changed by the caller. */
  update?(state: F, pod: PodInfo, other: PodInfo, node: NodeInfo, by: 1 | -1, context: CycleContext): void;
  /** Asked when no node is left. */
  postFilter?(prepared: Prepared, diagnosis: Diagnosis, nominator: Nominator): PostFilterResult;
  preScore?(context: CycleContext, feasible: readonly NodeInfo[]): S | typeof SKIP;
  /** An integer; 0 to 100 after `normalize`. */
  score?(state: S, pod: PodInfo, node: NodeInfo, context: CycleContext): number;
  /** Brings the first `feasible.length` scores to 0..100, in place. */
  normalize?(scores: Float64Array, feasible: readonly NodeInfo[], state: S): void;
  /** What is to be written, and waited for, before the Pod is bound to the node. */
  preBind?(state: F, pod: PodInfo, node: NodeInfo, context: CycleContext): PreBinding | undefined;
  /** Assigns the Pod to the node. */
  bind?(client: Client, pod: PodInfo, node: NodeInfo): Answer;
  /** Whether the event may make a Pod schedulable that this plugin refused. */
  wakes?(event: ClusterEvent, pod: PodInfo, context: CycleContext): boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of plugins, each with states of its own
export type AnyPlugin = Plugin<any, any>;

/** The plugins of a scheduler, in the order in which they are asked. */
export interface Profile {
  readonly schedulerName: string;
  readonly plugins: readonly { readonly plugin: AnyPlugin; readonly weight: number }[];
  /** 0: adaptive. */
  readonly percentageOfNodesToScore: number;
}

const MAX_NODE_SCORE = 100;

/** Scales the highest score to 100 (`reverse`: to 0, and the lowest towards 100). @see kubernetes plugins/helper/normalize_score.go */
export function normalizeByMax(scores: Float64Array, count: number, reverse: boolean): void {
  let max = 0;
  for (let i = 0; i < count; i++) if (scores[i]! > max) max = scores[i]!;
  for (let i = 0; i < count; i++) {
    const share = max === 0 ? 0 : Math.floor((MAX_NODE_SCORE * scores[i]!) / max);
    scores[i] = reverse ? MAX_NODE_SCORE - share : share;
  }
}
