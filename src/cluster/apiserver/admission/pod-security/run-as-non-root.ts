/** Containers say that they do not run as root. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_runAsNonRoot.go */
import { type CheckPod, containersOf, exceptInUserNamespace, namesOf, type PodCheck, settersOf } from "./check.ts";

const REASON = "runAsNonRoot != true";

const check: CheckPod = (pod) => {
  const ofPod = pod.spec.securityContext?.runAsNonRoot;
  const all = containersOf(pod);
  const saysRoot = all.filter((c) => c.securityContext?.runAsNonRoot === false).map((c) => c.name);
  const setters = settersOf(ofPod === false, saysRoot);
  if (setters !== "") return { reason: REASON, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  const silent = ofPod === true ? [] : all.filter((c) => c.securityContext?.runAsNonRoot === undefined).map((c) => c.name);
  if (silent.length === 0) return undefined;
  return { reason: REASON, detail: `pod or ${namesOf(silent)} must set securityContext.runAsNonRoot=true` };
};

export const runAsNonRoot: PodCheck = {
  id: "runAsNonRoot",
  level: "restricted",
  versions: [
    { since: 0, check },
    { since: 35, check: exceptInUserNamespace(check) },
  ],
};
