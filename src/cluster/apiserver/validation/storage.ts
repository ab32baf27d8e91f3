/** Storage classes, attributes classes and attachments. @see kubernetes pkg/apis/storage/validation/validation.go */
import type { StorageClass, VolumeAttachment, VolumeAttributesClass } from "../../../../generated/v1.36/model.ts";
import { semanticEqual } from "../../../lib/semantic-equal.ts";
import { duplicate, type FieldError, forbidden, invalidValue, notSupported, required, tooLong } from "../field-error.ts";
import { internalForm, mapForm } from "../internal-form.ts";
import { dnsSubdomain, qualifiedName } from "./meta/formats.ts";
import {
  all,
  subdomainName,
  validateImmutable,
  validateLabelName,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "./meta/object-meta.ts";
import { validateDriverName } from "./resource/shared.ts";

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
  if (entries.length > PARAMETERS_MAX) return [tooLong("parameters", PARAMETERS_MAX)];
  const out: FieldError[] = [];
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
  // The list of terms seen begins with an empty one for each: a term that says nothing is taken for a repetition of them.
  const seen: unknown[] = (sc.allowedTopologies ?? []).map(() => ({}));
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
    for (const other of seen) if (semanticEqual(other, byKey)) out.push(duplicate(at, ""));
    seen.push(byKey);
  });
  return out;
}

export function validateStorageClassUpdate(sc: StorageClass, old: StorageClass): FieldError[] {
  return [
    ...validateStorageClass(sc),
    ...validateObjectMetaUpdate(sc.metadata, old.metadata),
    ...validateImmutable(mapForm(sc.parameters), mapForm(old.parameters), "parameters"),
    ...validateImmutable(sc.provisioner, old.provisioner, "provisioner"),
    ...validateImmutable(sc.reclaimPolicy, old.reclaimPolicy, "reclaimPolicy"),
    ...validateImmutable(sc.volumeBindingMode, old.volumeBindingMode, "volumeBindingMode"),
  ];
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
  return out.concat(validateVolumeAttributesClass(vac));
}

export function validateVolumeAttachment(attachment: VolumeAttachment): FieldError[] {
  const out = validateObjectMeta(attachment.metadata, false, subdomainName);
  const { attacher, nodeName = "", source } = attachment.spec ?? {};
  const at = "spec.source";
  const one = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  const name = source?.persistentVolumeName;
  out.push(...validateDriverName(attacher, "spec.attacher"));
  if (!source?.inlineVolumeSpec && name === undefined) out.push(required(at, one));
  else if (source?.inlineVolumeSpec && name !== undefined) out.push(forbidden(at, one));
  else if (name === "") out.push(required(`${at}.persistentVolumeName`, "must specify non empty persistentVolumeName"));
  out.push(...all("spec.nodeName", nodeName, dnsSubdomain(nodeName)));
  return name === undefined ? out : out.concat(all(`${at}.persistentVolumeName`, name, dnsSubdomain(name)));
}

export function validateVolumeAttachmentUpdate(attachment: VolumeAttachment, old: VolumeAttachment): FieldError[] {
  const out = validateVolumeAttachment(attachment);
  if (semanticEqual(attachment.spec, old.spec)) return out;
  return [...out, invalidValue("spec", internalForm("VolumeAttachmentSpec", attachment.spec), "field is immutable")];
}
