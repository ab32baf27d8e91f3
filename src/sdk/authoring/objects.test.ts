import { test } from "uvu";
import * as assert from "uvu/assert";
import { Namespace, Pod } from "../../../generated/v1.36/core/v1.ts";
import { ClusterRole, ClusterRoleBinding } from "../../../generated/v1.36/rbac.authorization.k8s.io/v1.ts";
import { sourceOf } from "../../api/construct.ts";
import { configMap, contentHashed, secret } from "./config.ts";
import { customObject } from "./custom-object.ts";
import { hardened, withDefaults } from "./defaults.ts";
import { inNamespace, withAnnotations, withLabels } from "./objects.ts";
import { patch } from "./patch.ts";
import { permissions, serviceAccount } from "./permissions.ts";
import { workload } from "./workload.ts";

const web = workload("web", { image: "nginx", ports: { http: 80 } });
const refused = (make: () => unknown, says: RegExp): void =>
  assert.throws(make, (e: unknown) => e instanceof TypeError && says.test(e.message), String(says));

test("namespaces: what has one keeps it, what has none by nature stays without", () => {
  const there = workload("a", { image: "x", namespace: "other" });
  const role = ClusterRole({ metadata: { name: "r" }, rules: [] });
  const issuer = customObject<{ kind: string; apiVersion: string; metadata: object }>("example.com/v1", "Issuer", "Cluster", {
    metadata: { name: "i" },
  });
  const thing = customObject<{ kind: string; apiVersion: string; metadata: object }>("example.com/v1", "Thing", "Namespaced", {
    metadata: { name: "t" },
  });
  const shop = Namespace({ metadata: { name: "shop" } });
  const [a, [b, left], c, d, e, f] = inNamespace(shop, [web, [there, false], role, issuer, thing, shop] as const);
  assert.equal(
    [a, b, left, c, d, e, f].map((o) => o && (o.metadata as { namespace?: string }).namespace),
    ["shop", "other", false, undefined, undefined, "shop", undefined],
  );
  assert.is(web.metadata.namespace, undefined, "the object itself stays as it was");
  assert.equal(Object.keys(a.metadata), ["name", "namespace", "labels"]);
  refused(() => inNamespace("", [web]), /takes the name of a namespace/);
  refused(() => inNamespace("a", [Promise.resolve(web)] as never), /await it first/);
  refused(() => inNamespace("a", ["web"] as never), /was given a string/);
});

test("accounts that a binding names are those of its namespace", () => {
  const [, binding] = inNamespace("shop", permissions(serviceAccount("web"), { pods: ["get"] }));
  assert.equal(binding.subjects, [{ kind: "ServiceAccount", name: "web", namespace: "shop" }]);
  const wide = ClusterRoleBinding({
    metadata: { name: "a" },
    roleRef: { kind: "ClusterRole", name: "a" },
    subjects: [
      { kind: "ServiceAccount", name: "x" },
      { kind: "ServiceAccount", name: "y", namespace: "other" },
      { kind: "User", name: "z" },
    ],
  });
  const bound = inNamespace("shop", wide);
  assert.is(bound.metadata.namespace, undefined);
  assert.equal(
    bound.subjects?.map((s) => s.namespace),
    ["shop", "other", undefined],
  );
});

test("labels and annotations, of objects and on demand of their Pods", () => {
  const labelled = withLabels({ team: "shop" }, web);
  assert.equal(labelled.metadata.labels, { "app.kubernetes.io/name": "web", team: "shop" });
  assert.is(labelled.spec, web.spec);
  const all = withLabels({ team: "shop" }, web, { pods: true });
  assert.equal(all.spec.template.metadata?.labels, { "app.kubernetes.io/name": "web", team: "shop" });
  assert.equal(all.spec.selector, web.spec.selector);
  refused(() => withLabels({ "app.kubernetes.io/name": "x" }, web, { pods: true }), /selects its Pods by app.kubernetes.io\/name=web/);
  const noted = withAnnotations({ a: "b" }, web, { pods: true });
  assert.equal([noted.metadata.annotations, noted.spec.template.metadata?.annotations], [{ a: "b" }, { a: "b" }]);
  const pod = Pod({ metadata: { name: "p" }, spec: { containers: [{ name: "c", image: "x" }] } });
  assert.equal(withLabels({ a: "b" }, pod, { pods: true }).metadata.labels, { a: "b" });
});

test("defaults fill in what is not said", () => {
  const own = workload("own", {
    image: "x",
    securityContext: { allowPrivilegeEscalation: true, capabilities: { add: ["NET_BIND_SERVICE"] } },
    init: { i: { image: "y" } },
    pod: { securityContext: { fsGroup: 1 } },
  });
  const { spec } = withDefaults(hardened, own).spec.template;
  assert.equal(spec.securityContext, { fsGroup: 1, runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
  assert.equal(spec.containers[0].securityContext, {
    allowPrivilegeEscalation: true,
    capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
  });
  assert.equal(spec.initContainers?.[0]?.securityContext, { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } });
  const windows = workload("w", { image: "x", pod: { os: { name: "windows" } } });
  assert.equal(withDefaults(hardened, windows), windows);
  const [config, several] = withDefaults(
    [{ container: { imagePullPolicy: "Always" } }, { container: { imagePullPolicy: "Never" } }],
    [configMap("c", {}), web],
  );
  assert.equal(config, configMap("c", {}));
  assert.is(several?.kind === "Deployment" && several.spec.template.spec.containers[0].imagePullPolicy, "Always");
  refused(() => withDefaults(web as never, hardened as never), /takes the defaults first/);
});

test("a name with the hash of the content", () => {
  const a = contentHashed(configMap("settings", { x: "1", y: "2" }));
  const reordered = contentHashed(configMap("settings", { y: "2", x: "1" }));
  const changed = contentHashed(configMap("settings", { x: "1", y: "3" }));
  assert.match(a.metadata.name, /^settings-[0-9a-f]{10}$/);
  assert.is(a.metadata.name, reordered.metadata.name);
  assert.is.not(a.metadata.name, changed.metadata.name);
  assert.match(contentHashed(secret("s", { a: "b" })).metadata.name, /^s-[0-9a-f]{10}$/);
});

test("every change keeps the place in the code", () => {
  const line = sourceOf(web)?.line;
  assert.type(line, "number");
  const made = [
    inNamespace("a", web),
    withLabels({ a: "b" }, web, { pods: true }),
    withAnnotations({ a: "b" }, web, { pods: true }),
    withDefaults(hardened, web),
    patch(web, { spec: { replicas: 2 } }),
    patch(inNamespace("a", [web])[0]!, { metadata: { labels: { x: "y" } } }),
    inNamespace("a", { apiVersion: "v1", kind: "List", items: [web] }).items[0]!,
  ];
  assert.equal(
    made.map((o) => sourceOf(o)?.line),
    made.map(() => line),
  );
});

test.run();
