/** ClusterRoles whose rules are those of others, chosen by label. @see kubernetes pkg/controller/clusterroleaggregation */
import type { ClusterRole, PolicyRule } from "../../../generated/v1.36/model.ts";
import { type Kind, kindOf } from "../../api/object.ts";
import { deepEqual } from "../../lib/deep-equal.ts";
import { matchesSelector } from "../../lib/labels.ts";
import { type Controller, mustRetry, queueFor } from "./controller.ts";

const CLUSTER_ROLE: Kind<ClusterRole> = kindOf("rbac.authorization.k8s.io/v1", "ClusterRole");

/** The rules of all chosen roles, selector by selector in order of name; each rule once. */
export function aggregatedRules(role: ClusterRole, roles: readonly ClusterRole[]): readonly PolicyRule[] {
  const out: PolicyRule[] = [];
  const byName = [...roles].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  for (const selector of role.aggregationRule?.clusterRoleSelectors ?? [])
    for (const other of byName) {
      if (other.metadata.name === role.metadata.name || !matchesSelector(selector, other.metadata.labels)) continue;
      for (const rule of other.rules ?? []) if (!out.some((known) => deepEqual(known, rule))) out.push(rule);
    }
  return out;
}

export const clusterRoleAggregationController: Controller = {
  name: "clusterrole-aggregation-controller",
  start(context) {
    const roles = context.informers.for(CLUSTER_ROLE);
    const queue = queueFor(context, roles, (role, key) => {
      if (!role.aggregationRule) return;
      const rules = aggregatedRules(role, [...roles.list()]);
      if (deepEqual(rules, role.rules ?? [])) return;
      return mustRetry(context.client.patch(CLUSTER_ROLE, key, undefined, { rules })) ? "retry" : undefined;
    });
    roles.on(() => {
      for (const role of roles.list()) if (role.aggregationRule) queue.add(role.metadata.name);
    });
  },
};
