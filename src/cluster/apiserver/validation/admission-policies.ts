/** Admission policies and their bindings. @see kubernetes pkg/apis/admissionregistration/validation/validation.go */
import type {
  MatchResources,
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  Mutation,
  ParamRef,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from "../../../../generated/v1.36/model.ts";
import { isTooLong } from "../admission/policies/expressions.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required } from "../field-error.ts";
import { among, FAILURE, MATCH, OPERATIONS, validateMatchConditions, validateRule } from "./admissionregistration.ts";
import { dns1035Label, dnsSubdomain, qualifiedName } from "./meta/formats.ts";
import { all, pathSegmentName, subdomainName, validateLabelSelector, validateObjectMeta } from "./meta/object-meta.ts";

function validateMatchResources(match: MatchResources | undefined, path: string): FieldError[] {
  if (!match) return [];
  const out = among(`${path}.matchPolicy`, match.matchPolicy, MATCH);
  out.push(
    ...validateLabelSelector(match.namespaceSelector, `${path}.namespaceSelector`),
    ...validateLabelSelector(match.objectSelector, `${path}.objectSelector`),
  );
  for (const field of ["resourceRules", "excludeResourceRules"] as const) {
    match[field]?.forEach((r, i) => {
      const at = `${path}.${field}[${i}]`;
      r.resourceNames?.forEach((name, k, names) => {
        out.push(...all(`${at}.resourceNames[${k}]`, name, pathSegmentName(name, false)));
        if (names.indexOf(name) < k) out.push(duplicate(`${at}.resourceNames[${k}]`, name));
      });
      out.push(...validateRule(r, at));
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
  out.push(...validateParamVersion(kind.apiVersion, `${path}.apiVersion`));
  if (!kind.kind) return [...out, required(`${path}.kind`)];
  const texts = dns1035Label(kind.kind.toLowerCase());
  if (texts.length === 0) return out;
  return [...out, invalidValue(`${path}.kind`, kind.kind, `may have mixed case, but should otherwise match: ${texts.join(",")}`)];
}

function validateParamVersion(apiVersion: string | undefined, path: string): FieldError[] {
  if (!apiVersion) return [required(path)];
  const parts = apiVersion === "/" ? [""] : apiVersion.split("/");
  if (parts.length > 2) return [invalidValue(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const [version = "", group = ""] = parts.reverse();
  const texts = group === "" ? [] : dnsSubdomain(group);
  const out = texts.length > 0 ? [invalidValue(path, group, texts.join(","))] : [];
  if (version === "") return [...out, invalidValue(path, apiVersion, "version must be specified")];
  const wrong = dns1035Label(version);
  return wrong.length > 0 ? [...out, invalidValue(path, version, wrong.join(","))] : out;
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

const MAX_ANNOTATIONS = 20;

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
    const { message, messageExpression } = v;
    if (messageExpression && messageExpression.trim() === "")
      out.push(invalidValue(`${at}.messageExpression`, messageExpression, "must be non-empty if specified"));
    if (message && message.trim() === "") out.push(invalidValue(`${at}.message`, message, "must be non-empty if specified"));
    else if (message && /[\n\r]/.test(message.trim())) out.push(invalidValue(`${at}.message`, message, "must not contain line breaks"));
    out.push(...among(`${at}.reason`, v.reason, REASONS));
  });
  const keys = new Set<string>();
  const annotations = spec.auditAnnotations ?? [];
  if (annotations.length > MAX_ANNOTATIONS)
    out.push(invalidValue("spec.auditAnnotations", annotations, `must not have more than ${MAX_ANNOTATIONS} auditAnnotations`));
  annotations.forEach((a, i) => {
    const at = `spec.auditAnnotations[${i}]`;
    const key = `${policy.metadata.name}/${a.key ?? ""}`;
    out.push(...all(`${at}.key`, key, qualifiedName(key)));
    if (keys.has(a.key)) out.push(duplicate(`${at}.key`, a.key));
    keys.add(a.key);
    if (!a.valueExpression?.trim()) out.push(required(`${at}.valueExpression`, "valueExpression is not specified"));
    else if (isTooLong(a.valueExpression)) out.push(required(`${at}.valueExpression`, "must not exceed 5120 bytes in length"));
  });
  return out;
}

export function validateMutatingAdmissionPolicy(policy: MutatingAdmissionPolicy): FieldError[] {
  const spec = policy.spec ?? {};
  const out = [...validatePolicy(policy), ...validateMutatingOperations(spec.matchConstraints, "spec.matchConstraints")];
  if ((spec.mutations?.length ?? 0) === 0) out.push(required("spec.mutations", "mutations must contain at least one item"));
  spec.mutations?.forEach((m, i) => {
    out.push(...validateMutation(m, `spec.mutations[${i}]`));
  });
  if (!spec.reinvocationPolicy) out.push(required("spec.reinvocationPolicy"));
  else out.push(...among("spec.reinvocationPolicy", spec.reinvocationPolicy, ["IfNeeded", "Never"]));
  return out;
}

/** What is deleted cannot be altered. */
function validateMutatingOperations(match: MatchResources | undefined, path: string): FieldError[] {
  const supported = OPERATIONS.filter((o) => o !== "DELETE");
  return (match?.resourceRules ?? []).flatMap((r) =>
    (r.operations ?? []).flatMap((o) => among(`${path}.resourceRules.operations`, o, supported)),
  );
}

const PATCHES = { ApplyConfiguration: "applyConfiguration", JSONPatch: "jsonPatch" } as const;

function validateMutation(mutation: Mutation, path: string): FieldError[] {
  const type = (mutation.patchType ?? "") as keyof typeof PATCHES | "";
  if (type === "") return [required(`${path}.patchType`)];
  if (!Object.hasOwn(PATCHES, type)) return [notSupported(`${path}.patchType`, type, Object.keys(PATCHES))];
  const field = PATCHES[type];
  const other = type === "JSONPatch" ? "applyConfiguration" : "jsonPatch";
  const out: FieldError[] = [];
  if (!mutation[field]) out.push(required(`${path}.${field}`, `must be specified when patchType is ${type}`));
  else if (!mutation[field].expression?.trim()) out.push(required(`${path}.${field}.expression`));
  if (mutation[other]) out.push(invalidValue(`${path}.${other}`, `{${other}}`, `must not be specified when patchType is ${type}`));
  return out;
}

const ACTIONS = ["Audit", "Deny", "Warn"] as const;

function validateParamRef(ref: ParamRef | undefined, path: string): FieldError[] {
  if (!ref) return [];
  const out: FieldError[] = [];
  if (ref.name) {
    out.push(...all(`${path}.name`, ref.name, pathSegmentName(ref.name, false)));
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
    ...validateMutatingOperations(spec.matchResources, "spec.matchResources"),
  ];
}
