/** Security contexts. @see kubernetes pkg/apis/core/validation/validation.go (validatePodSpecSecurityContext, ValidateSecurityContext) */
import type { AppArmorProfile, PodSpec, SeccompProfile, SecurityContext } from "../../../../../generated/v1.36/model.ts";
import { type FieldError, invalidValue, notSupported, required, tooLong } from "../../field-error.ts";
import { internalForm } from "../../internal-form.ts";
import { userId } from "../meta/formats.ts";
import { localDescendingPath } from "./paths.ts";

const PROFILE_TYPES = ["Localhost", "RuntimeDefault", "Unconfined"] as const;
const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const SYSCTL_TEXT =
  "must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
const SYSCTL_MAX = 253;

function ids(path: string, id: number | undefined): FieldError[] {
  return id === undefined ? [] : userId(id).map((text) => invalidValue(path, id, text));
}

export function validatePodSecurityContext(spec: PodSpec, path: string): FieldError[] {
  const sc = spec.securityContext;
  if (!sc) return [];
  const out = [
    ...ids(`${path}.fsGroup`, sc.fsGroup),
    ...ids(`${path}.runAsUser`, sc.runAsUser),
    ...ids(`${path}.runAsGroup`, sc.runAsGroup),
  ];
  for (const [i, g] of (sc.supplementalGroups ?? []).entries()) out.push(...ids(`${path}.supplementalGroups[${i}]`, g));
  if (spec.shareProcessNamespace === true && spec.hostPID) {
    out.push(invalidValue(`${path}.shareProcessNamespace`, true, "ShareProcessNamespace and HostPID cannot both be enabled"));
  }
  out.push(...validateSysctls(spec, `${path}.sysctls`));
  if (sc.fsGroupChangePolicy !== undefined)
    out.push(...enumerated(`${path}.fsGroupChangePolicy`, sc.fsGroupChangePolicy, ["Always", "OnRootMismatch"]));
  out.push(
    ...validateSeccompProfile(sc.seccompProfile, `${path}.seccompProfile`),
    ...validateAppArmorProfile(sc.appArmorProfile, `${path}.appArmorProfile`),
  );
  if (sc.supplementalGroupsPolicy !== undefined)
    out.push(...enumerated(`${path}.supplementalGroupsPolicy`, sc.supplementalGroupsPolicy, ["Merge", "Strict"]));
  if (sc.seLinuxChangePolicy !== undefined)
    out.push(...enumerated(`${path}.seLinuxChangePolicy`, sc.seLinuxChangePolicy, ["MountOption", "Recursive"]));
  return out;
}

function enumerated(path: string, value: string, supported: readonly string[]): FieldError[] {
  return supported.includes(value) ? [] : [notSupported(path, value, supported)];
}

function validateSysctls(spec: PodSpec, path: string): FieldError[] {
  const out: FieldError[] = [];
  const seen = new Set<string>();
  spec.securityContext?.sysctls?.forEach((s, i) => {
    const at = `${path}[${i}].name`;
    if (!s.name) out.push(required(at));
    else if (s.name.length > SYSCTL_MAX || !SYSCTL.test(s.name)) out.push(invalidValue(at, s.name, SYSCTL_TEXT));
    else if (seen.has(s.name)) out.push({ type: "FieldValueDuplicate", field: at, badValue: s.name, detail: "" });
    // Sysctls of a namespace that the Pod shares with its host would change the host.
    const dotted = s.name.replaceAll("/", ".");
    if (spec.hostNetwork && dotted.startsWith("net."))
      out.push(invalidValue(at, s.name, "may not be specified when 'hostNetwork' is true"));
    else if (spec.hostIPC && /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(dotted))
      out.push(invalidValue(at, s.name, "may not be specified when 'hostIPC' is true"));
    seen.add(s.name);
  });
  return out;
}

function validateSeccompProfile(profile: SeccompProfile | undefined, path: string): FieldError[] {
  if (!profile) return [];
  const out: FieldError[] = [];
  if (!profile.type) out.push(required(`${path}.type`, "type is required when seccompProfile is set"));
  else out.push(...enumerated(`${path}.type`, profile.type, PROFILE_TYPES));
  const file = profile.localhostProfile;
  if (profile.type === "Localhost") {
    if (file === undefined) out.push(required(`${path}.localhostProfile`, "must be set when seccomp type is Localhost"));
    else out.push(...localDescendingPath(`${path}.localhostProfile`, file));
  } else if (file !== undefined) {
    out.push(
      invalidValue(
        `${path}.localhostProfile`,
        { Type: profile.type ?? "", LocalhostProfile: file },
        "can only be set when seccomp type is Localhost",
      ),
    );
  }
  return out;
}

const APPARMOR_PROFILE_MAX = 4095;

function validateAppArmorProfile(profile: AppArmorProfile | undefined, path: string): FieldError[] {
  if (!profile) return [];
  const file = profile.localhostProfile;
  const at = `${path}.localhostProfile`;
  if (!profile.type) return [required(`${path}.type`, "type is required when appArmorProfile is set")];
  if (profile.type !== "Localhost") {
    const known = enumerated(`${path}.type`, profile.type, PROFILE_TYPES);
    return known.length === 0 && file !== undefined ? [invalidValue(at, file, "can only be set when AppArmor type is Localhost")] : known;
  }
  if (file === undefined || file === "") return [required(at, "must be set when AppArmor type is Localhost")];
  const out = file.trim() === file ? [] : [invalidValue(at, file, "must not be padded with whitespace")];
  if (file.length > APPARMOR_PROFILE_MAX) out.push(tooLong(at, APPARMOR_PROFILE_MAX));
  return out;
}

export function validateSecurityContext(sc: SecurityContext | undefined, hostUsers: boolean, path: string): FieldError[] {
  if (!sc) return [];
  const out = [...ids(`${path}.runAsUser`, sc.runAsUser), ...ids(`${path}.runAsGroup`, sc.runAsGroup)];
  if (sc.procMount !== undefined) {
    out.push(...enumerated(`${path}.procMount`, sc.procMount, ["Default", "Unmasked"]));
    if (hostUsers && sc.procMount === "Unmasked")
      out.push(invalidValue(`${path}.procMount`, sc.procMount, "`hostUsers` must be false to use `Unmasked`"));
  }
  out.push(...validateSeccompProfile(sc.seccompProfile, `${path}.seccompProfile`));
  if (sc.allowPrivilegeEscalation === false) {
    if (sc.privileged === true)
      out.push(
        invalidValue(path, internalForm("SecurityContext", sc), "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"),
      );
    for (const c of sc.capabilities?.add ?? []) {
      if (c === "CAP_SYS_ADMIN") {
        out.push(
          invalidValue(
            path,
            internalForm("SecurityContext", sc),
            "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN",
          ),
        );
      }
    }
  }
  return out.concat(validateAppArmorProfile(sc.appArmorProfile, `${path}.appArmorProfile`));
}
