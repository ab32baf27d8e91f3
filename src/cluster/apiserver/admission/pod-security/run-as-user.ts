/** Nobody asks for the user 0. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_runAsUser.go */
import { type CheckPod, containersOf, exceptInUserNamespace, type PodCheck, settersOf } from "./check.ts";

const check: CheckPod = (pod) => {
  const bad = containersOf(pod).filter((c) => c.securityContext?.runAsUser === 0);
  const setters = settersOf(
    pod.spec.securityContext?.runAsUser === 0,
    bad.map((c) => c.name),
  );
  return setters === "" ? undefined : { reason: "runAsUser=0", detail: `${setters} must not set runAsUser=0` };
};

export const runAsUser: PodCheck = {
  id: "runAsUser",
  level: "restricted",
  versions: [
    { since: 23, check },
    { since: 35, check: exceptInUserNamespace(check) },
  ],
};
