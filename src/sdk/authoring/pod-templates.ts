/** Where each kind keeps the template of its Pods. */
import type { PodSpec } from "../../../generated/v1.36/core/v1.ts";
import type { ObjectMeta } from "../../../generated/v1.36/meta/v1.ts";
import { sameSource } from "../../api/construct.ts";

/** Kinds that make Pods, by the fields that lead to a Pod's metadata and spec. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  "v1/Pod": [],
  "v1/PodTemplate": ["template"],
  "v1/ReplicationController": ["spec", "template"],
  "apps/v1/DaemonSet": ["spec", "template"],
  "apps/v1/Deployment": ["spec", "template"],
  "apps/v1/ReplicaSet": ["spec", "template"],
  "apps/v1/StatefulSet": ["spec", "template"],
  "batch/v1/CronJob": ["spec", "jobTemplate", "spec", "template"],
  "batch/v1/Job": ["spec", "template"],
};

interface Typed {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
}

/** Metadata and spec of the Pods that an object makes; of a Pod, its own. */
export interface PodTemplate {
  readonly metadata?: ObjectMeta | undefined;
  readonly spec?: PodSpec | undefined;
}

/** Undefined for what makes no Pods. */
export function podTemplateOf(object: object): PodTemplate | undefined {
  const path = pathOf(object);
  return path && (at(object, path) as PodTemplate | undefined);
}

/** The object with another Pod template: a copy that shares the rest, and is the object itself when nothing changed. */
export function withPodTemplate<T extends object>(object: T, change: (template: PodTemplate) => PodTemplate): T {
  const path = pathOf(object);
  const template = path && (at(object, path) as PodTemplate | undefined);
  if (!path || typeof template !== "object" || template === null) return object;
  const changed = change(template);
  return changed === template ? object : sameSource(object, replaced(object, path, changed) as T);
}

/**
 * The labels by which others find the Pods of an object: what its selector asks for, or, where the selector is made by Kubernetes (Jobs) or
 * there is none (Pods), the labels of its Pods.
 * @throws TypeError when there are none, or the selector is more than a set of labels
 */
export function podLabels(object: object, what: string): Readonly<Record<string, string>> {
  const { kind, metadata, spec } = object as {
    readonly kind?: string;
    readonly metadata?: ObjectMeta;
    readonly spec?: { readonly selector?: unknown };
  };
  const template = podTemplateOf(object);
  if (!template) throw new TypeError(`${what} needs a workload, such as a Deployment; ${named(object)} has no Pods`);
  const selector = spec?.selector as
    | { readonly matchLabels?: Readonly<Record<string, string>>; readonly matchExpressions?: unknown }
    | undefined;
  if (selector?.matchExpressions !== undefined)
    throw new TypeError(`${what}: ${named(object)} selects its Pods by expressions, which labels alone cannot say`);
  const ofSelector = kind === "ReplicationController" ? (selector as Readonly<Record<string, string>> | undefined) : selector?.matchLabels;
  const labels = ofSelector ?? template.metadata?.labels ?? {};
  if (Object.keys(labels).length === 0)
    throw new TypeError(`${what}: the Pods of ${kind} ${metadata?.name} have no labels to find them by`);
  return labels;
}

/** `Deployment "web"`. */
export function named(object: object): string {
  const { kind, metadata } = object as { readonly kind?: unknown; readonly metadata?: ObjectMeta };
  return `${typeof kind === "string" ? kind : "the object"} ${JSON.stringify(metadata?.name ?? "")}`;
}

function pathOf(object: object): readonly string[] | undefined {
  const { apiVersion, kind } = object as Typed;
  const key = `${String(apiVersion)}/${String(kind)}`;
  return Object.hasOwn(PATHS, key) ? PATHS[key] : undefined;
}

function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce((value, field) => (value as Readonly<Record<string, unknown>> | undefined)?.[field], object);
}

function replaced(object: unknown, path: readonly string[], value: unknown): unknown {
  const [field, ...rest] = path;
  if (field === undefined) return value;
  const record = object as Readonly<Record<string, unknown>>;
  return { ...record, [field]: replaced(record[field], rest, value) };
}
