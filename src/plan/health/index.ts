/** The kinds whose health we can tell, by group and kind. */
import type * as model from "../../../generated/v1.36/model.ts";
import { groupOf, type KubeObject } from "../../api/object.ts";
import { daemonSetHealth } from "./daemon-set.ts";
import { deploymentHealth } from "./deployment.ts";
import type { Health } from "./health.ts";
import { jobHealth } from "./job.ts";
import { podHealth } from "./pod.ts";
import { replicaSetHealth } from "./replica-set.ts";
import { statefulSetHealth } from "./stateful-set.ts";

type Rule = (object: KubeObject) => Health;

/** Kinds that make Pods, and the Pod itself. */
const WORKLOADS: Readonly<Record<string, Rule>> = {
  "apps/Deployment": (o) => deploymentHealth(o as model.Deployment),
  "apps/ReplicaSet": (o) => replicaSetHealth(o as model.ReplicaSet),
  "apps/StatefulSet": (o) => statefulSetHealth(o as model.StatefulSet),
  "apps/DaemonSet": (o) => daemonSetHealth(o as model.DaemonSet),
  "batch/Job": (o) => jobHealth(o as model.Job),
  "/ReplicationController": (o) => replicaSetHealth(o as model.ReplicationController),
  "/Pod": (o) => podHealth(o as model.Pod),
};

export const WORKLOAD_KINDS: readonly string[] = Object.keys(WORKLOADS);

export function workloadHealth(object: KubeObject): Health | undefined {
  return WORKLOADS[`${groupOf(object.apiVersion)}/${object.kind}`]?.(object);
}
