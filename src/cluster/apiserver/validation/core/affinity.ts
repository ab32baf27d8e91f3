/** Where Pods want to be. @see kubernetes pkg/apis/core/validation/validation.go (validateAffinity, validateTopologySpreadConstraints, ValidateTolerations) */
import type {
  Affinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  Toleration,
  TopologySpreadConstraint,
} from "../../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { dnsLabel, labelValue } from "../meta/formats.ts";
import { all, type LabelSelector, subdomainName, validateLabelName, validateLabelSelector } from "../meta/object-meta.ts";

export function validateAffinity(affinity: Affinity | undefined, path: string): FieldError[] {
  const out: FieldError[] = [];
  const node = affinity?.nodeAffinity;
  const nodePath = `${path}.nodeAffinity`;
  const hard = node?.requiredDuringSchedulingIgnoredDuringExecution;
  if (hard) out.push(...validateNodeSelector(hard, `${nodePath}.requiredDuringSchedulingIgnoredDuringExecution`));
  node?.preferredDuringSchedulingIgnoredDuringExecution?.forEach((term, i) => {
    const at = `${nodePath}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`;
    out.push(...weight(term.weight, at), ...validateNodeSelectorTerm(term.preference, `${at}.preference`, false));
  });
  if (affinity?.podAffinity) out.push(...validatePodAffinity(affinity.podAffinity, `${path}.podAffinity`));
  if (affinity?.podAntiAffinity) out.push(...validatePodAffinity(affinity.podAntiAffinity, `${path}.podAntiAffinity`));
  return out;
}

function weight(value: number, path: string): FieldError[] {
  return value > 0 && value <= 100 ? [] : [invalidValue(`${path}.weight`, value ?? 0, "must be in the range 1-100")];
}

export function validateNodeSelector(selector: NodeSelector, path: string, checkValues = true): FieldError[] {
  const at = `${path}.nodeSelectorTerms`;
  if ((selector.nodeSelectorTerms?.length ?? 0) === 0) return [required(at, "must have at least one node selector term")];
  return selector.nodeSelectorTerms.flatMap((term, i) => validateNodeSelectorTerm(term, `${at}[${i}]`, checkValues));
}

/** Values of a preference are not checked: it may be impossible to meet. */
function validateNodeSelectorTerm(term: NodeSelectorTerm | undefined, path: string, checkValues: boolean): FieldError[] {
  const expressions = (term?.matchExpressions ?? []).flatMap((r, i) =>
    validateExpression(r, `${path}.matchExpressions[${i}]`, checkValues),
  );
  return expressions.concat((term?.matchFields ?? []).flatMap((r, i) => validateFieldExpression(r, `${path}.matchFields[${i}]`)));
}

function validateExpression(r: NodeSelectorRequirement, path: string, checkValues: boolean): FieldError[] {
  const values = r.values ?? [];
  const out: FieldError[] = [];
  switch (r.operator as string) {
    case "In":
    case "NotIn":
      if (values.length === 0) out.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case "Exists":
    case "DoesNotExist":
      if (values.length > 0) out.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      break;
    case "Gt":
    case "Lt":
      if (values.length !== 1) out.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      break;
    default:
      out.push(invalidValue(`${path}.operator`, r.operator ?? "", "not a valid selector operator"));
  }
  out.push(...validateLabelName(r.key ?? "", `${path}.key`));
  if (checkValues) for (const [i, v] of values.entries()) out.push(...all(`${path}.values[${i}]`, v, labelValue(v)));
  return out;
}

