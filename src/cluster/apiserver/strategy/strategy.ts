/**
 * What a kind's registry does to an object before it is stored: clears what callers may not set, fills what only the server knows.
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/registry/rest (RESTCreateStrategy, RESTUpdateStrategy)
 */
import type { KubeObject } from "../../../api/object.ts";

interface StrategyContext {
  /** RFC 3339 of now. */
  readonly now: string;
  /** The status that a new object of the kind has: that of an empty struct. */
  readonly emptyStatus: unknown;
}

export interface Strategy<T extends KubeObject = KubeObject> {
  /** The new object; its metadata is filled already, its status emptied unless `ownStatus`. */
  prepareForCreate?(object: T, context: StrategyContext): T;
  /** The object as it replaces `old`; its status is that of `old` already. */
  prepareForUpdate?(object: T, old: T): T;
  /** The object as a write of its status replaces `old`; its spec is that of `old` already. */
  prepareForStatusUpdate?(object: T, old: T): T;
  /** Whether the status at creation is left to `prepareForCreate`; else it is emptied before. */
  readonly ownStatus?: true;
  /**
   * Whether the kind counts its generations: from 1, one more when anything but metadata and status changes. `fixed`: it stays 1. `changes`: it
   * counts changes only, so a new object has none.
   */
  readonly generation?: "counted" | "fixed" | "changes";
  /** What counts as a change besides. */
  changes?(object: T, old: T): boolean;
  /** Whether a PUT without a resourceVersion is refused. */
  readonly needsResourceVersion?: true;
  /** A nameless object is named by the server, with a random uuid. @see kubernetes pkg/registry/core/limitrange/strategy.go */
  readonly namesNameless?: true;
  /** What becomes of dependents when a delete does not say. */
  readonly orphansByDefault?: true;
  /** The seconds that the object has to stop, for kinds that are deleted gracefully. */
  gracePeriodSeconds?(object: T, asked: number | undefined): number;
}
