/** Probes and hooks reach for no host but the Pod's own. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_hostProbesAndhostLifecycle.go */
import { type CheckPod, containersOf, namesOf, type PodCheck, plural, quoted, sortedSet } from "./check.ts";

interface Handler {
  readonly httpGet?: { readonly host?: string | undefined } | undefined;
  readonly tcpSocket?: { readonly host?: string | undefined } | undefined;
}

const hostsOf = (handler: Handler | undefined): readonly string[] =>
  [handler?.httpGet?.host, handler?.tcpSocket?.host].flatMap((host) => (host ? [host] : []));

const check: CheckPod = (pod) => {
  const reaching = containersOf(pod).map((c) => ({
    name: c.name,
    hosts: [c.livenessProbe, c.readinessProbe, c.startupProbe, c.lifecycle?.postStart, c.lifecycle?.preStop].flatMap(hostsOf),
  }));
  const bad = reaching.filter((c) => c.hosts.length > 0);
  if (bad.length === 0) return undefined;
  const names = sortedSet(bad.map((c) => c.name));
  const hosts = sortedSet(bad.flatMap((c) => c.hosts));
  const uses = plural(names.length, "uses", "use");
  return {
    reason: "probe or lifecycle host",
    detail: `${namesOf(names)} ${uses} ${plural(hosts.length, "probe or lifecycle host")} ${quoted(hosts)}`,
  };
};

export const hostProbesAndHostLifecycle: PodCheck = {
  id: "hostProbesAndHostLifecycle",
  level: "baseline",
  versions: [{ since: 34, check }],
};
