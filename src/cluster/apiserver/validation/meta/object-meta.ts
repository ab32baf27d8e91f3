/**
 * Metadata, the same for all kinds but for what a name may be.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go; pkg/apis/core/validation/names.go
 */
import type { ObjectMeta, OwnerReference } from "../../../../../generated/v1.36/model.ts";
import { goQuote } from "../../../../lib/go-text.ts";
import { semanticEqual } from "../../../../lib/semantic-equal.ts";
import { type FieldError, forbidden, invalidValue, notSupported, required, tooLong } from "../../field-error.ts";
import { at, type Path } from "../path.ts";
import { dnsLabel, dnsSubdomain, IMMUTABLE, labelValue, NOT_NEGATIVE, qualifiedName } from "./formats.ts";

/** What is wrong with a name; `prefix`: it is a `generateName`, to which something will be appended. */
export type NameRule = (name: string, prefix: boolean) => readonly string[];

const masked = (name: string, prefix: boolean): string =>
  prefix && name.endsWith("-") && name.length > 1 ? `${name.slice(0, -1)}a` : name;
export const subdomainName: NameRule = (name, prefix) => dnsSubdomain(masked(name, prefix));
export const labelName: NameRule = (name, prefix) => dnsLabel(masked(name, prefix));
/** A segment of a URL's path: RBAC names. */
export const pathSegmentName: NameRule = (name, prefix) => {
  if (!prefix && name === ".") return ["may not be '.'"];
  if (!prefix && name === "..") return ["may not be '..'"];
  return ["/", "%"].filter((c) => name.includes(c)).map((c) => `may not contain '${c}'`);
};

/** Bytes of keys and values of all annotations together. */
const ANNOTATIONS_MAX = 256 * 1024;
const BANNED_OWNER = "v1 Event";
/** The finalizers without a domain that exist. */
const PLAIN_FINALIZERS: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

export function validateObjectMeta(meta: ObjectMeta, namespaced: boolean, nameRule: NameRule, path: Path = "metadata"): FieldError[] {
  const out: FieldError[] = [];
  if (meta.generateName)
    for (const text of nameRule(meta.generateName, true)) out.push(invalidValue(`${path}.generateName`, meta.generateName, text));
  if (!meta.name) out.push(required(`${path}.name`, "name or generateName is required"));
  else for (const text of nameRule(meta.name, false)) out.push(invalidValue(`${path}.name`, meta.name, text));
  if (namespaced) {
    if (!meta.namespace) out.push(required(`${path}.namespace`));
    else for (const text of dnsLabel(meta.namespace)) out.push(invalidValue(`${path}.namespace`, meta.namespace, text));
  } else if (meta.namespace) out.push(forbidden(`${path}.namespace`, "not allowed on this type"));
  checkAccessorMeta(meta, path, out);
  return out;
}

function checkAccessorMeta(meta: ObjectMeta, path: Path, out: FieldError[]): void {
  if ((meta.generation ?? 0) < 0) out.push(invalidValue(`${path}.generation`, meta.generation, NOT_NEGATIVE));
  if (meta.labels) checkLabels(meta.labels, at(path, "labels"), out);
  if (meta.annotations) checkAnnotations(meta.annotations, at(path, "annotations"), out);
  if (meta.ownerReferences) out.push(...validateOwnerReferences(meta.ownerReferences, `${path}.ownerReferences`));
  if (!meta.finalizers) return;
  out.push(...validateFinalizers(meta.finalizers, `${path}.finalizers`), ...validateFinalizerNames(meta.finalizers, `${path}`));
}

type Labels = Readonly<Record<string, string>>;

export function validateLabels(labels: Labels | undefined, path: Path): FieldError[] {
  const out: FieldError[] = [];
  if (labels) checkLabels(labels, path, out);
  return out;
}

/** As `validateLabels`, into a list that is there. */
export function checkLabels(labels: Labels, path: Path, out: FieldError[]): void {
  for (const key in labels) {
    checkLabelName(key, path, out);
    for (const text of labelValue(labels[key]!)) out.push(invalidValue(path, labels[key], text));
  }
}

export function validateLabelName(name: string, path: Path): FieldError[] {
  return qualifiedName(name).map((text) => invalidValue(path, name, text));
}

/** As `validateLabelName`, into a list that is there. */
export function checkLabelName(name: string, path: Path, out: FieldError[]): void {
  for (const text of qualifiedName(name)) out.push(invalidValue(path, name, text));
}

export function validateAnnotations(annotations: Labels | undefined, path: Path): FieldError[] {
  const out: FieldError[] = [];
  if (annotations) checkAnnotations(annotations, path, out);
  return out;
}

/** As `validateAnnotations`, into a list that is there. */
export function checkAnnotations(annotations: Labels, path: Path, out: FieldError[]): void {
  let total = 0;
  for (const key in annotations) {
    // The rule is enforced except for case, for historical reasons.
    for (const text of qualifiedName(key.toLowerCase())) out.push(invalidValue(path, key, text));
    total += key.length + annotations[key]!.length;
  }
  if (total > ANNOTATIONS_MAX) out.push(tooLong(path, ANNOTATIONS_MAX));
}

