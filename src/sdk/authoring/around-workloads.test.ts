/** What stands around workloads: ingresses, policies, autoscalers, budgets, permissions, quotas, nodes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Namespace } from "../../../generated/v1.36/core/v1.ts";
import { existingSecret } from "./config.ts";
import { expose } from "./expose.ts";
import { backend, ingress } from "./ingress.ts";
import { allow, allowDns, allowOut, denyAll } from "./network-policies.ts";
import { nodePool } from "./nodes.ts";
import { permissions, serviceAccount } from "./permissions.ts";
import { autoscaler, disruptionBudget } from "./scaling.ts";
import { limitRange, quota, teamNamespace } from "./teams.ts";
import { workload } from "./workload.ts";

const web = workload("web", { image: "x", ports: { http: 80, dns: { containerPort: 53, protocol: "UDP" } } });
const api = workload("api", { image: "x", ports: { grpc: 9000 }, selector: { app: "api" } });
const podsOfWeb = { podSelector: { matchLabels: { "app.kubernetes.io/name": "web" } } };
const podsOfApi = { podSelector: { matchLabels: { app: "api" } } };
const refused = (make: () => unknown, says: RegExp): void =>
  assert.throws(make, (e: unknown) => e instanceof TypeError && says.test(e.message), String(says));

test("ingresses", () => {
  const one = expose(api, { 80: "grpc" });
  const two = expose(web, { 80: "http", 53: "dns" });
  const tls = existingSecret("tls", ["tls.crt", "tls.key"]);
  const made = ingress("shop", {
    ...{ ingressClassName: "nginx", pathType: "Prefix", annotations: { a: "b" } },
    rules: { "a.example": { "/": one, "/web": backend(two, "http") }, "*": { "/": backend(two, 53) } },
    tls: { "a.example": tls, "b.example": tls },
  });
  const path = (at: string, name: string, port: object): object => ({ path: at, pathType: "Prefix", backend: { service: { name, port } } });
  assert.equal(made.metadata, { name: "shop", annotations: { a: "b" } });
  assert.equal(made.spec, {
    ingressClassName: "nginx",
    tls: [{ hosts: ["a.example", "b.example"], secretName: "tls" }],
    rules: [
      { host: "a.example", http: { paths: [path("/", "api", { name: "grpc" }), path("/web", "web", { name: "http" })] } },
      { http: { paths: [path("/", "web", { number: 53 })] } },
    ],
  } as never);
  const rules = { "*": { "/": two } };
  refused(() => ingress("shop", { pathType: "Exact", rules }), /has the ports "dns", "http": say which/);
  refused(() => backend(two, "htp" as "http"), /has no port "htp"/);
  const elsewhere = expose(workload("x", { image: "x", namespace: "b" }), { 80: 80 });
  refused(() => ingress("shop", { namespace: "a", pathType: "Exact", rules: { "*": { "/": elsewhere } } }), /reaches its own only/);
});

test("network policies", () => {
  assert.equal(allow(web, api, "grpc"), {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "api-from-web-grpc" },
    spec: { ...podsOfApi, policyTypes: ["Ingress"], ingress: [{ from: [podsOfWeb], ports: [{ protocol: "TCP", port: "grpc" }] }] },
  });
  assert.equal(allow("anyone", web, ["http", "dns"]).spec.ingress, [
    {
      ports: [
        { protocol: "TCP", port: "http" },
        { protocol: "UDP", port: "dns" },
      ],
    },
  ]);
  const there = workload("there", { image: "x", namespace: "other" });
  const inOther = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "other" } } };
  assert.equal(allow(there, api, 9000).spec.ingress?.[0]?.from, [
    { ...inOther, podSelector: { matchLabels: { "app.kubernetes.io/name": "there" } } },
  ]);
  assert.equal(allow(Namespace({ metadata: { name: "other" } }), api, 9000).spec.ingress?.[0]?.from, [inOther]);
  const range = allow({ cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] }, api, 9000);
  assert.equal(range.metadata.name, "api-from-10-0-0-0-8-9000");
  assert.equal(range.spec.ingress?.[0]?.from, [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }]);
  assert.equal(allowOut(web, api, "grpc").spec, {
    ...podsOfWeb,
    policyTypes: ["Egress"],
    egress: [{ to: [podsOfApi], ports: [{ protocol: "TCP", port: "grpc" }] }],
  });
  assert.equal(allowDns("all").spec.podSelector, {});
  assert.equal(allowDns(web).metadata.name, "web-to-dns");
  assert.equal(denyAll("deny", ["Ingress", "Egress"]).spec, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  refused(() => allow(web, api, "gprc" as "grpc"), /allow: Deployment "api" has no port "gprc"; it has "grpc"/);
});

test("autoscalers and budgets", () => {
  assert.equal(autoscaler(web, { minReplicas: 2, maxReplicas: 9, cpu: 70 }).spec, {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    minReplicas: 2,
    maxReplicas: 9,
    metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } }],
  });
  refused(() => autoscaler(web, { minReplicas: 1, maxReplicas: 2 }), /nothing to scale web by/);
  assert.equal(disruptionBudget(api, { maxUnavailable: "25%" }).spec, { maxUnavailable: "25%", selector: { matchLabels: { app: "api" } } });
});

test("permissions", () => {
  const account = serviceAccount("bot", { namespace: "shop" });
  const [role, binding] = permissions(account, {
    pods: ["get", "list"],
    "pods/log": ["get"],
    "deployments.apps/scale": ["update"],
    configmaps: { verbs: ["get"], names: ["a"] },
  });
  assert.equal([role.kind, role.metadata], ["Role", { name: "bot", namespace: "shop" }]);
  assert.equal(role.rules, [
    { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
    { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
    { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["update"] },
    { apiGroups: [""], resources: ["configmaps"], resourceNames: ["a"], verbs: ["get"] },
  ]);
  assert.equal(binding.roleRef, { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "bot" });
  assert.equal(binding.subjects, [{ kind: "ServiceAccount", name: "bot", namespace: "shop" }]);
  const [wide, wideBinding] = permissions(account, { nodes: ["list"] }, { cluster: true, name: "bot-nodes" });
  assert.equal([wide.kind, wideBinding.kind, wide.metadata], ["ClusterRole", "ClusterRoleBinding", { name: "bot-nodes" }]);
  refused(() => permissions(account, { nodes: ["list"] }), /needs \{ cluster: true \}/);
  refused(() => permissions(account, { deployments: ["get"] } as never), /did you mean deployments.apps\?/);
  refused(() => permissions(account, { pod: ["get"] } as never), /did you mean pods\?/);
  refused(() => permissions(account, {}), /is given none/);
  refused(() => permissions(account, { pods: [] }), /no verbs for pods/);
});

test("teams", () => {
  assert.equal(quota("q", { pods: 3 }, { scopes: ["BestEffort"], namespace: "a" }), {
    ...{ apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q", namespace: "a" } },
    spec: { hard: { pods: 3 }, scopes: ["BestEffort"] },
  });
  assert.equal(limitRange("l", { Container: { max: { memory: "1Gi" } }, Pod: { max: { cpu: 2 } } }).spec.limits, [
    { type: "Container", max: { memory: "1Gi" } },
    { type: "Pod", max: { cpu: 2 } },
  ]);
  refused(() => limitRange("l", {}), /limits nothing/);
  const made = teamNamespace("shop", {
    labels: { team: "shop" },
    podSecurity: "restricted",
    quota: { pods: 3 },
    limits: { Pod: {} },
    deny: ["Ingress"],
  });
  assert.equal(
    made.map((o) => [o.kind, o.metadata]),
    [
      ["Namespace", { name: "shop", labels: { team: "shop", "pod-security.kubernetes.io/enforce": "restricted" } }],
      ["ResourceQuota", { name: "quota", namespace: "shop" }],
      ["LimitRange", { name: "limits", namespace: "shop" }],
      ["NetworkPolicy", { name: "deny-all", namespace: "shop" }],
    ],
  );
  assert.equal(
    teamNamespace("bare", {}).map((o) => o.metadata),
    [{ name: "bare" }],
  );
});

test("node pools", () => {
  const pool = nodePool("w", {
    ...{ count: 3, cpu: 4, memory: "16Gi", zones: ["a", "b"], reserved: { cpu: "100m", memory: "1Gi" } },
    resources: { "nvidia.com/gpu": 2 },
    labels: { tier: "x" },
    taints: [{ key: "a", effect: "NoSchedule" }],
  });
  assert.equal(
    pool.map((n) => [n.metadata.name, n.metadata.labels?.["topology.kubernetes.io/zone"]]),
    [
      ["w-1", "a"],
      ["w-2", "b"],
      ["w-3", "a"],
    ],
  );
  assert.equal(pool[0]!.status, {
    capacity: { cpu: "4", memory: "16Gi", pods: "110", "nvidia.com/gpu": 2 },
    allocatable: { cpu: "3900m", memory: "15Gi", pods: "110", "nvidia.com/gpu": "2" },
  });
  assert.equal(pool[0]!.spec, { taints: [{ key: "a", effect: "NoSchedule" }] });
  assert.is(nodePool("w", { count: 1, cpu: 1, memory: 1 })[0]!.metadata.labels?.["topology.kubernetes.io/zone"], undefined);
  refused(() => nodePool("w", { count: 1.5, cpu: 1, memory: "1Gi" }), /a whole number/);
  refused(
    () => nodePool("w", { count: 1, cpu: 1, memory: "1Gi", reserved: { memory: "2Gi" } }),
    /more memory is reserved \(2Gi\) than a node has \(1Gi\)/,
  );
});

test.run();
