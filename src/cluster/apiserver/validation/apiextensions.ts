/** CustomResourceDefinitions. @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go */
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
} from "../../../../generated/v1.36/model.ts";
import { parseGoUrl } from "../../../lib/go-url.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required, tooMany } from "../field-error.ts";
import { internalForm } from "../internal-form.ts";
import { dns1035Label, dnsSubdomain } from "./meta/formats.ts";
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from "./meta/object-meta.ts";
import { readFieldPath } from "./schema/field-of-path.ts";
import { validateSchema } from "./structural-schema.ts";
import { validateClientConfig } from "./webhook-client-config.ts";

const EMPTY = {} as CustomResourceDefinitionSpec;
const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

export function validateCustomResourceDefinition(crd: CustomResourceDefinition): FieldError[] {
  const spec = crd.spec ?? EMPTY;
  const name = `${spec.names?.plural ?? ""}.${spec.group ?? ""}`;
  const meta = validateObjectMeta(crd.metadata, false, (given) => [
    ...dnsSubdomain(given),
    ...(given === name ? [] : ['must be spec.names.plural+"."+spec.group']),
  ]);
  return [
    ...meta,
    ...validateSpec(spec),
    ...validateStoredVersions(crd),
    ...validateApproval(crd, undefined),
    ...validatePreserveUnknownFields(crd, undefined),
  ];
}

/** Names and scope stay once the kind is established. */
export function validateCustomResourceDefinitionUpdate(crd: CustomResourceDefinition, old: CustomResourceDefinition): FieldError[] {
  const [spec, was] = [crd.spec ?? EMPTY, old.spec ?? EMPTY];
  const out = [...validateObjectMetaUpdate(crd.metadata, old.metadata), ...validateSpec(spec)];
  if (old.status?.conditions?.some((c) => c.type === "Established" && c.status === "True")) {
    out.push(...validateImmutable(spec.scope, was.scope, "spec.scope"), ...stays(spec.names?.kind, was.names?.kind, "spec.names.kind"));
  }
  out.push(...stays(spec.group, was.group, "spec.group"), ...stays(spec.names?.plural, was.names?.plural, "spec.names.plural"));
  return [...out, ...validateStoredVersions(crd), ...validateApproval(crd, old), ...validatePreserveUnknownFields(crd, old)];
}

function stays(now: string | undefined, was: string | undefined, path: string): FieldError[] {
  return (now ?? "") === (was ?? "") ? [] : [invalidValue(path, now ?? "", "field is immutable")];
}

const joined = (path: string, value: string, texts: readonly string[], prefix = ""): FieldError[] =>
  texts.length === 0 ? [] : [invalidValue(path, value, `${prefix}${texts.join(",")}`)];

/** What every version says alike is looked at once, at the place where it used to be said for all. */
function shared<T>(versions: readonly CustomResourceDefinitionVersion[], of: (v: CustomResourceDefinitionVersion) => T): boolean {
  return versions.every((v) => semanticEqual(of(v), of(versions[0]!)));
}

