/** All capabilities are dropped; only NET_BIND_SERVICE may be added. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_capabilities_restricted.go */
import { type CheckPod, containersOf, exceptWindows, namesOf, type PodCheck, quoted, sortedSet } from "./check.ts";

const check: CheckPod = (pod) => {
  const keeping: string[] = [];
  const adding: string[] = [];
  const added: string[] = [];
  for (const { name, securityContext } of containersOf(pod)) {
    const { add = [], drop = [] } = securityContext?.capabilities ?? {};
    if (!drop.includes("ALL")) keeping.push(name);
    const bad = add.filter((capability) => capability !== "NET_BIND_SERVICE");
    if (bad.length > 0) adding.push(name);
    added.push(...bad);
  }
  const details: string[] = [];
  if (keeping.length > 0) details.push(`${namesOf(keeping)} must set securityContext.capabilities.drop=["ALL"]`);
  if (adding.length > 0)
    details.push(`${namesOf(adding)} must not include ${quoted(sortedSet(added))} in securityContext.capabilities.add`);
  return details.length > 0 ? { reason: "unrestricted capabilities", detail: details.join("; ") } : undefined;
};

export const capabilitiesRestricted: PodCheck = {
  id: "capabilities_restricted",
  level: "restricted",
  versions: [
    { since: 22, check },
    { since: 25, check: exceptWindows(check) },
  ],
  overrides: "capabilities_baseline",
};
