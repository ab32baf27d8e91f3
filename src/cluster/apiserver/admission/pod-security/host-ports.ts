/** No port of the node is taken. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_hostPorts.go */
import { type CheckPod, containersOf, namesOf, type PodCheck, plural, sortedSet } from "./check.ts";

const check: CheckPod = (pod) => {
  const using = containersOf(pod).map((c) => ({ name: c.name, ports: (c.ports ?? []).flatMap((p) => (p.hostPort ? [p.hostPort] : [])) }));
  const bad = using.filter((c) => c.ports.length > 0);
  if (bad.length === 0) return undefined;
  const ports = sortedSet(bad.flatMap((c) => c.ports.map(String)));
  const uses = plural(bad.length, "uses", "use");
  return {
    reason: "hostPort",
    detail: `${namesOf(bad.map((c) => c.name))} ${uses} ${plural(ports.length, "hostPort")} ${ports.join(", ")}`,
  };
};

export const hostPorts: PodCheck = { id: "hostPorts", level: "baseline", versions: [{ since: 0, check }] };
