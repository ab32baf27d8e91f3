/** In which order objects are handed to the API server to be checked. What is said of each is the same as in the order given, it is said sooner. */
import { groupOf, type KubeObject } from "../api/object.ts";

/** What others may refer to is created first, whatever the order in the entry. */
const FIRST: readonly string[] = [
  "Namespace",
  "CustomResourceDefinition",
  "PriorityClass",
  "StorageClass",
  "RuntimeClass",
  "ServiceAccount",
];

/** By kind, the version: no admission plugin looks at them when an object of another kind comes, and no two of them draw on the same quota. */
const INDEPENDENT: ReadonlyMap<string, string> = new Map([
  ["ConfigMap", "v1"],
  ["PersistentVolumeClaim", "v1"],
  ["Pod", "v1"],
  ["Secret", "v1"],
  ["Service", "v1"],
  ["DaemonSet", "apps/v1"],
  ["Deployment", "apps/v1"],
  ["StatefulSet", "apps/v1"],
  ["HorizontalPodAutoscaler", "autoscaling/v2"],
  ["CronJob", "batch/v1"],
  ["Job", "batch/v1"],
  ["Ingress", "networking.k8s.io/v1"],
  ["NetworkPolicy", "networking.k8s.io/v1"],
  ["PodDisruptionBudget", "policy/v1"],
  ["ClusterRole", "rbac.authorization.k8s.io/v1"],
  ["ClusterRoleBinding", "rbac.authorization.k8s.io/v1"],
  ["Role", "rbac.authorization.k8s.io/v1"],
  ["RoleBinding", "rbac.authorization.k8s.io/v1"],
]);

/** Of an admission policy any object may be a parameter, so that none is independent. */
const POLICIES = "admissionregistration.k8s.io";

type Typed = Pick<KubeObject, "apiVersion" | "kind">;

/** Indices in stages, each of which may refer to what the ones before it made. */
export function checkOrder(objects: readonly Typed[]): readonly (readonly number[])[] {
  const stages = Array.from({ length: FIRST.length + 1 }, (): number[] => []);
  objects.forEach(({ kind }, i) => {
    const rank = FIRST.indexOf(kind);
    stages[rank < 0 ? FIRST.length : rank]!.push(i);
  });
  const last = stages.pop()!;
  const isPlain = objects.every((o) => groupOf(o.apiVersion) !== POLICIES);
  return [...stages, isPlain ? byKind(objects, last) : last].filter((stage) => stage.length > 0);
}

/** Objects of one kind one after the other take a processor two thirds of the time. What is not independent stays behind what was before it. */
function byKind(objects: readonly Typed[], order: readonly number[]): readonly number[] {
  const groups = new Map<string, number[]>();
  const out: number[] = [];
  const flush = (): void => {
    for (const group of groups.values()) for (const i of group) out.push(i);
    groups.clear();
  };
  for (const i of order) {
    const { apiVersion, kind } = objects[i]!;
    const group = groups.get(kind);
    if (INDEPENDENT.get(kind) !== apiVersion) {
      flush();
      out.push(i);
    } else if (group) group.push(i);
    else groups.set(kind, [i]);
  }
  flush();
  return out;
}
