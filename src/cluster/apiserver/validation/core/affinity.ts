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
import { checkLabelName, checkLabelSelector, checkOneOf, type LabelSelector, note, subdomainName } from "../meta/object-meta.ts";
import { at, type Path } from "../path.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

export function checkAffinity({ nodeAffinity, podAffinity, podAntiAffinity }: Affinity, path: Path, out: FieldError[]): void {
  if (nodeAffinity) {
    const nodePath = at(path, "nodeAffinity");
    if (nodeAffinity[REQUIRED]) checkNodeSelector(nodeAffinity[REQUIRED], true, at(nodePath, REQUIRED), out);
    nodeAffinity[PREFERRED]?.forEach((term, i) => {
      const item = at(nodePath, PREFERRED, i);
      checkWeight(term.weight, item, out);
      if (term.preference) checkNodeSelectorTerm(term.preference, false, at(item, "preference"), out);
    });
  }
  if (podAffinity) checkPodAffinity(podAffinity, at(path, "podAffinity"), out);
  if (podAntiAffinity) checkPodAffinity(podAntiAffinity, at(path, "podAntiAffinity"), out);
}

function checkWeight(weight: number, path: Path, out: FieldError[]): void {
  if (!(weight > 0 && weight <= 100)) out.push(invalidValue(`${path}.weight`, weight ?? 0, "must be in the range 1-100"));
}

/** Values of a preference are not checked: it may be impossible to meet. */
export function checkNodeSelector(selector: NodeSelector, checkValues: boolean, path: Path, out: FieldError[]): void {
  const terms = selector.nodeSelectorTerms;
  if (!terms?.length) out.push(required(`${path}.nodeSelectorTerms`, "must have at least one node selector term"));
  else for (let i = 0; i < terms.length; i++) checkNodeSelectorTerm(terms[i]!, checkValues, at(path, "nodeSelectorTerms", i), out);
}

function checkNodeSelectorTerm(term: NodeSelectorTerm, checkValues: boolean, path: Path, out: FieldError[]): void {
  term.matchExpressions?.forEach((r, i) => {
    checkExpression(r, checkValues, at(path, "matchExpressions", i), out);
  });
  term.matchFields?.forEach((r, i) => {
    checkFieldExpression(r, at(path, "matchFields", i), out);
  });
}

const NO_VALUES: readonly string[] = [];

function checkExpression(r: NodeSelectorRequirement, checkValues: boolean, path: Path, out: FieldError[]): void {
  const values = r.values ?? NO_VALUES;
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
  checkLabelName(r.key ?? "", at(path, "key"), out);
  if (checkValues) for (let i = 0; i < values.length; i++) note(labelValue(values[i]!), values[i]!, at(path, "values", i), out);
}

