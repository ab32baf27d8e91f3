/** Storage classes and CSI objects. @see kubernetes pkg/apis/storage/validation/validation.go */
import type { CSIDriver, StorageClass, VolumeAttachment, VolumeAttributesClass } from "../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required, tooLong } from "../field-error.ts";
import { mapForm } from "../internal-form.ts";
import { qualifiedName } from "./meta/formats.ts";
import { subdomainName, validateImmutable, validateLabelName, validateObjectMeta, validateObjectMetaUpdate } from "./meta/object-meta.ts";

const BINDING_MODES = ["Immediate", "WaitForFirstConsumer"] as const;
const PARAMETERS_MAX = 512;
const PARAMETERS_SIZE_MAX = 256 * 1024;

function validateProvisioner(provisioner: string | undefined): FieldError[] {
  if (!provisioner) return [required("provisioner")];
  const lower = provisioner.toLowerCase();
  return qualifiedName(lower).map((text) => invalidValue("provisioner", lower, text));
}

function validateParameters(parameters: Readonly<Record<string, string>> | undefined, atLeastOne: boolean): FieldError[] {
  const entries = Object.entries(parameters ?? {});
  if (atLeastOne && entries.length === 0) return [required("parameters", "must contain at least one key/value pair")];
  const out: FieldError[] = [];
  if (entries.length > PARAMETERS_MAX) out.push(tooLong("parameters", PARAMETERS_MAX));
  if (entries.some(([k]) => k === "")) out.push(invalidValue("parameters", "", "field can not be empty."));
  if (entries.reduce((n, [k, v]) => n + k.length + v.length, 0) > PARAMETERS_SIZE_MAX) out.push(tooLong("parameters", PARAMETERS_SIZE_MAX));
  return out;
}

export function validateStorageClass(sc: StorageClass): FieldError[] {
  const out = [
    ...validateObjectMeta(sc.metadata, false, subdomainName),
    ...validateProvisioner(sc.provisioner),
    ...validateParameters(sc.parameters, false),
  ];
  const reclaim = sc.reclaimPolicy as string | undefined;
  if (reclaim && reclaim !== "Delete" && reclaim !== "Retain") out.push(notSupported("reclaimPolicy", reclaim, ["Delete", "Retain"]));
  const mode = sc.volumeBindingMode as string | undefined;
  if (mode === undefined) out.push(required("volumeBindingMode"));
  else if (!(BINDING_MODES as readonly string[]).includes(mode)) out.push(notSupported("volumeBindingMode", mode, BINDING_MODES));
  return out.concat(validateTopologies(sc));
}

function validateTopologies(sc: StorageClass): FieldError[] {
  const out: FieldError[] = [];
  const seen: unknown[] = [];
  sc.allowedTopologies?.forEach((term, i) => {
    const at = `allowedTopologies[${i}].matchLabelExpressions`;
    const byKey: Record<string, readonly string[]> = {};
    term.matchLabelExpressions?.forEach((r, k) => {
      const values = r.values ?? [];
      if (values.length === 0) out.push(required(`${at}[${k}].values`));
      values.forEach((v, n) => {
        if (values.indexOf(v) < n) out.push(duplicate(`${at}[${k}].values[${n}]`, v));
      });
      out.push(...validateLabelName(r.key ?? "", `${at}[${k}].key`));
      if (Object.hasOwn(byKey, r.key)) out.push(duplicate(`${at}[${k}].key`, r.key));
      byKey[r.key] = [...new Set(values)].sort();
    });
    // A term that says nothing is taken for a repetition, also when it is the first.
    if (Object.keys(byKey).length === 0 || seen.some((s) => semanticEqual(s, byKey))) out.push(duplicate(at, ""));
    seen.push(byKey);
  });
  return out;
}

export function validateStorageClassUpdate(sc: StorageClass, old: StorageClass): FieldError[] {
  const out = validateObjectMetaUpdate(sc.metadata, old.metadata);
  out.push(
    ...validateImmutable(mapForm(sc.parameters), mapForm(old.parameters), "parameters"),
    ...validateImmutable(sc.provisioner, old.provisioner, "provisioner"),
  );
  out.push(
    ...validateImmutable(sc.reclaimPolicy, old.reclaimPolicy, "reclaimPolicy"),
    ...validateImmutable(sc.volumeBindingMode, old.volumeBindingMode, "volumeBindingMode"),
  );
  return out.concat(validateTopologies(sc));
}

