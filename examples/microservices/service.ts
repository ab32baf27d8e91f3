/** One service of the shop: a Deployment and what belongs to it. */

import type { Bytes, Cpu } from "seatrial";
import { Deployment } from "seatrial/apps/v1";
import { Service, ServiceAccount } from "seatrial/core/v1";
import { PodDisruptionBudget } from "seatrial/policy/v1";

export interface Microservice {
  readonly name: string;
  readonly version: string;
  readonly replicas: number;
  readonly port: number;
  readonly cpu: Cpu;
  readonly memory: Bytes;
  /** Other services it calls: their addresses come as environment variables. */
  readonly calls?: readonly string[];
  /** How many of its Pods have to be there while nodes are emptied. */
  readonly keep?: number;
  /** Seconds after its start from which it may be asked whether it is ready. */
  readonly warmUpSeconds?: number;
}

export const NAMESPACE = "books";

export function microservice(service: Microservice) {
  const { name, version, replicas, port, cpu, memory, calls = [], keep, warmUpSeconds = 0 } = service;
  const selector = { "app.kubernetes.io/name": name };
  const labels = { ...selector, "app.kubernetes.io/part-of": "books" };
  const metadata = { name, namespace: NAMESPACE, labels };
  return [
    ServiceAccount({ metadata, automountServiceAccountToken: false }),
    Deployment({
      metadata,
      spec: {
        replicas,
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: {
          metadata: { labels: { ...labels, "app.kubernetes.io/version": version } },
          spec: {
            serviceAccountName: name,
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: selector },
              },
            ],
            containers: [
              {
                name,
                image: `registry.example/books/${name}:${version}`,
                ports: [{ name: "grpc", containerPort: port }],
                env: calls.map((callee) => ({ name: `${callee.toUpperCase()}_ADDRESS`, value: `${callee}:80` })),
                readinessProbe: { grpc: { port }, initialDelaySeconds: warmUpSeconds, periodSeconds: 5 },
                resources: { requests: { cpu, memory }, limits: { memory } },
                securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
              },
            ],
          },
        },
      },
    }),
    Service({ metadata, spec: { selector, ports: [{ name: "grpc", port: 80, targetPort: "grpc" }] } }),
    ...(keep === undefined
      ? []
      : [
          PodDisruptionBudget({
            metadata: { name, namespace: NAMESPACE },
            spec: { minAvailable: keep, selector: { matchLabels: selector } },
          }),
        ]),
  ];
}
