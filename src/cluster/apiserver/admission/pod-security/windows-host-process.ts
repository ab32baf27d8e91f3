/** No container is a process of a Windows node. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_windowsHostProcess.go */
import { type CheckPod, containersOf, type PodCheck, settersOf } from "./check.ts";

const check: CheckPod = (pod) => {
  const bad = containersOf(pod).filter((c) => c.securityContext?.windowsOptions?.hostProcess === true);
  const setters = settersOf(
    pod.spec.securityContext?.windowsOptions?.hostProcess === true,
    bad.map((c) => c.name),
  );
  if (setters === "") return undefined;
  return { reason: "hostProcess", detail: `${setters} must not set securityContext.windowsOptions.hostProcess=true` };
};

export const windowsHostProcess: PodCheck = { id: "windowsHostProcess", level: "baseline", versions: [{ since: 0, check }] };
