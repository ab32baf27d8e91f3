/** No volume is a path of the node. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_hostPathVolumes.go */
import { type CheckPod, type PodCheck, plural, quoted } from "./check.ts";

const check: CheckPod = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter((v) => v.hostPath !== undefined).map((v) => v.name);
  return bad.length > 0 ? { reason: "hostPath volumes", detail: `${plural(bad.length, "volume")} ${quoted(bad)}` } : undefined;
};

export const hostPathVolumes: PodCheck = { id: "hostPathVolumes", level: "baseline", versions: [{ since: 0, check }] };