function checkFieldExpression(r: NodeSelectorRequirement, path: Path, out: FieldError[]): void {
  const values = r.values ?? NO_VALUES;
  const operator = r.operator as string | undefined;
  if (operator !== "In" && operator !== "NotIn")
    out.push(invalidValue(`${path}.operator`, operator ?? "", "not a valid selector operator"));
  else if (values.length !== 1) {
    out.push(required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
  }
  if (r.key !== "metadata.name") out.push(invalidValue(`${path}.key`, r.key ?? "", "not a valid field selector key"));
  else for (let i = 0; i < values.length; i++) note(subdomainName(values[i]!, false), values[i]!, at(path, "values", i), out);
}

function checkPodAffinity(affinity: PodAffinity, path: Path, out: FieldError[]): void {
  affinity[REQUIRED]?.forEach((term, i) => {
    checkPodAffinityTerm(term, at(path, REQUIRED, i), out);
  });
  affinity[PREFERRED]?.forEach((term, i) => {
    const item = at(path, PREFERRED, i);
    checkWeight(term.weight, item, out);
    checkPodAffinityTerm(term.podAffinityTerm, at(item, "podAffinityTerm"), out);
  });
}

function checkPodAffinityTerm(term: PodAffinityTerm, path: Path, out: FieldError[]): void {
  if (term.labelSelector) checkLabelSelector(term.labelSelector, at(path, "labelSelector"), out);
  if (term.namespaceSelector) checkLabelSelector(term.namespaceSelector, at(path, "namespaceSelector"), out);
  if (term.namespaces) for (const n of term.namespaces) note(dnsLabel(n), n, at(path, "namespace"), out);
  if (term.matchLabelKeys || term.mismatchLabelKeys) out.push(...validateMatchLabelKeys(term, `${path}`));
  if (!term.topologyKey) out.push(required(`${path}.topologyKey`, "can not be empty"));
  checkLabelName(term.topologyKey ?? "", at(path, "topologyKey"), out);
}

function validateMatchLabelKeys(term: PodAffinityTerm, path: string): FieldError[] {
  const out: FieldError[] = [];
  for (const field of ["matchLabelKeys", "mismatchLabelKeys"] as const) {
    const keys = term[field] ?? [];
    if (keys.length === 0) continue;
    if (!term.labelSelector) out.push(forbidden(`${path}.${field}`, "must not be specified when labelSelector is not set"));
    else for (const [i, k] of keys.entries()) checkLabelName(k, at(path, field, i), out);
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

export function checkTopologySpread(constraints: readonly TopologySpreadConstraint[], path: Path, out: FieldError[]): void {
  constraints.forEach((c, i) => {
    const item = at(path, "", i);
    const when = (c.whenUnsatisfiable ?? "") as string;
    if ((c.maxSkew ?? 0) <= 0) out.push(invalidValue(`${item}.maxSkew`, c.maxSkew ?? 0, "must be greater than zero"));
    if (!c.topologyKey) out.push(required(`${item}.topologyKey`, "can not be empty"));
    if (!(UNSATISFIABLE as readonly string[]).includes(when)) out.push(notSupported(`${item}.whenUnsatisfiable`, when, UNSATISFIABLE));
    const repeats = constraints.some(
      (other, k) => k > i && other.topologyKey === c.topologyKey && other.whenUnsatisfiable === c.whenUnsatisfiable,
    );
    if (repeats) out.push(duplicate(`${item}.{topologyKey, whenUnsatisfiable}`, `{${c.topologyKey ?? ""}, ${when}}`));
    if (c.minDomains !== undefined) {
      if (c.minDomains <= 0) out.push(invalidValue(`${item}.minDomains`, c.minDomains, "must be greater than zero"));
      if (when !== "DoNotSchedule") {
        out.push(
          invalidValue(`${item}.minDomains`, c.minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${when}`),
        );
      }
    }
    for (const field of ["nodeAffinityPolicy", "nodeTaintsPolicy"] as const) {
      const policy = c[field] as string | undefined;
      if (policy !== undefined && !(INCLUSION as readonly string[]).includes(policy))
        out.push(notSupported(`${item}.${field}`, policy, INCLUSION));
    }
    if (c.matchLabelKeys) checkSpreadLabelKeys(c.matchLabelKeys, c.labelSelector, at(item, "matchLabelKeys"), out);
    if (c.labelSelector) checkLabelSelector(c.labelSelector, at(item, "labelSelector"), out);
  });
}

function checkSpreadLabelKeys(keys: readonly string[], selector: LabelSelector | undefined, path: Path, out: FieldError[]): void {
  if (keys.length === 0) return;
  if (!selector) out.push(forbidden(path, "must not be specified when labelSelector is not set"));
  for (let i = 0; i < keys.length; i++) checkLabelName(keys[i]!, at(path, "", i), out);
}

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

export function checkTaintEffect(effect: string | undefined, path: Path, out: FieldError[]): void {
  checkOneOf(effect, EFFECTS, path, out);
}

export function checkTolerations(tolerations: readonly Toleration[], path: Path, out: FieldError[]): void {
  for (let i = 0; i < tolerations.length; i++) checkToleration(tolerations[i]!, at(path, "", i), out);
}

function checkToleration(t: Toleration, path: Path, out: FieldError[]): void {
  const { operator = "", effect = "", value = "" } = t as { operator?: string; effect?: string; value?: string };
  if (t.key) checkLabelName(t.key, at(path, "key"), out);
  else if (operator !== "Exists") {
    const text = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    out.push(invalidValue(`${path}.operator`, operator, text));
  }
  if (t.tolerationSeconds !== undefined && effect !== "NoExecute") {
    out.push(invalidValue(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  if (operator === "Equal" || operator === "") {
    const texts = labelValue(value);
    if (texts.length > 0) out.push(invalidValue(`${path}.operator`, value, texts.join(";")));
  } else if (operator === "Exists") {
    if (value !== "") out.push(invalidValue(`${path}.operator`, value, "value must be empty when `operator` is 'Exists'"));
  } else out.push(notSupported(`${path}.operator`, operator, ["Equal", "Exists"]));
  if (effect !== "") checkTaintEffect(effect, at(path, "effect"), out);
}
