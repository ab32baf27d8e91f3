import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Secret, ServiceAccount } from "../../../generated/v1.36/model.ts";
import { type Cluster, createCluster } from "../cluster.ts";

const NAME = "kubernetes.io/service-account.name";
const UID = "kubernetes.io/service-account.uid";

function token(name: string, account: string, data?: Record<string, string>): object {
  const metadata = { name, namespace: "default", annotations: { [NAME]: account } };
  return { apiVersion: "v1", kind: "Secret", type: "kubernetes.io/service-account-token", metadata, ...(data ? { data } : {}) };
}

function start(...objects: readonly object[]): Cluster {
  const cluster = createCluster();
  for (const object of objects) assert.ok(cluster.apply(object).code < 400);
  cluster.settle();
  return cluster;
}

const account = (name: string, secrets: readonly object[] = []): object => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name, namespace: "default" },
  ...(secrets.length > 0 ? { secrets } : {}),
});

test("a token Secret is filled for its account", () => {
  const cluster = start(account("robot"), token("t", "robot"));
  const { data = {}, metadata } = cluster.get("Secret", "t") as Secret;
  const { uid } = (cluster.get("ServiceAccount", "robot") as ServiceAccount).metadata;
  assert.equal(Object.keys(data).sort(), ["ca.crt", "namespace", "token"]);
  assert.is(atob(data["namespace"] ?? ""), "default");
  assert.match(atob(data["ca.crt"] ?? ""), /^-----BEGIN CERTIFICATE-----\n/);
  assert.is(metadata.annotations?.[UID], uid);
  const [, claims = ""] = atob(data["token"] ?? "").split(".");
  assert.is(JSON.parse(atob(claims)).sub, "system:serviceaccount:default:robot");
});

test("what is there stays; another certificate does not", () => {
  const cluster = start(account("robot"), token("t", "robot", { token: btoa("mine"), "ca.crt": btoa("old") }));
  const { data = {} } = cluster.get("Secret", "t") as Secret;
  assert.equal([atob(data["token"] ?? ""), atob(data["ca.crt"] ?? "").slice(0, 10)], ["mine", "-----BEGIN"]);
});

test("a token without an account goes, and so does that of an account that is deleted", () => {
  const cluster = start(account("robot"), token("t", "robot"), token("lost", "nobody"), {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "plain", namespace: "default", annotations: { [NAME]: "nobody" } },
  });
  const names = (): readonly string[] => cluster.list("Secret", "default").map((s) => s.metadata.name);
  assert.equal(names(), ["plain", "t"]);
  cluster.delete({ kind: "ServiceAccount", name: "robot" });
  cluster.settle();
  assert.equal(names(), ["plain"]);
});

test("an account does not refer to a token that is deleted", () => {
  const cluster = start(account("robot", [{ name: "t" }, { name: "kept" }]), token("t", "robot"));
  cluster.delete({ kind: "Secret", name: "t" });
  cluster.settle();
  assert.equal((cluster.get("ServiceAccount", "robot") as ServiceAccount).secrets, [{ name: "kept" }]);
});

test.run();
