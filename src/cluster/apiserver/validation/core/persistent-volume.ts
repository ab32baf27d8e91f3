/** PersistentVolumes. @see kubernetes pkg/apis/core/validation/validation.go (ValidatePersistentVolumeSpec ...) */
import type { CSIPersistentVolumeSource, PersistentVolume } from "../../../../../generated/v1.36/model.ts";
import type { Quantity } from "../../../../lib/quantity.ts";
import { semanticEqual } from "../../../../lib/semantic-equal.ts";
import { type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { internalDifference } from "../../internal-difference.ts";
import { internalForm, mapForm } from "../../internal-form.ts";
import { dnsLabel, dnsSubdomain } from "../meta/formats.ts";
import { all, subdomainName, validateImmutable, validateObjectMeta } from "../meta/object-meta.ts";
import { checkNodeSelector } from "./affinity.ts";
import { checkAccessModes, checkOnePodAlone, VOLUME_MODES } from "./persistent-volume-claim.ts";
import { checkPositive, quantityOf, type ResourceList } from "./resources.ts";
import { checkCsiDriverName, checkSharedSource } from "./volume-sources.ts";

const RECLAIM_POLICIES = ["Delete", "Recycle", "Retain"] as const;
const VOLUME_SOURCES = [
  ...[
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "nfs",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
  ],
  ...[
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "scaleIO",
    "local",
    "storageos",
    "csi",
  ],
] as const;

export function validatePersistentVolume(pv: PersistentVolume): FieldError[] {
  const out = validateObjectMeta(pv.metadata, false, subdomainName);
  const spec = pv.spec ?? {};
  const modes = spec.accessModes as readonly string[] | undefined;
  if (modes?.length) checkAccessModes(modes, "spec.accessModes", out);
  else out.push(required("spec.accessModes"));
  checkOnePodAlone(modes, "spec.accessModes", out);
  const capacity = (spec.capacity ?? {}) as ResourceList;
  const names = Object.keys(capacity);
  if (names.length === 0) out.push(required("spec.capacity"));
  if (names.length !== 1 || names[0] !== "storage") out.push(notSupported("spec.capacity", mapForm(spec.capacity), ["storage"]));
  for (const name of names) {
    const at = `spec.capacity[${name}]`;
    const quantity = quantityOf(capacity[name]);
    const whole = wholeUnits(quantity);
    if (whole < 0) out.push(invalidValue(at, whole, "must be a valid resource quantity"));
    checkPositive(quantity, at, out);
  }
  const policy = spec.persistentVolumeReclaimPolicy as string | undefined;
  if (policy && !(RECLAIM_POLICIES as readonly string[]).includes(policy))
    out.push(notSupported("spec.persistentVolumeReclaimPolicy", policy, RECLAIM_POLICIES));
  const affinity = spec.nodeAffinity;
  if (affinity) {
    if (affinity.required) checkNodeSelector(affinity.required, true, "spec.nodeAffinity.required", out);
    else out.push(required("spec.nodeAffinity.required", "must specify required node constraints"));
  }
  out.push(...validateVolumeSource(pv));
  if (spec.hostPath && /^\/*$/.test(spec.hostPath.path) && policy === "Recycle") {
    out.push(forbidden("spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'"));
  }
  if (spec.storageClassName) out.push(...all("spec.storageClassName", spec.storageClassName, dnsSubdomain(spec.storageClassName)));
  const mode = spec.volumeMode as string | undefined;
  if (mode !== undefined && !(VOLUME_MODES as readonly string[]).includes(mode))
    out.push(notSupported("spec.volumeMode", mode, VOLUME_MODES));
  const attributes = spec.volumeAttributesClassName;
  if (attributes === undefined) return out;
  if (attributes === "") out.push(required("spec.volumeAttributesClassName", "an empty string is disallowed"));
  else out.push(...all("spec.volumeAttributesClassName", attributes, dnsSubdomain(attributes)));
  if (!spec.csi) out.push(required("spec.csi", "has to be specified when using volumeAttributesClassName"));
  return out;
}

/** A quantity in whole units, rounded away from zero. */
function wholeUnits({ nano }: Quantity): number {
  const unit = 1_000_000_000n;
  return Number(nano < 0n ? -((-nano + unit - 1n) / unit) : (nano + unit - 1n) / unit);
}

const CSI_SECRETS = ["controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef"] as const;

function validateCsiSource(csi: CSIPersistentVolumeSource): FieldError[] {
  const out: FieldError[] = [];
  checkCsiDriverName(csi.driver, "spec.csi.driver", out);
  if (!csi.volumeHandle) out.push(required("spec.csi.volumeHandle"));
  for (const field of CSI_SECRETS) {
    const secret = csi[field];
    if (!secret) continue;
    const at = `spec.csi.${field}`;
    out.push(...(secret.name ? all(`${at}.name`, secret.name, dnsSubdomain(secret.name)) : [required(`${at}.name`)]));
    out.push(...(secret.namespace ? all(`${at}.namespace`, secret.namespace, dnsLabel(secret.namespace)) : [required(`${at}.namespace`)]));
  }
  return out;
}

function validateVolumeSource(pv: PersistentVolume): FieldError[] {
  const spec = pv.spec ?? {};
  const out: FieldError[] = [];
  let count = 0;
  for (const name of VOLUME_SOURCES) {
    if (spec[name as keyof typeof spec] === undefined) continue;
    const path = `spec.${name}`;
    if (count++ > 0) out.push(forbidden(path, "may not specify more than 1 volume type"));
    else if (spec.csi && name === "csi") out.push(...validateCsiSource(spec.csi));
    else checkSharedSource(spec, name, pv.metadata.name, name === "gcePersistentDisk" ? "spec.persistentDisk" : path, out);
    if (name === "local" && count === 1 && !spec.nodeAffinity)
      out.push(required("spec.nodeAffinity", "Local volume requires node affinity"));
  }
  if (count === 0) out.push(required("spec", "must specify a volume type"));
  return out;
}

export function validatePersistentVolumeUpdate(pv: PersistentVolume, old: PersistentVolume): FieldError[] {
  // The strategy asks for the rules of a new volume, then so does the rule of an update.
  const out = [...validatePersistentVolume(pv), ...validatePersistentVolume(pv)];
  const sources = (v: PersistentVolume): Fields => Object.fromEntries(VOLUME_SOURCES.map((n) => [n, (v.spec as Fields | undefined)?.[n]]));
  const [now, before] = [withoutNewExpandSecret(sources(pv), old.spec?.csi), sources(old)];
  if (!semanticEqual(now, before)) {
    const changes = internalDifference("PersistentVolumeSource", before, now);
    out.push(forbidden("spec.persistentvolumesource", `spec.persistentvolumesource is immutable after creation\n${changes}`));
  }
  out.push(...validateImmutable(pv.spec?.volumeMode, old.spec?.volumeMode, "volumeMode"));
  if (old.spec?.nodeAffinity && !semanticEqual(pv.spec?.nodeAffinity, old.spec.nodeAffinity)) {
    out.push(
      invalidValue(
        "nodeAffinity",
        internalForm("VolumeNodeAffinity", pv.spec?.nodeAffinity),
        "field is immutable, except for updating from beta label to GA",
      ),
    );
  }
  if (old.spec?.volumeAttributesClassName !== undefined && pv.spec?.volumeAttributesClassName === undefined)
    out.push(forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden"));
  return out;
}

type Fields = Readonly<Record<string, unknown>>;

/** The secret for expanding may be added once. */
function withoutNewExpandSecret(sources: Fields, old: CSIPersistentVolumeSource | undefined): Fields {
  if (!old || old.controllerExpandSecretRef) return sources;
  const { controllerExpandSecretRef: _, ...csi } = (sources["csi"] ?? {}) as Partial<CSIPersistentVolumeSource>;
  return sources["csi"] === undefined ? sources : { ...sources, csi };
}
