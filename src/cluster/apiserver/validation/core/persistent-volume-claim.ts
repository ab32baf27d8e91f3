/** PersistentVolumeClaims. @see kubernetes pkg/apis/core/validation/validation.go (ValidatePersistentVolumeClaim ...) */
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from "../../../../../generated/v1.36/model.ts";
import { isNativeResource } from "../../../../api/quota/resource-names.ts";
import { compareQuantity, type Quantity } from "../../../../lib/quantity.ts";
import { semanticEqual } from "../../../../lib/semantic-equal.ts";
import { type FieldError, forbidden, invalidValue, notSupported, required } from "../../field-error.ts";
import { internalDifference } from "../../internal-difference.ts";
import { dnsLabel, dnsSubdomain, qualifiedName } from "../meta/formats.ts";
import {
  all,
  checkLabelSelector,
  note,
  subdomainName,
  validateImmutable,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from "../meta/object-meta.ts";
import { at, type Path } from "../path.ts";
import { checkPositive, quantityOf } from "./resources.ts";

export const ACCESS_MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"] as const;
export const VOLUME_MODES = ["Block", "Filesystem"] as const;

export function validatePersistentVolumeClaim(claim: PersistentVolumeClaim): FieldError[] {
  return [...validateObjectMeta(claim.metadata, true, subdomainName), ...validateClaimSpec(claim.spec ?? {}, "spec")];
}

export function checkAccessModes(modes: readonly string[] | undefined, path: Path, out: FieldError[]): void {
  if (!modes?.length) out.push(required(path, "at least 1 access mode is required"));
  else for (const mode of modes) if (!isAccessMode(mode)) out.push(notSupported(path, mode, ACCESS_MODES));
}

const isAccessMode = (mode: string): boolean => (ACCESS_MODES as readonly string[]).includes(mode);

export function checkOnePodAlone(modes: readonly string[] | undefined, path: Path, out: FieldError[]): void {
  if (modes?.includes("ReadWriteOncePod") && modes.some((m) => m !== "ReadWriteOncePod" && isAccessMode(m)))
    out.push(forbidden(path, "may not use ReadWriteOncePod with other access modes"));
}

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: Path): FieldError[] {
  const out: FieldError[] = [];
  checkClaimSpec(spec, path, out);
  return out;
}

/** As `validateClaimSpec`, into a list that is there. */
export function checkClaimSpec(spec: PersistentVolumeClaimSpec, path: Path, out: FieldError[]): void {
  const modes = spec.accessModes as readonly string[] | undefined;
  if (!modes?.length) checkAccessModes(modes, at(path, "accessModes"), out);
  if (spec.selector) checkLabelSelector(spec.selector, at(path, "selector"), out);
  if (modes?.length) checkAccessModes(modes, at(path, "accessModes"), out);
  checkOnePodAlone(modes, at(path, "accessModes"), out);
  const storage = spec.resources?.requests?.["storage"];
  if (storage === undefined) out.push(required(`${path}.resources[storage]`));
  else checkPositive(quantityOf(storage), at(path, "resources[storage]"), out);
  if (spec.storageClassName) note(dnsSubdomain(spec.storageClassName), spec.storageClassName, at(path, "storageClassName"), out);
  const mode = spec.volumeMode as string | undefined;
  if (mode !== undefined && !(VOLUME_MODES as readonly string[]).includes(mode))
    out.push(notSupported(`${path}.volumeMode`, mode, VOLUME_MODES));
  if (spec.dataSource) out.push(...validateDataSource(spec.dataSource, `${path}.dataSource`));
  if (spec.dataSourceRef) {
    out.push(...validateDataSource(spec.dataSourceRef, `${path}.dataSourceRef`));
    const namespace = spec.dataSourceRef.namespace;
    if (namespace) {
      note(dnsLabel(namespace), namespace, at(path, "dataSourceRef.namespace"), out);
      if (spec.dataSource) out.push(invalidValue(path, {}, "may not be specified when dataSourceRef.namespace is specified"));
    } else if (spec.dataSource && !sameSource(spec.dataSource, spec.dataSourceRef))
      out.push(invalidValue(path, {}, "must match dataSourceRef"));
  }
  const attributes = spec.volumeAttributesClassName;
  if (attributes) note(dnsSubdomain(attributes), attributes, at(path, "volumeAttributesClassName"), out);
}

interface DataSource {
  readonly apiGroup?: string | undefined;
  readonly kind: string;
  readonly name: string;
}

function sameSource(a: DataSource, b: DataSource): boolean {
  return a.apiGroup === b.apiGroup && a.kind === b.kind && a.name === b.name;
}

