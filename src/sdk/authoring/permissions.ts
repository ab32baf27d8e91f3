/** Accounts, and what they may do. */
import { ServiceAccount } from "../../../generated/v1.36/core/v1.ts";
import type { ObjectMeta } from "../../../generated/v1.36/meta/v1.ts";
import {
  ClusterRole,
  ClusterRoleBinding,
  type PolicyRule,
  Role,
  RoleBinding,
} from "../../../generated/v1.36/rbac.authorization.k8s.io/v1.ts";
import { RESOURCES } from "../../../generated/v1.36/resources.ts";
import { compact } from "./carried-names.ts";

export type Verb =
  | "get"
  | "list"
  | "watch"
  | "create"
  | "update"
  | "patch"
  | "delete"
  | "deletecollection"
  | "bind"
  | "escalate"
  | "impersonate"
  | "*";

type CoreResource =
  | "configmaps"
  | "endpoints"
  | "events"
  | "limitranges"
  | "namespaces"
  | "nodes"
  | "persistentvolumeclaims"
  | "persistentvolumes"
  | "pods"
  | "podtemplates"
  | "replicationcontrollers"
  | "resourcequotas"
  | "secrets"
  | "serviceaccounts"
  | "services";

/** As kubectl writes it: `pods`, `pods/log`, `deployments.apps`, `certificates.cert-manager.io`. */
export type ResourceName = CoreResource | `${CoreResource}/${string}` | `${string}.${string}`;

/** An account for Pods to run as: `workload("web", { serviceAccount: serviceAccount("web"), … })`. */
export function serviceAccount(name: string, metadata: Omit<ObjectMeta, "name" | "generateName"> = {}): ServiceAccount {
  return ServiceAccount({ metadata: { name, ...metadata } });
}

/** What an account may do: resource → verbs, or verbs and the names of the only objects it is about. */
export type Rules = {
  readonly [R in ResourceName]?: readonly Verb[] | { readonly verbs: readonly Verb[]; readonly names: readonly string[] };
};

/**
 * A role with these rules, and its binding to the account; both are named as the account.
 * ```ts
 * const account = serviceAccount("leader");
 * const rights = permissions(account, { pods: ["get", "list", "watch"], "leases.coordination.k8s.io": ["get", "create", "update"] });
 * export default inNamespace("shop", [account, rights, workload("leader", { image, serviceAccount: account })]);
 * ```
 * @param options `cluster`: in all namespaces, and for cluster-scoped resources; `name`: of role and binding
 * @throws TypeError for a core resource that does not exist, an empty list of rules or verbs, or a cluster-scoped resource in a namespaced role
 */
export function permissions(
  account: ServiceAccount,
  rules: Rules,
  options: { readonly cluster?: boolean; readonly name?: string } = {},
): readonly [Role, RoleBinding] | readonly [ClusterRole, ClusterRoleBinding] {
  const { name: accountName, namespace } = account.metadata;
  const { cluster = false, name = accountName } = options;
  const policy = Object.entries(rules).map(([resource, allowed]) => ruleOf(resource, allowed!, cluster));
  if (policy.length === 0) throw new TypeError(`permissions: ${accountName} is given none`);
  const subjects = [compact({ kind: "ServiceAccount" as const, name: accountName, namespace })];
  const apiGroup = "rbac.authorization.k8s.io" as const;
  if (cluster)
    return [
      ClusterRole({ metadata: { name }, rules: policy }),
      ClusterRoleBinding({ metadata: { name }, roleRef: { apiGroup, kind: "ClusterRole", name }, subjects }),
    ];
  const metadata = compact({ name, namespace });
  return [Role({ metadata, rules: policy }), RoleBinding({ metadata, roleRef: { apiGroup, kind: "Role", name }, subjects })];
}

function ruleOf(shown: string, allowed: NonNullable<Rules[ResourceName]>, cluster: boolean): PolicyRule {
  const { verbs, names } = "verbs" in allowed ? allowed : { verbs: allowed, names: undefined };
  const [first, ...more] = verbs;
  if (first === undefined) throw new TypeError(`permissions: no verbs for ${shown}`);
  const { group, resource } = parsed(shown);
  const [plural] = resource.split("/");
  const known = RESOURCES.filter((r) => r.group === group && r.resource === plural);
  if (group === "" && known.length === 0) {
    const elsewhere = RESOURCES.find((r) => r.resource === plural || r.singular === plural || r.kind === plural);
    const hint = elsewhere
      ? `; did you mean ${elsewhere.group === "" ? elsewhere.resource : `${elsewhere.resource}.${elsewhere.group}`}?`
      : "";
    throw new TypeError(`permissions: there is no resource ${JSON.stringify(shown)} in the core group${hint}`);
  }
  if (!cluster && known.length > 0 && known.every((r) => !r.namespaced))
    throw new TypeError(`permissions: ${shown} lies outside of namespaces: a role for it needs { cluster: true }`);
  return compact({ apiGroups: [group], resources: [resource], resourceNames: names, verbs: [first, ...more] as const });
}

/** `deployments.apps/scale` → group `apps`, resource `deployments/scale`. */
function parsed(shown: string): { readonly group: string; readonly resource: string } {
  const [name = "", ...subresource] = shown.split("/");
  const dot = name.indexOf(".");
  const plural = dot < 0 ? name : name.slice(0, dot);
  return { group: dot < 0 ? "" : name.slice(dot + 1), resource: [plural, ...subresource].join("/") };
}
