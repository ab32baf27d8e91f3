/** A web service: its configuration, its Pods, and how others reach them. */
import { disruptionBudget, expose, httpProbe, workload } from "seatrial";
import { ConfigMap } from "seatrial/core/v1";
import type { Settings } from "../seatrial.ts";

export function service(name: string, { replicas, cpu, logLevel }: Settings) {
  const config = ConfigMap({ metadata: { name }, data: { LOG_LEVEL: logLevel } });

  const web = workload(name, {
    // Put your own image here.
    image: "registry.k8s.io/e2e-test-images/agnhost:2.53",
    args: ["netexec", "--http-port=8080"],
    replicas,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    ports: { http: 8080 },
    envFrom: [config],
    resources: { requests: { cpu, memory: "64Mi" }, limits: { memory: "128Mi" } },
    probes: { readiness: httpProbe("http", { path: "/healthz" }) },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    pod: { securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } } },
  });

  return [
    config,
    web,
    expose(web, { 80: "http" }),
    // With one replica a budget would keep its node from being drained.
    replicas > 1 && disruptionBudget(web, { maxUnavailable: 1 }),
  ];
}
