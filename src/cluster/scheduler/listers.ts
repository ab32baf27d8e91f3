/** The other objects that plugins look at: owners and Services for spreading, namespaces for affinity, budgets for preemption, storage. */
import type { PodDisruptionBudget, ReplicaSet, ReplicationController, Service, StatefulSet } from "../../../generated/v1.36/model.ts";
import { NAMESPACE, REPLICA_SET, REPLICATION_CONTROLLER, SERVICE, STATEFUL_SET } from "../../api/kinds.ts";
import { type Kind, kindOf } from "../../api/object.ts";
import type { Labels } from "../../lib/labels.ts";
import type { Informer, Informers } from "../../sim/informer.ts";

const POD_DISRUPTION_BUDGET: Kind<PodDisruptionBudget> = kindOf("policy/v1", "PodDisruptionBudget");

export interface Listers {
  services(namespace: string): readonly Service[];
  replicaSet(namespace: string, name: string): ReplicaSet | undefined;
  replicationController(namespace: string, name: string): ReplicationController | undefined;
  statefulSet(namespace: string, name: string): StatefulSet | undefined;
  namespaceLabels(namespace: string): Labels;
  disruptionBudgets(namespace: string): readonly PodDisruptionBudget[];
  anyDisruptionBudget(): boolean;
}

const NO_LABELS: Labels = {};

/** `watched`: those whose changes can make a waiting Pod schedulable. */
export function listersOf(informers: Informers): { readonly listers: Listers; readonly watched: readonly Informer[] } {
  const services = informers.for(SERVICE);
  const replicaSets = informers.for(REPLICA_SET);
  const controllers = informers.for(REPLICATION_CONTROLLER);
  const statefulSets = informers.for(STATEFUL_SET);
  const namespaces = informers.for(NAMESPACE);
  const budgets = informers.for(POD_DISRUPTION_BUDGET);
  const listers: Listers = {
    services: (namespace) => services.inNamespace(namespace),
    replicaSet: (namespace, name) => replicaSets.get(`${namespace}/${name}`),
    replicationController: (namespace, name) => controllers.get(`${namespace}/${name}`),
    statefulSet: (namespace, name) => statefulSets.get(`${namespace}/${name}`),
    namespaceLabels: (namespace) => namespaces.get(namespace)?.metadata.labels ?? NO_LABELS,
    disruptionBudgets: (namespace) => budgets.inNamespace(namespace),
    anyDisruptionBudget: () => budgets.size > 0,
  };
  return { listers, watched: [namespaces as unknown as Informer] };
}
