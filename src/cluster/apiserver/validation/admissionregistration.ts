/** Webhooks and admission policies. @see kubernetes pkg/apis/admissionregistration/validation/validation.go */
import type {
  MatchCondition,
  MatchResources,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ParamRef,
  RuleWithOperations,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from "../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required } from "../field-error.ts";
import { dns1035Label, dnsSubdomain, qualifiedName } from "./meta/formats.ts";
import { all, subdomainName, validateLabelSelector, validateObjectMeta } from "./meta/object-meta.ts";
import { validateClientConfig } from "./webhook-client-config.ts";

const OPERATIONS = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"] as const;
const SCOPES = ["*", "Cluster", "Namespaced"] as const;
const FAILURE = ["Fail", "Ignore"] as const;
const MATCH = ["Equivalent", "Exact"] as const;
const REVIEW_VERSIONS = ["v1", "v1beta1"] as const;

function among(path: string, value: string | undefined, supported: readonly string[]): FieldError[] {
  return value === undefined || supported.includes(value) ? [] : [notSupported(path, value, supported)];
}

// ---- Rules

function validateRule(rule: RuleWithOperations, path: string): FieldError[] {
  const out: FieldError[] = [];
  const operations = (rule.operations ?? []) as readonly string[];
  if (operations.length === 0) out.push(required(`${path}.operations`));
  if (operations.length > 1 && operations.includes("*"))
    out.push(invalidValue(`${path}.operations`, operations, "if '*' is present, must not specify other operations"));
  operations.forEach((o, i) => {
    out.push(...among(`${path}.operations[${i}]`, o, OPERATIONS));
  });
  const wildcardAlone = (field: "apiGroups" | "apiVersions", what: string, mayBeEmpty: boolean): void => {
    const list = rule[field] ?? [];
    if (list.length === 0) out.push(required(`${path}.${field}`));
    if (list.length > 1 && list.includes("*"))
      out.push(invalidValue(`${path}.${field}`, list, `if '*' is present, must not specify other ${what}`));
    if (!mayBeEmpty) {
      list.forEach((v, i) => {
        if (v === "") out.push(required(`${path}.${field}[${i}]`));
      });
    }
  };
  wildcardAlone("apiGroups", "API groups", true);
  wildcardAlone("apiVersions", "API versions", false);
  out.push(...validateResources(rule.resources ?? [], `${path}.resources`));
  return out.concat(among(`${path}.scope`, rule.scope, SCOPES));
}

/** `pods`, `pods/*`, `*`, `*​/*`: what one of them covers, another may not name again. */
function validateResources(resources: readonly string[], path: string): FieldError[] {
  if (resources.length === 0) return [required(path)];
  const out: FieldError[] = [];
  const whole = new Set<string>();
  const anyOf = new Set<string>();
  let everything = false;
  resources.forEach((text, i) => {
    const at = `${path}[${i}]`;
    if (text === "") {
      out.push(required(at));
      return;
    }
    if (text === "*/*") everything = true;
    const [resource = "", sub] = text.split("/", 2);
    if (sub === "*") anyOf.add(resource);
    if (resource === "*" && sub !== undefined) whole.add(sub);
    if (sub !== undefined && sub !== "*" && anyOf.has(resource))
      out.push(invalidValue(at, text, `if '${resource}/*' is present, must not specify ${text}`));
    if (sub !== undefined && resource !== "*" && whole.has(sub))
      out.push(invalidValue(at, text, `if '*/${sub}' is present, must not specify ${text}`));
  });
  if (everything && resources.length > 1) out.push(invalidValue(path, resources, "if '*/*' is present, must not specify other resources"));
  return out;
}

// ---- Webhooks

type Webhook = ValidatingWebhook | MutatingWebhook;
const SIDE_EFFECTS = ["None", "NoneOnDryRun"] as const;

function validateWebhooks(webhooks: readonly Webhook[] | undefined): FieldError[] {
  const names = new Set<string>();
  return (webhooks ?? []).flatMap((w, i) => {
    const at = `webhooks[${i}]`;
    const out = [...validateWebhook(w, at), ...validateReviewVersions(w.admissionReviewVersions ?? [], `${at}.admissionReviewVersions`)];
    if (w.name && names.has(w.name)) out.push(duplicate(`${at}.name`, w.name));
    names.add(w.name);
    return out;
  });
}

function validateWebhook(w: Webhook, path: string): FieldError[] {
  const out = fullyQualifiedName(w.name, `${path}.name`);
  w.rules?.forEach((r, i) => {
    out.push(...validateRule(r, `${path}.rules[${i}]`));
  });
  out.push(...among(`${path}.failurePolicy`, w.failurePolicy, FAILURE), ...among(`${path}.matchPolicy`, w.matchPolicy, MATCH));
  if (w.sideEffects === undefined) out.push(required(`${path}.sideEffects`, "must specify one of None, NoneOnDryRun"));
  else out.push(...among(`${path}.sideEffects`, w.sideEffects, SIDE_EFFECTS));
  const seconds = w.timeoutSeconds;
  if (seconds !== undefined && (seconds < 1 || seconds > 30))
    out.push(invalidValue(`${path}.timeoutSeconds`, seconds, "the timeout value must be between 1 and 30 seconds"));
  out.push(
    ...validateLabelSelector(w.namespaceSelector, `${path}.namespaceSelector`),
    ...validateLabelSelector(w.objectSelector, `${path}.objectSelector`),
  );
  out.push(...validateClientConfig(w.clientConfig ?? {}, `${path}.clientConfig`));
  if ("reinvocationPolicy" in w) out.push(...among(`${path}.reinvocationPolicy`, w.reinvocationPolicy, ["IfNeeded", "Never"]));
  return out.concat(validateMatchConditions(w.matchConditions, `${path}.matchConditions`));
}

/** A name with at least three segments. */
function fullyQualifiedName(name: string | undefined, path: string): FieldError[] {
  if (!name) return [required(path)];
  const texts = dnsSubdomain(name);
  if (texts.length > 0) return all(path, name, texts);
  return name.split(".").length < 3 ? [invalidValue(path, name, "should be a domain with at least three segments separated by dots")] : [];
}

function validateReviewVersions(versions: readonly string[], path: string): FieldError[] {
  if (versions.length === 0) return [required(path, `must specify one of ${REVIEW_VERSIONS.join(", ")}`)];
  const out: FieldError[] = [];
  versions.forEach((v, i) => {
    if (versions.indexOf(v) < i) out.push(invalidValue(`${path}[${i}]`, v, "duplicate version"));
    else out.push(...all(`${path}[${i}]`, v, dns1035Label(v)));
  });
  if (!versions.some((v) => (REVIEW_VERSIONS as readonly string[]).includes(v))) {
    out.push(invalidValue(path, versions, `must include at least one of ${REVIEW_VERSIONS.join(", ")}`));
  }
  return out;
}

export const validateValidatingWebhookConfiguration = (c: ValidatingWebhookConfiguration): FieldError[] => [
  ...validateObjectMeta(c.metadata, false, subdomainName),
  ...validateWebhooks(c.webhooks),
];
export const validateMutatingWebhookConfiguration = (c: MutatingWebhookConfiguration): FieldError[] => [
  ...validateObjectMeta(c.metadata, false, subdomainName),
  ...validateWebhooks(c.webhooks),
];

// ---- Policies

/**
 * Simplified: expressions are not compiled here; their syntax is the business of whoever evaluates CEL.
 */
function validateMatchConditions(conditions: readonly MatchCondition[] | undefined, path: string): FieldError[] {
  const names = new Set<string>();
  return (conditions ?? []).flatMap((c, i) => {
    const at = `${path}[${i}]`;
    const out: FieldError[] = [];
    if (!c.expression?.trim()) out.push(required(`${at}.expression`));
    if (!c.name) out.push(required(`${at}.name`));
    else {
      out.push(...all(`${at}.name`, c.name, qualifiedName(c.name)));
      if (names.has(c.name)) out.push(duplicate(`${at}.name`, c.name));
      names.add(c.name);
    }
    return out;
  });
}

function validateMatchResources(match: MatchResources | undefined, path: string): FieldError[] {
  if (!match) return [];
  const out = among(`${path}.matchPolicy`, match.matchPolicy, MATCH);
  out.push(
    ...validateLabelSelector(match.namespaceSelector, `${path}.namespaceSelector`),
    ...validateLabelSelector(match.objectSelector, `${path}.objectSelector`),
  );
  for (const field of ["resourceRules", "excludeResourceRules"] as const) {
    match[field]?.forEach((r, i) => {
      out.push(...validateRule(r, `${path}.${field}[${i}]`));
    });
  }
  return out;
}

const REASONS = ["Forbidden", "Invalid", "RequestEntityTooLarge"] as const;
const CEL_NAME = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const CEL_RESERVED: ReadonlySet<string> = new Set([
  ...[
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
  ],
  ...["namespace", "return", "var", "void", "while"],
]);

function validateVariables(
  variables: readonly { readonly name: string; readonly expression: string }[] | undefined,
  path: string,
): FieldError[] {
  return (variables ?? []).flatMap((v, i) => {
    const at = `${path}[${i}]`;
    const out: FieldError[] = [];
    if (!v.name?.trim()) out.push(required(`${at}.name`, "name is not specified"));
    else if (!CEL_NAME.test(v.name) || CEL_RESERVED.has(v.name))
      out.push(invalidValue(`${at}.name`, v.name, "must be a valid CEL identifier"));
    if (!v.expression?.trim()) out.push(required(`${at}.expression`, "expression is not specified"));
    return out;
  });
}

function validateParamKind(
  kind: { readonly apiVersion?: string | undefined; readonly kind?: string | undefined } | undefined,
  path: string,
): FieldError[] {
  if (!kind) return [];
  const out: FieldError[] = [];
  if (!kind.apiVersion) out.push(required(`${path}.apiVersion`));
  if (!kind.kind) out.push(required(`${path}.kind`));
  return out;
}

function validateConstraints(match: MatchResources | undefined, path: string): FieldError[] {
  if (!match) return [required(path)];
  const out = validateMatchResources(match, path);
  if ((match.resourceRules?.length ?? 0) === 0) out.push(required(`${path}.resourceRules`));
  return out;
}

/** What both kinds of policies share: all but what they do. */
function validatePolicy(policy: ValidatingAdmissionPolicy | MutatingAdmissionPolicy): FieldError[] {
  const spec = policy.spec ?? {};
  const out = validateObjectMeta(policy.metadata, false, subdomainName);
  out.push(...among("spec.failurePolicy", spec.failurePolicy, FAILURE), ...validateParamKind(spec.paramKind, "spec.paramKind"));
  out.push(
    ...validateConstraints(spec.matchConstraints, "spec.matchConstraints"),
    ...validateMatchConditions(spec.matchConditions, "spec.matchConditions"),
  );
  out.push(...validateVariables(spec.variables, "spec.variables"));
  return out;
}

export function validateValidatingAdmissionPolicy(policy: ValidatingAdmissionPolicy): FieldError[] {
  const spec = policy.spec ?? {};
  const out = validatePolicy(policy);
  if ((spec.validations?.length ?? 0) === 0 && (spec.auditAnnotations?.length ?? 0) === 0) {
    const text = "validations or auditAnnotations must contain at least one item";
    out.push(required("spec.validations", text), required("spec.auditAnnotations", text));
  }
  spec.validations?.forEach((v, i) => {
    const at = `spec.validations[${i}]`;
    if (!v.expression?.trim()) out.push(required(`${at}.expression`, "expression is not specified"));
    const { message } = v;
    if (message !== undefined && message !== "") {
      if (message.trim() === "") out.push(invalidValue(`${at}.message`, message, "message must be non-empty if specified"));
      else if (message.trim().includes("\n")) out.push(invalidValue(`${at}.message`, message, "message must not contain line breaks"));
    } else if (v.expression?.trim().includes("\n"))
      out.push(required(`${at}.message`, "message must be specified if expression contains line breaks"));
    out.push(...among(`${at}.reason`, v.reason, REASONS));
  });
  const keys = new Set<string>();
  spec.auditAnnotations?.forEach((a, i) => {
    const at = `spec.auditAnnotations[${i}]`;
    if (!a.key) out.push(required(`${at}.key`));
    else out.push(...all(`${at}.key`, a.key, qualifiedName(`${policy.metadata.name}/${a.key}`)));
    if (keys.has(a.key)) out.push(duplicate(`${at}.key`, a.key));
    keys.add(a.key);
    if (!a.valueExpression?.trim()) out.push(required(`${at}.valueExpression`, "valueExpression is not specified"));
  });
  return out;
}

export function validateMutatingAdmissionPolicy(policy: MutatingAdmissionPolicy): FieldError[] {
  const spec = policy.spec ?? {};
  const out = validatePolicy(policy);
  if ((spec.mutations?.length ?? 0) === 0) out.push(required("spec.mutations", "mutations must contain at least one item"));
  if (spec.reinvocationPolicy === undefined) out.push(required("spec.reinvocationPolicy"));
  else out.push(...among("spec.reinvocationPolicy", spec.reinvocationPolicy, ["IfNeeded", "Never"]));
  return out;
}

const ACTIONS = ["Audit", "Deny", "Warn"] as const;

function validateParamRef(ref: ParamRef | undefined, path: string): FieldError[] {
  if (!ref) return [];
  const out: FieldError[] = [];
  if (ref.name) {
    out.push(...all(`${path}.name`, ref.name, dnsSubdomain(ref.name)));
    if (ref.selector) out.push(forbidden(`${path}.name`, "name and selector are mutually exclusive"));
  }
  if (ref.selector) {
    out.push(...validateLabelSelector(ref.selector, `${path}.selector`));
    if (ref.name) out.push(forbidden(`${path}.selector`, "name and selector are mutually exclusive"));
  }
  if (!ref.name && !ref.selector) out.push(required(path, "one of name or selector must be specified"));
  const action = ref.parameterNotFoundAction;
  if (action === undefined || action === "") out.push(required(`${path}.parameterNotFoundAction`));
  else out.push(...among(`${path}.parameterNotFoundAction`, action, ["Deny", "Allow"]));
  return out;
}

export function validateValidatingAdmissionPolicyBinding(binding: ValidatingAdmissionPolicyBinding): FieldError[] {
  const spec = binding.spec ?? {};
  const out = validateObjectMeta(binding.metadata, false, subdomainName);
  out.push(...(spec.policyName ? all("spec.policyName", spec.policyName, dnsSubdomain(spec.policyName)) : [required("spec.policyName")]));
  out.push(...validateParamRef(spec.paramRef, "spec.paramRef"), ...validateMatchResources(spec.matchResources, "spec.matchResources"));
  const actions = (spec.validationActions ?? []) as readonly string[];
  if (actions.length === 0) return [...out, required("spec.validationActions", "at least one validation action is required")];
  actions.forEach((a, i) => {
    out.push(...among(`spec.validationActions[${i}]`, a, ACTIONS));
    if (actions.indexOf(a) < i) out.push(duplicate(`spec.validationActions[${i}]`, a));
  });
  if (actions.includes("Deny") && actions.includes("Warn")) {
    out.push(
      invalidValue(
        "spec.validationActions",
        actions,
        "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)",
      ),
    );
  }
  return out;
}

export function validateMutatingAdmissionPolicyBinding(binding: MutatingAdmissionPolicyBinding): FieldError[] {
  const spec = binding.spec ?? {};
  const out = validateObjectMeta(binding.metadata, false, subdomainName);
  out.push(...(spec.policyName ? all("spec.policyName", spec.policyName, dnsSubdomain(spec.policyName)) : [required("spec.policyName")]));
  return [
    ...out,
    ...validateParamRef(spec.paramRef, "spec.paramRef"),
    ...validateMatchResources(spec.matchResources, "spec.matchResources"),
  ];
}
