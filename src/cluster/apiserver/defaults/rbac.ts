/** @see kubernetes pkg/apis/rbac/v1/defaults.go */
import type { ClusterRoleBinding, RoleBinding } from "../../../../generated/v1.36/model.ts";
import { change, each, fill } from "./fill.ts";

const GROUP = "rbac.authorization.k8s.io";

export function binding<T extends RoleBinding | ClusterRoleBinding>(given: T): T {
  let b: RoleBinding | ClusterRoleBinding = given;
  b = change(b, "roleRef", (r) => (r.apiGroup ? r : { ...r, apiGroup: GROUP }));
  b = change(
    b,
    "subjects",
    each((s) => (s.kind === "User" || s.kind === "Group" ? fill(s, { apiGroup: GROUP }) : s)),
  );
  return b as T;
}