function validateSpec(spec: CustomResourceDefinitionSpec): FieldError[] {
  const out: FieldError[] = [];
  const versions = spec.versions ?? [];
  if (!spec.group) out.push(required("spec.group"));
  else {
    const texts = dnsSubdomain(spec.group);
    if (texts.length > 0) out.push(...joined("spec.group", spec.group, texts));
    else if (!spec.group.includes(".")) out.push(invalidValue("spec.group", spec.group, "should be a domain with at least one dot"));
  }
  if (!spec.scope) out.push(required("spec.scope"));
  else if ((spec.scope as string) !== "Cluster" && (spec.scope as string) !== "Namespaced")
    out.push(notSupported("spec.scope", spec.scope, ["Cluster", "Namespaced"]));
  versions.forEach((v, i) => {
    if (!v.schema?.openAPIV3Schema) out.push(required(`spec.versions[${i}].schema.openAPIV3Schema`));
  });
  const names = new Set(versions.map((v) => v.name));
  const atTop = {
    schema: shared(versions, (v) => v.schema),
    subresources: shared(versions, (v) => v.subresources),
    columns: shared(versions, (v) => v.additionalPrinterColumns),
    selectable: shared(versions, (v) => v.selectableFields),
  };
  const hasStatus = (v: CustomResourceDefinitionVersion): boolean => v.subresources?.status !== undefined;
  versions.forEach((v, i) => {
    const at = `spec.versions[${i}]`;
    out.push(...joined(`${at}.name`, v.name ?? "", dns1035Label(v.name ?? "")));
    out.push(...validateDeprecation(v, `${at}.deprecationWarning`));
    if (!atTop.schema) out.push(...versionSchema(v, hasStatus(v), `${at}.schema`));
    if (!atTop.subresources) out.push(...validateSubresources(v.subresources, `${at}.subresources`));
    if (!atTop.columns) out.push(...columns(v, `${at}.additionalPrinterColumns`));
    if (!atTop.selectable) out.push(...validateSelectable(v, atTop.schema, at));
  });
  if (names.size !== versions.length)
    out.push(invalidValue("spec.versions", shownVersions(versions, atTop), "must contain unique version names"));
  if (versions.filter((v) => v.storage).length !== 1) {
    const shown = spec.versions ? shownVersions(versions, atTop) : null;
    out.push(invalidValue("spec.versions", shown, "must have exactly one version marked as storage version"));
  }
  const first = versions[0];
  if (first?.name) out.push(...joined("spec.version", first.name, dns1035Label(first.name)));
  out.push(...validateNames(spec));
  if (first && atTop.schema) out.push(...versionSchema(first, versions.some(hasStatus), "spec.validation"));
  if (first && atTop.subresources) out.push(...validateSubresources(first.subresources, "spec.subresources"));
  if (first && atTop.columns) out.push(...columns(first, "spec.additionalPrinterColumns"));
  if (first && atTop.selectable) out.push(...validateSelectable(first, false, "spec"));
  return out.concat(validateConversion(spec));
}

function versionSchema(v: CustomResourceDefinitionVersion, hasStatus: boolean, path: string): FieldError[] {
  const schema = v.schema?.openAPIV3Schema;
  return schema ? validateSchema(schema, hasStatus, `${path}.openAPIV3Schema`) : [];
}

const DEPRECATION_MAX = 256;

function validateDeprecation({ deprecated, deprecationWarning: warning }: CustomResourceDefinitionVersion, path: string): FieldError[] {
  if (warning === undefined) return [];
  if (!deprecated) return [invalidValue(path, warning, "can only be set for deprecated versions")];
  const out: FieldError[] = [];
  if (warning.length > DEPRECATION_MAX) out.push(invalidValue(path, warning, `must be <= ${DEPRECATION_MAX} characters long`));
  if (warning === "") out.push(invalidValue(path, warning, "must not be an empty string"));
  const odd = /[\p{C}]|(?! )\p{Z}/u.exec(warning)?.index;
  if (odd === undefined) return out;
  const text = `must only contain printable UTF-8 characters; non-printable character found at index ${odd}`;
  return [...out, invalidValue(path, warning, text)];
}

const SELECTABLE_MAX = 8;
const SELECTABLE_TYPES: ReadonlySet<string | undefined> = new Set(["string", "boolean", "integer"]);

/** Fields to select objects by: single values with a type. */
function validateSelectable(v: CustomResourceDefinitionVersion, schemaIsAtTop: boolean, at: string): FieldError[] {
  const fields = v.selectableFields ?? [];
  const path = `${at}.selectableFields`;
  const schema = v.schema?.openAPIV3Schema;
  if (fields.length === 0) return [];
  if (!schema || schemaIsAtTop) {
    const what = at === "spec" ? "validations.schema is included" : "`version.schema.openAPIV3Schema` is not included";
    return [invalidValue(path, "", `may only be set when ${what}`)];
  }
  const out: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { jsonPath }] of fields.entries()) {
    const where = `${path}[${i}].jsonPath`;
    const found = jsonPath ? readFieldPath(jsonPath, schema, false) : undefined;
    if (!found || "error" in found) {
      out.push(found ? invalidValue(where, jsonPath, `is an invalid path: ${found.error}`) : required(where));
      continue;
    }
    if (found.root === "metadata") out.push(invalidValue(where, jsonPath, "must not point to fields in metadata"));
    if (!SELECTABLE_TYPES.has(found.schema.type)) {
      const text = "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
      out.push(invalidValue(where, jsonPath, text));
    }
    if (seen.has(found.field)) out.push(duplicate(where, jsonPath));
    seen.add(found.field);
  }
  return seen.size > SELECTABLE_MAX ? [...out, tooMany(path, seen.size, SELECTABLE_MAX)] : out;
}

