/** A seccomp profile is chosen, for the Pod or for each container. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_seccompProfile_restricted.go */
import { type CheckPod, containersOf, exceptWindows, namesOf, type PodCheck } from "./check.ts";
import { forbiddenProfiles, isAllowedSeccomp } from "./seccomp-profile-baseline.ts";

const check: CheckPod = (pod) => {
  const forbidden = forbiddenProfiles(pod);
  if (forbidden || isAllowedSeccomp(pod.spec.securityContext?.seccompProfile?.type)) return forbidden;
  const silent = containersOf(pod).filter((c) => c.securityContext?.seccompProfile === undefined);
  if (silent.length === 0) return undefined;
  const names = namesOf(silent.map((c) => c.name));
  return {
    reason: "seccompProfile",
    detail: `pod or ${names} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
};

export const seccompProfileRestricted: PodCheck = {
  id: "seccompProfile_restricted",
  level: "restricted",
  versions: [
    { since: 19, check },
    { since: 25, check: exceptWindows(check) },
  ],
  overrides: "seccompProfile_baseline",
};