function validateFieldExpression(r: NodeSelectorRequirement, path: string): FieldError[] {
  const values = r.values ?? [];
  const out: FieldError[] = [];
  const operator = r.operator as string | undefined;
  if (operator !== "In" && operator !== "NotIn")
    out.push(invalidValue(`${path}.operator`, operator ?? "", "not a valid selector operator"));
  else if (values.length !== 1) {
    out.push(required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
  }
  if (r.key !== "metadata.name") return [...out, invalidValue(`${path}.key`, r.key ?? "", "not a valid field selector key")];
  return out.concat(values.flatMap((v, i) => all(`${path}.values[${i}]`, v, subdomainName(v, false))));
}

function validatePodAffinity(affinity: PodAffinity, path: string): FieldError[] {
  const out = (affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((t, i) =>
    validatePodAffinityTerm(t, `${path}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`),
  );
  affinity.preferredDuringSchedulingIgnoredDuringExecution?.forEach((t, i) => {
    const at = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`;
    out.push(...weight(t.weight, at), ...validatePodAffinityTerm(t.podAffinityTerm, `${at}.podAffinityTerm`));
  });
  return out;
}

function validatePodAffinityTerm(term: PodAffinityTerm, path: string): FieldError[] {
  const out = [
    ...validateLabelSelector(term.labelSelector, `${path}.labelSelector`),
    ...validateLabelSelector(term.namespaceSelector, `${path}.namespaceSelector`),
  ];
  for (const n of term.namespaces ?? []) out.push(...all(`${path}.namespace`, n, dnsLabel(n)));
  out.push(...validateMatchLabelKeys(term, path));
  if (!term.topologyKey) out.push(required(`${path}.topologyKey`, "can not be empty"));
  return out.concat(validateLabelName(term.topologyKey ?? "", `${path}.topologyKey`));
}

function validateMatchLabelKeys(term: PodAffinityTerm, path: string): FieldError[] {
  const out: FieldError[] = [];
  for (const field of ["matchLabelKeys", "mismatchLabelKeys"] as const) {
    const keys = term[field] ?? [];
    if (keys.length === 0) continue;
    if (!term.labelSelector) out.push(forbidden(`${path}.${field}`, "must not be specified when labelSelector is not set"));
    else for (const [i, k] of keys.entries()) out.push(...validateLabelName(k, `${path}.${field}[${i}]`));
  }
  const matching = term.matchLabelKeys ?? [];
  const seen = new Set(Object.keys(term.labelSelector?.matchLabels ?? {}));
  for (const { key } of term.labelSelector?.matchExpressions ?? []) {
    const i = matching.indexOf(key);
    if (i >= 0 && seen.has(key)) out.push(invalidValue(`${path}[${i}]`, key, "exists in both matchLabelKeys and labelSelector"));
    seen.add(key);
  }
  matching.forEach((k, i) => {
    if (term.mismatchLabelKeys?.includes(k))
      out.push(invalidValue(`${path}.matchLabelKeys[${i}]`, k, "exists in both matchLabelKeys and mismatchLabelKeys"));
  });
  return out;
}

const UNSATISFIABLE = ["DoNotSchedule", "ScheduleAnyway"] as const;
const INCLUSION = ["Honor", "Ignore"] as const;

export function validateTopologySpread(constraints: readonly TopologySpreadConstraint[] | undefined, path: string): FieldError[] {
  const out: FieldError[] = [];
  constraints?.forEach((c, i) => {
    const at = `${path}[${i}]`;
    const when = (c.whenUnsatisfiable ?? "") as string;
    if ((c.maxSkew ?? 0) <= 0) out.push(invalidValue(`${at}.maxSkew`, c.maxSkew ?? 0, "must be greater than zero"));
    if (!c.topologyKey) out.push(required(`${at}.topologyKey`, "can not be empty"));
    if (!(UNSATISFIABLE as readonly string[]).includes(when)) out.push(notSupported(`${at}.whenUnsatisfiable`, when, UNSATISFIABLE));
    const pair = `{${c.topologyKey ?? ""}, ${when}}`;
    const repeats = constraints
      .slice(i + 1)
      .some((other) => other.topologyKey === c.topologyKey && other.whenUnsatisfiable === c.whenUnsatisfiable);
    if (repeats) out.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair));
    if (c.minDomains !== undefined) {
      if (c.minDomains <= 0) out.push(invalidValue(`${at}.minDomains`, c.minDomains, "must be greater than zero"));
      if (when !== "DoNotSchedule") {
        out.push(invalidValue(`${at}.minDomains`, c.minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${when}`));
      }
    }
    for (const field of ["nodeAffinityPolicy", "nodeTaintsPolicy"] as const) {
      const policy = c[field] as string | undefined;
      if (policy !== undefined && !(INCLUSION as readonly string[]).includes(policy))
        out.push(notSupported(`${at}.${field}`, policy, INCLUSION));
    }
    out.push(...validateSpreadLabelKeys(c.matchLabelKeys, c.labelSelector, `${at}.matchLabelKeys`));
    out.push(...validateLabelSelector(c.labelSelector, `${at}.labelSelector`));
  });
  return out;
}

function validateSpreadLabelKeys(keys: readonly string[] | undefined, selector: LabelSelector | undefined, path: string): FieldError[] {
  if ((keys?.length ?? 0) === 0) return [];
  const out = selector ? [] : [forbidden(path, "must not be specified when labelSelector is not set")];
  keys?.forEach((k, i) => {
    out.push(...validateLabelName(k, `${path}[${i}]`));
  });
  return out;
}

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

export function validateTaintEffect(effect: string | undefined, path: string): FieldError[] {
  if (!effect) return [required(path)];
  return (EFFECTS as readonly string[]).includes(effect) ? [] : [notSupported(path, effect, EFFECTS)];
}

export function validateTolerations(tolerations: readonly Toleration[] | undefined, path: string): FieldError[] {
  return (tolerations ?? []).flatMap((t, i) => {
    const at = `${path}[${i}]`;
    const operator = (t.operator ?? "") as string;
    const effect = (t.effect ?? "") as string;
    const out = t.key ? validateLabelName(t.key, `${at}.key`) : [];
    if (!t.key && operator !== "Exists") {
      out.push(
        invalidValue(
          `${at}.operator`,
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    }
    if (t.tolerationSeconds !== undefined && effect !== "NoExecute") {
      out.push(invalidValue(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    }
    const value = t.value ?? "";
    if (operator === "Equal" || operator === "") {
      const texts = labelValue(value);
      if (texts.length > 0) out.push(invalidValue(`${at}.operator`, value, texts.join(";")));
    } else if (operator === "Exists") {
      if (value !== "") out.push(invalidValue(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"));
    } else out.push(notSupported(`${at}.operator`, operator, ["Equal", "Exists"]));
    return effect === "" ? out : out.concat(validateTaintEffect(effect, `${at}.effect`));
  });
}
