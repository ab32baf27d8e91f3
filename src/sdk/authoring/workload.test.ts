import { test } from "uvu";
import * as assert from "uvu/assert";
import { sourceOf } from "../../api/construct.ts";
import { configMap, existingSecret, fromConfig, fromField, fromSecret, secret } from "./config.ts";
import { expose, headless } from "./expose.ts";
import { execProbe, grpcProbe, httpProbe, tcpProbe } from "./probes.ts";
import { claim, mount, perReplica } from "./volumes.ts";
import { workload } from "./workload.ts";

const labels = { "app.kubernetes.io/name": "web" };
const template = { metadata: { labels }, spec: { containers: [{ name: "web", image: "nginx:1.27" }] } };
const refused = (make: () => unknown, says: RegExp): void =>
  assert.throws(make, (e: unknown) => e instanceof TypeError && says.test(e.message), String(says));

test("nothing is written but what is said, and labels that fit the selector", () => {
  const metadata = { name: "web", labels };
  const selector = { matchLabels: labels };
  const image = "nginx:1.27";
  assert.equal(workload("web", { image }), { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { selector, template } });
  assert.equal(workload("web", { image, kind: "DaemonSet", minReadySeconds: 3 }), {
    ...{ apiVersion: "apps/v1", kind: "DaemonSet", metadata },
    spec: { minReadySeconds: 3, selector, template },
  });
  assert.equal(workload("web", { image, kind: "StatefulSet", serviceName: "web", replicas: 3 }), {
    ...{ apiVersion: "apps/v1", kind: "StatefulSet", metadata },
    spec: { serviceName: "web", replicas: 3, selector, template },
  });
  const never = { ...template, spec: { restartPolicy: "Never", ...template.spec } };
  assert.equal(workload("web", { image, kind: "Job", restartPolicy: "Never", backoffLimit: 1 }), {
    ...{ apiVersion: "batch/v1", kind: "Job", metadata },
    spec: { backoffLimit: 1, template: never },
  });
  assert.equal(workload("web", { image, kind: "CronJob", schedule: "0 3 * * *", restartPolicy: "Never", job: { backoffLimit: 1 } }), {
    ...{ apiVersion: "batch/v1", kind: "CronJob", metadata },
    spec: { schedule: "0 3 * * *", jobTemplate: { spec: { backoffLimit: 1, template: never } } },
  });
});

test("labels, selector, annotations, account, and whatever else a Pod may say", () => {
  const web = workload("web", {
    image: "nginx",
    namespace: "shop",
    selector: { app: "web" },
    labels: { tier: "front" },
    annotations: { a: "1" },
    podAnnotations: { b: "2" },
    serviceAccount: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "me" } },
    securityContext: { readOnlyRootFilesystem: true },
    pod: { nodeSelector: { disk: "ssd" }, terminationGracePeriodSeconds: 5 },
  });
  assert.equal(web.metadata, { name: "web", namespace: "shop", labels: { tier: "front", app: "web" }, annotations: { a: "1" } });
  assert.equal(web.spec.selector, { matchLabels: { app: "web" } });
  assert.equal(web.spec.template, {
    metadata: { labels: { tier: "front", app: "web" }, annotations: { b: "2" } },
    spec: {
      serviceAccountName: "me",
      containers: [{ name: "web", image: "nginx", securityContext: { readOnlyRootFilesystem: true } }],
      nodeSelector: { disk: "ssd" },
      terminationGracePeriodSeconds: 5,
    },
  });
});

