/** Webhooks, and the rules that policies share with them. @see kubernetes pkg/apis/admissionregistration/validation/validation.go */
import type {
  MatchCondition,
  MutatingWebhook,
  MutatingWebhookConfiguration,
  RuleWithOperations,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from "../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, invalidValue, notSupported, required, tooMany } from "../field-error.ts";
import { dns1035Label, dnsSubdomain, qualifiedName } from "./meta/formats.ts";
import { all, subdomainName, validateLabelSelector, validateObjectMeta } from "./meta/object-meta.ts";
import { validateClientConfig } from "./webhook-client-config.ts";

export const OPERATIONS = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"] as const;
const SCOPES = ["*", "Cluster", "Namespaced"] as const;
export const FAILURE = ["Fail", "Ignore"] as const;
export const MATCH = ["Equivalent", "Exact"] as const;
const REVIEW_VERSIONS = ["v1", "v1beta1"] as const;

export function among(path: string, value: string | undefined, supported: readonly string[]): FieldError[] {
  return value === undefined || supported.includes(value) ? [] : [notSupported(path, value, supported)];
}

// ---- Rules

export function validateRule(rule: RuleWithOperations, path: string): FieldError[] {
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

const MAX_CONDITIONS = 64;

/** Expressions are compiled elsewhere. */
export function validateMatchConditions(conditions: readonly MatchCondition[] = [], path: string): FieldError[] {
  const names = new Set<string>();
  const many = conditions.length > MAX_CONDITIONS ? [tooMany(path, conditions.length, MAX_CONDITIONS)] : [];
  const each = conditions.flatMap((c, i) => {
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
  return [...many, ...each];
}
