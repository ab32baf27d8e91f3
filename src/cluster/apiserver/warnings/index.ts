/** What the API server warns of, by kind: things that it takes and that will not do what they seem to say. */
import type { KubeObject } from "../../../api/object.ts";
import type { Registered } from "../registry.ts";
import * as cluster from "./cluster.ts";
import { definitionWarnings, finalizerWarnings } from "./custom-resources.ts";
import * as network from "./network.ts";
import { podWarnings } from "./pod.ts";
import * as storage from "./storage.ts";
import * as workloads from "./workloads.ts";

/** The warnings on an object that is valid; `old` is what it replaces. */
type WarningsOf<T extends KubeObject = never> = (object: T, old: T | undefined) => readonly string[];

const WARNINGS: Readonly<Record<string, WarningsOf>> = {
  "/ComponentStatus": cluster.componentStatusWarnings,
  "/Endpoints": network.endpointsWarnings,
  "/Node": cluster.nodeWarnings,
  "/PersistentVolume": storage.volumeWarnings,
  "/PersistentVolumeClaim": storage.claimWarnings,
  "/Pod": podWarnings,
  "/PodTemplate": workloads.podTemplateWarnings,
  "/ReplicationController": workloads.replicatedWarnings,
  "/ResourceQuota": cluster.quotaWarnings,
  "/Secret": cluster.secretWarnings,
  "/Service": network.serviceWarnings,
  "/ServiceAccount": cluster.serviceAccountWarnings,
  "apiextensions.k8s.io/CustomResourceDefinition": definitionWarnings,
  "apps/DaemonSet": workloads.daemonSetWarnings,
  "apps/Deployment": workloads.replicatedWarnings,
  "apps/ReplicaSet": workloads.replicatedWarnings,
  "apps/StatefulSet": workloads.statefulSetWarnings,
  "batch/CronJob": workloads.cronJobWarnings,
  "batch/Job": workloads.jobWarnings,
  "discovery.k8s.io/EndpointSlice": network.endpointSliceWarnings,
  "networking.k8s.io/Ingress": network.ingressWarnings,
  "networking.k8s.io/NetworkPolicy": network.networkPolicyWarnings,
  "node.k8s.io/RuntimeClass": cluster.runtimeClassWarnings,
  "storage.k8s.io/CSIStorageCapacity": storage.storageCapacityWarnings,
  "storage.k8s.io/StorageClass": storage.storageClassWarnings,
} as Readonly<Record<string, WarningsOf>>;

export function warningsOf(object: KubeObject, old: KubeObject | undefined, registered: Registered): readonly string[] {
  if (registered.custom) return finalizerWarnings(object, old);
  return WARNINGS[registered.id]?.(object as never, old as never) ?? [];
}
