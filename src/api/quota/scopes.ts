/** Which objects a quota with scopes is about. @see kubernetes pkg/quota/v1/evaluator/core/pods.go (podMatchesScopeFunc) and persistent_volume_claims.go */
import type { PersistentVolumeClaim, Pod, ResourceQuota } from "../../../generated/v1.36/model.ts";
import { matchesRequirement } from "../../lib/labels.ts";
import type { KubeObject } from "../object.ts";
import type { GroupResource } from "./evaluators.ts";
import { qosClassOf } from "./qos.ts";

export interface ScopeRequirement {
  readonly scopeName: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

/** A quota's scopes; those of `spec.scopes` ask only that the scope exists. */
export function scopesOf(quota: ResourceQuota): readonly ScopeRequirement[] {
  const plain = (quota.spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: "Exists" }));
  return [...plain, ...((quota.spec?.scopeSelector?.matchExpressions ?? []) as readonly ScopeRequirement[])];
}

/** Whether all of a quota's scopes take the object. Only Pods and claims have scopes: a quota with any is not about other objects. */
export function matchesScopes(quota: ResourceQuota, { group, resource }: GroupResource, object: KubeObject): boolean {
  return scopesOf(quota).every((scope) => {
    if (group !== "") return false;
    if (resource === "pods") return podMatches(scope, object as Pod);
    return resource === "persistentvolumeclaims" && claimMatches(scope, object as PersistentVolumeClaim);
  });
}

function podMatches(scope: ScopeRequirement, pod: Pod): boolean {
  switch (scope.scopeName) {
    case "Terminating":
      return isTerminating(pod);
    case "NotTerminating":
      return !isTerminating(pod);
    case "BestEffort":
      return qosClassOf(pod) === "BestEffort";
    case "NotBestEffort":
      return qosClassOf(pod) !== "BestEffort";
    case "PriorityClass":
      return named(scope, pod.spec?.priorityClassName);
    case "CrossNamespacePodAffinity":
      return affinityLooksElsewhere(pod);
    default:
      return false;
  }
}

/** Not that it is being deleted: that it ends by itself, as a Job's Pod with a deadline does. */
function isTerminating(pod: Pod): boolean {
  const deadline = pod.spec?.activeDeadlineSeconds;
  return deadline !== undefined && deadline >= 0;
}

function named(scope: ScopeRequirement, name: string | undefined): boolean {
  return matchesRequirement(
    { key: scope.scopeName, operator: scope.operator, values: scope.values },
    name ? { [scope.scopeName]: name } : {},
  );
}

function affinityLooksElsewhere(pod: Pod): boolean {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  return [podAffinity, podAntiAffinity].some((a) =>
    [
      ...(a?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(a?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((w) => w.podAffinityTerm),
    ].some((term) => (term.namespaces?.length ?? 0) > 0 || term.namespaceSelector !== undefined),
  );
}

/** A claim is in the scope of every class that it has, asks for, or is being changed to. */
function claimMatches(scope: ScopeRequirement, claim: PersistentVolumeClaim): boolean {
  if (scope.scopeName !== "VolumeAttributesClass") return false;
  const classes = [
    claim.spec?.volumeAttributesClassName,
    claim.status?.currentVolumeAttributesClassName,
    claim.status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  const set = classes.filter((c): c is string => Boolean(c));
  return set.length === 0 ? named(scope, undefined) : set.some((c) => named(scope, c));
}
