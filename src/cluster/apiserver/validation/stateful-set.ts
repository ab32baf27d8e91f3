/** StatefulSets. @see kubernetes pkg/apis/apps/validation/validation.go (ValidateStatefulSetSpec, ValidateStatefulSetUpdate) */
import type { PodTemplateSpec, StatefulSet, StatefulSetSpec } from "../../../../generated/v1.36/model.ts";
import { changed } from "../../../lib/changed.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { type FieldError, forbidden, invalidValue, notSupported, required } from "../field-error.ts";
import { internalForm, selectorForm } from "../internal-form.ts";
import { isZero, notMoreThanAll, validateIntOrPercent, validateSelector, validateTemplateLabels } from "./apps.ts";
import { validateClaimSpec } from "./core/persistent-volume-claim.ts";
import { validatePodTemplateSpec } from "./core/pod-spec.ts";
import { dnsLabel } from "./meta/formats.ts";
import {
  all,
  isUsableSelector,
  labelName,
  notNegative,
  validateAnnotations,
  validateLabels,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "./meta/object-meta.ts";

const MANAGEMENT = ["OrderedReady", "Parallel"] as const;
const RETENTION = ["Retain", "Delete"] as const;

/** What an update leaves aside: what cannot change, and templates where the old set was refused today. */
type Leaves = "names and claims" | "names, claims and templates" | undefined;

function validateStatefulSetSpec(sts: StatefulSet, leaves?: Leaves): FieldError[] {
  const spec = sts.spec ?? ({} as StatefulSetSpec);
  const template: PodTemplateSpec = spec.template ?? {};
  const out: FieldError[] = [];
  const management = (spec.podManagementPolicy ?? "") as string;
  if (management === "") out.push(required("spec.podManagementPolicy"));
  else if (!(MANAGEMENT as readonly string[]).includes(management)) {
    out.push(invalidValue("spec.podManagementPolicy", management, "must be 'OrderedReady' or 'Parallel'"));
  }
  out.push(...validateSetStrategy(spec.updateStrategy ?? {}));
  const retention = spec.persistentVolumeClaimRetentionPolicy ?? {};
  for (const field of ["whenDeleted", "whenScaled"] as const) {
    const value = (retention[field] ?? "") as string;
    if (!(RETENTION as readonly string[]).includes(value))
      out.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${field}`, value, RETENTION));
  }
  if (!leaves) {
    spec.volumeClaimTemplates?.forEach((claim, i) => {
      out.push(...validateClaimSpec(claim.spec ?? {}, `spec.volumeClaimTemplates[${i}].spec`));
    });
  }
  out.push(
    ...notNegative("spec.replicas", spec.replicas),
    ...notNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...notNegative("spec.ordinals.start", spec.ordinals?.start),
  );
  if (spec.serviceName && !leaves) out.push(...all("spec.serviceName", spec.serviceName, dnsLabel(spec.serviceName)));
  out.push(...validateSelector(spec.selector, "statefulset"));
  if (spec.selector && !isUsableSelector(spec.selector)) out.push(invalidValue("spec.selector", selectorForm(spec.selector), ""));
  else {
    out.push(...validateTemplateLabels(spec.selector, template));
    if (leaves !== "names, claims and templates") out.push(...validateSetTemplate(spec, template));
    const { labels, annotations } = template.metadata ?? {};
    out.push(...validateLabels(labels, "spec.template.labels"), ...validateAnnotations(annotations, "spec.template.annotations"));
  }
  const policy = (template.spec?.restartPolicy ?? "") as string;
  if (policy !== "Always") out.push(notSupported("spec.template.spec.restartPolicy", policy, ["Always"]));
  if (template.spec?.activeDeadlineSeconds !== undefined) {
    out.push(forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in StatefulSet is not Supported"));
  }
  return out;
}

/** Mounts may name claim templates: the volumes of those are made for each Pod, and take the place of the template's own. */
function validateSetTemplate({ volumeClaimTemplates = [] }: StatefulSetSpec, template: PodTemplateSpec): FieldError[] {
  if (!template.spec) return validatePodTemplateSpec(template, "spec.template");
  const claims = [...new Set(volumeClaimTemplates.map((c) => c.metadata?.name ?? ""))];
  const own = (template.spec.volumes ?? []).filter((v) => !claims.includes(v.name));
  const volumes = [...claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })), ...own];
  const spec = changed(template.spec, { volumes, hostname: undefined, subdomain: undefined });
  return validatePodTemplateSpec({ metadata: template.metadata, spec }, "spec.template");
}

function validateSetStrategy(strategy: NonNullable<StatefulSetSpec["updateStrategy"]>): FieldError[] {
  const at = "spec.updateStrategy";
  const type = (strategy.type ?? "") as string;
  const r = strategy.rollingUpdate;
  if (type === "") return [required(at)];
  if (type === "OnDelete") {
    return r
      ? [
          invalidValue(
            `${at}.rollingUpdate`,
            internalForm("RollingUpdateStatefulSetStrategy", r),
            "only allowed for updateStrategy 'RollingUpdate'",
          ),
        ]
      : [];
  }
  if (type !== "RollingUpdate")
    return [invalidValue(at, internalForm("StatefulSetUpdateStrategy", strategy), "must be 'RollingUpdate' or 'OnDelete'")];
  const out = notNegative(`${at}.rollingUpdate.partition`, r?.partition);
  if (r?.maxUnavailable === undefined) return out;
  const path = `${at}.rollingUpdate.maxUnavailable`;
  out.push(...validateIntOrPercent(r.maxUnavailable, path));
  if (isZero(r.maxUnavailable)) out.push(invalidValue(path, r.maxUnavailable, "cannot be 0"));
  return out.concat(notMoreThanAll(r.maxUnavailable, path));
}

/** The name is a label: it is part of each Pod's host name. */
export function validateStatefulSet(sts: StatefulSet): FieldError[] {
  return [...validateObjectMeta(sts.metadata, true, labelName), ...validateStatefulSetSpec(sts)];
}

const UPDATABLE = [
  ...["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit"],
  ...["persistentVolumeClaimRetentionPolicy", "minReadySeconds"],
] as const;

export function validateStatefulSetUpdate(sts: StatefulSet, old: StatefulSet): FieldError[] {
  const wasRefused = validateStatefulSetSpec(old, "names and claims").length > 0;
  const leaves = wasRefused ? "names, claims and templates" : "names and claims";
  const out = [...validateObjectMetaUpdate(sts.metadata, old.metadata), ...validateStatefulSetSpec(sts, leaves)];
  const before = (old.spec ?? {}) as unknown as Readonly<Record<string, unknown>>;
  const kept = { ...sts.spec, ...Object.fromEntries(UPDATABLE.map((f) => [f, before[f]])) };
  if (!semanticEqual(kept, before)) {
    const list =
      "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
    out.push(forbidden("spec", `updates to statefulset spec for fields other than ${list} are forbidden`));
  }
  return out;
}
