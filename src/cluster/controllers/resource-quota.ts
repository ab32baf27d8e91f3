/**
 * ResourceQuotas: what is used, counted anew when something may have given back. What is created is charged by admission already.
 * @see kubernetes pkg/controller/resourcequota/resource_quota_controller.go, resource_quota_monitor.go
 */
import type { PersistentVolumeClaim, Pod, ResourceQuota, Service } from "../../../generated/v1.36/model.ts";
import { RESOURCE_QUOTA } from "../../api/kinds.ts";
import { groupOf, type Kind, type KubeObject, keyOf } from "../../api/object.ts";
import { type Amounts, addAmounts, amountsOf, maskAmounts, resourceListOf } from "../../api/quota/amounts.ts";
import { evaluatorOf, type GroupResource } from "../../api/quota/evaluators.ts";
import { matchesScopes } from "../../api/quota/scopes.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { ZERO } from "../../lib/quantity.ts";
import type { ComponentContext } from "../../sim/component.ts";
import type { ReconcileResult } from "../../sim/work-queue.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";
import { isPodFinished } from "./pods.ts";

/** All quotas are counted anew so often, in milliseconds. */
const RESYNC_MS = 300_000;

interface CountedKind {
  readonly kind: Kind;
  readonly resource: GroupResource;
}

/** The namespaced kinds, each in one version. */
function countedKinds(context: ComponentContext): readonly CountedKind[] {
  const out = new Map<string, CountedKind>();
  for (const { kind, namespaced, resource } of context.client.kinds()) {
    const group = groupOf(kind.apiVersion);
    if (namespaced && !out.has(`${group}/${resource}`)) out.set(`${group}/${resource}`, { kind, resource: { group, resource } });
  }
  return [...out.values()];
}

/** What the objects of the quota's namespace use, for the names that some kind counts for. */
function recount(context: ComponentContext, quota: ResourceQuota, names: readonly string[]): Amounts {
  let total: Amounts = new Map();
  for (const { kind, resource } of countedKinds(context)) {
    const evaluator = evaluatorOf(resource);
    const matching = new Set(evaluator.matching(names));
    if (matching.size === 0) continue;
    let used: Amounts = new Map([...matching].map((name) => [name, ZERO]));
    for (const object of context.client.list(kind, quota.metadata.namespace))
      if (matchesScopes(quota, resource, object))
        used = addAmounts(used, maskAmounts(evaluator.usage(object, context.loop.unixMs()), matching));
    total = addAmounts(total, used);
  }
  return total;
}

function reconcile(context: ComponentContext, quota: ResourceQuota): ReconcileResult {
  const hard = quota.spec?.hard ?? {};
  const counted = new Map([...amountsOf(quota.status?.used), ...recount(context, quota, Object.keys(hard))]);
  const used = resourceListOf(maskAmounts(counted, amountsOf(hard)));
  const status = { hard, used };
  const stored = quota.status;
  const same = stored?.hard !== undefined && stored.used !== undefined && deepEqual(stored, status);
  if (!same && mustRetry(context.client.updateStatus({ ...quota, status }))) return "retry";
  return { afterMs: RESYNC_MS };
}

/** Whether a change may give back something that a quota had charged. */
function givesBack(before: KubeObject, after: KubeObject): boolean {
  switch (`${after.apiVersion} ${after.kind}`) {
    case "v1 Pod":
      return !isPodFinished(before as Pod) && isPodFinished(after as Pod);
    case "v1 Service":
      return !deepEqual((before as Service).spec, (after as Service).spec);
    case "v1 PersistentVolumeClaim":
      return !deepEqual((before as PersistentVolumeClaim).spec?.resources, (after as PersistentVolumeClaim).spec?.resources);
    default:
      return false;
  }
}

export const resourceQuotaController: Controller = {
  name: "resource-quota-controller",
  start(context) {
    const quotas = context.informers.for(RESOURCE_QUOTA);
    const queue = queueFor(context, quotas, (quota) => {
      watchCounted(quota);
      return reconcile(context, quota);
    });
    const watched = new Set<string>();
    /** Watches the kinds that the quota counts, from the first quota on that counts them. */
    const watchCounted = (quota: ResourceQuota): void => {
      for (const { kind, resource } of countedKinds(context)) {
        const id = `${resource.group}/${resource.resource}`;
        if (watched.has(id) || evaluatorOf(resource).matching(Object.keys(quota.spec?.hard ?? {})).length === 0) continue;
        watched.add(id);
        context.client.watch(kind, (type, object, before) => {
          if (type === "DELETED" || (before && givesBack(before, object)))
            for (const q of quotas.inNamespace(object.metadata.namespace ?? "")) queue.add(keyOf(q));
        });
      }
    };
    quotas.on((type, quota, before) => {
      if (type !== "DELETED" && (!before || !deepEqual(before.spec, quota.spec) || !quota.status?.hard)) queue.add(keyOf(quota));
    });
  },
};
