/** @see kubernetes pkg/apis/rbac/v1/defaults.go */
import type { ClusterRoleBinding, RoleBinding } from "../../../../generated/v1.36/model.ts";
import type { Draft } from "./fill.ts";

const GROUP = "rbac.authorization.k8s.io";

export function binding({ roleRef, subjects }: Draft<RoleBinding | ClusterRoleBinding>): void {
  if (roleRef && !roleRef.apiGroup) roleRef.apiGroup = GROUP;
  for (const s of subjects ?? []) if (s.kind === "User" || s.kind === "Group") s.apiGroup ??= GROUP;
}
