/**
 * One application, three environments, each typed and all planned in one go:
 *
 *   seatrial synth examples/environments/main.ts --env all -o manifests
 *   seatrial plan examples/environments/main.ts --env all --cluster examples/environments/cluster.ts
 */
import {
  allow,
  app,
  autoscaler,
  configMap,
  contentHashed,
  disruptionBudget,
  existingSecret,
  expose,
  fromConfig,
  fromSecret,
  hardened,
  httpProbe,
  ingress,
  inNamespace,
  teamNamespace,
  withDefaults,
  withLabels,
  workload,
} from "seatrial";

interface Settings {
  readonly host: string;
  readonly replicas: number;
  readonly logLevel: "debug" | "info" | "warn";
  /** The busiest hour has how many Pods? Without it, nothing is scaled. */
  readonly replicasMax?: number;
}

const envs = {
  dev: { host: "dev.notes.example", replicas: 1, logLevel: "debug" },
  staging: { host: "staging.notes.example", replicas: 2, logLevel: "info" },
  prod: { host: "notes.example", replicas: 3, replicasMax: 6, logLevel: "warn" },
} satisfies Record<string, Settings>;

/** Made by an operator; its keys are in its type all the same. */
const credentials = existingSecret("notes-db", ["user", "password"]);

export default app({ envs }, ({ env, ...settings }) => {
  const namespace = `notes-${env}`;
  const { host, logLevel, replicas, replicasMax }: Settings = settings;
  // The name ends in a hash: another log level is another ConfigMap, and the Pods roll.
  const config = contentHashed(configMap("notes", { LOG_LEVEL: logLevel, PUBLIC_URL: `https://${host}` }));
  const api = workload("api", {
    image: "registry.example/notes/api:3.1.0",
    ...(replicasMax === undefined ? { replicas } : {}),
    ports: { http: 8080, metrics: 9090 },
    env: {
      LOG_LEVEL: fromConfig(config, "LOG_LEVEL"),
      DB_USER: fromSecret(credentials, "user"),
      DB_PASSWORD: fromSecret(credentials, "password"),
    },
    probes: { readiness: httpProbe("http", { path: "/healthz", periodSeconds: 5 }) },
    resources: { requests: { cpu: "250m", memory: "128Mi" }, limits: { memory: "256Mi" } },
  });
  const web = workload("web", {
    image: "registry.example/notes/web:3.1.0",
    replicas,
    ports: { http: 8080 },
    envFrom: [config],
    probes: { readiness: httpProbe("http", { path: "/", periodSeconds: 5 }) },
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } },
  });
  const webService = expose(web, { 80: "http" });
  const objects = [
    ...[config, api, expose(api, { 80: "http" }), web, webService],
    ingress("notes", { pathType: "Prefix", rules: { [host]: { "/": webService } } }),
    allow(web, api, "http"),
    replicas > 1 && disruptionBudget(web, { maxUnavailable: 1 }),
    replicasMax !== undefined && autoscaler(api, { minReplicas: replicas, maxReplicas: replicasMax, cpu: 70 }),
  ];
  const team = teamNamespace(namespace, { podSecurity: "restricted", quota: { "requests.cpu": "4", "requests.memory": "4Gi" } });
  return withLabels({ "app.kubernetes.io/part-of": "notes" }, [team, withDefaults(hardened, inNamespace(namespace, objects))]);
});
