/** CustomResourceDefinitions. @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go */
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
} from "../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { type FieldError, invalidValue, notSupported, required } from "../field-error.ts";
import { validateClientConfig } from "./admissionregistration.ts";
import { dns1035Label, dnsSubdomain } from "./meta/formats.ts";
import { validateImmutable, validateObjectMeta, validateObjectMetaUpdate } from "./meta/object-meta.ts";
import { validateSchema } from "./structural-schema.ts";

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
  return [...meta, ...validateSpec(spec), ...validateStoredVersions(crd), ...validateApproval(crd, undefined)];
}

/** Names and scope stay once the kind is established. */
export function validateCustomResourceDefinitionUpdate(crd: CustomResourceDefinition, old: CustomResourceDefinition): FieldError[] {
  const [spec, was] = [crd.spec ?? EMPTY, old.spec ?? EMPTY];
  const out = [...validateObjectMetaUpdate(crd.metadata, old.metadata), ...validateSpec(spec)];
  if (old.status?.conditions?.some((c) => c.type === "Established" && c.status === "True")) {
    out.push(...validateImmutable(spec.scope, was.scope, "spec.scope"), ...stays(spec.names?.kind, was.names?.kind, "spec.names.kind"));
  }
  out.push(...stays(spec.group, was.group, "spec.group"), ...stays(spec.names?.plural, was.names?.plural, "spec.names.plural"));
  return [...out, ...validateStoredVersions(crd), ...validateApproval(crd, old)];
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
  };
  versions.forEach((v, i) => {
    const at = `spec.versions[${i}]`;
    out.push(...joined(`${at}.name`, v.name ?? "", dns1035Label(v.name ?? "")));
    if (v.deprecationWarning !== undefined && !v.deprecated)
      out.push(invalidValue(`${at}.deprecationWarning`, v.deprecationWarning, "can only be set for deprecated versions"));
    if (!atTop.schema) out.push(...versionSchema(v, `${at}.schema`));
    if (!atTop.subresources) out.push(...validateSubresources(v.subresources, `${at}.subresources`));
    if (!atTop.columns) out.push(...columns(v, `${at}.additionalPrinterColumns`));
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
  if (first && atTop.schema) out.push(...versionSchema(first, "spec.validation"));
  if (first && atTop.subresources) out.push(...validateSubresources(first.subresources, "spec.subresources"));
  if (first && atTop.columns) out.push(...columns(first, "spec.additionalPrinterColumns"));
  return out.concat(validateConversion(spec));
}

function versionSchema(v: CustomResourceDefinitionVersion, path: string): FieldError[] {
  const schema = v.schema?.openAPIV3Schema;
  return schema ? validateSchema(schema, v.subresources?.status !== undefined, `${path}.openAPIV3Schema`) : [];
}

/** Versions as Go's internal type is written. */
function shownVersions(
  versions: readonly CustomResourceDefinitionVersion[],
  atTop: { schema: boolean; subresources: boolean; columns: boolean },
): unknown {
  return versions.map((v) => ({
    Name: v.name ?? "",
    Served: v.served ?? false,
    Storage: v.storage ?? false,
    Deprecated: v.deprecated ?? false,
    DeprecationWarning: v.deprecationWarning ?? null,
    Schema: atTop.schema ? null : (v.schema ?? null),
    Subresources: atTop.subresources ? null : (v.subresources ?? null),
    AdditionalPrinterColumns: atTop.columns ? null : (v.additionalPrinterColumns ?? null),
    SelectableFields: v.selectableFields ?? null,
  }));
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

/** `.a.b`, `.a['b']`: no wildcards, no filters. */
function simpleJsonPath(text: string, path: string): FieldError[] {
  if (!text.startsWith(".")) return [invalidValue(path, text, "must be a simple json path starting with .")];
  const simple = /^(?:\.[A-Za-z0-9_\-/]+|\[(?:\d+|'[^']*'|"[^"]*")\]|\.[A-Za-z0-9_\-/.\\]+)+$/;
  return simple.test(text) ? [] : [invalidValue(path, text, "must be a simple json path without arrays or filters")];
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
  // Columns may use all of JSON path: only its beginning is looked at.
  return c.jsonPath.startsWith(".")
    ? out
    : [...out, invalidValue(`${path}.JSONPath`, c.jsonPath, "must be a simple json path starting with .")];
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

function validateConversion(spec: CustomResourceDefinitionSpec): FieldError[] {
  const { strategy, webhook } = spec.conversion ?? {};
  const at = "spec.conversion";
  if (!spec.conversion) return [];
  if (!strategy) return [required(`${at}.strategy`)];
  if (strategy !== "None" && strategy !== "Webhook") return [notSupported(`${at}.strategy`, strategy, ["None", "Webhook"])];
  if (strategy === "None")
    return webhook
      ? [{ ...required(`${at}.webhook`, "should not be set when strategy is not set to Webhook"), type: "FieldValueForbidden" }]
      : [];
  const config = webhook?.clientConfig;
  const out = config
    ? validateClientConfig(config, `${at}.webhookClientConfig`)
    : [required(`${at}.webhookClientConfig`, "required when strategy is set to Webhook")];
  const versions = webhook?.conversionReviewVersions ?? [];
  if (versions.length === 0) return [...out, required(`${at}.conversionReviewVersions`)];
  return versions.some((v) => v === "v1" || v === "v1beta1")
    ? out
    : [...out, invalidValue(`${at}.conversionReviewVersions`, versions, "must include at least one of v1, v1beta1")];
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
  if (old && old.metadata.annotations?.[APPROVED] === annotation) return [];
  const at = `metadata.annotations[${APPROVED}]`;
  if (annotation === undefined || annotation === "")
    return [
      required(
        at,
        'protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
      ),
    ];
  return /^(unapproved|https?:\/\/)/.test(annotation)
    ? []
    : [
        invalidValue(
          at,
          annotation,
          'protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111',
        ),
      ];
}
