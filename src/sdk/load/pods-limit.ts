/**
 * Pods that no cluster can hold: a slip of the keyboard (`replicas: 30000000`) would be simulated for minutes, and say nothing.
 * @see https://kubernetes.io/docs/setup/best-practices/cluster-large/
 */
import { LoadError } from "./load-error.ts";
import type { LoadedObject } from "./loaded.ts";

/** What Kubernetes is made for. */
export const PODS_MAX = 150_000;
/** A larger number is no replica count at all: the API server refuses it. */
const INT32_MAX = 2 ** 31 - 1;

const WORKLOADS: ReadonlySet<string> = new Set(["Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"]);

/** Which field says how many Pods the object runs at a time, and how many those are. */
function podsOf({ object }: LoadedObject): { readonly path: string; readonly pods: number } | undefined {
  const spec = (object as { spec?: unknown }).spec;
  if (typeof spec !== "object" || spec === null) return undefined;
  const { replicas, parallelism, completions } = spec as Readonly<Record<string, unknown>>;
  if (WORKLOADS.has(object.kind) && typeof replicas === "number") return { path: "spec.replicas", pods: replicas };
  if (object.kind !== "Job" || typeof parallelism !== "number") return undefined;
  return { path: "spec.parallelism", pods: typeof completions === "number" ? Math.min(parallelism, completions) : parallelism };
}

/** @throws LoadError for the first object with which there are more Pods than a cluster holds */
export function refuseTooManyPods(loaded: readonly LoadedObject[]): void {
  let sum = 0;
  for (const one of loaded) {
    const found = podsOf(one);
    if (!found || !Number.isInteger(found.pods) || found.pods <= 0 || found.pods > INT32_MAX) continue;
    sum += found.pods;
    if (sum <= PODS_MAX) continue;
    const { kind, metadata } = one.object;
    const together = sum > found.pods ? `, and ${sum.toLocaleString("en")} with those before it` : "";
    const pods = `${found.pods.toLocaleString("en")} pods`;
    throw new LoadError(
      `${kind} ${metadata.name}: ${found.path}: ${pods}${together}; Kubernetes clusters hold ${PODS_MAX.toLocaleString("en")} at most`,
      one.locate(found.path),
    );
  }
}
