/** A bookshop of eleven services, in two releases: `--env v1` and `--env v2`. */
import { app } from "seatrial";
import { StatefulSet } from "seatrial/apps/v1";
import { Namespace, Service } from "seatrial/core/v1";
import { type Microservice, microservice, NAMESPACE } from "./service.ts";

interface Release {
  readonly web: string;
  readonly catalog: string;
  readonly checkout: string;
  readonly catalogs: number;
}

const services = ({ web, catalog, checkout, catalogs }: Release): readonly Microservice[] => [
  {
    name: "web",
    version: web,
    replicas: 4,
    port: 8080,
    cpu: "200m",
    memory: "128Mi",
    calls: ["catalog", "search", "cart", "checkout", "reviews", "rates"],
    keep: 3,
    warmUpSeconds: 5,
  },
  { name: "catalog", version: catalog, replicas: catalogs, port: 9001, cpu: "150m", memory: "256Mi", keep: 2, warmUpSeconds: 10 },
  { name: "search", version: "1.8.2", replicas: 2, port: 9002, cpu: "400m", memory: "512Mi", calls: ["catalog"], warmUpSeconds: 20 },
  { name: "reviews", version: "1.1.0", replicas: 2, port: 9003, cpu: "100m", memory: "128Mi" },
  { name: "cart", version: "2.0.1", replicas: 3, port: 9004, cpu: "150m", memory: "128Mi", calls: ["cartstore"], keep: 2 },
  {
    name: "checkout",
    version: checkout,
    replicas: 3,
    port: 9005,
    cpu: "200m",
    memory: "128Mi",
    calls: ["cart", "catalog", "rates", "payment", "shipping", "mail"],
    keep: 2,
  },
  { name: "payment", version: "3.4.0", replicas: 2, port: 9006, cpu: "100m", memory: "64Mi", keep: 1 },
  { name: "shipping", version: "1.0.5", replicas: 2, port: 9007, cpu: "100m", memory: "64Mi" },
  { name: "mail", version: "1.2.0", replicas: 1, port: 9008, cpu: "50m", memory: "64Mi" },
  { name: "rates", version: "5.0.0", replicas: 2, port: 9009, cpu: "100m", memory: "64Mi" },
];

/** Where carts are kept: three members, each with a name of its own. */
function cartStore() {
  const labels = { "app.kubernetes.io/name": "cartstore", "app.kubernetes.io/part-of": "books" };
  const metadata = { name: "cartstore", namespace: NAMESPACE, labels };
  return [
    StatefulSet({
      metadata,
      spec: {
        serviceName: "cartstore",
        replicas: 3,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: "store",
                image: "registry.example/books/cartstore:7.2",
                ports: [{ name: "store", containerPort: 6379 }],
                readinessProbe: { tcpSocket: { port: "store" }, initialDelaySeconds: 3, periodSeconds: 5 },
                resources: { requests: { cpu: "100m", memory: "256Mi" } },
              },
            ],
          },
        },
      },
    }),
    Service({ metadata, spec: { clusterIP: "None", selector: labels, ports: [{ name: "store", port: 80, targetPort: "store" }] } }),
  ];
}

const releases = {
  v1: { web: "1.0.0", catalog: "1.4.0", checkout: "1.9.3", catalogs: 3 },
  v2: { web: "2.0.0", catalog: "1.5.0", checkout: "2.0.0", catalogs: 4 },
} as const;

export default app({ envs: releases }, (release) => [
  Namespace({ metadata: { name: NAMESPACE } }),
  cartStore(),
  services(release).map(microservice),
  Service({
    metadata: { name: "entrance", namespace: NAMESPACE },
    spec: { type: "NodePort", selector: { "app.kubernetes.io/name": "web" }, ports: [{ name: "http", port: 80, targetPort: "grpc" }] },
  }),
]);
