/** A service that must not go down with a node. `infrastructure.test.ts` holds it to that. */
import { Deployment } from "seatrial/apps/v1";
import { Service } from "seatrial/core/v1";
import { PodDisruptionBudget } from "seatrial/policy/v1";

const labels = { "app.kubernetes.io/name": "search" };

export const search = Deployment({
  metadata: { name: "search", labels },
  spec: {
    replicas: 4,
    selector: { matchLabels: labels },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: { labels },
      spec: {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "kubernetes.io/hostname",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: labels },
          },
        ],
        containers: [
          {
            name: "search",
            image: "registry.example/search:3.0.0",
            ports: [{ name: "http", containerPort: 8080 }],
            readinessProbe: { httpGet: { path: "/ready", port: "http" } },
            resources: { requests: { cpu: "500m", memory: "512Mi" }, limits: { memory: "512Mi" } },
          },
        ],
      },
    },
  },
});

export const service = Service({
  metadata: { name: "search", labels },
  spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
});

const budget = PodDisruptionBudget({
  metadata: { name: "search" },
  spec: { minAvailable: 3, selector: { matchLabels: labels } },
});

export default [search, service, budget];
