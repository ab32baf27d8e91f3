/** What is masked of /proc stays masked. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_procMount_baseline.go */
import { type CheckPod, containersOf, exceptInUserNamespace, namesOf, type PodCheck, quoted, sortedSet } from "./check.ts";

const check: CheckPod = (pod) => {
  const set = containersOf(pod).map((c) => ({ name: c.name, type: c.securityContext?.procMount ?? "Default" }));
  const bad = set.filter((c) => c.type !== "Default");
  if (bad.length === 0) return undefined;
  const types = quoted(sortedSet(bad.map((c) => c.type)));
  return { reason: "procMount", detail: `${namesOf(bad.map((c) => c.name))} must not set securityContext.procMount to ${types}` };
};

export const procMountBaseline: PodCheck = {
  id: "procMount",
  level: "baseline",
  versions: [
    { since: 0, check },
    { since: 35, check: exceptInUserNamespace(check) },
  ],
};

/** From 1.35 on, where baseline lets Pods in user namespaces pass, restricted does not. */
export const procMountRestricted: PodCheck = {
  id: "procMount_restricted",
  level: "restricted",
  versions: [{ since: 35, check }],
  overrides: "procMount",
};
