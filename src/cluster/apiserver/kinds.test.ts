import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject, Unchecked } from "../../api/object.ts";
import { accepted, fixture, pod, service } from "./server-fixture.ts";

type Json = Readonly<Record<string, unknown>>;
const spec = (object: KubeObject | undefined): Json => (object as unknown as { spec: Json }).spec;
const status = (object: KubeObject | undefined): Json => (object as unknown as { status: Json }).status;
const change = <T extends KubeObject>(object: T, by: Unchecked): T => ({ ...object, ...by });

const WIDGETS = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { kind: "Widget", plural: "widgets", shortNames: ["wd"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  size: { type: "integer" },
                  parts: {
                    type: "array",
                    "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["id"],
                    items: { type: "object", required: ["id"], properties: { id: { type: "string" }, n: { type: "integer" } } },
                  },
                },
              },
              status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            },
          },
        },
      },
    ],
  },
};

test("a definition makes its kind known; its objects are kept, merged by their schema, and go with it", () => {
  const { server } = fixture();
  const widget = (s: Unchecked, name = "w"): Unchecked => ({ apiVersion: "example.com/v1", kind: "Widget", metadata: { name }, spec: s });
  assert.is(server.create(widget({})).code, 404);
  accepted(server.apply(WIDGETS));
  const crd = server.get({ apiVersion: WIDGETS.apiVersion, kind: WIDGETS.kind }, "widgets.example.com")!;
  assert.equal(
    (status(crd)["conditions"] as readonly Json[]).map((c) => `${c["type"]} ${c["status"]} ${c["reason"]}`),
    ["NamesAccepted True NoConflicts", "Established True InitialNamesAccepted"],
  );
  assert.equal(server.resolveKind("wd")?.kind, { apiVersion: "example.com/v1", kind: "Widget" });
  accepted(server.apply(widget({ size: 1, parts: [{ id: "a", n: 1 }] })));
  const merged = accepted(server.apply(widget({ parts: [{ id: "b", n: 2 }] }), { fieldManager: "other" }));
  assert.equal(spec(merged), {
    size: 1,
    parts: [
      { id: "a", n: 1 },
      { id: "b", n: 2 },
    ],
  });
  assert.equal([merged.metadata.generation, merged.metadata.namespace], [2, "default"]);
  assert.is(
    server.apply(widget({ shedule: "x" }, "u")).message,
    "failed to create typed patch object (default/u; example.com/v1, Kind=Widget): .spec.shedule: field not declared in schema",
  );
  const stated = accepted(server.updateStatus(change(merged, { status: { ready: true } })));
  assert.equal([status(stated), stated.metadata.generation], [{ ready: true }, 2]);
  server.delete({ apiVersion: WIDGETS.apiVersion, kind: WIDGETS.kind }, "widgets.example.com");
  assert.is(server.get({ apiVersion: "example.com/v1", kind: "Widget" }, "w", "default"), undefined);
  assert.is(server.resolveKind("widgets"), undefined);
});

test("a definition that says nothing is no reason to fall over", () => {
  const { server } = fixture();
  for (const s of [
    undefined,
    {},
    { group: "g" },
    { group: "g", names: {} },
    { group: "g", names: { kind: "K", plural: "ks" }, versions: [] },
  ]) {
    const crd = { ...WIDGETS, spec: s };
    for (const answer of [server.create(crd), server.apply(crd), server.load(crd)]) assert.ok(answer.code >= 200);
    server.delete({ apiVersion: WIDGETS.apiVersion, kind: WIDGETS.kind }, "widgets.example.com");
  }
  accepted(server.apply(WIDGETS));
  assert.ok(server.resolveKind("Widget"));
});

test("kinds by their names", () => {
  const { server } = fixture();
  for (const [text, kind] of [
    ["deploy", "apps/v1 Deployment"],
    ["deployments", "apps/v1 Deployment"],
    ["Deployment", "apps/v1 Deployment"],
    ["deployment.apps", "apps/v1 Deployment"],
    ["po", "v1 Pod"],
    ["hpa", "autoscaling/v2 HorizontalPodAutoscaler"],
    ["Event", "v1 Event"],
    ["Event.events.k8s.io", "events.k8s.io/v1 Event"],
  ] as const) {
    const found = server.resolveKind(text)?.kind;
    assert.is(found && `${found.apiVersion} ${found.kind}`, kind, text);
  }
  assert.is(server.resolveKind("frobs"), undefined);
});