const GROUP_POLICIES = ["File", "None", "ReadWriteOnceWithFSType"] as const;
const LIFECYCLE_MODES = ["Persistent", "Ephemeral"] as const;
/** Seconds below which a node's allocatable is not asked again. */
const UPDATE_PERIOD_MIN = 10;

export function validateCsiDriver(driver: CSIDriver): FieldError[] {
  return [...validateObjectMeta(driver.metadata, false, subdomainName), ...validateDriverSpec(driver)];
}

function validateDriverSpec(driver: CSIDriver): FieldError[] {
  const spec = driver.spec ?? {};
  const out: FieldError[] = [];
  for (const field of ["attachRequired", "podInfoOnMount", "storageCapacity"] as const)
    if (spec[field] === undefined) out.push(required(`spec.${field}`));
  const group = spec.fsGroupPolicy as string | undefined;
  if (group === undefined || group === "") out.push(...(group === undefined ? [] : [required("spec.fsGroupPolicy")]));
  else if (!(GROUP_POLICIES as readonly string[]).includes(group)) out.push(notSupported("spec.fsGroupPolicy", group, GROUP_POLICIES));
  const audiences = new Set<string>();
  spec.tokenRequests?.forEach((t, i) => {
    const at = `spec.tokenRequests[${i}]`;
    if (audiences.has(t.audience)) out.push(duplicate(`${at}.audience`, t.audience));
    audiences.add(t.audience);
    const seconds = t.expirationSeconds;
    if (seconds !== undefined && seconds < 600)
      out.push(invalidValue(`${at}.expirationSeconds`, seconds, "may not specify a duration less than 10 minutes"));
    if (seconds !== undefined && seconds > 2 ** 32)
      out.push(invalidValue(`${at}.expirationSeconds`, seconds, "may not specify a duration larger than 2^32 seconds"));
  });
  for (const mode of (spec.volumeLifecycleModes ?? []) as readonly string[]) {
    if (!(LIFECYCLE_MODES as readonly string[]).includes(mode)) out.push(notSupported("spec.volumeLifecycleModes", mode, LIFECYCLE_MODES));
  }
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < UPDATE_PERIOD_MIN) {
    out.push(
      invalidValue("spec.nodeAllocatableUpdatePeriodSeconds", period, `must be greater than or equal to ${UPDATE_PERIOD_MIN} seconds`),
    );
  }
  return out;
}

export function validateCsiDriverUpdate(driver: CSIDriver, old: CSIDriver): FieldError[] {
  const out = [...validateObjectMetaUpdate(driver.metadata, old.metadata), ...validateDriverSpec(driver)];
  for (const field of ["attachRequired", "volumeLifecycleModes"] as const)
    out.push(...validateImmutable(driver.spec?.[field], old.spec?.[field], `spec.${field}`));
  return out;
}

export function validateVolumeAttributesClass(vac: VolumeAttributesClass): FieldError[] {
  const out = validateObjectMeta(vac.metadata, false, subdomainName);
  out.push(...validateProvisioner(vac.driverName).map((e) => ({ ...e, field: "driverName" })));
  return out.concat(validateParameters(vac.parameters, true));
}

export function validateVolumeAttributesClassUpdate(vac: VolumeAttributesClass, old: VolumeAttributesClass): FieldError[] {
  const out = validateObjectMetaUpdate(vac.metadata, old.metadata);
  if (vac.driverName !== old.driverName) out.push(forbidden("driverName", "updates to driverName are forbidden."));
  if (!semanticEqual(vac.parameters, old.parameters)) out.push(forbidden("parameters", "updates to parameters are forbidden."));
  return out;
}

export function validateVolumeAttachment(attachment: VolumeAttachment): FieldError[] {
  const out = validateObjectMeta(attachment.metadata, false, subdomainName);
  const spec = attachment.spec;
  if (!spec?.attacher) out.push(required("spec.attacher"));
  if (!spec?.nodeName) out.push(required("spec.nodeName"));
  const source = spec?.source;
  if (!source?.persistentVolumeName && !source?.inlineVolumeSpec) out.push(required("spec.source"));
  return out;
}

export function validateVolumeAttachmentUpdate(attachment: VolumeAttachment, old: VolumeAttachment): FieldError[] {
  const out = validateVolumeAttachment(attachment);
  return semanticEqual(attachment.spec, old.spec) ? out : [...out, invalidValue("spec", attachment.spec, "field is immutable")];
}
