/** No container is privileged. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_privileged.go */
import { type CheckPod, containersOf, namesOf, type PodCheck } from "./check.ts";

const check: CheckPod = (pod) => {
  const bad = containersOf(pod).filter((c) => c.securityContext?.privileged === true);
  if (bad.length === 0) return undefined;
  return { reason: "privileged", detail: `${namesOf(bad.map((c) => c.name))} must not set securityContext.privileged=true` };
};

export const privileged: PodCheck = { id: "privileged", level: "baseline", versions: [{ since: 0, check }] };