/** Versions as the API server has them: what is alike in all is not theirs. */
function shownVersions(
  versions: readonly CustomResourceDefinitionVersion[],
  atTop: { schema: boolean; subresources: boolean; columns: boolean; selectable: boolean },
): unknown {
  return versions.map((v) =>
    internalForm("CustomResourceDefinitionVersion", {
      ...v,
      ...(atTop.schema ? { schema: undefined } : {}),
      ...(atTop.subresources ? { subresources: undefined } : {}),
      ...(atTop.columns ? { additionalPrinterColumns: undefined } : {}),
      ...(atTop.selectable ? { selectableFields: undefined } : {}),
    }),
  );
}

function validateNames(spec: CustomResourceDefinitionSpec): FieldError[] {
  const names = spec.names ?? ({} as NonNullable<CustomResourceDefinitionSpec["names"]>);
  const out: FieldError[] = [];
  for (const field of ["plural", "singular", "kind", "listKind"] as const) if (!names[field]) out.push(required(`spec.names.${field}`));
  for (const field of ["plural", "singular"] as const)
    if (names[field]) out.push(...joined(`spec.names.${field}`, names[field], dns1035Label(names[field])));
  for (const field of ["kind", "listKind"] as const) {
    const name = names[field];
    if (name)
      out.push(
        ...joined(`spec.names.${field}`, name, dns1035Label(name.toLowerCase()), "may have mixed case, but should otherwise match: "),
      );
  }
  names.shortNames?.forEach((n, i) => {
    out.push(...joined(`spec.names.shortNames[${i}]`, n, dns1035Label(n)));
  });
  if (names.kind && names.kind === names.listKind)
    out.push(invalidValue("spec.names.listKind", names.listKind, "kind and listKind may not be the same"));
  names.categories?.forEach((n, i) => {
    out.push(...joined(`spec.names.categories[${i}]`, n, dns1035Label(n)));
  });
  return out;
}

/** Of a path, only its beginning is looked at. */
function simpleJsonPath(text: string, path: string): FieldError[] {
  return text.startsWith(".") ? [] : [invalidValue(path, text, "must be a simple json path starting with .")];
}

function columns(v: CustomResourceDefinitionVersion, path: string): FieldError[] {
  return (v.additionalPrinterColumns ?? []).flatMap((c, i) => validateColumn(c, `${path}[${i}]`));
}

function validateColumn(c: CustomResourceColumnDefinition, path: string): FieldError[] {
  const out: FieldError[] = [];
  if (!c.name) out.push(required(`${path}.name`));
  const types = `must be one of ${COLUMN_TYPES.join(",")}`;
  if (!c.type) out.push(required(`${path}.type`, types));
  else if (!COLUMN_TYPES.includes(c.type)) out.push(invalidValue(`${path}.type`, c.type, types));
  if (c.format && !COLUMN_FORMATS.includes(c.format))
    out.push(invalidValue(`${path}.format`, c.format, `must be one of ${COLUMN_FORMATS.join(",")}`));
  if (!c.jsonPath) return [...out, required(`${path}.JSONPath`)];
  return out.concat(simpleJsonPath(c.jsonPath, `${path}.JSONPath`));
}

function validateSubresources(subresources: CustomResourceSubresources | undefined, path: string): FieldError[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  const out: FieldError[] = [];
  for (const [field, prefix] of [
    ["specReplicasPath", ".spec."],
    ["statusReplicasPath", ".status."],
  ] as const) {
    const at = `${path}.scale.${field}`;
    const text = scale[field];
    if (!text) {
      out.push(required(at));
      continue;
    }
    const errors = simpleJsonPath(text, at);
    if (errors.length > 0) out.push(...errors);
    else if (!text.startsWith(prefix)) out.push(invalidValue(at, text, `should be a json path under ${prefix.slice(0, -1)}`));
  }
  const selector = scale.labelSelectorPath;
  if (!selector) return out;
  const at = `${path}.scale.labelSelectorPath`;
  const errors = simpleJsonPath(selector, at);
  if (errors.length > 0) return [...out, ...errors];
  return /^\.(spec|status)\./.test(selector)
    ? out
    : [...out, invalidValue(at, selector, "should be a json path under either .spec or .status")];
}

const REVIEW_VERSIONS = ["v1", "v1beta1"];