function validateOwnerReferences(references: readonly OwnerReference[] | undefined, path: string): FieldError[] {
  const out: FieldError[] = [];
  let controller = "";
  for (const r of references ?? []) {
    const version = r.apiVersion.slice(r.apiVersion.indexOf("/") + 1);
    if (r.apiVersion.split("/").length > 2) out.push(invalidValue(`${path}.apiVersion`, r.apiVersion, "version must not be empty"));
    else if (version === "") out.push(invalidValue(`${path}.apiVersion`, r.apiVersion, "version must not be empty"));
    if (!r.kind) out.push(invalidValue(`${path}.kind`, r.kind, "must not be empty"));
    if (!r.name) out.push(invalidValue(`${path}.name`, r.name, "must not be empty"));
    if (!r.uid) out.push(invalidValue(`${path}.uid`, r.uid, "must not be empty"));
    if (`${r.apiVersion} ${r.kind}` === BANNED_OWNER) {
      out.push(invalidValue(path, r, `${r.apiVersion}, Kind=${r.kind} is disallowed from being an owner`));
    }
    if (!r.controller) continue;
    if (controller !== "") {
      const text = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${r.name}`;
      out.push(invalidValue(path, references, text));
    } else controller = r.name;
  }
  return out;
}

function validateFinalizers(finalizers: readonly string[] | undefined, path: string): FieldError[] {
  const out: FieldError[] = [];
  for (const f of finalizers ?? []) for (const text of qualifiedName(f)) out.push(invalidValue(path, f, text));
  if (finalizers?.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    out.push(invalidValue(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set"));
  }
  return out;
}

/** A finalizer of Kubernetes' own names has to exist; any other needs a domain. */
function validateFinalizerNames(finalizers: readonly string[] | undefined, path: string): FieldError[] {
  return (finalizers ?? []).flatMap((f, i) => {
    if (f.includes("/") || PLAIN_FINALIZERS.has(f)) return [];
    const at = `${path}.finalizers[${i}]`;
    return [invalidValue(at, f, "name is neither a standard finalizer name nor is it fully qualified")];
  });
}

/** Fields that never change once they are set, and what the rules above ask of the rest. */
export function validateObjectMetaUpdate(meta: ObjectMeta, old: ObjectMeta, path = "metadata"): FieldError[] {
  const out: FieldError[] = [];
  if (old.deletionTimestamp !== undefined && meta.deletionTimestamp !== undefined) {
    const added = (meta.finalizers ?? []).filter((f) => !(old.finalizers ?? []).includes(f)).sort();
    if (added.length > 0) {
      const text = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map(goQuote).join(", ")}}`;
      out.push(forbidden(`${path}.finalizers`, text));
    }
  }
  if ((meta.generation ?? 0) < (old.generation ?? 0))
    out.push(invalidValue(`${path}.generation`, meta.generation ?? 0, "must not be decremented"));
  for (const field of ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] as const) {
    if (!semanticEqual(meta[field], old[field])) out.push(immutable(`${path}.${field}`, meta[field]));
  }
  checkAccessorMeta(meta, path, out);
  return out;
}

export function immutable(path: string, value: unknown): FieldError {
  return invalidValue(path, value ?? null, IMMUTABLE);
}

/** `Invalid value: …: field is immutable` where two values differ. */
export function validateImmutable(value: unknown, old: unknown, path: string): FieldError[] {
  return semanticEqual(value, old) ? [] : [immutable(path, value)];
}

// ---- Label selectors

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?: readonly Requirement[] | undefined;
}

/** @see kubernetes staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go (ValidateLabelSelector) */
export function validateLabelSelector(selector: LabelSelector | undefined, path: Path): FieldError[] {
  const out: FieldError[] = [];
  if (selector) checkLabelSelector(selector, path, out);
  return out;
}

/** As `validateLabelSelector`, into a list that is there. */
export function checkLabelSelector({ matchLabels, matchExpressions }: LabelSelector, path: Path, out: FieldError[]): void {
  if (matchLabels) checkLabels(matchLabels, at(path, "matchLabels"), out);
  if (matchExpressions)
    for (let i = 0; i < matchExpressions.length; i++) checkRequirement(matchExpressions[i]!, at(path, "matchExpressions", i), out);
}

function checkRequirement(r: Requirement, path: Path, out: FieldError[]): void {
  const values = r.values ?? NO_VALUES;
  if (r.operator === "In" || r.operator === "NotIn") {
    if (values.length === 0) out.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (r.operator === "Exists" || r.operator === "DoesNotExist") {
    if (values.length > 0) out.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else out.push(invalidValue(`${path}.operator`, r.operator ?? "", "not a valid selector operator"));
  checkLabelName(r.key ?? "", at(path, "key"), out);
  for (let i = 0; i < values.length; i++)
    for (const text of labelValue(values[i]!)) out.push(invalidValue(`${path}.values[${i}]`, values[i], text));
}
const NO_VALUES: readonly string[] = [];

/** Whether Go could make a selector of it: what `LabelSelectorAsSelector` fails on. */
export function isUsableSelector(selector: LabelSelector | undefined): boolean {
  return validateLabelSelector(selector, "").length === 0;
}

export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions?.length ?? 0) === 0;
}

// ---- Small rules that many kinds share

export function oneOf(path: Path, value: string | undefined, supported: readonly string[]): FieldError[] {
  const out: FieldError[] = [];
  checkOneOf(value, supported, path, out);
  return out;
}

/** As `oneOf`, into a list that is there. */
export function checkOneOf(value: string | undefined, supported: readonly string[], path: Path, out: FieldError[]): void {
  if (!value) out.push(required(path));
  else if (!supported.includes(value)) out.push(notSupported(path, value, supported));
}

export function notNegative(path: Path, value: number | undefined): FieldError[] {
  return value !== undefined && value < 0 ? [invalidValue(path, value, NOT_NEGATIVE)] : [];
}

export function all(path: Path, value: string, texts: readonly string[]): FieldError[] {
  return texts.map((text) => invalidValue(path, value, text));
}

/** As `all`, into a list that is there. */
export function note(texts: readonly string[], value: string, path: Path, out: FieldError[]): void {
  for (let i = 0; i < texts.length; i++) out.push(invalidValue(path, value, texts[i]!));
}