test("Pods of one template are looked at once, and again when what admission adds may have changed", () => {
  const { server } = fixture();
  const client = server.trustedClient("replicaset-controller");
  const template = { containers: [{ name: "main", image: "nginx", resources: { requests: { memory: "1Gi" } } }] };
  const make = (s: Unchecked = template): ReturnType<typeof client.create> =>
    client.create({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { generateName: "web-", namespace: "default", labels: { app: "web" } },
      spec: s,
    });
  const [one, two] = [accepted(make()), accepted(make())];
  assert.is.not(one.metadata.name, two.metadata.name);
  assert.is((spec(one)["containers"] as readonly Json[])[0]?.["imagePullPolicy"], "Always");
  const limits = [{ type: "Container", default: { memory: "512Mi" } }];
  accepted(server.create({ apiVersion: "v1", kind: "LimitRange", metadata: { name: "l" }, spec: { limits } }));
  assert.is(make().code, 422);
  server.delete({ apiVersion: "v1", kind: "LimitRange" }, "l", "default");
  assert.is(make().code, 201);
  assert.is(make({ containers: [{ name: "Not_Valid!", image: "nginx" }] }).code, 422);
});

test("an autoscaler of the older version is kept in the newer one", () => {
  const { server } = fixture();
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const old = { apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler", metadata: { name: "h" } };
  const made = accepted(server.apply({ ...old, spec: { maxReplicas: 5, scaleTargetRef, targetCPUUtilizationPercentage: 60 } }));
  assert.is(made.apiVersion, "autoscaling/v2");
  assert.equal(spec(made)["metrics"], [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } },
  ]);
  const unsaid = accepted(server.create({ ...old, metadata: { name: "i" }, spec: { maxReplicas: 5, scaleTargetRef } }));
  assert.equal(spec(unsaid)["metrics"], [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
  ]);
  assert.is(server.list({ apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" }).length, 2);
});

test("a Job is labelled with its name and uid, and so are its Pods, unless it selects by hand", () => {
  const { server } = fixture();
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "c:1" }] } };
  const job = (name: string, more: Unchecked): Unchecked => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: { template, ...more },
  });
  const made = accepted(server.create(job("j", {})));
  const { uid } = made.metadata;
  const labels = { "job-name": "j", "batch.kubernetes.io/job-name": "j", "controller-uid": uid, "batch.kubernetes.io/controller-uid": uid };
  assert.equal(made.metadata.labels, labels);
  assert.equal(spec(made)["selector"], { matchLabels: { "batch.kubernetes.io/controller-uid": uid } });
  assert.equal((spec(made)["template"] as { metadata: Json }).metadata["labels"], labels);
  server.delete({ apiVersion: "batch/v1", kind: "Job" }, "j", "default");
  assert.equal(server.get({ apiVersion: "batch/v1", kind: "Job" }, "j", "default")?.metadata.finalizers, ["orphan"]);
});

test("an object of a running cluster is loaded as it is there", () => {
  const { server, addresses } = fixture();
  const meta = { uid: "1234", creationTimestamp: "2025-05-05T05:05:05Z", resourceVersion: "99" };
  const loaded = accepted(server.load({ ...pod("p", { nodeName: "n" }, meta), status: { phase: "Running" } }));
  assert.equal(
    [loaded.metadata.uid, loaded.metadata.creationTimestamp, status(loaded)["phase"], spec(loaded)["nodeName"]],
    ["1234", "2025-05-05T05:05:05Z", "Running", "n"],
  );
  accepted(server.load(service("s", { clusterIP: "10.96.9.9", clusterIPs: ["10.96.9.9"] })));
  assert.ok(addresses.taken.has("10.96.9.9"));
});

test.run();
