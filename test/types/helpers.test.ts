/**
 * What the editor catches in the helpers: every mistake is refused by the compiler (`@ts-expect-error` fails the typecheck where one is not),
 * and where it says `refused`, at run time too.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Deployment } from "../../generated/v1.36/apps/v1.ts";
import { ConfigMap } from "../../generated/v1.36/core/v1.ts";
import {
  allow,
  autoscaler,
  backend,
  claim,
  configMap,
  disruptionBudget,
  execProbe,
  existingSecret,
  expose,
  fromConfig,
  fromField,
  fromSecret,
  headless,
  httpProbe,
  ingress,
  inNamespace,
  limitRange,
  mount,
  nodePool,
  patch,
  permissions,
  quota,
  secret,
  serviceAccount,
  tcpProbe,
  teamNamespace,
  withDefaults,
  withLabels,
  workload,
} from "../../src/sdk/authoring-with-patch.ts";

const web = workload("web", { image: "nginx", ports: { http: 80, metrics: 9090 } });
const bare = workload("bare", { image: "nginx" });
const svc = expose(web, { 80: "http" });
const settings = configMap("settings", { LOG: "info" });
const db = secret("db", { password: "x" });
const refused = (make: () => unknown): void => assert.throws(make, (e: unknown) => e instanceof TypeError);

test("what is right is taken", () => {
  const plain = Deployment({
    metadata: { name: "plain" },
    spec: {
      selector: { matchLabels: { app: "a" } },
      template: {
        metadata: { labels: { app: "a" } },
        spec: { containers: [{ name: "a", image: "b", ports: [{ name: "x", containerPort: 1 }] }] },
      },
    },
  });
  expose(plain, { 1: "x" });
  expose(bare, { 80: 8080 });
  fromConfig(ConfigMap({ metadata: { name: "a" }, data: { any: "1" } }), "any");
  const changed = inNamespace("shop", [web, [settings]] as const);
  const kept: 80 extends number ? typeof web : never = changed[0];
  expose(kept, { 80: "metrics" });
  const stateful = workload("db", {
    kind: "StatefulSet",
    serviceName: "db",
    image: "x",
    ports: { pg: 5432 },
    podManagementPolicy: "Parallel",
  });
  headless(withLabels({ a: "b" }, stateful), { 5432: "pg" });
  patch(web, { metadata: { annotations: null }, spec: { template: { spec: { containers: [{ name: "web", $patch: "delete" }] } } } });
});

test("port names", () => {
  // @ts-expect-error: htp
  refused(() => expose(web, { 80: "htp" }));
  // @ts-expect-error: there are none
  refused(() => expose(bare, { 80: "http" }));
  // @ts-expect-error: htp
  refused(() => expose(web, { 80: { targetPort: "htp" } }));
  // @ts-expect-error: a port has a number
  expose(web, { eighty: "http" });
  // @ts-expect-error: also in a namespace
  refused(() => expose(inNamespace("shop", web), { 80: "htp" }));
  // @ts-expect-error: htp
  refused(() => allow(bare, web, "htp"));
  // @ts-expect-error: the Service has http
  refused(() => backend(svc, "htp"));
  // @ts-expect-error: htp
  refused(() => workload("a", { image: "x", ports: { http: 80 }, probes: { readiness: httpProbe("htp") } }));
  // @ts-expect-error: no ports at all
  refused(() => workload("a", { image: "x", probes: { liveness: tcpProbe("http") } }));
});

test("workloads", () => {
  // @ts-expect-error: replica
  workload("a", { image: "x", replica: 2 });
  // @ts-expect-error: no image
  workload("a", { replicas: 2 });
  // @ts-expect-error: a number of replicas
  workload("a", { image: "x", replicas: "2" });
  // @ts-expect-error: DaemonSets have no replicas
  workload("a", { kind: "DaemonSet", image: "x", replicas: 2 });
  // @ts-expect-error: no such kind
  refused(() => workload("a", { kind: "Deploymint", image: "x" }));
  // @ts-expect-error: the headless Service
  workload("a", { kind: "StatefulSet", image: "x" });
  // @ts-expect-error: a schedule
  workload("a", { kind: "CronJob", image: "x", restartPolicy: "Never" });
  // @ts-expect-error: Jobs never restart for ever
  workload("a", { kind: "Job", image: "x", restartPolicy: "Always" });
  // @ts-expect-error: the letter O
  workload("a", { image: "x", resources: { requests: { cpu: "5OOm" } } });
  // @ts-expect-error: no such field of a Pod
  workload("a", { image: "x", pod: { nodeSelecter: {} } });
  // @ts-expect-error: an account, not its name
  refused(() => workload("a", { image: "x", serviceAccount: "me" }));
  // @ts-expect-error: a command has words
  execProbe([]);
});

test("keys", () => {
  // @ts-expect-error: passwort
  refused(() => fromSecret(db, "passwort"));
  // @ts-expect-error: LGO
  refused(() => fromConfig(settings, "LGO"));
  // @ts-expect-error: token
  refused(() => fromSecret(existingSecret("a", ["user"]), "token"));
  // @ts-expect-error: a ConfigMap is no Secret
  fromSecret(settings, "LOG");
  // @ts-expect-error: no such key
  refused(() => mount(settings, { keys: { LGO: "x" } }));
  // @ts-expect-error: texts only
  configMap("a", { port: 80 });
  // @ts-expect-error: no such field
  fromField("metadata.nmae");
});

test("what stands around", () => {
  // @ts-expect-error: GB
  claim("a", { storage: "1GB", accessModes: ["ReadWriteOnce"] });
  // @ts-expect-error: RWO
  claim("a", { storage: "1Gi", accessModes: ["RWO"] });
  // @ts-expect-error: a type of path
  ingress("a", { rules: { "*": { "/": svc } } });
  // @ts-expect-error: Services only
  refused(() => ingress("a", { pathType: "Prefix", rules: { "*": { "/": web } } }));
  // @ts-expect-error: maximum
  autoscaler(web, { minReplicas: 1, cpu: 50 });
  // @ts-expect-error: DaemonSets are not scaled
  autoscaler(workload("a", { kind: "DaemonSet", image: "x" }), { minReplicas: 1, maxReplicas: 2, cpu: 50 });
  // @ts-expect-error: one of two
  disruptionBudget(web, {});
  // @ts-expect-error: no such resource
  refused(() => permissions(serviceAccount("a"), { pdos: ["get"] }));
  // @ts-expect-error: no such verb
  permissions(serviceAccount("a"), { pods: ["read"] });
  // @ts-expect-error: no such quota
  quota("a", { "request.cpu": 1 });
  // @ts-expect-error: no such type
  limitRange("a", { Containers: {} });
  // @ts-expect-error: no such standard
  teamNamespace("a", { podSecurity: "strict" });
  // @ts-expect-error: how many
  refused(() => nodePool("a", { cpu: 1, memory: "1Gi" }));
  // @ts-expect-error: the defaults come first
  refused(() => withDefaults([web], { container: {} }));
});

test("patches", () => {
  // @ts-expect-error: replica
  patch(web, { spec: { replica: 2 } });
  // @ts-expect-error: a number
  patch(web, { spec: { replicas: "2" } });
  // @ts-expect-error: no such field of a container
  patch(web, { spec: { template: { spec: { containers: [{ name: "web", imag: "x" }] } } } });
  // @ts-expect-error: no such directive
  patch(web, { spec: { template: { spec: { containers: [{ name: "web", $patch: "remove" }] } } } });
});

test.run();
