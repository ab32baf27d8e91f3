/** Security contexts. @see kubernetes pkg/apis/core/validation/validation.go (validatePodSpecSecurityContext, ValidateSecurityContext) */
import type { AppArmorProfile, PodSpec, SeccompProfile, SecurityContext } from "../../../../../generated/v1.36/model.ts";
import { duplicate, type FieldError, invalidValue, notSupported, required, tooLong } from "../../field-error.ts";
import { internalForm } from "../../internal-form.ts";
import { userId } from "../meta/formats.ts";
import { at, type Path } from "../path.ts";
import { checkLocalDescendingPath } from "./paths.ts";

const PROFILE_TYPES = ["Localhost", "RuntimeDefault", "Unconfined"] as const;
const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const SYSCTL_TEXT =
  "must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
const SYSCTL_MAX = 253;

function checkId(id: number | undefined, path: Path, field: string, out: FieldError[]): void {
  if (id !== undefined) for (const text of userId(id)) out.push(invalidValue(`${path}.${field}`, id, text));
}

export function checkPodSecurityContext(spec: PodSpec, path: Path, out: FieldError[]): void {
  const sc = spec.securityContext;
  if (!sc) return;
  checkId(sc.fsGroup, path, "fsGroup", out);
  checkId(sc.runAsUser, path, "runAsUser", out);
  checkId(sc.runAsGroup, path, "runAsGroup", out);
  sc.supplementalGroups?.forEach((group, i) => {
    for (const text of userId(group)) out.push(invalidValue(`${path}.supplementalGroups[${i}]`, group, text));
  });
  if (spec.shareProcessNamespace === true && spec.hostPID) {
    out.push(invalidValue(`${path}.shareProcessNamespace`, true, "ShareProcessNamespace and HostPID cannot both be enabled"));
  }
  if (sc.sysctls) out.push(...validateSysctls(spec, `${path}.sysctls`));
  if (sc.fsGroupChangePolicy !== undefined) checkAmong(sc.fsGroupChangePolicy, CHANGE_POLICIES, at(path, "fsGroupChangePolicy"), out);
  if (sc.seccompProfile) checkSeccompProfile(sc.seccompProfile, at(path, "seccompProfile"), out);
  if (sc.appArmorProfile) out.push(...validateAppArmorProfile(sc.appArmorProfile, `${path}.appArmorProfile`));
  if (sc.supplementalGroupsPolicy !== undefined)
    checkAmong(sc.supplementalGroupsPolicy, ["Merge", "Strict"], at(path, "supplementalGroupsPolicy"), out);
  if (sc.seLinuxChangePolicy !== undefined)
    checkAmong(sc.seLinuxChangePolicy, ["MountOption", "Recursive"], at(path, "seLinuxChangePolicy"), out);
}
const CHANGE_POLICIES = ["Always", "OnRootMismatch"] as const;

function checkAmong(value: string, supported: readonly string[], path: Path, out: FieldError[]): void {
  if (!supported.includes(value)) out.push(notSupported(path, value, supported));
}

function validateSysctls(spec: PodSpec, path: string): FieldError[] {
  const out: FieldError[] = [];
  const seen = new Set<string>();
  spec.securityContext?.sysctls?.forEach((s, i) => {
    const field = `${path}[${i}].name`;
    if (!s.name) out.push(required(field));
    else if (s.name.length > SYSCTL_MAX || !SYSCTL.test(s.name)) out.push(invalidValue(field, s.name, SYSCTL_TEXT));
    else if (seen.has(s.name)) out.push(duplicate(field, s.name));
    // Sysctls of a namespace that the Pod shares with its host would change the host.
    const dotted = s.name.replaceAll("/", ".");
    if (spec.hostNetwork && dotted.startsWith("net."))
      out.push(invalidValue(field, s.name, "may not be specified when 'hostNetwork' is true"));
    else if (spec.hostIPC && /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(dotted))
      out.push(invalidValue(field, s.name, "may not be specified when 'hostIPC' is true"));
    seen.add(s.name);
  });
  return out;
}

function checkSeccompProfile(profile: SeccompProfile, path: Path, out: FieldError[]): void {
  if (!profile.type) out.push(required(`${path}.type`, "type is required when seccompProfile is set"));
  else checkAmong(profile.type, PROFILE_TYPES, at(path, "type"), out);
  const file = profile.localhostProfile;
  if (profile.type === "Localhost") {
    if (file === undefined) out.push(required(`${path}.localhostProfile`, "must be set when seccomp type is Localhost"));
    else checkLocalDescendingPath(file, at(path, "localhostProfile"), out);
  } else if (file !== undefined) {
    const shown = { Type: profile.type ?? "", LocalhostProfile: file };
    out.push(invalidValue(`${path}.localhostProfile`, shown, "can only be set when seccomp type is Localhost"));
  }
}

const APPARMOR_PROFILE_MAX = 4095;

function validateAppArmorProfile(profile: AppArmorProfile, path: string): FieldError[] {
  const file = profile.localhostProfile;
  const field = `${path}.localhostProfile`;
  if (!profile.type) return [required(`${path}.type`, "type is required when appArmorProfile is set")];
  if (profile.type !== "Localhost") {
    const known: FieldError[] = [];
    checkAmong(profile.type, PROFILE_TYPES, `${path}.type`, known);
    return known.length === 0 && file !== undefined
      ? [invalidValue(field, file, "can only be set when AppArmor type is Localhost")]
      : known;
  }
  if (file === undefined || file === "") return [required(field, "must be set when AppArmor type is Localhost")];
  const out = file.trim() === file ? [] : [invalidValue(field, file, "must not be padded with whitespace")];
  if (file.length > APPARMOR_PROFILE_MAX) out.push(tooLong(field, APPARMOR_PROFILE_MAX));
  return out;
}

export function checkSecurityContext(sc: SecurityContext, hostUsers: boolean, path: Path, out: FieldError[]): void {
  checkId(sc.runAsUser, path, "runAsUser", out);
  checkId(sc.runAsGroup, path, "runAsGroup", out);
  if (sc.procMount !== undefined) {
    checkAmong(sc.procMount, ["Default", "Unmasked"], at(path, "procMount"), out);
    if (hostUsers && sc.procMount === "Unmasked")
      out.push(invalidValue(`${path}.procMount`, sc.procMount, "`hostUsers` must be false to use `Unmasked`"));
  }
  if (sc.seccompProfile) checkSeccompProfile(sc.seccompProfile, at(path, "seccompProfile"), out);
  if (sc.allowPrivilegeEscalation === false) {
    const cannot = (text: string): void => {
      out.push(invalidValue(path, internalForm("SecurityContext", sc), `cannot set \`allowPrivilegeEscalation\` to false and ${text}`));
    };
    if (sc.privileged === true) cannot("`privileged` to true");
    for (const c of sc.capabilities?.add ?? []) if (c === "CAP_SYS_ADMIN") cannot("`capabilities.Add` CAP_SYS_ADMIN");
  }
  if (sc.appArmorProfile) out.push(...validateAppArmorProfile(sc.appArmorProfile, `${path}.appArmorProfile`));
}