test("ports, environment and probes", () => {
  const settings = configMap("settings", { LOG: "info" });
  const db = secret("db", { password: "x" });
  const web = workload("web", {
    image: "nginx",
    ports: { http: 80, dns: { containerPort: 53, protocol: "UDP" } },
    env: {
      A: "1",
      N: 2,
      B: true,
      LOG: fromConfig(settings, "LOG"),
      PASSWORD: fromSecret(db, "password"),
      TOKEN: fromSecret(existingSecret("token", ["value"]), "value", { optional: true }),
      NODE: fromField("spec.nodeName"),
    },
    envFrom: [settings, db, existingSecret("more", []), { prefix: "X_", configMapRef: { name: "x" } }],
    probes: {
      startup: execProbe(["true"], { periodSeconds: 2 }),
      liveness: tcpProbe(80),
      readiness: httpProbe("http", { path: "/ready", periodSeconds: 3 }),
    },
    sidecars: { agent: { image: "agent", ports: { metrics: 9090 }, probes: { liveness: grpcProbe(9090, { service: "a" }) } } },
    init: { wait: { image: "busybox", command: ["true"] } },
  });
  const [main, agent] = web.spec.template.spec.containers;
  assert.equal(main, {
    name: "web",
    image: "nginx",
    ports: [
      { name: "http", containerPort: 80 },
      { name: "dns", containerPort: 53, protocol: "UDP" },
    ],
    env: [
      { name: "A", value: "1" },
      { name: "N", value: "2" },
      { name: "B", value: "true" },
      { name: "LOG", valueFrom: { configMapKeyRef: { name: "settings", key: "LOG" } } },
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "token", key: "value", optional: true } } },
      { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
    ],
    envFrom: [
      { configMapRef: { name: "settings" } },
      { secretRef: { name: "db" } },
      { secretRef: { name: "more" } },
      { prefix: "X_", configMapRef: { name: "x" } },
    ],
    startupProbe: { exec: { command: ["true"] }, periodSeconds: 2 },
    livenessProbe: { tcpSocket: { port: 80 } },
    readinessProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 3 },
  });
  assert.equal(agent, {
    ...{ name: "agent", image: "agent", ports: [{ name: "metrics", containerPort: 9090 }] },
    livenessProbe: { grpc: { port: 9090, service: "a" } },
  });
  assert.equal(web.spec.template.spec.initContainers, [{ name: "wait", image: "busybox", command: ["true"] }]);
});

test("what is undefined is left out", () => {
  const web = workload("web", { image: "x", replicas: undefined, env: { A: undefined, B: "1" }, volumes: { "/a": undefined }, ports: {} });
  assert.equal(web.spec.template.spec, { containers: [{ name: "web", image: "x", env: [{ name: "B", value: "1" }] }] });
});

