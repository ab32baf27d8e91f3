/** A team's namespace and its fences: how much it may ask for, who reaches it, who may change it. */
import { inNamespace, limitRange, type PodSecurity, quota, teamNamespace } from "seatrial";
import type { ResourceQuotaSpec } from "seatrial/core/v1";
import { NetworkPolicy } from "seatrial/networking.k8s.io/v1";
import { Role, RoleBinding } from "seatrial/rbac.authorization.k8s.io/v1";

export interface Team {
  readonly name: string;
  /** Its people, as the cluster's identity provider calls them. */
  readonly group: string;
  readonly podSecurity: PodSecurity;
  /** The sum of what its Pods ask for, at most. */
  readonly hard: NonNullable<ResourceQuotaSpec["hard"]>;
  /** Namespaces that may call its Pods; its own Pods always may. */
  readonly callers: readonly string[];
}

export function teamSpace(team: Team) {
  return [
    teamNamespace(team.name, { labels: { team: team.name }, podSecurity: team.podSecurity }),
    inNamespace(team.name, [quota("team", team.hard), limits(), callers(team), developers(team)]),
  ];
}

/** A quota on requests refuses a container that says none: these are then its requests. */
function limits() {
  return limitRange("containers", {
    Container: {
      defaultRequest: { cpu: "100m", memory: "128Mi" },
      default: { memory: "256Mi" },
      max: { cpu: "4", memory: "8Gi" },
    },
  });
}

/** Nothing comes in but from the team itself and its callers. */
function callers(team: Team) {
  const namespaces = team.callers.map((name) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } }));
  return NetworkPolicy({
    metadata: { name: "callers" },
    spec: { podSelector: {}, policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }, ...namespaces] }] },
  });
}

/** They run what they like in their namespace, and change none of its fences. */
function developers(team: Team) {
  const role = Role({
    metadata: { name: "developer" },
    rules: [
      {
        apiGroups: [""],
        resources: ["configmaps", "events", "persistentvolumeclaims", "pods", "pods/log", "secrets", "serviceaccounts", "services"],
        verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
      },
      {
        apiGroups: ["apps", "autoscaling", "batch", "policy"],
        resources: ["*"],
        verbs: ["get", "list", "watch", "create", "update", "patch", "delete"],
      },
      { apiGroups: [""], resources: ["limitranges", "resourcequotas"], verbs: ["get", "list", "watch"] },
      { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["get", "list", "watch"] },
    ],
  });
  return [
    role,
    RoleBinding({
      metadata: { name: "developers" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: team.group }],
    }),
  ];
}
