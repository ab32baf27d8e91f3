/** The shape of a check of the Pod Security Standards, and the words that checks have in common. */
import type { Container, ObjectMeta, PodSpec } from "../../../../../generated/v1.36/model.ts";

/** A Pod, or the template of one. */
export interface PodLike {
  readonly metadata?: Pick<ObjectMeta, "annotations"> | undefined;
  readonly spec: PodSpec;
}

export interface Violation {
  /** What is wrong, in a word. */
  readonly reason: string;
  /** Who does it and how. */
  readonly detail: string;
}

export type CheckPod = (pod: PodLike) => Violation | undefined;

export interface PodCheck {
  /** Checks are told in the order of their ids, those of baseline first. */
  readonly id: string;
  readonly level: "baseline" | "restricted";
  /** By the minor version of the policy from which each holds, oldest first. */
  readonly versions: readonly { readonly since: number; readonly check: CheckPod }[];
  /** The check of baseline in whose place this one is asked. */
  readonly overrides?: string;
}

/** All containers: init containers first, ephemeral ones last. */
export function containersOf({ spec }: PodLike): readonly Container[] {
  const { initContainers, containers = [], ephemeralContainers } = spec;
  if (!initContainers && !ephemeralContainers) return containers;
  return [...(initContainers ?? []), ...containers, ...((ephemeralContainers ?? []) as unknown as readonly Container[])];
}

export function plural(count: number, one: string, many: string = `${one}s`): string {
  return count === 1 ? one : many;
}

export function quoted(items: readonly string[]): string {
  return items.map((item) => `"${item}"`).join(", ");
}

/** Each once, in order of their letters. */
export function sortedSet(items: Iterable<string>): readonly string[] {
  return [...new Set(items)].sort();
}

/** `container "a"`, `containers "a", "b"`. */
export function namesOf(containers: readonly string[]): string {
  return `${plural(containers.length, "container")} ${quoted(containers)}`;
}

/** `pod and containers "a", "b"`: who sets something; empty when nobody does. */
export function settersOf(pod: boolean, containers: readonly string[]): string {
  return [...(pod ? ["pod"] : []), ...(containers.length > 0 ? [namesOf(containers)] : [])].join(" and ");
}

/** Windows has no such thing, and validation refuses the fields there. */
export function exceptWindows(check: CheckPod): CheckPod {
  return (pod) => (pod.spec.os?.name === "windows" ? undefined : check(pod));
}

/** Root in a user namespace is nobody outside of it. */
export function exceptInUserNamespace(check: CheckPod): CheckPod {
  return (pod) => (pod.spec.hostUsers === false ? undefined : check(pod));
}
