/** Only kernel settings that stay within the Pod. @see kubernetes staging/src/k8s.io/pod-security-admission/policy/check_sysctls.go */
import type { CheckPod, PodCheck } from "./check.ts";

const SAFE = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
];
const SAFE_1_27 = [...SAFE, "net.ipv4.ip_local_reserved_ports"];
const SAFE_1_29 = [
  ...SAFE_1_27,
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
];
const SAFE_1_32 = [...SAFE_1_29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];

function checkNames(safe: readonly string[]): CheckPod {
  return ({ spec }) => {
    const bad = (spec.securityContext?.sysctls ?? []).map((s) => s.name).filter((name) => !safe.includes(name));
    return bad.length > 0 ? { reason: "forbidden sysctls", detail: bad.join(", ") } : undefined;
  };
}

export const sysctls: PodCheck = {
  id: "sysctls",
  level: "baseline",
  versions: [
    { since: 0, check: checkNames(SAFE) },
    { since: 27, check: checkNames(SAFE_1_27) },
    { since: 29, check: checkNames(SAFE_1_29) },
    { since: 32, check: checkNames(SAFE_1_32) },
  ],
};
