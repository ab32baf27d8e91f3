/** No capabilities beyond those that containers have by default. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_capabilities_baseline.go */
import { type CheckPod, containersOf, namesOf, type PodCheck, quoted, sortedSet } from "./check.ts";

const ALLOWED: ReadonlySet<string> = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

const check: CheckPod = (pod) => {
  const added = containersOf(pod).map((c) => ({
    name: c.name,
    bad: (c.securityContext?.capabilities?.add ?? []).filter((capability) => !ALLOWED.has(capability)),
  }));
  const bad = added.filter((c) => c.bad.length > 0);
  if (bad.length === 0) return undefined;
  const capabilities = quoted(sortedSet(bad.flatMap((c) => c.bad)));
  return {
    reason: "non-default capabilities",
    detail: `${namesOf(bad.map((c) => c.name))} must not include ${capabilities} in securityContext.capabilities.add`,
  };
};

export const capabilitiesBaseline: PodCheck = { id: "capabilities_baseline", level: "baseline", versions: [{ since: 0, check }] };
