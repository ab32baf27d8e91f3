/** The pages that people see: a Deployment, its settings, and a Service. */
import { Deployment } from "seatrial/apps/v1";
import { ConfigMap, Secret, Service } from "seatrial/core/v1";
import type { Size } from "./main.ts";

export function storefront(namespace: string, size: Size) {
  const labels = { "app.kubernetes.io/name": "storefront" };
  const settings = ConfigMap({
    metadata: { name: "storefront", namespace },
    data: { "banner.html": "<h1>Everything must go</h1>\n<p>Until Sunday</p>\n", CHECKOUT_URL: "http://checkout:8080" },
  });
  const session = Secret({ metadata: { name: "storefront-session", namespace }, stringData: { key: "not-a-real-key" } });
  const deployment = Deployment({
    metadata: { name: "storefront", namespace, labels },
    spec: {
      replicas: size.storefronts,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "web",
              image: "registry.example/shop/storefront:2.4.1",
              ports: [{ name: "http", containerPort: 8080 }],
              envFrom: [{ configMapRef: { name: settings.metadata.name } }],
              env: [{ name: "SESSION_KEY", valueFrom: { secretKeyRef: { name: session.metadata.name, key: "key" } } }],
              readinessProbe: { httpGet: { path: "/healthz", port: "http" }, initialDelaySeconds: 2 },
              resources: { requests: { cpu: "500m", memory: "256Mi" }, limits: { memory: "256Mi" } },
            },
          ],
        },
      },
    },
  });
  const service = Service({
    metadata: { name: "storefront", namespace, labels },
    spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
  });
  return [settings, session, deployment, service];
}
