/** Takes the money: no two Pods of one revision may be missing at a time. */
import { Deployment } from "seatrial/apps/v1";
import { Service } from "seatrial/core/v1";
import type { Size } from "./main.ts";

export function checkout(namespace: string, size: Size) {
  const labels = { "app.kubernetes.io/name": "checkout" };
  return [
    Deployment({
      metadata: { name: "checkout", namespace, labels },
      spec: {
        replicas: size.checkouts,
        selector: { matchLabels: labels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: "checkout",
                image: "registry.example/shop/checkout:1.9.0",
                ports: [{ name: "grpc", containerPort: 8080 }],
                resources: { requests: { cpu: "900m", memory: "512Mi" }, limits: { memory: "512Mi" } },
              },
            ],
          },
        },
      },
    }),
    Service({
      metadata: { name: "checkout", namespace, labels },
      spec: { selector: labels, ports: [{ name: "grpc", port: 8080, targetPort: "grpc" }] },
    }),
  ];
}
