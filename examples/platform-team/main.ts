/**
 * What a platform team gives the others: namespaces with quotas, default requests, network policies and roles. The plan shows what lowering a
 * quota does to those who live there:
 *
 *   seatrial plan examples/platform-team/main.ts --cluster examples/platform-team/cluster.ts --base examples/platform-team/released.yaml
 */
import { LimitRange, Namespace, ResourceQuota } from "seatrial/core/v1";
import { NetworkPolicy } from "seatrial/networking.k8s.io/v1";
import { Role, RoleBinding } from "seatrial/rbac.authorization.k8s.io/v1";
import { type Team, teams } from "./teams.ts";

function space(team: Team) {
  const namespace = team.name;
  return [
    Namespace({
      metadata: {
        name: namespace,
        labels: { team: team.name, "pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/warn": "restricted" },
      },
    }),
    ResourceQuota({
      metadata: { name: "team", namespace },
      spec: { hard: { "requests.cpu": team.cpu, "requests.memory": team.memory, pods: "30", "services.loadbalancers": "0" } },
    }),
    // The quota refuses a container that requests nothing: then it requests this.
    LimitRange({
      metadata: { name: "containers", namespace },
      spec: {
        limits: [{ type: "Container", defaultRequest: { cpu: "100m", memory: "128Mi" }, default: { memory: "256Mi" }, max: { cpu: "2" } }],
      },
    }),
    NetworkPolicy({
      metadata: { name: "callers", namespace },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              { podSelector: {} },
              ...team.callers.map((name) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } })),
            ],
          },
        ],
      },
    }),
    ...developers(team),
  ];
}

/** They run what they like there, and see their quota without changing it. */
function developers({ name: namespace, group }: Team) {
  const apiGroup = "rbac.authorization.k8s.io";
  const role = Role({
    metadata: { name: "developer", namespace },
    rules: [
      { apiGroups: ["apps", "batch"], resources: ["*"], verbs: ["*"] },
      { apiGroups: [""], resources: ["configmaps", "pods", "pods/log", "secrets", "services"], verbs: ["*"] },
      { apiGroups: [""], resources: ["limitranges", "resourcequotas"], verbs: ["get", "list", "watch"] },
    ],
  });
  const binding = RoleBinding({
    metadata: { name: "developers", namespace },
    roleRef: { apiGroup, kind: "Role", name: role.metadata.name },
    subjects: [{ apiGroup, kind: "Group", name: group }],
  });
  return [role, binding];
}

export default teams.map(space);
