/** Where containers see volumes. @see kubernetes pkg/apis/core/validation/validation.go (ValidateVolumeMounts, ValidateVolumeDevices) */
import type { Container, Volume, VolumeDevice, VolumeMount } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, forbidden, invalidValue, notFound, notSupported, required } from "../../field-error.ts";
import { at, type Path } from "../path.ts";
import { Seen } from "../seen.ts";
import { checkLocalDescendingPath, hasBacksteps } from "./paths.ts";

export type Volumes = ReadonlyMap<string, Volume>;

export function checkVolumeMounts(
  mounts: readonly VolumeMount[],
  container: Container,
  volumes: Volumes,
  path: Path,
  out: FieldError[],
): void {
  const taken = new Seen();
  const devices = container.volumeDevices;
  for (let i = 0; i < mounts.length; i++) {
    const m = mounts[i]!;
    const item = at(path, "", i);
    if (!m.name) out.push(required(`${item}.name`));
    if (!volumes.has(m.name)) out.push(notFound(`${item}.name`, m.name));
    if (!m.mountPath) out.push(required(`${item}.mountPath`));
    if (taken.repeats(m.mountPath)) out.push(invalidValue(`${item}.mountPath`, m.mountPath, "must be unique"));
    if (devices?.some((d) => d.name === m.name)) out.push(invalidValue(`${item}.name`, m.name, "must not already exist in volumeDevices"));
    if (devices?.some((d) => d.devicePath === m.mountPath)) {
      out.push(invalidValue(`${item}.mountPath`, m.mountPath, "must not already exist as a path in volumeDevices"));
    }
    if (m.subPath) checkLocalDescendingPath(m.subPath, at(path, "subPath"), out);
    if (m.subPathExpr) {
      if (m.subPath) out.push(invalidValue(`${item}.subPathExpr`, m.subPathExpr, "subPathExpr and subPath are mutually exclusive"));
      checkLocalDescendingPath(m.subPathExpr, at(path, "subPathExpr"), out);
    }
    if (m.mountPropagation !== undefined) out.push(...validatePropagation(m, container, `${path}.mountPropagation`));
    if (m.recursiveReadOnly !== undefined) out.push(...validateRecursiveReadOnly(m, `${path}.recursiveReadOnly`));
  }
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

export function checkVolumeDevices(
  devices: readonly VolumeDevice[],
  mounts: readonly VolumeMount[],
  volumes: Volumes,
  path: Path,
  out: FieldError[],
): void {
  const names = new Set<string>();
  const paths = new Set<string>();
  devices.forEach((d, i) => {
    const item = at(path, "", i);
    const volume = volumes.get(d.name);
    if (!d.name) out.push(required(`${item}.name`));
    if (names.has(d.name)) out.push(invalidValue(`${item}.name`, d.name, "must be unique"));
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral) {
      out.push(
        invalidValue(`${item}.name`, d.name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"),
      );
    }
    if (!volume) out.push(notFound(`${item}.name`, d.name));
    if (!d.devicePath) out.push(required(`${item}.devicePath`));
    if (paths.has(d.devicePath)) out.push(invalidValue(`${item}.devicePath`, d.devicePath, "must be unique"));
    if (hasBacksteps(d.devicePath)) out.push(invalidValue(`${item}.devicePath`, d.devicePath, "can not contain backsteps ('..')"));
    else paths.add(d.devicePath);
    if (mounts.some((m) => m.name === d.name)) out.push(invalidValue(`${item}.name`, d.name, "must not already exist in volumeMounts"));
    if (mounts.some((m) => m.mountPath === d.devicePath)) {
      out.push(invalidValue(`${item}.devicePath`, d.devicePath, "must not already exist as a path in volumeMounts"));
    }
    if (d.name) names.add(d.name);
  });
}
