/** `kubectl apply` of what it has applied before: the fields that have left the manifest go, those of others stay. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KubeObject, Unchecked } from "../api/object.ts";
import { simulatePlan } from "./simulation.ts";

type Fields = Readonly<Record<string, unknown>>;
const ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
const wanted = (objects: readonly Fields[]) => objects.map((object) => ({ object: object as Unchecked, source: undefined }));

/** What is there after `next` is applied to a cluster that has `live`, made from `applied` the last time. */
function after(live: Fields, applied: Fields | string, next: Fields): KubeObject {
  const { metadata, ...rest } = live as Fields & { metadata: Fields & { annotations?: Fields } };
  const annotation = typeof applied === "string" ? applied : JSON.stringify(applied);
  const object = { ...rest, metadata: { ...metadata, annotations: { ...metadata.annotations, [ANNOTATION]: annotation } } };
  const { after: snapshot } = simulatePlan({ cluster: wanted([object]), next: wanted([next]) });
  assert.equal(
    snapshot.refused.map((r) => r.answer.message),
    [],
  );
  return snapshot.objects.find((o) => o.kind === live["kind"] && o.metadata.name === metadata["name"])!;
}

const configMap = (data: Fields, metadata: Fields = {}): Fields => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "default", ...metadata },
  data,
});

test("maps: what was applied and is no longer wanted goes, what others set stays", () => {
  const done = after(
    configMap({ a: "1", b: "2", other: "x" }),
    configMap({ a: "1", b: "2" }),
    configMap({ a: "9", c: "3" }),
  ) as KubeObject & { data: Fields };
  assert.equal(done.data, { a: "9", other: "x", c: "3" });
  assert.is(
    done.metadata.annotations![ANNOTATION],
    '{"apiVersion":"v1","data":{"a":"9","c":"3"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"a","namespace":"default"}}\n',
  );
});

test("labels and annotations of the last manifest go, too", () => {
  const live = configMap({}, { labels: { a: "1", b: "1" }, annotations: { mine: "1", theirs: "1" } });
  const done = after(
    live,
    configMap({}, { labels: { a: "1", b: "1" }, annotations: { mine: "1" } }),
    configMap({}, { labels: { a: "2" } }),
  );
  assert.equal(done.metadata.labels, { a: "2" });
  assert.equal(Object.keys(done.metadata.annotations!), ["theirs", ANNOTATION]);
});

const pod = (containers: readonly Fields[], more: Fields = {}): Fields => ({
  metadata: { labels: { app: "a" } },
  spec: { containers, ...more },
});
const deployment = (template: Fields, more: Fields = {}): Fields => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "a", namespace: "default" },
  spec: { selector: { matchLabels: { app: "a" } }, template, ...more },
});
type Template = KubeObject & {
  readonly spec: Fields & {
    readonly template: { readonly spec: { readonly containers: readonly Fields[]; readonly volumes?: readonly Fields[] } & Fields };
  };
};

test("lists with a key: items that have left go, those of others stay, in the manifest's order", () => {
  const a = {
    name: "a",
    image: "a:1",
    env: [
      { name: "X", value: "1" },
      { name: "Y", value: "1" },
    ],
    args: ["1", "2"],
  };
  const b = { name: "b", image: "b:1" };
  const injected = { name: "sidecar", image: "s:1" };
  const live = deployment(pod([{ ...a, env: [...a.env, { name: "INJECTED", value: "1" }] }, b, injected]));
  const next = deployment(
    pod([
      { name: "c", image: "c:1" },
      { name: "a", image: "a:2", env: [{ name: "Y", value: "2" }], args: ["3"] },
    ]),
  );
  const { containers } = (after(live, deployment(pod([a, b])), next) as Template).spec.template.spec;
  assert.equal(
    containers.map((c) => c["name"]),
    ["c", "a", "sidecar"],
  );
  const changed = containers.find((c) => c["name"] === "a")!;
  assert.equal(changed["env"], [
    { name: "Y", value: "2" },
    { name: "INJECTED", value: "1" },
  ]);
  assert.equal(changed["args"], ["3"]);
});

test("fields: replicas that somebody else scaled stay when no manifest has them, and go back to their default when the last one had", () => {
  const template = pod([{ name: "a", image: "a:1" }]);
  const replicas = (o: KubeObject): unknown => (o as Template).spec["replicas"];
  assert.is(replicas(after(deployment(template, { replicas: 5 }), deployment(template), deployment(template))), 5);
  assert.is(replicas(after(deployment(template, { replicas: 5 }), deployment(template, { replicas: 2 }), deployment(template))), 1);
  assert.is(
    replicas(after(deployment(template, { replicas: 5 }), deployment(template, { replicas: 2 }), deployment(template, { replicas: 2 }))),
    2,
  );
});

test("unions: a volume and a strategy of another type keep nothing of the old one", () => {
  const from = (volume: Fields, strategy: Fields): Fields =>
    deployment(
      pod([{ name: "a", image: "a:1", volumeMounts: [{ name: "v", mountPath: "/v" }] }], { volumes: [{ name: "v", ...volume }] }),
      { strategy },
    );
  const old = from({ configMap: { name: "x" } }, { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
  const done = after(old, old, from({ emptyDir: {} }, { type: "Recreate" })) as Template;
  assert.equal(done.spec.template.spec.volumes, [{ name: "v", emptyDir: {} }]);
  assert.equal(done.spec["strategy"], { type: "Recreate" });
});

test("sets of texts; an annotation that cannot be read; one that is not there: server-side apply", () => {
  const account = (names: readonly string[]): Fields => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", namespace: "default", finalizers: names },
  });
  const done = after(
    account(["example.com/a", "example.com/b", "example.com/theirs"]),
    account(["example.com/a", "example.com/b"]),
    account(["example.com/b", "example.com/c"]),
  );
  assert.equal(done.metadata.finalizers, ["example.com/b", "example.com/theirs", "example.com/c"]);
  for (const broken of ["{", "[]", "null"]) {
    const kept = after(configMap({ a: "1" }), broken, configMap({ b: "1" })) as KubeObject & { data: Fields };
    assert.equal(kept.data, { a: "1", b: "1" }, broken);
  }
});

test("custom resources: a JSON merge patch", () => {
  const widget = (spec: Fields): Fields => ({
    apiVersion: "example.com/v1",
    kind: "Widget",
    metadata: { name: "w", namespace: "default" },
    spec,
  });
  const crd = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      names: { kind: "Widget", plural: "widgets" },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
  const live = widget({ a: { x: 1, y: 1, theirs: 1 }, list: [1, 2] });
  const annotated = {
    ...live,
    metadata: {
      ...(live["metadata"] as Fields),
      annotations: { [ANNOTATION]: JSON.stringify(widget({ a: { x: 1, y: 1 }, list: [1, 2] })) },
    },
  };
  const snapshot = simulatePlan({ cluster: wanted([crd, annotated]), next: wanted([widget({ a: { x: 2 }, list: [3] })]) }).after;
  const done = snapshot.objects.find((o) => o.kind === "Widget") as KubeObject & { spec: Fields };
  assert.equal(done.spec, { a: { x: 2, theirs: 1 }, list: [3] });
});

test.run();