test("one volume for one source, however often it is mounted", () => {
  const settings = configMap("app.settings", { "a.json": "{}", b: "1" });
  const data = claim("data", { storage: "1Gi", accessModes: ["ReadWriteOnce"] });
  const web = workload("web", {
    image: "nginx",
    volumes: {
      "/all": settings,
      "/again": mount(settings, { readOnly: true }),
      "/one": mount(settings, { keys: { "a.json": "x.json" }, defaultMode: 0o400 }),
      "/secret": secret("app.settings", { c: "1" }),
      "/data": data,
      "/tmp": { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
    },
  });
  const { containers, volumes } = web.spec.template.spec;
  assert.equal(containers[0].volumeMounts, [
    { name: "app-settings", mountPath: "/all" },
    { name: "app-settings", mountPath: "/again", readOnly: true },
    { name: "app-settings-2", mountPath: "/one" },
    { name: "app-settings-3", mountPath: "/secret" },
    { name: "data", mountPath: "/data" },
    { name: "tmp", mountPath: "/tmp" },
  ]);
  assert.equal(volumes, [
    { name: "app-settings", configMap: { name: "app.settings" } },
    { name: "app-settings-2", configMap: { name: "app.settings", items: [{ key: "a.json", path: "x.json" }], defaultMode: 0o400 } },
    { name: "app-settings-3", secret: { secretName: "app.settings" } },
    { name: "data", persistentVolumeClaim: { claimName: "data" } },
    { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
  ]);
});

test("claims per replica are a StatefulSet's", () => {
  const data = perReplica(claim("data", { storage: "1Gi", accessModes: ["ReadWriteOnce"], storageClassName: "fast" }, { namespace: "x" }));
  const db = workload("db", { kind: "StatefulSet", serviceName: "db", image: "postgres:17", volumes: { "/var/lib": data } });
  assert.equal(db.spec.volumeClaimTemplates, [
    {
      ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data" } },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, storageClassName: "fast" },
    },
  ]);
  assert.is(db.spec.template.spec.volumes, undefined);
  refused(() => workload("db", { image: "x", volumes: { "/a": data } }), /perReplica\(\) is for StatefulSets; this is a Deployment/);
});

test("services", () => {
  const web = workload("web", { image: "x", namespace: "shop", ports: { http: 80, dns: { containerPort: 53, protocol: "UDP" } } });
  assert.equal(expose(web, { 80: "http" }), {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "shop" },
    spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: "http" }] },
  });
  const open = expose(web, { 53: "dns", 80: "http", 8080: "http", 9000: 9000 }, { name: "open", type: "LoadBalancer", labels: { a: "b" } });
  assert.equal(open.metadata, { name: "open", namespace: "shop", labels: { a: "b" } });
  assert.equal(open.spec, {
    type: "LoadBalancer",
    selector: labels,
    ports: [
      { name: "dns", port: 53, targetPort: "dns", protocol: "UDP" },
      { name: "http", port: 80, targetPort: "http" },
      { name: "http-8080", port: 8080, targetPort: "http" },
      { name: "port-9000", port: 9000, targetPort: 9000 },
    ],
  });
  assert.equal(expose(web, { 80: { targetPort: "http", nodePort: 30080, name: "www" } }, { type: "NodePort" }).spec.ports, [
    { nodePort: 30080, name: "www", port: 80, targetPort: "http" },
  ]);
  const db = workload("db", { kind: "StatefulSet", serviceName: "dbs", image: "x", ports: { pg: 5432 } });
  const named = headless(db, { 5432: "pg" });
  assert.equal([named.metadata.name, named.spec.clusterIP], ["dbs", "None"]);
  const job = workload("web", { kind: "Job", image: "x", restartPolicy: "Never", ports: { http: 1 } });
  assert.equal(expose(job, { 1: "http" }).spec.selector, labels);
});

test("what is wrong is said when it runs, too", () => {
  const web = workload("web", { image: "x", ports: { http: 80 } });
  refused(() => expose(web, { 80: "htp" as "http" }), /expose: Deployment "web" has no port "htp"; it has "http"/);
  refused(() => workload("web", { image: "x", probes: { readiness: { httpGet: { port: "htp" } } } }), /asks at port "htp"; it has none/);
  refused(() => workload("", { image: "x" }), /takes a name/);
  refused(() => workload("web", undefined as never), /needs options/);
  refused(() => workload("web", { kind: "Deploymint" as "Deployment", image: "x" }), /there is no kind "Deploymint"/);
  refused(() => fromSecret(secret("db", { password: "x" }), "pass" as "password"), /Secret db has no key "pass"; it has "password"/);
  refused(() => mount(configMap("a", { b: "" }), { keys: { c: "x" } as never }), /has no key "c"/);
  refused(() => mount({ name: "tmp", emptyDir: {} }, { defaultMode: 1 } as never), /for ConfigMaps and Secrets/);
  refused(() => expose({ apiVersion: "v1", kind: "Service", metadata: { name: "s" } } as never, { 80: 80 }), /Service "s" has no Pods/);
});

test("objects know the line that made them", () => {
  const at = Number(/workload\.test\.ts:(\d+)/.exec(new Error().stack ?? "")?.[1]);
  const web = workload("web", { image: "x", ports: { http: 80 } });
  const service = expose(web, { 80: "http" });
  const config = configMap("a", { b: "c" });
  assert.equal(
    [web, service, config].map((o) => sourceOf(o)?.line),
    [at + 1, at + 2, at + 3],
  );
});

test.run();
