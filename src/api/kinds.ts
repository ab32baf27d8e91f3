/** The kinds that the control plane itself works with. */
import type * as model from "../../generated/v1.36/model.ts";
import { type Kind, kindOf } from "./object.ts";

export const CONFIG_MAP: Kind<model.ConfigMap> = kindOf("v1", "ConfigMap");
export const NAMESPACE: Kind<model.Namespace> = kindOf("v1", "Namespace");
export const NODE: Kind<model.Node> = kindOf("v1", "Node");
export const PERSISTENT_VOLUME: Kind<model.PersistentVolume> = kindOf("v1", "PersistentVolume");
export const PERSISTENT_VOLUME_CLAIM: Kind<model.PersistentVolumeClaim> = kindOf("v1", "PersistentVolumeClaim");
export const POD: Kind<model.Pod> = kindOf("v1", "Pod");
export const REPLICATION_CONTROLLER: Kind<model.ReplicationController> = kindOf("v1", "ReplicationController");
export const RESOURCE_QUOTA: Kind<model.ResourceQuota> = kindOf("v1", "ResourceQuota");
export const LIMIT_RANGE: Kind<model.LimitRange> = kindOf("v1", "LimitRange");
export const SECRET: Kind<model.Secret> = kindOf("v1", "Secret");
export const SERVICE: Kind<model.Service> = kindOf("v1", "Service");
export const SERVICE_ACCOUNT: Kind<model.ServiceAccount> = kindOf("v1", "ServiceAccount");
export const CONTROLLER_REVISION: Kind<model.ControllerRevision> = kindOf("apps/v1", "ControllerRevision");
export const DAEMON_SET: Kind<model.DaemonSet> = kindOf("apps/v1", "DaemonSet");
export const DEPLOYMENT: Kind<model.Deployment> = kindOf("apps/v1", "Deployment");
export const REPLICA_SET: Kind<model.ReplicaSet> = kindOf("apps/v1", "ReplicaSet");
export const STATEFUL_SET: Kind<model.StatefulSet> = kindOf("apps/v1", "StatefulSet");
export const CRON_JOB: Kind<model.CronJob> = kindOf("batch/v1", "CronJob");
export const JOB: Kind<model.Job> = kindOf("batch/v1", "Job");
export const ENDPOINT_SLICE: Kind<model.EndpointSlice> = kindOf("discovery.k8s.io/v1", "EndpointSlice");
export const PRIORITY_CLASS: Kind<model.PriorityClass> = kindOf("scheduling.k8s.io/v1", "PriorityClass");
export const LEASE: Kind<model.Lease> = kindOf("coordination.k8s.io/v1", "Lease");
export const STORAGE_CLASS: Kind<model.StorageClass> = kindOf("storage.k8s.io/v1", "StorageClass");
