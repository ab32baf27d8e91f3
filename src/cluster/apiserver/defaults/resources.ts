/** Resource lists. @see kubernetes pkg/apis/core/v1/defaults.go (SetDefaults_ResourceList) */
import type { ResourceRequirements } from "../../../../generated/v1.36/model.ts";
import { formatQuantity, parseQuantity, roundUpToMilli } from "../../../lib/quantity.ts";
import { change } from "./fill.ts";

export type ResourceList = Readonly<Record<string, string | number>>;

/** Amounts are kept in whole milli-units, rounded up. */
export function resourceList(list: ResourceList): ResourceList {
  let out = list;
  for (const name in list) {
    const quantity = parseQuantity(list[name]!);
    if (!quantity) continue;
    const rounded = roundUpToMilli(quantity);
    if (rounded === quantity) continue;
    if (out === list) out = { ...list };
    (out as Record<string, string | number>)[name] = formatQuantity(rounded);
  }
  return out;
}

export function resourceRequirements<T extends Pick<ResourceRequirements, "limits" | "requests">>(resources: T): T {
  return change(change(resources, "limits", resourceList), "requests", resourceList);
}

/** Where only a limit is set, it is the request too. */
export function requestsFromLimits<T extends Pick<ResourceRequirements, "limits" | "requests">>(resources: T): T {
  const { limits } = resources;
  const requests = resources.requests as ResourceList | undefined;
  if (!limits) return resources;
  const missing = Object.entries(limits as ResourceList).filter(([name]) => requests?.[name] === undefined);
  return missing.length === 0 ? resources : { ...resources, requests: { ...requests, ...Object.fromEntries(missing) } };
}
