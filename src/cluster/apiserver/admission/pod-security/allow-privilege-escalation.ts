/** Processes may not gain more privileges than their parent. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_allowPrivilegeEscalation.go */
import { type CheckPod, containersOf, exceptWindows, namesOf, type PodCheck } from "./check.ts";

const check: CheckPod = (pod) => {
  const bad = containersOf(pod).filter((c) => c.securityContext?.allowPrivilegeEscalation !== false);
  if (bad.length === 0) return undefined;
  return {
    reason: "allowPrivilegeEscalation != false",
    detail: `${namesOf(bad.map((c) => c.name))} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

export const allowPrivilegeEscalation: PodCheck = {
  id: "allowPrivilegeEscalation",
  level: "restricted",
  versions: [
    { since: 8, check },
    { since: 25, check: exceptWindows(check) },
  ],
};
