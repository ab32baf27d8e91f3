/**
 * A database of three replicas, each with a volume and a DNS name of its own, of which never more than one is away:
 *
 *   seatrial plan examples/statefulset-database/main.ts --cluster examples/statefulset-database/cluster.ts
 */
import { StatefulSet } from "seatrial/apps/v1";
import { ConfigMap, Namespace, Secret, Service } from "seatrial/core/v1";
import { PodDisruptionBudget } from "seatrial/policy/v1";

const namespace = Namespace({ metadata: { name: "ledger" } });
const inNamespace = { namespace: namespace.metadata.name };
const labels = { "app.kubernetes.io/name": "postgres" };

const settings = ConfigMap({
  metadata: { name: "postgres", ...inNamespace },
  data: { "postgresql.conf": "max_connections = 200\nshared_buffers = 512MB\n" },
});

const superuser = Secret({ metadata: { name: "postgres-superuser", ...inNamespace }, stringData: { password: "not-a-real-password" } });

/** Gives each Pod its name: postgres-0.postgres.ledger.svc. Replicas find each other before they are ready. */
const peers = Service({
  metadata: { name: "postgres", ...inNamespace, labels },
  spec: {
    clusterIP: "None",
    publishNotReadyAddresses: true,
    selector: labels,
    ports: [{ name: "postgres", port: 5432, targetPort: "postgres" }],
  },
});

/** What clients use: any replica that is ready. */
const reads = Service({
  metadata: { name: "postgres-read", ...inNamespace, labels },
  spec: { selector: labels, ports: [{ name: "postgres", port: 5432, targetPort: "postgres" }] },
});

const database = StatefulSet({
  metadata: { name: "postgres", ...inNamespace, labels },
  spec: {
    serviceName: peers.metadata.name,
    replicas: 3,
    selector: { matchLabels: labels },
    // One after the other: a replica copies from the one before it.
    podManagementPolicy: "OrderedReady",
    // The volumes outlive the StatefulSet, and the replicas that a smaller one no longer has.
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 60,
        // A zone may fail.
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "topology.kubernetes.io/zone",
            whenUnsatisfiable: "DoNotSchedule",
            labelSelector: { matchLabels: labels },
          },
        ],
        containers: [
          {
            name: "postgres",
            image: "postgres:17.2",
            args: ["-c", "config_file=/etc/postgresql/postgresql.conf"],
            ports: [{ name: "postgres", containerPort: 5432 }],
            env: [
              { name: "PGDATA", value: "/var/lib/postgresql/data/pgdata" },
              { name: "POSTGRES_PASSWORD", valueFrom: { secretKeyRef: { name: superuser.metadata.name, key: "password" } } },
            ],
            readinessProbe: { exec: { command: ["pg_isready", "-U", "postgres"] }, initialDelaySeconds: 5, periodSeconds: 5 },
            resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "1Gi" } },
            volumeMounts: [
              { name: "data", mountPath: "/var/lib/postgresql/data" },
              { name: "settings", mountPath: "/etc/postgresql", readOnly: true },
            ],
          },
        ],
        volumes: [{ name: "settings", configMap: { name: settings.metadata.name } }],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "ssd", resources: { requests: { storage: "20Gi" } } },
      },
    ],
  },
});

const budget = PodDisruptionBudget({
  metadata: { name: "postgres", ...inNamespace },
  spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
});

export default [namespace, settings, superuser, peers, reads, database, budget];
