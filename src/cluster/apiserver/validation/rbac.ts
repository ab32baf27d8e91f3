/** Roles and bindings. @see kubernetes pkg/apis/rbac/validation/validation.go */
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject } from "../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { type FieldError, invalidValue, notSupported, required } from "../field-error.ts";
import { dnsSubdomain } from "./meta/formats.ts";
import {
  all,
  isUsableSelector,
  pathSegmentName,
  validateLabelSelector,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "./meta/object-meta.ts";

const GROUP = "rbac.authorization.k8s.io";

function validateRule(rule: PolicyRule, namespaced: boolean, path: string): FieldError[] {
  const out: FieldError[] = [];
  if ((rule.verbs?.length ?? 0) === 0) out.push(required(`${path}.verbs`, "verbs must contain at least one value"));
  if ((rule.nonResourceURLs?.length ?? 0) > 0) {
    if (namespaced)
      out.push(invalidValue(`${path}.nonResourceURLs`, rule.nonResourceURLs, "namespaced rules cannot apply to non-resource URLs"));
    if ([rule.apiGroups, rule.resources, rule.resourceNames].some((l) => (l?.length ?? 0) > 0)) {
      out.push(
        invalidValue(`${path}.nonResourceURLs`, rule.nonResourceURLs, "rules cannot apply to both regular resources and non-resource URLs"),
      );
    }
    return out;
  }
  if ((rule.apiGroups?.length ?? 0) === 0) out.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
  if ((rule.resources?.length ?? 0) === 0) out.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
  return out;
}

const rulesOf = (rules: readonly PolicyRule[] | undefined, namespaced: boolean): FieldError[] =>
  (rules ?? []).flatMap((r, i) => validateRule(r, namespaced, `rules[${i}]`));

export function validateRole(role: Role): FieldError[] {
  return [...validateObjectMeta(role.metadata, true, pathSegmentName), ...rulesOf(role.rules, true)];
}

export function validateRoleUpdate(role: Role, old: Role): FieldError[] {
  return [...validateRole(role), ...validateObjectMetaUpdate(role.metadata, old.metadata)];
}

export function validateClusterRoleUpdate(role: ClusterRole, old: ClusterRole): FieldError[] {
  return [...validateClusterRole(role), ...validateObjectMetaUpdate(role.metadata, old.metadata)];
}

export function validateClusterRole(role: ClusterRole): FieldError[] {
  const out = [...validateObjectMeta(role.metadata, false, pathSegmentName), ...rulesOf(role.rules, false)];
  const aggregation = role.aggregationRule;
  if (!aggregation) return out;
  const selectors = aggregation.clusterRoleSelectors ?? [];
  const at = "aggregationRule.clusterRoleSelectors";
  if (selectors.length === 0) out.push(required(at, "at least one clusterRoleSelector required if aggregationRule is non-nil"));
  selectors.forEach((s, i) => {
    out.push(...validateLabelSelector(s, `${at}[${i}]`));
    if (!isUsableSelector(s)) out.push(invalidValue(`${at}[${i}]`, null, "invalid label selector."));
  });
  return out;
}

type Binding = RoleBinding | ClusterRoleBinding;

function validateBinding(binding: Binding, namespaced: boolean): FieldError[] {
  const kinds = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  const out = validateObjectMeta(binding.metadata, namespaced, pathSegmentName);
  const ref = binding.roleRef ?? { apiGroup: "", kind: "", name: "" };
  if (ref.apiGroup !== GROUP) out.push(notSupported("roleRef.apiGroup", ref.apiGroup ?? "", [GROUP]));
  if (!kinds.includes(ref.kind)) out.push(notSupported("roleRef.kind", ref.kind ?? "", kinds));
  out.push(...(ref.name ? all("roleRef.name", ref.name, pathSegmentName(ref.name, false)) : [required("roleRef.name")]));
  return out.concat((binding.subjects ?? []).flatMap((s, i) => validateSubject(s, namespaced, `subjects[${i}]`)));
}

function validateSubject(subject: Subject, namespaced: boolean, path: string): FieldError[] {
  const out: FieldError[] = [];
  const { kind, name, apiGroup = "" } = subject;
  if (!name) out.push(required(`${path}.name`));
  switch (kind) {
    case "ServiceAccount":
      if (name) out.push(...all(`${path}.name`, name, dnsSubdomain(name)));
      if (apiGroup !== "") out.push(notSupported(`${path}.apiGroup`, apiGroup, [""]));
      if (!namespaced && !subject.namespace) out.push(required(`${path}.namespace`));
      return out;
    case "User":
    case "Group":
      return apiGroup === GROUP ? out : [...out, notSupported(`${path}.apiGroup`, apiGroup, [GROUP])];
    default:
      return [...out, notSupported(`${path}.kind`, kind ?? "", ["ServiceAccount", "User", "Group"])];
  }
}

export const validateRoleBinding = (binding: RoleBinding): FieldError[] => validateBinding(binding, true);
export const validateClusterRoleBinding = (binding: ClusterRoleBinding): FieldError[] => validateBinding(binding, false);

/** Whom a binding binds may change, to what may not. */
function validateBindingUpdate(binding: Binding, old: Binding, namespaced: boolean): FieldError[] {
  const { apiGroup = "", kind = "", name = "" } = binding.roleRef ?? {};
  const moved = semanticEqual(binding.roleRef, old.roleRef)
    ? []
    : [invalidValue("roleRef", { APIGroup: apiGroup, Kind: kind, Name: name }, "cannot change roleRef")];
  return [...validateBinding(binding, namespaced), ...validateObjectMetaUpdate(binding.metadata, old.metadata), ...moved];
}
export const validateRoleBindingUpdate = (now: RoleBinding, old: RoleBinding): FieldError[] => validateBindingUpdate(now, old, true);
export const validateClusterRoleBindingUpdate = (now: ClusterRoleBinding, old: ClusterRoleBinding): FieldError[] =>
  validateBindingUpdate(now, old, false);
