/** Quotas before and after, with the Pods that they keep from being made charged to the workloads that want them. */
import type { ResourceQuota } from "../../generated/v1.36/model.ts";
import { canonicalQuantity } from "../lib/quantity.ts";
import type { Changes } from "./changes.ts";
import { percentOf } from "./nodes.ts";
import type { QuotaLine, QuotaUse } from "./schema.ts";
import { compareRefs, compareText, identityOf, refOf, type View } from "./view.ts";
import type { Workload } from "./workloads.ts";

export function quotaUses(before: View, after: View, changes: Changes, workloads: readonly Workload[]): readonly QuotaUse[] {
  const quotas = (after.byKind.get("/ResourceQuota") ?? []) as unknown as readonly ResourceQuota[];
  const uses = quotas.map((quota): QuotaUse => {
    const identity = identityOf(quota);
    const was = before.byIdentity.get(identity) as ResourceQuota | undefined;
    return {
      object: refOf(quota),
      source: changes.next.get(identity)?.source ?? null,
      lines: quotaLines(was, quota),
      refused: workloads
        .filter((w) => w.refused?.quota === quota.metadata.name && w.object.metadata.namespace === quota.metadata.namespace)
        .map((w) => ({ workload: w.state.object, pods: w.refused?.count ?? 0, message: w.refused?.message ?? "" })),
    };
  });
  return uses.sort((a, b) => compareRefs(a.object, b.object));
}

function quotaLines(was: ResourceQuota | undefined, is: ResourceQuota): readonly QuotaLine[] {
  const hard = is.status?.hard ?? is.spec?.hard ?? {};
  return Object.keys(hard)
    .sort(compareText)
    .map((resource) => {
      const limit = text(hard[resource]);
      const after = text(is.status?.used?.[resource]);
      const hardBefore = was?.status?.hard?.[resource];
      const before = text(was?.status?.used?.[resource]);
      return {
        resource,
        hard: limit,
        hardBefore: hardBefore === undefined ? null : text(hardBefore),
        before,
        after,
        percentBefore: hardBefore === undefined ? null : percentOf(before, hardBefore),
        percentAfter: percentOf(after, limit),
      };
    });
}

function text(quantity: string | number | undefined): string {
  return quantity === undefined ? "0" : (canonicalQuantity(quantity) ?? String(quantity));
}
