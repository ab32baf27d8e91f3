/** Fixes in words. */
import type { Fix, FixChange, Plan } from "../schema.ts";
import { code, type Parts, plural, showName } from "./words.ts";

/** `replicas: 5`, `one more node of pool workers`. */
export function fixWords({ changes }: Fix): Parts {
  return changes.flatMap((c, i): Parts => [...(i > 0 ? [" and "] : []), ...changeWords(c)]);
}

/** Whom it helps: `shop/checkout`, `all 12 workloads`. */
export function fixOwner({ owner, workloads }: Fix): string {
  return workloads > 1 ? `all ${workloads} workloads` : showName(owner);
}

/** Whether it must be said whom each fix helps. */
export function fixesOfSeveral(fixes: readonly Fix[]): boolean {
  return new Set(fixes.map(fixOwner)).size > 1 || fixes.some((f) => f.workloads > 1);
}

function changeWords(c: FixChange): Parts {
  switch (c.kind) {
    case "replicas":
      return [code(`replicas: ${c.after}`)];
    case "request":
      return [code(`requests.${c.resource}: ${c.after}`), ` in container `, code(c.container), ` (now ${c.before})`];
    case "toleration":
      return ["a toleration of ", code(`${c.key}${c.value === "" ? "" : `=${c.value}`}:${c.effect}`)];
    case "label":
      return ["label ", code(`${c.key}=${c.value}`), " on node ", code(c.node)];
    case "node": {
      const what = c.count === 1 ? "one more node " : `${c.count} more nodes `;
      return [what, ...(c.pool === null ? ["like ", code(c.like)] : ["of pool ", code(c.pool)])];
    }
  }
}

export function fixReady({ ready, desired }: Fix): string {
  return `${ready}/${desired}`;
}

export function fixQuota({ quotaPercent }: Fix): string {
  return quotaPercent === null ? "" : `${quotaPercent}%`;
}

/** What the search did not do, or did not find; empty when there is nothing to say. */
export function fixSearchWords({ fixes, fixSearch: s }: Pick<Plan, "fixes" | "fixSearch">): string {
  const limits = [
    ...(s.workloadsLeftOut > 0 ? [`looked at ${s.workloads} of ${plural(s.workloads + s.workloadsLeftOut, "workload")}`] : []),
    ...(s.untried > 0 ? [`${plural(s.untried, "candidate was", "candidates were")} not tried, to stay quick`] : []),
  ];
  if (fixes.length === 0 && s.tried > 0)
    return [`${plural(s.tried, "change was", "changes were")} tried in the simulation, and none helps`, ...limits].join("; ");
  const how = s.anew || s.tried === 0 ? "" : " on top of this result, not from the base on";
  if (limits.length === 0 && how === "") return "";
  return [`${plural(s.tried, "candidate")} tried${how}`, ...limits].join("; ");
}
