/** Resource lists. @see kubernetes pkg/apis/core/v1/defaults.go (SetDefaults_ResourceList) */
import type { ResourceRequirements } from "../../../../generated/v1.36/model.ts";
import { formatQuantity, parseQuantity, roundUpToMilli } from "../../../lib/quantity.ts";
import type { Draft } from "./fill.ts";

export type ResourceList = Record<string, string | number>;
type Requirements = Draft<Pick<ResourceRequirements, "limits" | "requests">>;

/** Amounts are kept in whole milli-units, rounded up. */
export function resourceList(list: ResourceList): void {
  for (const name in list) {
    const quantity = parseQuantity(list[name]!);
    if (!quantity) continue;
    const rounded = roundUpToMilli(quantity);
    if (rounded !== quantity) list[name] = formatQuantity(rounded);
  }
}

export function resourceRequirements({ limits, requests }: Requirements): void {
  if (limits) resourceList(limits);
  if (requests) resourceList(requests);
}

/** Where only a limit is set, it is the request too. */
export function requestsFromLimits(resources: Requirements): void {
  const { limits } = resources;
  if (!limits || Object.keys(limits).length === 0) return;
  const requests: ResourceList = (resources.requests ?? {}) as ResourceList;
  for (const [name, limit] of Object.entries(limits)) requests[name] ??= limit as string;
  resources.requests = requests as NonNullable<Requirements["requests"]>;
}
