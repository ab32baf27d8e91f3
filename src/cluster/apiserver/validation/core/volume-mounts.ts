/** Where containers see volumes. @see kubernetes pkg/apis/core/validation/validation.go (ValidateVolumeMounts, ValidateVolumeDevices) */
import type { Container, Volume, VolumeDevice, VolumeMount } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, forbidden, invalidValue, notFound, notSupported, required } from "../../field-error.ts";
import { localDescendingPath, noBacksteps } from "./paths.ts";

export type Volumes = ReadonlyMap<string, Volume>;

export function validateVolumeMounts(container: Container, volumes: Volumes, path: string): FieldError[] {
  const out: FieldError[] = [];
  const taken = new Set<string>();
  const devices = container.volumeDevices ?? [];
  container.volumeMounts?.forEach((m, i) => {
    const at = `${path}[${i}]`;
    if (!m.name) out.push(required(`${at}.name`));
    if (!volumes.has(m.name)) out.push(notFound(`${at}.name`, m.name));
    if (!m.mountPath) out.push(required(`${at}.mountPath`));
    if (taken.has(m.mountPath)) out.push(invalidValue(`${at}.mountPath`, m.mountPath, "must be unique"));
    taken.add(m.mountPath);
    if (devices.some((d) => d.name === m.name)) out.push(invalidValue(`${at}.name`, m.name, "must not already exist in volumeDevices"));
    if (devices.some((d) => d.devicePath === m.mountPath)) {
      out.push(invalidValue(`${at}.mountPath`, m.mountPath, "must not already exist as a path in volumeDevices"));
    }
    if (m.subPath) out.push(...localDescendingPath(`${path}.subPath`, m.subPath));
    if (m.subPathExpr) {
      if (m.subPath) out.push(invalidValue(`${at}.subPathExpr`, m.subPathExpr, "subPathExpr and subPath are mutually exclusive"));
      out.push(...localDescendingPath(`${path}.subPathExpr`, m.subPathExpr));
    }
    out.push(
      ...validatePropagation(m, container, `${path}.mountPropagation`),
      ...validateRecursiveReadOnly(m, `${path}.recursiveReadOnly`),
    );
  });
  return out;
}

const PROPAGATIONS = ["Bidirectional", "HostToContainer", "None"] as const;

function validatePropagation(mount: VolumeMount, container: Container, path: string): FieldError[] {
  const propagation = mount.mountPropagation as string | undefined;
  if (propagation === undefined) return [];
  const out = (PROPAGATIONS as readonly string[]).includes(propagation) ? [] : [notSupported(path, propagation, PROPAGATIONS)];
  if (propagation === "Bidirectional" && container.securityContext?.privileged !== true) {
    out.push(forbidden(path, "Bidirectional mount propagation is available only to privileged containers"));
  }
  return out;
}

function validateRecursiveReadOnly(mount: VolumeMount, path: string): FieldError[] {
  const mode = mount.recursiveReadOnly;
  if (mode === undefined || mode === "Disabled") return [];
  if (mode !== "Enabled" && mode !== "IfPossible") return [notSupported(path, mode, ["Disabled", "Enabled", "IfPossible"])];
  const out: FieldError[] = [];
  if (!mount.readOnly) out.push(forbidden(path, "may only be specified when readOnly is true"));
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== "None") {
    out.push(forbidden(path, "may only be specified when mountPropagation is None or not specified"));
  }
  return out;
}

export function validateVolumeDevices(container: Container, volumes: Volumes, path: string): FieldError[] {
  const out: FieldError[] = [];
  const names = new Set<string>();
  const paths = new Set<string>();
  const mounts = container.volumeMounts ?? [];
  container.volumeDevices?.forEach((d: VolumeDevice, i) => {
    const at = `${path}[${i}]`;
    const volume = volumes.get(d.name);
    if (!d.name) out.push(required(`${at}.name`));
    if (names.has(d.name)) out.push(invalidValue(`${at}.name`, d.name, "must be unique"));
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral) {
      out.push(invalidValue(`${at}.name`, d.name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"));
    }
    if (!volume) out.push(notFound(`${at}.name`, d.name));
    if (!d.devicePath) out.push(required(`${at}.devicePath`));
    if (paths.has(d.devicePath)) out.push(invalidValue(`${at}.devicePath`, d.devicePath, "must be unique"));
    if (noBacksteps("", d.devicePath).length > 0)
      out.push(invalidValue(`${at}.devicePath`, d.devicePath, "can not contain backsteps ('..')"));
    else paths.add(d.devicePath);
    if (mounts.some((m) => m.name === d.name)) out.push(invalidValue(`${at}.name`, d.name, "must not already exist in volumeMounts"));
    if (mounts.some((m) => m.mountPath === d.devicePath)) {
      out.push(invalidValue(`${at}.devicePath`, d.devicePath, "must not already exist as a path in volumeMounts"));
    }
    if (d.name) names.add(d.name);
  });
  return out;
}
