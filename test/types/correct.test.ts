/** What people write and must compile: each shape that Kubernetes takes, and values that are only known at run time. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CustomResourceDefinition } from "../../generated/v1.36/apiextensions.k8s.io/v1.ts";
import { Deployment, StatefulSet } from "../../generated/v1.36/apps/v1.ts";
import { HorizontalPodAutoscaler } from "../../generated/v1.36/autoscaling/v2.ts";
import { CronJob, Job, type JobPodTemplateSpec } from "../../generated/v1.36/batch/v1.ts";
import {
  ConfigMap,
  type Container,
  Event,
  LimitRange,
  Node,
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
} from "../../generated/v1.36/core/v1.ts";
import type { ConfigMap as ConfigMapModel } from "../../generated/v1.36/model.ts";
import { NetworkPolicy } from "../../generated/v1.36/networking.k8s.io/v1.ts";
import { RoleBinding } from "../../generated/v1.36/rbac.authorization.k8s.io/v1.ts";
import { nonEmpty } from "../../src/api/non-empty.ts";
import type { KubeObject } from "../../src/api/object.ts";
import { quantity } from "../../src/api/quantity-types.ts";

const labels = { app: "web" };
const main: Container = { name: "main", image: "nginx:1.27" };
const isTest = labels.app === "test";

test("a value that depends on something may be undefined", () => {
  const deployment = Deployment({
    metadata: { name: "web", namespace: isTest ? "test" : undefined },
    spec: {
      replicas: isTest ? 1 : undefined,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ ...main, resources: { requests: { cpu: isTest ? "10m" : undefined, memory: "64Mi" } } }],
          volumes: [{ name: "tmp", emptyDir: {}, configMap: undefined }],
        },
      },
    },
  });
  assert.is(deployment.kind, "Deployment");
});

test("lists: written out, spread, built at run time, readonly", () => {
  const sidecars: readonly Container[] = ["a", "b"].map((name) => ({ name, image: "busybox" }));
  const frozen = [main] as const;
  for (const containers of [[main], [main, ...sidecars], nonEmpty(sidecars), frozen] as const) {
    const pod = Pod({ metadata: { generateName: "web-" }, spec: { containers, initContainers: sidecars } });
    assert.is(pod.spec.containers, containers);
  }
  assert.throws(
    () => nonEmpty([]),
    (e: unknown) => e instanceof TypeError && e.message.includes("empty list"),
  );
});

test("quantities: numbers, every suffix, extended resources, texts from configuration", () => {
  const memory: string = labels.app.length > 0 ? "1.5Gi" : "2Gi";
  const container: Container = {
    ...main,
    resources: {
      requests: { cpu: 0.5, memory: quantity(memory), "ephemeral-storage": "1G", "hugepages-2Mi": "4Mi", "nvidia.com/gpu": 1 },
      limits: { cpu: "1.5", memory: 134217728, "example.com/dongle": "2" },
    },
  };
  assert.is(container.resources?.requests?.memory, "1.5Gi");
  const quota = ResourceQuota({
    metadata: { name: "q" },
    spec: {
      hard: {
        cpu: "10",
        pods: 10,
        "requests.cpu": "2500m",
        "limits.memory": "1Ti",
        "requests.nvidia.com/gpu": 4,
        "count/deployments.apps": "3",
        "gold.storageclass.storage.k8s.io/requests.storage": "500Gi",
        "services.nodeports": 0,
      },
    },
  });
  assert.is(quota.spec.hard?.pods, 10);
  LimitRange({
    metadata: { name: "l" },
    spec: { limits: [{ type: "Container", default: { cpu: "100m" }, maxLimitRequestRatio: { cpu: 4, memory: "1.5" } }] },
  });
  for (const text of ["5OOm", "64GB", "", "1 Gi"]) {
    assert.throws(
      () => quantity(text),
      (e: unknown) => e instanceof TypeError && e.message.startsWith(JSON.stringify(text)),
    );
  }
});

test("int-or-string, open enumerations, free-form JSON, non-ASCII field names", () => {
  const percent: string = `${20 + 5}%`;
  Deployment({
    metadata: { name: "web" },
    spec: {
      selector: { matchLabels: labels, matchExpressions: [{ key: "tier", operator: "Exists" }] },
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: percent } },
      template: { metadata: { labels }, spec: { containers: [main] } },
    },
  });
  Service({
    metadata: { name: "s" },
    spec: {
      ports: [
        { port: 80, targetPort: "http" },
        { port: 81, targetPort: 8080 },
      ],
    },
  });
  Service({ metadata: { name: "s" }, spec: { type: "ExternalName", externalName: "example.com" } });
  Service({ metadata: { name: "s" }, spec: { clusterIP: "None", selector: labels } });
  Service({ metadata: { name: "s" }, spec: { clusterIP: "10.0.0.10", type: isTest ? "ClusterIP" : "NodePort", ports: [{ port: 80 }] } });
  Secret({ metadata: { name: "s" }, type: "example.com/own", stringData: { a: "b" } });
  const crd = CustomResourceDefinition({
    metadata: { name: "crontabs.example.com" },
    spec: {
      group: "example.com",
      names: { kind: "CronTab", plural: "crontabs" },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                spec: { type: "object", properties: { tags: { type: "array", items: { type: "string" }, default: ["a", 1, null] } } },
              },
              additionalProperties: false,
              "x-kubernetes-preserve-unknown-fields": true,
            },
          },
        },
      ],
    },
  });
  assert.is(crd.apiVersion, "apiextensions.k8s.io/v1");
});

test("one of several: each way alone", () => {
  const template: JobPodTemplateSpec = {
    metadata: { labels },
    spec: {
      restartPolicy: "OnFailure",
      containers: [
        {
          ...main,
          env: [{ name: "A" }, { name: "B", value: "b" }, { name: "C", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
          envFrom: [{ configMapRef: { name: "c" } }, { prefix: "P_", secretRef: { name: "s", optional: true } }],
          readinessProbe: { httpGet: { port: "http", path: "/" }, periodSeconds: 5 },
          livenessProbe: { grpc: { port: 9090 } },
          lifecycle: { preStop: { sleep: { seconds: 5 } } },
        },
      ],
      tolerations: [{ operator: "Exists" }, { key: "a", value: "b", effect: "NoSchedule" }, { key: "a", operator: "Exists" }],
      volumes: [
        { name: "a", projected: { sources: [{ configMap: { name: "c" } }, { serviceAccountToken: { path: "token" } }] } },
        { name: "b", persistentVolumeClaim: { claimName: "b" } },
      ],
    },
  };
  const job = Job({ metadata: { name: "j" }, spec: { template } });
  assert.is(CronJob({ metadata: { name: "c" }, spec: { schedule: "0 * * * *", jobTemplate: { spec: job.spec } } }).kind, "CronJob");
  NetworkPolicy({
    metadata: { name: "n" },
    spec: {
      podSelector: {},
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" } }, { namespaceSelector: {}, podSelector: {} }, { podSelector: {} }] }],
    },
  });
  HorizontalPodAutoscaler({
    metadata: { name: "h" },
    spec: {
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } }],
    },
  });
});

test("an object is part of another: claim templates, with or without their kind", () => {
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } as const;
  const claim = PersistentVolumeClaim({ metadata: { name: "data" }, spec });
  const set = StatefulSet({
    metadata: { name: "db" },
    spec: {
      selector: { matchLabels: labels },
      serviceName: "db",
      template: { metadata: { labels }, spec: { containers: [main] } },
      volumeClaimTemplates: [
        claim,
        { metadata: { name: "logs" }, spec },
        { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "c" }, spec },
      ],
    },
  });
  assert.is(set.spec.volumeClaimTemplates?.length, 3);
});

test("an object refers to another by its name, and is one of the control plane's objects", () => {
  const settings = ConfigMap({ metadata: { name: "settings" } });
  const container: Container = { ...main, envFrom: [{ configMapRef: { name: settings.metadata.name } }] };
  const objects: readonly KubeObject[] = [settings, Pod({ metadata: { name: "web" }, spec: { containers: [container] } })];
  const stored: ConfigMapModel = settings;
  assert.is(objects[0], stored);
  assert.is(container.envFrom?.[0]?.configMapRef?.name, "settings");
});

test("clusters: nodes with their status, events, accounts and bindings", () => {
  const node = Node({
    metadata: { name: "node-1", labels: { "topology.kubernetes.io/zone": "a" } },
    spec: { taints: [{ key: "dedicated", value: "db", effect: "NoSchedule" }] },
    status: {
      capacity: { cpu: "8", memory: "32Gi", pods: 110, "attachable-volumes-aws-ebs": 25 },
      conditions: [{ type: "Ready", status: "True" }],
    },
  });
  assert.is(node.status?.capacity?.pods, 110);
  Event({ metadata: { name: "e", namespace: "default" }, involvedObject: { kind: "Pod", name: "a" } });
  ServiceAccount({ metadata: { name: "a" } });
  RoleBinding({
    metadata: { name: "b" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "ServiceAccount", name: "a", namespace: "default" }],
  });
});

test.run();
