/**
 * What the editor catches: every mistake is refused by the compiler (`@ts-expect-error` fails the typecheck where one is not). At run time
 * the constructors make the objects all the same: `seatrial check` and `plan` say what the API server thinks of them.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DaemonSet, Deployment, StatefulSet } from "../../generated/v1.36/apps/v1.ts";
import { HorizontalPodAutoscaler, type MetricSpec } from "../../generated/v1.36/autoscaling/v2.ts";
import { Job } from "../../generated/v1.36/batch/v1.ts";
import {
  ConfigMap,
  type Container,
  LimitRange,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  type PodSpec,
  ResourceQuota,
  Secret,
  Service,
} from "../../generated/v1.36/core/v1.ts";
import { Ingress, NetworkPolicy } from "../../generated/v1.36/networking.k8s.io/v1.ts";
import { PodDisruptionBudget } from "../../generated/v1.36/policy/v1.ts";
import { RoleBinding } from "../../generated/v1.36/rbac.authorization.k8s.io/v1.ts";

const metadata = { name: "web" };
const main: Container = { name: "main", image: "nginx:1.27" };
const template = { spec: { containers: [main] } } as const;
const selector = { matchLabels: { app: "web" } };
const pod = (spec: PodSpec): Pod => Pod({ metadata, spec });
const container = (more: Partial<Container>): Pod => pod({ containers: [{ ...main, ...more }] });

test("unknown fields", () => {
  // @ts-expect-error: image is written imag
  container({ imag: "nginx" });
  // @ts-expect-error: apiVersion and kind are the constructor's
  Namespace({ apiVersion: "v1", kind: "Namespace", metadata });
  // @ts-expect-error: no such field in the spec
  Deployment({ metadata, spec: { selector, template, replica: 2 } });
  // @ts-expect-error: labels belong into the metadata
  ConfigMap({ metadata, labels: { app: "web" } });
});

test("wrong types", () => {
  // @ts-expect-error: a number of replicas
  Deployment({ metadata, spec: { selector, template, replicas: "2" } });
  // @ts-expect-error: labels are strings
  Namespace({ metadata: { name: "a", labels: { tier: 1 } } });
  // @ts-expect-error: annotations are strings
  Namespace({ metadata: { name: "a", annotations: { "seatrial.dev/ready": false } } });
  // @ts-expect-error: a value that may be missing is no label: a selector without it would select everything
  Service({ metadata, spec: { selector: { app: undefined }, ports: [{ port: 80 }] } });
  // @ts-expect-error: environment values are strings
  container({ env: [{ name: "PORT", value: 8080 }] });
  // @ts-expect-error: the port is a number
  Service({ metadata, spec: { ports: [{ port: "80" }] } });
  // @ts-expect-error: data is text; bytes go to binaryData
  ConfigMap({ metadata, data: { limit: 10 } });
  // @ts-expect-error: int-or-string is neither boolean nor object
  Service({ metadata, spec: { ports: [{ port: 80, targetPort: true }] } });
  // @ts-expect-error: a list
  container({ command: "sleep 10" });
  // @ts-expect-error: null is no value
  Deployment({ metadata, spec: { selector, template, replicas: null } });
});

test("missing required fields", () => {
  // @ts-expect-error: no metadata
  Namespace({});
  // @ts-expect-error: neither name nor generateName
  Namespace({ metadata: { labels: { app: "web" } } });
  // @ts-expect-error: no spec
  Deployment({ metadata });
  // @ts-expect-error: no selector
  Deployment({ metadata, spec: { template } });
  // @ts-expect-error: no template
  DaemonSet({ metadata, spec: { selector } });
  // @ts-expect-error: no containers
  pod({});
  // @ts-expect-error: not one container
  pod({ containers: [] });
  // @ts-expect-error: a container without a name
  pod({ containers: [{ image: "nginx" }] });
  // @ts-expect-error: a container without an image
  pod({ containers: [{ name: "main" }] });
  // @ts-expect-error: a mount without its volume
  container({ volumeMounts: [{ mountPath: "/data" }] });
  // @ts-expect-error: a list that may be empty; nonEmpty() makes sure
  pod({ containers: ["a", "b"].map((name) => ({ name, image: "nginx" })) });
  // @ts-expect-error: a claim says how much
  PersistentVolumeClaim({ metadata, spec: { accessModes: ["ReadWriteOnce"] } });
  // @ts-expect-error: a claim says how much of what
  PersistentVolumeClaim({ metadata, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: {} } } });
  // @ts-expect-error: a Service with an address has ports
  Service({ metadata, spec: { selector: { app: "web" } } });
  // @ts-expect-error: the Pods of a Job end: OnFailure or Never
  Job({ metadata, spec: { template } });
  // @ts-expect-error: a binding says which role
  RoleBinding({ metadata, subjects: [] });
});

test("values of enumerations", () => {
  // @ts-expect-error: TCP
  container({ ports: [{ containerPort: 80, protocol: "TPC" }] });
  // @ts-expect-error: NodePort
  Service({ metadata, spec: { type: "Nodeport", ports: [{ port: 80 }] } });
  // @ts-expect-error: Never
  pod({ containers: [main], restartPolicy: "never" });
  // @ts-expect-error: IfNotPresent
  container({ imagePullPolicy: "IfNotpresent" });
  // @ts-expect-error: In, NotIn, Exists, DoesNotExist
  Deployment({ metadata, spec: { template, selector: { matchExpressions: [{ key: "a", operator: "Is", values: ["b"] }] } } });
  // @ts-expect-error: ReadWriteOnce
  PersistentVolumeClaim({ metadata, spec: { accessModes: ["RWO"], resources: { requests: { storage: "1Gi" } } } });
  // @ts-expect-error: Role or ClusterRole
  RoleBinding({ metadata, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "role", name: "a" } });
  // @ts-expect-error: BestEffort
  ResourceQuota({ metadata, spec: { scopes: ["Besteffort"] } });
});

test("quantities", () => {
  // @ts-expect-error: the letter O
  container({ resources: { requests: { cpu: "5OOm" } } });
  // @ts-expect-error: GB is no suffix
  container({ resources: { limits: { memory: "64GB" } } });
  // @ts-expect-error: thousandths of a byte
  container({ resources: { limits: { memory: "128m" } } });
  // @ts-expect-error: CPU has no bytes
  container({ resources: { requests: { cpu: "1Gi" } } });
  // @ts-expect-error: no such resource
  container({ resources: { requests: { mem: "64Mi" } } });
  // @ts-expect-error: extended resources are counted
  container({ resources: { limits: { "nvidia.com/gpu": "one" } } });
  // @ts-expect-error: huge pages are bytes
  container({ resources: { limits: { "hugepages-2Mi": "many" } } });
  // @ts-expect-error: MB is no suffix
  pod({ containers: [main], volumes: [{ name: "tmp", emptyDir: { sizeLimit: "100MB" } }] });
  // @ts-expect-error: a claim has storage only
  PersistentVolumeClaim({ metadata, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { memory: "1Gi" } } } });
  // @ts-expect-error: no such quota
  ResourceQuota({ metadata, spec: { hard: { "request.cpu": "1" } } });
  // @ts-expect-error: a count of Pods
  ResourceQuota({ metadata, spec: { hard: { pods: "ten" } } });
  // @ts-expect-error: GB is no suffix
  LimitRange({ metadata, spec: { limits: [{ type: "Container", default: { memory: "1GB" } }] } });
  // @ts-expect-error: a text that nobody has checked; quantity() does
  container({ resources: { requests: { cpu: String(1) } } });
});

test("one of several", () => {
  // @ts-expect-error: no source
  pod({ containers: [main], volumes: [{ name: "data" }] });
  // @ts-expect-error: two sources
  pod({ containers: [main], volumes: [{ name: "data", emptyDir: {}, configMap: { name: "a" } }] });
  // @ts-expect-error: no handler
  container({ livenessProbe: { periodSeconds: 3 } });
  // @ts-expect-error: two handlers
  container({ livenessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } } });
  // @ts-expect-error: two handlers
  container({ lifecycle: { preStop: { sleep: { seconds: 1 }, exec: { command: ["true"] } } } });
  // @ts-expect-error: value and valueFrom
  container({ env: [{ name: "A", value: "1", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] });
  // @ts-expect-error: two references
  container({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "x" }, secretKeyRef: { name: "s", key: "k" } } }] });
  // @ts-expect-error: nothing to take it from
  container({ envFrom: [{ prefix: "A_" }] });
  // @ts-expect-error: an item of a projected volume has one source
  pod({ containers: [main], volumes: [{ name: "p", projected: { sources: [{ configMap: { name: "a" }, secret: { name: "a" } }] } }] });
  const volume = { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" } } as const;
  // @ts-expect-error: a persistent volume has one source
  PersistentVolume({ metadata, spec: { ...volume, hostPath: { path: "/a" }, local: { path: "/a" } } });
  // @ts-expect-error: a backend is a service or a resource
  Ingress({ metadata, spec: { defaultBackend: { service: { name: "a", port: { number: 80 } }, resource: { kind: "A", name: "a" } } } });
  // @ts-expect-error: a service's port has a name or a number
  Ingress({ metadata, spec: { defaultBackend: { service: { name: "a", port: { number: 80, name: "http" } } } } });
  // @ts-expect-error: the settings of a rolling update
  Deployment({ metadata, spec: { selector, template, strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } } });
  const autoscaler = (metric: MetricSpec): HorizontalPodAutoscaler =>
    HorizontalPodAutoscaler({ metadata, spec: { maxReplicas: 2, scaleTargetRef: { kind: "Deployment", name: "a" }, metrics: [metric] } });
  // @ts-expect-error: the metric's type says which field it has
  autoscaler({ type: "Resource", pods: { metric: { name: "a" }, target: { type: "Value", value: 1 } } });
  // @ts-expect-error: an average utilization is no value
  autoscaler({ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageValue: "1" } } });
  // @ts-expect-error: addresses or selectors
  NetworkPolicy({ metadata, spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8" }, podSelector: {} }] }] } });
  // @ts-expect-error: at most one of the two
  PodDisruptionBudget({ metadata, spec: { minAvailable: 1, maxUnavailable: 1 } });
  // @ts-expect-error: Exists has no value
  pod({ containers: [main], tolerations: [{ key: "a", operator: "Exists", value: "b" }] });
  // @ts-expect-error: a profile on the node has a path
  container({ securityContext: { seccompProfile: { type: "Localhost" } } });
  // @ts-expect-error: a claim template is a claim
  StatefulSet({ metadata, spec: { selector, template, serviceName: "a", volumeClaimTemplates: [{ metadata, spec: { storage: "1Gi" } }] } });
});

test("a mistake is still an object: constructors check shapes in the editor only", () => {
  // @ts-expect-error: no such type
  const secret = Secret({ metadata, stringData: { a: 1 } });
  assert.equal(secret, { apiVersion: "v1", kind: "Secret", metadata: { name: "web" }, stringData: { a: 1 } });
});

test.run();
