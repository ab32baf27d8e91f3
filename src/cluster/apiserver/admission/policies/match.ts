/**
 * Which requests a policy, or the binding of one, is about.
 * @see kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/matching/matching.go; …/webhook/predicates/rules/rules.go
 */
import type { MatchResources, NamedRuleWithOperations } from "../../../../../generated/v1.36/model.ts";
import { NAMESPACE } from "../../../../api/kinds.ts";
import type { KubeObject } from "../../../../api/object.ts";
import { matchesSelector } from "../../../../lib/labels.ts";
import type { AdmissionContext, AdmissionRequest } from "../plugin.ts";

/** Policies are never about policies: nobody could take a wrong one away. */
const EXEMPT: ReadonlySet<string> = new Set([
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
  "mutatingadmissionpolicies",
  "mutatingadmissionpolicybindings",
  "validatingwebhookconfigurations",
  "mutatingwebhookconfigurations",
]);

export function isExempt({ resource }: AdmissionRequest): boolean {
  return resource.group === "admissionregistration.k8s.io" && EXEMPT.has(resource.resource);
}

/** Without rules all requests that the selectors let pass. */
export function matchesResources(match: MatchResources | undefined, request: AdmissionRequest, context: AdmissionContext): boolean {
  if (!match) return true;
  const { resourceRules = [], excludeResourceRules = [], namespaceSelector, objectSelector, matchPolicy } = match;
  const isEquivalent = matchPolicy !== "Exact";
  if (namespaceSelector && !matchesNamespace(namespaceSelector, request, context)) return false;
  if (objectSelector && !matchesObject(objectSelector, request)) return false;
  if (excludeResourceRules.some((rule) => matchesRule(rule, request, isEquivalent))) return false;
  return resourceRules.length === 0 || resourceRules.some((rule) => matchesRule(rule, request, isEquivalent));
}

type Selector = NonNullable<MatchResources["namespaceSelector"]>;

/** That of the object's namespace; a Namespace is in itself, other cluster-scoped objects are in none and always match. */
function matchesNamespace(selector: Selector, request: AdmissionRequest, context: AdmissionContext): boolean {
  const isNamespace = request.resource.group === "" && request.resource.resource === "namespaces";
  if (isNamespace) return matchesSelector(selector, (request.object ?? request.old)?.metadata.labels);
  if (!request.namespace) return true;
  return matchesSelector(selector, context.get(NAMESPACE, request.namespace)?.metadata.labels);
}

function matchesObject(selector: Selector, { object, old }: AdmissionRequest): boolean {
  return [object, old].some((o: KubeObject | undefined) => o !== undefined && matchesSelector(selector, o.metadata.labels ?? {}));
}

function matchesRule(rule: NamedRuleWithOperations, request: AdmissionRequest, isEquivalent: boolean): boolean {
  const { group, version, namespaced } = request.resource;
  const { operations = [], apiGroups = [], apiVersions = [], resources = [], resourceNames = [], scope = "*" } = rule;
  const among = (list: readonly string[], item: string): boolean => list.includes("*") || list.includes(item);
  const isNamespace = group === "" && request.resource.resource === "namespaces";
  return (
    among(operations, request.operation) &&
    among(apiGroups, group) &&
    (among(apiVersions, version) || (isEquivalent && (SEVERAL_VERSIONS[group] ?? []).some((v) => apiVersions.includes(v)))) &&
    resources.some((r) => matchesResource(r, request)) &&
    (resourceNames.length === 0 || resourceNames.includes(request.name ?? request.object?.metadata.name ?? "")) &&
    (scope === "*" || (scope === "Namespaced") === (namespaced && !isNamespace))
  );
}

/** Groups whose objects are served in several versions. Simplified: those of custom resources are told apart. */
const SEVERAL_VERSIONS: Readonly<Record<string, readonly string[]>> = { autoscaling: ["v1", "v2"] };

// `pods`, `pods/status`, `pods/*`, all resources, all with their subresources.
function matchesResource(pattern: string, { resource, subresource = "" }: AdmissionRequest): boolean {
  const [name = "", sub = ""] = pattern.split("/");
  return (name === "*" || name === resource.resource) && (sub === "*" || sub === subresource);
}
