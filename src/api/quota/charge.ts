/**
 * Whether a quota takes one more object. Pure: admission asks it, the quota controller sums with the same evaluators.
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go (CheckRequest)
 */
import type { Pod, ResourceQuota } from "../../../generated/v1.36/model.ts";
import { compareQuantity, formatQuantity } from "../../lib/quantity.ts";
import type { KubeObject } from "../object.ts";
import { type Amounts, addAmounts, amountsOf, maskAmounts, resourceListOf, withoutZeros } from "./amounts.ts";
import { computeUsage, evaluatorOf, type GroupResource } from "./evaluators.ts";
import { hasPodLevelResources } from "./pod-amounts.ts";
import { matchesScopes } from "./scopes.ts";

/** Why a quota does not take an object, or `status.used` with it. Neither: the quota is not about it. */
export type Charge = { readonly refusal: string } | { readonly used: Readonly<Record<string, string>> } | undefined;

/** The names that this quota limits and objects of this resource count for; empty when the quota is not about the object. */
function limitedNames(quota: ResourceQuota, resource: GroupResource, object: KubeObject): readonly string[] {
  const matching = evaluatorOf(resource).matching(Object.keys(quota.status?.hard ?? {}));
  return matching.length > 0 && matchesScopes(quota, resource, object) ? matching : [];
}

/** Why a quota refuses an object whatever it has left, if it does: what must be stated is not, or the quota was never summed up. */
export function quotaPrecondition(quota: ResourceQuota, resource: GroupResource, object: KubeObject): string | undefined {
  const names = limitedNames(quota, resource, object);
  if (names.length === 0) return undefined;
  const missing = resource.group === "" && resource.resource === "pods" ? unstated(object as Pod, names) : undefined;
  if (missing !== undefined) return `failed quota: ${quota.metadata.name}: ${missing}`;
  const unknown = names.filter((n) => quota.status?.used?.[n] === undefined);
  return unknown.length === 0 ? undefined : `status unknown for quota: ${quota.metadata.name}, resources: ${names.join(",")}`;
}

/** `delta`: what the object uses, less what it used before. */
export function chargeQuota(quota: ResourceQuota, resource: GroupResource, object: KubeObject, delta: Amounts): Charge {
  if (limitedNames(quota, resource, object).length === 0) return undefined;
  const hard = amountsOf(quota.status?.hard);
  const used = amountsOf(quota.status?.used);
  const requested = maskAmounts(withoutZeros(delta), hard);
  const after = addAmounts(used, requested);
  // What is given back is always taken.
  const exceeded = new Set(
    [...requested].filter(([n, q]) => q.nano > 0n && compareQuantity(after.get(n)!, hard.get(n)!) > 0).map(([n]) => n),
  );
  if (exceeded.size > 0) {
    const show = (a: Amounts): string => showAmounts(maskAmounts(a, exceeded));
    return {
      refusal: `exceeded quota: ${quota.metadata.name}, requested: ${show(requested)}, used: ${show(used)}, limited: ${show(hard)}`,
    };
  }
  return { used: resourceListOf(after) };
}

function showAmounts(amounts: Amounts): string {
  return [...amounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, q]) => `${name}=${formatQuantity(q)}`)
    .join(",");
}

/** Where a quota limits one of these, every container must state it. */
const MUST_BE_STATED = ["cpu", "limits.cpu", "limits.memory", "memory", "requests.cpu", "requests.memory"] as const;

function unstated(pod: Pod, limited: readonly string[]): string | undefined {
  if (hasPodLevelResources(pod)) return undefined;
  const required = MUST_BE_STATED.filter((n) => limited.includes(n));
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  const stated = containers.map((c) => computeUsage(amountsOf(c.resources?.requests), amountsOf(c.resources?.limits)));
  const lines = required.flatMap((name) => {
    const without = containers.filter((_, i) => !stated[i]!.has(name)).map((c) => c.name);
    return without.length === 0 ? [] : [`${name} for: ${[...new Set(without)].sort().join(",")}`];
  });
  return lines.length === 0 ? undefined : `must specify ${lines.join("; ")}`;
}
