/**
 * The checks, and which of them a level and version of the standards asks for.
 * @see kubernetes staging/src/k8s.io/pod-security-admission/policy/registry.go
 */
import { allowPrivilegeEscalation } from "./allow-privilege-escalation.ts";
import { appArmorProfile } from "./app-armor-profile.ts";
import { capabilitiesBaseline } from "./capabilities-baseline.ts";
import { capabilitiesRestricted } from "./capabilities-restricted.ts";
import type { CheckPod, PodCheck, PodLike, Violation } from "./check.ts";
import { hostNamespaces } from "./host-namespaces.ts";
import { hostPathVolumes } from "./host-path-volumes.ts";
import { hostPorts } from "./host-ports.ts";
import { hostProbesAndHostLifecycle } from "./host-probes-and-host-lifecycle.ts";
import type { Standard } from "./labels.ts";
import { privileged } from "./privileged.ts";
import { procMountBaseline, procMountRestricted } from "./proc-mount.ts";
import { restrictedVolumes } from "./restricted-volumes.ts";
import { runAsNonRoot } from "./run-as-non-root.ts";
import { runAsUser } from "./run-as-user.ts";
import { seLinuxOptions } from "./se-linux-options.ts";
import { seccompProfileBaseline } from "./seccomp-profile-baseline.ts";
import { seccompProfileRestricted } from "./seccomp-profile-restricted.ts";
import { sysctls } from "./sysctls.ts";
import { windowsHostProcess } from "./windows-host-process.ts";

/** In the order in which violations are told: baseline first, each level in order of ids. */
const CHECKS: readonly PodCheck[] = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbesAndHostLifecycle,
  privileged,
  procMountBaseline,
  seLinuxOptions,
  seccompProfileBaseline,
  sysctls,
  windowsHostProcess,
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  procMountRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfileRestricted,
];

/** The minor version of the control plane: what `latest`, or any later version, stands for. */
const LATEST_MINOR = 36;

/** All that a Pod does against a standard. */
export function violationsOf(standard: Standard, pod: PodLike): readonly Violation[] {
  return checksOf(standard).flatMap((check) => check(pod) ?? []);
}

function checksOf({ level, version }: Standard): readonly CheckPod[] {
  if (level === "privileged") return [];
  const minor = version === "latest" ? LATEST_MINOR : Math.min(Number(version.slice("v1.".length)), LATEST_MINOR);
  const asked = CHECKS.filter((c) => (level === "restricted" || c.level === "baseline") && (c.versions[0]?.since ?? 0) <= minor);
  const overridden = new Set(asked.flatMap((c) => c.overrides ?? []));
  return asked.filter((c) => !overridden.has(c.id)).flatMap((c) => c.versions.findLast((v) => v.since <= minor)?.check ?? []);
}

/** `host namespaces (hostNetwork=true), privileged (…)`. */
export function tellDetails(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => (detail === "" ? reason : `${reason} (${detail})`)).join(", ");
}

/** `host namespaces, privileged`. */
export function tellReasons(violations: readonly Violation[]): string {
  return violations.map(({ reason }) => reason).join(", ");
}
