/** The other objects that plugins look at: owners and Services for spreading, namespaces for affinity, budgets for preemption, storage. */
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  DeviceClass,
  PersistentVolume,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  ReplicaSet,
  ReplicationController,
  ResourceSlice,
  ResourceV1ResourceClaim,
  Service,
  StatefulSet,
  StorageClass,
  VolumeAttachment,
} from "../../../generated/v1.36/model.ts";
import {
  NAMESPACE,
  PERSISTENT_VOLUME,
  PERSISTENT_VOLUME_CLAIM,
  REPLICA_SET,
  REPLICATION_CONTROLLER,
  SERVICE,
  STATEFUL_SET,
} from "../../api/kinds.ts";
import { type Kind, kindOf } from "../../api/object.ts";
import type { Labels } from "../../lib/labels.ts";
import type { Informer, Informers } from "../../sim/informer.ts";
import type { CelCompiler } from "./devices/device-selector.ts";

const POD_DISRUPTION_BUDGET: Kind<PodDisruptionBudget> = kindOf("policy/v1", "PodDisruptionBudget");
const STORAGE_CLASS: Kind<StorageClass> = kindOf("storage.k8s.io/v1", "StorageClass");
const CSI_NODE: Kind<CSINode> = kindOf("storage.k8s.io/v1", "CSINode");
const CSI_DRIVER: Kind<CSIDriver> = kindOf("storage.k8s.io/v1", "CSIDriver");
const CSI_STORAGE_CAPACITY: Kind<CSIStorageCapacity> = kindOf("storage.k8s.io/v1", "CSIStorageCapacity");

const VOLUME_ATTACHMENT: Kind<VolumeAttachment> = kindOf("storage.k8s.io/v1", "VolumeAttachment");

const RESOURCE_CLAIM: Kind<ResourceV1ResourceClaim> = kindOf("resource.k8s.io/v1", "ResourceClaim");
const DEVICE_CLASS: Kind<DeviceClass> = kindOf("resource.k8s.io/v1", "DeviceClass");
const RESOURCE_SLICE: Kind<ResourceSlice> = kindOf("resource.k8s.io/v1", "ResourceSlice");

export interface Listers {
  services(namespace: string): readonly Service[];
  replicaSet(namespace: string, name: string): ReplicaSet | undefined;
  replicationController(namespace: string, name: string): ReplicationController | undefined;
  statefulSet(namespace: string, name: string): StatefulSet | undefined;
  namespaceLabels(namespace: string): Labels;
  disruptionBudgets(namespace: string): readonly PodDisruptionBudget[];
  anyDisruptionBudget(): boolean;
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  volumes(): Iterable<PersistentVolume>;
  storageClass(name: string): StorageClass | undefined;
  csiNode(name: string): CSINode | undefined;
  csiDriver(name: string): CSIDriver | undefined;
  attachments(nodeName: string): readonly VolumeAttachment[];
  storageCapacities(): Iterable<CSIStorageCapacity>;
  resourceClaim(namespace: string, name: string): ResourceV1ResourceClaim | undefined;
  resourceClaims(): Iterable<ResourceV1ResourceClaim>;
  deviceClass(name: string): DeviceClass | undefined;
  /** The class whose devices stand behind an extended resource. */
  deviceClassOf(resource: string): DeviceClass | undefined;
  resourceSlices(): Iterable<ResourceSlice>;
  /** For expressions about devices; absent where nobody hands one in. */
  readonly compile: CelCompiler | undefined;
}

const NO_LABELS: Labels = {};

const CLASS_PREFIX = "deviceclass.resource.kubernetes.io/";

/** By the name that says so, else by the one that the class itself states: of several classes the newest, then the first by name. */
function classBehind(resource: string, classes: Informer<DeviceClass>): DeviceClass | undefined {
  if (resource.startsWith(CLASS_PREFIX)) return classes.get(resource.slice(CLASS_PREFIX.length));
  let best: DeviceClass | undefined;
  for (const c of classes.list()) {
    if (c.spec.extendedResourceName !== resource) continue;
    const [a = "", b = ""] = [c.metadata.creationTimestamp, best?.metadata.creationTimestamp];
    if (!best || a > b || (a === b && c.metadata.name < best.metadata.name)) best = c;
  }
  return best;
}

/** `watched`: those whose changes can make a waiting Pod schedulable. */
export function listersOf(
  informers: Informers,
  compile?: CelCompiler,
): { readonly listers: Listers; readonly watched: readonly Informer[] } {
  const services = informers.for(SERVICE);
  const replicaSets = informers.for(REPLICA_SET);
  const controllers = informers.for(REPLICATION_CONTROLLER);
  const statefulSets = informers.for(STATEFUL_SET);
  const namespaces = informers.for(NAMESPACE);
  const budgets = informers.for(POD_DISRUPTION_BUDGET);
  const claims = informers.for(PERSISTENT_VOLUME_CLAIM);
  const volumes = informers.for(PERSISTENT_VOLUME);
  const classes = informers.for(STORAGE_CLASS);
  const csiNodes = informers.for(CSI_NODE);
  const csiDrivers = informers.for(CSI_DRIVER);
  const capacities = informers.for(CSI_STORAGE_CAPACITY);
  const attachments = informers.for(VOLUME_ATTACHMENT);
  const resourceClaims = informers.for(RESOURCE_CLAIM);
  const deviceClasses = informers.for(DEVICE_CLASS);
  const slices = informers.for(RESOURCE_SLICE);
  const listers: Listers = {
    services: (namespace) => services.inNamespace(namespace),
    replicaSet: (namespace, name) => replicaSets.get(`${namespace}/${name}`),
    replicationController: (namespace, name) => controllers.get(`${namespace}/${name}`),
    statefulSet: (namespace, name) => statefulSets.get(`${namespace}/${name}`),
    namespaceLabels: (namespace) => namespaces.get(namespace)?.metadata.labels ?? NO_LABELS,
    disruptionBudgets: (namespace) => budgets.inNamespace(namespace),
    anyDisruptionBudget: () => budgets.size > 0,
    claim: (namespace, name) => claims.get(`${namespace}/${name}`),
    volume: (name) => volumes.get(name),
    volumes: () => volumes.list(),
    storageClass: (name) => classes.get(name),
    csiNode: (name) => csiNodes.get(name),
    csiDriver: (name) => csiDrivers.get(name),
    attachments: (nodeName) => (attachments.size === 0 ? [] : [...attachments.list()].filter((a) => a.spec.nodeName === nodeName)),
    storageCapacities: () => capacities.list(),
    resourceClaim: (namespace, name) => resourceClaims.get(`${namespace}/${name}`),
    resourceClaims: () => resourceClaims.list(),
    deviceClass: (name) => deviceClasses.get(name),
    deviceClassOf: (resource) => (deviceClasses.size === 0 ? undefined : classBehind(resource, deviceClasses)),
    resourceSlices: () => slices.list(),
    compile,
  };
  const watched: readonly unknown[] = [
    namespaces,
    claims,
    volumes,
    classes,
    csiNodes,
    csiDrivers,
    capacities,
    attachments,
    resourceClaims,
    deviceClasses,
    slices,
  ];
  // Their handlers do not mind the kind.
  return { listers, watched: watched as readonly Informer[] };
}
