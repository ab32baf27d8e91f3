/** Flow schemas and priority levels of requests. @see kubernetes pkg/apis/flowcontrol/validation/validation.go */
import type {
  FlowSchema,
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
  QueuingConfiguration,
  ResourcePolicyRule,
} from "../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required } from "../field-error.ts";
import { internalForm } from "../internal-form.ts";
import { checkMandatoryLevel, checkMandatorySchema } from "./flowcontrol-mandatory.ts";
import { dnsLabel, dnsSubdomain } from "./meta/formats.ts";
import { all, subdomainName, validateObjectMeta } from "./meta/object-meta.ts";

type Subject = PolicyRulesWithSubjects["subjects"][number];

const EXEMPT = "exempt";
const MAX_PRECEDENCE = 10_000;
const METHODS = ["ByNamespace", "ByUser"] as const;
const VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"] as const;
const SUBJECTS = ["Group", "ServiceAccount", "User"] as const;
const NOT_NEGATIVE_INTEGER = "must be a non-negative integer";

export function validateFlowSchema(schema: FlowSchema): FieldError[] {
  const out = validateObjectMeta(schema.metadata, false, subdomainName);
  const spec = schema.spec ?? ({} as Partial<NonNullable<FlowSchema["spec"]>>);
  const precedence = spec.matchingPrecedence ?? 0;
  const at = "spec.matchingPrecedence";
  if (precedence <= 0) out.push(invalidValue(at, precedence, "must be a positive value"));
  if (precedence > MAX_PRECEDENCE) out.push(invalidValue(at, precedence, `must not be greater than ${MAX_PRECEDENCE}`));
  if (precedence === 1 && schema.metadata.name !== EXEMPT)
    out.push(invalidValue(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  const method = spec.distinguisherMethod;
  if (method && !(METHODS as readonly string[]).includes(method.type))
    out.push(notSupported("spec.distinguisherMethod.type", internalForm("FlowDistinguisherMethod", method), METHODS));
  const level = spec.priorityLevelConfiguration?.name;
  if (level) out.push(...all("spec.priorityLevelConfiguration.name", level, dnsSubdomain(level)));
  else out.push(required("spec.priorityLevelConfiguration.name", "must reference a priority level"));
  spec.rules?.forEach((rule, i) => {
    out.push(...validateRule(rule, `spec.rules[${i}]`));
  });
  checkMandatorySchema(schema, out);
  return [...out, ...validateFlowSchemaStatus(schema)];
}

export function validateFlowSchemaStatus(schema: FlowSchema): FieldError[] {
  return validateConditions(schema.status?.conditions);
}

function validateConditions(conditions: readonly { readonly type?: string | undefined }[] | undefined): FieldError[] {
  const seen = new Set<string>();
  return (conditions ?? []).flatMap(({ type = "" }, i) => {
    const at = `status.conditions[${i}].type`;
    const out = seen.has(type) ? [duplicate(at, type)] : [];
    seen.add(type);
    return type ? out : [...out, required(at)];
  });
}

function validateRule(rule: PolicyRulesWithSubjects, path: string): FieldError[] {
  const out: FieldError[] = [];
  if (rule.subjects?.length) {
    rule.subjects.forEach((s, i) => {
      out.push(...validateSubject(s, `${path}.subjects[${i}]`));
    });
  } else out.push(required(`${path}.subjects`, "subjects must contain at least one value"));
  if (!rule.resourceRules?.length && !rule.nonResourceRules?.length)
    out.push(required(path, "at least one of resourceRules and nonResourceRules has to be non-empty"));
  rule.resourceRules?.forEach((r, i) => {
    out.push(...validateResourceRule(r, `${path}.resourceRules[${i}]`));
  });
  rule.nonResourceRules?.forEach((r, i) => {
    out.push(...validateNonResourceRule(r, `${path}.nonResourceRules[${i}]`));
  });
  return out;
}

/** Where each kind of subject is, in the order in which those that are not of the kind are refused. */
const FIELDS = [
  ["ServiceAccount", "serviceAccount"],
  ["User", "user"],
  ["Group", "group"],
] as const;

function validateSubject(subject: Subject, path: string): FieldError[] {
  const own = FIELDS.find(([kind]) => kind === subject.kind);
  if (!own) return [notSupported(`${path}.kind`, subject.kind ?? "", SUBJECTS)];
  const [kind, field] = own;
  const at = `${path}.${field}`;
  const out: FieldError[] = [];
  const given = subject[field];
  if (!given) out.push(required(at, `${field} is required when subject kind is '${kind}'`));
  else if (!given.name) out.push(required(`${at}.name`));
  else if (field === "serviceAccount" && given.name !== "*") out.push(...all(`${at}.name`, given.name, dnsSubdomain(given.name)));
  if (field === "serviceAccount" && subject.serviceAccount) {
    const { namespace } = subject.serviceAccount;
    if (namespace) out.push(...all(`${at}.namespace`, namespace, dnsLabel(namespace)));
    else out.push(required(`${at}.namespace`, "must specify namespace for service account"));
  }
  for (const [otherKind, other] of FIELDS)
    if (otherKind !== kind && subject[other])
      out.push(forbidden(`${path}.${other}`, `${other} is forbidden when subject kind is not '${otherKind}'`));
  return out;
}

function validateVerbs(verbs: readonly string[] | undefined, path: string): FieldError[] {
  if (!verbs?.length) return [required(path, "verbs must contain at least one value")];
  if (verbs.includes("*")) return onlyWildcard(verbs, path, "verbs");
  return verbs.every((v) => (VERBS as readonly string[]).includes(v)) ? [] : [notSupported(path, verbs, VERBS)];
}

function onlyWildcard(list: readonly string[] | undefined, path: string, what: string): FieldError[] {
  if (!list || list.length < 2 || !list.includes("*")) return [];
  return [invalidValue(path, list, `if '*' is present, must not specify other ${what}`)];
}

function validateResourceRule(rule: ResourcePolicyRule, path: string): FieldError[] {
  const out = validateVerbs(rule.verbs, `${path}.verbs`);
  if (!rule.apiGroups?.length) out.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
  else out.push(...onlyWildcard(rule.apiGroups, `${path}.apiGroups`, "api groups"));
  if (!rule.resources?.length) out.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
  else out.push(...onlyWildcard(rule.resources, `${path}.resources`, "resources"));
  const at = `${path}.namespaces`;
  const namespaces = rule.namespaces ?? [];
  if (namespaces.length === 0) {
    if (!rule.clusterScope) out.push(required(at, "resource rules that are not cluster scoped must supply at least one namespace"));
  } else if (namespaces.includes("*")) out.push(...onlyWildcard(namespaces, at, "namespaces"));
  else {
    namespaces.forEach((name, i) => {
      for (const text of dnsLabel(name))
        out.push(invalidValue(`${at}[${i}]`, name, `each member of this list must be '*' or a DNS-1123 label; ${text}`));
    });
  }
  return out;
}

function validateNonResourceRule(rule: NonResourcePolicyRule, path: string): FieldError[] {
  const out = validateVerbs(rule.verbs, `${path}.verbs`);
  const at = `${path}.nonResourceURLs`;
  const urls = rule.nonResourceURLs ?? [];
  if (urls.length === 0) out.push(required(at, "nonResourceURLs must contain at least one value"));
  else if (urls.includes("*")) out.push(...onlyWildcard(urls, at, "non-resource URLs"));
  else {
    urls.forEach((url, i) => {
      const text = urlFault(url);
      if (text) out.push(invalidValue(`${at}[${i}]`, url, text));
    });
  }
  return out;
}

function urlFault(url: string): string | undefined {
  if (url === "") return "must not be empty";
  if (url === "/") return undefined;
  if (!url.startsWith("/")) return "must start with slash";
  if (url.includes(" ")) return "must not contain white-space";
  if (url.includes("//")) return "must not contain double slash";
  const stars = url.split("*").length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith("/*")) ? "wildcard can only do suffix matching" : undefined;
}

// ---- PriorityLevelConfiguration

const PRESERVE_ZERO = "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";

export function validatePriorityLevel(level: PriorityLevelConfiguration): FieldError[] {
  const out = validateObjectMeta(level.metadata, false, subdomainName);
  if (level.metadata.annotations?.[PRESERVE_ZERO] !== undefined)
    out.push(forbidden("metadata.annotations", `annotation '${PRESERVE_ZERO}' is forbidden`));
  const { type = "", limited, exempt } = (level.spec ?? {}) as Partial<NonNullable<PriorityLevelConfiguration["spec"]>>;
  if ((level.metadata.name === EXEMPT) !== (type === "Exempt"))
    out.push(invalidValue("spec.type", type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  if (type === "Exempt") {
    if (limited) out.push(forbidden("spec.limited", "must be nil if the type is not Limited"));
    const shares = exempt?.nominalConcurrencyShares ?? 0;
    if (shares < 0) out.push(invalidValue("spec.exempt.nominalConcurrencyShares", shares, NOT_NEGATIVE_INTEGER));
    out.push(...validateLendable(exempt?.lendablePercent, "spec.exempt.lendablePercent"));
  } else if (type === "Limited") {
    if (exempt) out.push(forbidden("spec.exempt", "must be nil if the type is Limited"));
    if (limited) out.push(...validateLimited(limited));
    else out.push(required("spec.limited", "must not be empty when type is Limited"));
  } else out.push(notSupported("spec.type", type, ["Exempt", "Limited"]));
  checkMandatoryLevel(level, out);
  return [...out, ...validatePriorityLevelStatus(level)];
}

export function validatePriorityLevelStatus(level: PriorityLevelConfiguration): FieldError[] {
  return validateConditions(level.status?.conditions);
}

function validateLendable(percent: number | undefined, path: string): FieldError[] {
  return percent === undefined || (percent >= 0 && percent <= 100)
    ? []
    : [invalidValue(path, percent, "must be between 0 and 100, inclusive")];
}

function validateLimited(limited: LimitedPriorityLevelConfiguration): FieldError[] {
  const out: FieldError[] = [];
  const shares = limited.nominalConcurrencyShares ?? 0;
  if (shares < 0) out.push(invalidValue("spec.limited.nominalConcurrencyShares", shares, NOT_NEGATIVE_INTEGER));
  out.push(...validateLimitResponse(limited.limitResponse), ...validateLendable(limited.lendablePercent, "spec.limited.lendablePercent"));
  const borrowing = limited.borrowingLimitPercent ?? 0;
  if (borrowing < 0)
    out.push(invalidValue("spec.limited.borrowingLimitPercent", borrowing, "if specified, must be a non-negative integer"));
  return out;
}

function validateLimitResponse(response: LimitResponse | undefined): FieldError[] {
  const at = "spec.limited.limitResponse";
  const type = (response?.type ?? "") as string;
  if (type === "Reject")
    return response?.queuing ? [forbidden(`${at}.queuing`, "must be nil if limited.limitResponse.type is not Limited")] : [];
  if (type !== "Queue") return [notSupported(`${at}.type`, type, ["Queue", "Reject"])];
  if (!response?.queuing) return [required(`${at}.queuing`, "must not be empty if limited.limitResponse.type is Limited")];
  return validateQueuing(response.queuing, `${at}.queuing`);
}

const MAX_QUEUES = 10_000_000;
const HASH_BITS = 60;

function validateQueuing({ queueLengthLimit = 0, queues = 0, handSize = 0 }: QueuingConfiguration, path: string): FieldError[] {
  const out: FieldError[] = [];
  if (queueLengthLimit <= 0) out.push(invalidValue(`${path}.queueLengthLimit`, queueLengthLimit, "must be positive"));
  if (queues <= 0) out.push(invalidValue(`${path}.queues`, queues, "must be positive"));
  else if (queues > MAX_QUEUES) out.push(invalidValue(`${path}.queues`, queues, `must not be greater than ${MAX_QUEUES}`));
  const at = `${path}.handSize`;
  if (handSize <= 0) out.push(invalidValue(at, handSize, "must be positive"));
  else if (handSize > queues) out.push(invalidValue(at, handSize, `should not be greater than queues (${queues})`));
  else if (Math.ceil(Math.log2(queues) * handSize) > HASH_BITS) {
    const text = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${HASH_BITS}`;
    out.push(invalidValue(at, handSize, text));
  }
  return out;
}
