/** What all services have in common: one place to change it, one plan that shows what that does to each of them. */
import { disruptionBudget, expose, type HttpProbeOptions, httpProbe, type WorkloadOptions, workload } from "seatrial";

/** What differs between environments. */
export interface Environment {
  readonly env: string;
  /** Of every service. */
  readonly replicas: number;
  /** The version that is deployed: images are built together. */
  readonly version: string;
}

type Deployed = Omit<WorkloadOptions<"Deployment", "http">, "image" | "kind" | "ports" | "probes" | "replicas">;

export interface HttpServiceOptions extends Deployed {
  /** Default: `/healthz`. */
  readonly health?: HttpProbeOptions["path"];
}

/** A service that speaks HTTP on port 8080, reached on port 80: its Deployment, its Service, and from two replicas on a disruption budget. */
export function httpService(name: string, { replicas, version }: Environment, { health = "/healthz", ...options }: HttpServiceOptions) {
  const deployment = workload(name, {
    image: `registry.example/{{name}}/${name}:${version}`,
    replicas,
    ports: { http: 8080 },
    probes: { readiness: httpProbe("http", { path: health }) },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    ...options,
  });
  const service = expose(deployment, { 80: "http" });
  const budget = replicas > 1 && disruptionBudget(deployment, { maxUnavailable: 1 });
  return { deployment, service, objects: [deployment, service, budget] };
}
