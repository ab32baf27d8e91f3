import { test } from "uvu";
import * as assert from "uvu/assert";
import { cleaned } from "./clean.ts";

test("what the server set is left out, what the author wrote stays in its order", () => {
  const server = { uid: "1", resourceVersion: "2", generation: 3, creationTimestamp: "2026-01-01T00:00:00Z", managedFields: [{}] };
  const noted = { "kubectl.kubernetes.io/last-applied-configuration": "{}" };
  const service = {
    ...{ kind: "Service", apiVersion: "v1", status: { loadBalancer: {} } },
    metadata: { ...server, name: "a", annotations: { ...noted, own: "1" } },
    spec: { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1"], ports: [{ port: 80 }] },
  };
  const clean = cleaned(service);
  assert.equal(clean, {
    kind: "Service",
    apiVersion: "v1",
    metadata: { name: "a", annotations: { own: "1" } },
    spec: { ports: [{ port: 80 }] },
  });
  assert.equal(Object.keys(clean), ["kind", "apiVersion", "metadata", "spec"]);
  const headless = { kind: "Service", metadata: { name: "b", annotations: noted }, spec: { clusterIP: "None", clusterIPs: ["None"] } };
  assert.equal(cleaned(headless), { kind: "Service", metadata: { name: "b" }, spec: { clusterIP: "None", clusterIPs: ["None"] } });
  const map = { kind: "ConfigMap", metadata: { name: "c" }, data: { status: "x" } };
  assert.equal(cleaned(map), map);
});

test.run();
