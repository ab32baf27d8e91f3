/** The namespaces of the node are not shared. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_hostNamespaces.go */
import type { CheckPod, PodCheck } from "./check.ts";

const check: CheckPod = ({ spec }) => {
  const shared = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => spec[field] === true);
  return shared.length > 0 ? { reason: "host namespaces", detail: shared.map((field) => `${field}=true`).join(", ") } : undefined;
};

export const hostNamespaces: PodCheck = { id: "hostNamespaces", level: "baseline", versions: [{ since: 0, check }] };