function validateConversion({ conversion, preserveUnknownFields }: CustomResourceDefinitionSpec): FieldError[] {
  const at = "spec.conversion";
  if (!conversion) return [];
  const strategy = conversion.strategy as string | undefined;
  const config = conversion.webhook?.clientConfig;
  const versions = conversion.webhook?.conversionReviewVersions ?? [];
  const out: FieldError[] = [];
  if (strategy !== "None" && preserveUnknownFields)
    out.push(invalidValue(`${at}.strategy`, strategy ?? "", "must be None if spec.preserveUnknownFields is true"));
  if (!strategy) out.push(required(`${at}.strategy`));
  else if (strategy !== "None" && strategy !== "Webhook") out.push(notSupported(`${at}.strategy`, strategy, ["None", "Webhook"]));
  if (strategy === "Webhook") {
    out.push(
      ...(config
        ? validateClientConfig(config, `${at}.webhookClientConfig`)
        : [required(`${at}.webhookClientConfig`, "required when strategy is set to Webhook")]),
    );
    return out.concat(validateReviewVersions(versions, `${at}.conversionReviewVersions`));
  }
  const text = "should not be set when strategy is not set to Webhook";
  if (config) out.push(forbidden(`${at}.webhookClientConfig`, text));
  if (versions.length > 0) out.push(forbidden(`${at}.conversionReviewVersions`, text));
  return out;
}

function validateReviewVersions(versions: readonly string[], path: string): FieldError[] {
  if (versions.length === 0) return [required(path)];
  const out: FieldError[] = [];
  versions.forEach((v, i) => {
    const at = `${path}[${i}]`;
    if (versions.indexOf(v) < i) out.push(invalidValue(at, v, "duplicate version"));
    else for (const text of dns1035Label(v)) out.push(invalidValue(at, v, text));
  });
  return versions.some((v) => REVIEW_VERSIONS.includes(v))
    ? out
    : [...out, invalidValue(path, versions, `must include at least one of ${REVIEW_VERSIONS.join(", ")}`)];
}

function validateStoredVersions(crd: CustomResourceDefinition): FieldError[] {
  const stored = crd.status?.storedVersions ?? [];
  const at = "status.storedVersions";
  if (stored.length === 0) return [invalidValue(at, null, "must have at least one stored version")];
  const versions = crd.spec?.versions ?? [];
  const out = versions
    .filter((v) => v.storage && !stored.includes(v.name))
    .map((v) => invalidValue(at, stored, `must have the storage version ${v.name}`));
  stored.forEach((name, i) => {
    if (versions.some((v) => v.name === name)) return;
    const text = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    out.push(invalidValue(`${at}[${i}]`, name, text));
  });
  return out;
}

const APPROVED = "api-approved.kubernetes.io";

/** Groups of Kubernetes' own need its approval. */
function validateApproval(crd: CustomResourceDefinition, old: CustomResourceDefinition | undefined): FieldError[] {
  const group = crd.spec?.group ?? "";
  if (!/(^|\.)(k8s\.io|kubernetes\.io)$/.test(group)) return [];
  const annotation = crd.metadata.annotations?.[APPROVED];
  const state = approvalState(annotation);
  if (state === "fine" || (old && approvalState(old.metadata.annotations?.[APPROVED]) === state)) return [];
  const at = `metadata.annotations[${APPROVED}]`;
  const what = `protected groups must have approval annotation "${APPROVED}"`;
  const see = "see https://github.com/kubernetes/enhancements/pull/1111";
  if (state === "missing") return [required(at, `${what}, ${see}`)];
  return [invalidValue(at, annotation, `${what} with either a URL or a reason starting with "unapproved", ${see}`)];
}

function approvalState(annotation = ""): "missing" | "invalid" | "fine" {
  if (annotation === "") return "missing";
  if (annotation.startsWith("unapproved")) return "fine";
  const url = parseGoUrl(annotation);
  return !("error" in url) && url.host !== "" && url.scheme !== "" ? "fine" : "invalid";
}

/** What the API server's own versions of the kind had; it may not be turned on again. */
function validatePreserveUnknownFields(crd: CustomResourceDefinition, old: CustomResourceDefinition | undefined): FieldError[] {
  if (old?.spec?.preserveUnknownFields || !crd.spec?.preserveUnknownFields) return [];
  const text = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
  return [invalidValue("spec.preserveUnknownFields", true, text)];
}