function validateDataSource(source: DataSource, path: string): FieldError[] {
  const out: FieldError[] = [];
  if (!source.name) out.push(required(`${path}.name`));
  if (!source.kind) out.push(required(`${path}.kind`));
  if (!source.apiGroup && source.kind !== "PersistentVolumeClaim") {
    out.push(invalidValue(path, source.kind ?? "", "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  }
  return source.apiGroup ? [...out, ...all(`${path}.apiGroup`, source.apiGroup, dnsSubdomain(source.apiGroup))] : out;
}

const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

/** What of a claim's spec may change: its volume once, and the size and attributes of a bound one. */
export function validatePersistentVolumeClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const out = [...validateObjectMetaUpdate(claim.metadata, old.metadata), ...validatePersistentVolumeClaim(claim)];
  let before = old.spec ?? {};
  let after = claim.spec ?? {};
  if (!before.volumeName) before = { ...before, volumeName: after.volumeName };
  const annotated = old.metadata.annotations?.[CLASS_ANNOTATION];
  if (
    claim.metadata.annotations?.[CLASS_ANNOTATION] !== annotated &&
    (claim.metadata.annotations?.[CLASS_ANNOTATION] ?? "") !== (annotated ?? "")
  ) {
    out.push(
      invalidValue(`metadata.annotations.${CLASS_ANNOTATION}`, claim.metadata.annotations?.[CLASS_ANNOTATION] ?? "", "field is immutable"),
    );
  }
  if (
    after.storageClassName !== undefined &&
    before.storageClassName === undefined &&
    (annotated === undefined || annotated === after.storageClassName)
  ) {
    after = { ...after, storageClassName: undefined };
  }
  if (claim.status?.phase === "Bound") {
    if (after.resources?.requests) {
      const requests = { ...after.resources.requests, storage: before.resources?.requests?.["storage"] ?? "0" };
      after = { ...after, resources: { ...after.resources, requests } };
    }
    if (after.volumeAttributesClassName !== undefined) after = { ...after, volumeAttributesClassName: before.volumeAttributesClassName };
  }
  if (!semanticEqual(after, before)) {
    const changes = internalDifference("PersistentVolumeClaimSpec", before, after);
    const text = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    out.push(forbidden("spec", `${text}\n${changes}`));
  }
  const size = quantityOf(claim.spec?.resources?.requests?.["storage"]);
  if (
    compareQuantity(size, quantityOf(old.spec?.resources?.requests?.["storage"])) < 0 &&
    compareQuantity(size, quantityOf(old.status?.capacity?.["storage"])) <= 0
  ) {
    out.push(forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"));
  }
  out.push(...validateImmutable(claim.spec?.volumeMode, old.spec?.volumeMode, "volumeMode"));
  const [had, has] = [old.spec?.volumeAttributesClassName, claim.spec?.volumeAttributesClassName];
  if (had !== undefined && has === undefined)
    out.push(forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden"));
  else if (had !== undefined && had !== has && has === "")
    out.push(forbidden("spec.volumeAttributesClassName", "update from non-nil value to an empty string is forbidden"));
  return out;
}

const RESIZES = [
  "ControllerResizeInProgress",
  "ControllerResizeInfeasible",
  "NodeResizeInProgress",
  "NodeResizeInfeasible",
  "NodeResizePending",
];

/** The capacity, and what becomes of a change of size. */
export function validatePersistentVolumeClaimStatusUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const out = validateObjectMetaUpdate(claim.metadata, old.metadata);
  if (!claim.spec?.accessModes?.length) out.push(required("Spec.accessModes"));
  const { capacity = {}, allocatedResourceStatuses = {}, allocatedResources = {} } = claim.status ?? {};
  for (const name in capacity) checkNotNegative(quantityOf(capacity[name]), `status.capacity[${name}]`, out);
  for (const name in allocatedResourceStatuses) {
    const at = "status.allocatedResourceStatuses";
    checkClaimResource(name, at, out);
    // The key is what is shown, not the state that is not known.
    if (!RESIZES.includes(allocatedResourceStatuses[name] ?? "")) out.push(notSupported(at, name, RESIZES));
  }
  for (const name in allocatedResources) {
    const before = out.length;
    checkClaimResource(name, "status.allocatedResources", out);
    if (out.length === before) checkNotNegative(quantityOf(allocatedResources[name]), `status.allocatedResources[${name}]`, out);
  }
  return out;
}

function checkNotNegative({ nano }: Quantity, path: string, out: FieldError[]): void {
  const whole = wholeUnits(nano);
  if (whole < 0) out.push(invalidValue(path, whole, "must be a valid resource quantity"));
}

/** Rounded away from zero, as quantities are. */
function wholeUnits(nano: bigint): number {
  const unit = 1_000_000_000n;
  return Number(nano < 0n ? -((-nano + unit - 1n) / unit) : (nano + unit - 1n) / unit);
}

/** Of the names without a domain only `storage`. */
function checkClaimResource(name: string, path: string, out: FieldError[]): void {
  const texts = qualifiedName(name);
  note(texts, name, path, out);
  if (texts.length === 0 && isNativeResource(name) && name !== "storage") out.push(notSupported(path, name, ["storage"]));
}
