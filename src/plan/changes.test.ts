import { test } from "uvu";
import * as assert from "uvu/assert";
import { desired, fakeSnapshot } from "../../test/support/fake-snapshots.ts";
import type { KubeObject, Unchecked } from "../api/object.ts";
import { changesOf } from "./changes.ts";
import { viewOf } from "./view.ts";

interface Case {
  readonly about: string;
  /** Stored before and after. */
  readonly was?: Unchecked;
  readonly is?: Unchecked;
  /** Written in the base and in the entry. */
  readonly base?: Unchecked;
  readonly next?: Unchecked;
  /** The field of which the API server said that it is immutable. */
  readonly immutable?: string;
  readonly want: readonly string[];
  readonly unchanged?: number;
}

const meta = { name: "web", namespace: "shop" };
const server = { uid: "u", resourceVersion: "7", creationTimestamp: "2026-01-01T00:00:00Z", generation: 3, managedFields: [{}] };
const deployment = (spec: object, more: object = {}): Unchecked => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { ...meta, ...more },
  spec,
});
const containers = (...list: readonly object[]): object => ({ template: { spec: { containers: list } } });
const configMap = (data: object, metadata: object = meta): Unchecked => ({ apiVersion: "v1", kind: "ConfigMap", metadata, data });

const CASES: readonly Case[] = [
  { about: "nothing", want: [] },
  { about: "a new object", is: configMap({ a: "1" }), next: configMap({ a: "1" }), want: ["add ConfigMap web"] },
  { about: "one that goes", was: configMap({}), base: configMap({}), want: ["destroy ConfigMap web"] },
  { about: "one of the cluster that nobody wrote", was: configMap({}), is: configMap({}), want: [] },
  {
    about: "what the API server writes is no change",
    was: deployment({ replicas: 1 }, server),
    is: { ...deployment({ replicas: 1 }, { ...server, resourceVersion: "9", generation: 4, managedFields: [] }), status: { replicas: 1 } },
    next: deployment({ replicas: 1 }),
    want: [],
    unchanged: 1,
  },
  {
    about: "nor are notes of kubectl and of controllers",
    was: deployment(
      {},
      { annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}", "deployment.kubernetes.io/revision": "1" } },
    ),
    is: deployment({}, { annotations: { "deployment.kubernetes.io/revision": "2" } }),
    next: deployment({}),
    want: [],
    unchanged: 1,
  },
  {
    about: "a default that follows from a written change is not shown, the change is",
    was: deployment(containers({ name: "a", image: "x:1", imagePullPolicy: "IfNotPresent" })),
    is: deployment(containers({ name: "a", image: "x:latest", imagePullPolicy: "Always" })),
    base: deployment(containers({ name: "a", image: "x:1" })),
    next: deployment(containers({ name: "a", image: "x:latest" })),
    want: ["change Deployment web: spec.template.spec.containers[name=a].image x:1 → x:latest"],
  },
  {
    about: "a field that is no longer written falls back to its default",
    was: deployment({ replicas: 3 }),
    is: deployment({ replicas: 1 }),
    base: deployment({ replicas: 3 }),
    next: deployment({}),
    want: ["change Deployment web: spec.replicas 3 → 1"],
  },
  {
    about: "a container that comes shows what was written of it",
    was: deployment(containers({ name: "a" })),
    is: deployment(containers({ name: "a" }, { name: "b", image: "y", terminationMessagePath: "/dev/termination-log" })),
    next: deployment(containers({ name: "a" }, { name: "b", image: "y" })),
    want: ['change Deployment web: spec.template.spec.containers[name=b] + {"name":"b","image":"y"}'],
  },
  {
    about: "a container that goes shows what had been written of it",
    was: deployment(containers({ name: "a" }, { name: "b", image: "y", terminationMessagePath: "/dev/termination-log" })),
    is: deployment(containers({ name: "a" })),
    base: deployment(containers({ name: "a" }, { name: "b", image: "y" })),
    next: deployment(containers({ name: "a" })),
    want: ['change Deployment web: spec.template.spec.containers[name=b] - {"name":"b","image":"y"}'],
  },
  {
    about: "another spelling of the same quantity is no change, for both are stored alike",
    was: deployment(containers({ name: "a", resources: { requests: { cpu: "1" } } })),
    is: deployment(containers({ name: "a", resources: { requests: { cpu: "1" } } })),
    base: deployment(containers({ name: "a", resources: { requests: { cpu: "1000m" } } })),
    next: deployment(containers({ name: "a", resources: { requests: { cpu: 1 } } })),
    want: [],
    unchanged: 1,
  },
  {
    about: "an object without a namespace is the one in default",
    was: configMap({ a: "1" }, { name: "web", namespace: "default" }),
    is: configMap({ a: "2" }, { name: "web", namespace: "default" }),
    next: configMap({ a: "2" }, { name: "web" }),
    want: ["change ConfigMap web: data[a] 1 → 2"],
  },
  {
    about: "an object deleted and made anew",
    was: configMap({ a: "1" }, { ...meta, uid: "1" }),
    is: configMap({ a: "1" }, { ...meta, uid: "2" }),
    next: configMap({ a: "1" }),
    want: ["replace ConfigMap web"],
  },
  {
    about: "another version of the same kind is the same object",
    was: { apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler", metadata: meta, spec: { maxReplicas: 3 } },
    is: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata: meta, spec: { maxReplicas: 4 } },
    base: { apiVersion: "autoscaling/v1", kind: "HorizontalPodAutoscaler", metadata: meta, spec: { maxReplicas: 3 } },
    next: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata: meta, spec: { maxReplicas: 4 } },
    want: ["change HorizontalPodAutoscaler web: apiVersion autoscaling/v1 → autoscaling/v2, spec.maxReplicas 3 → 4"],
  },
  {
    about: "a Secret tells keys and sizes, whichever way it was written",
    was: { apiVersion: "v1", kind: "Secret", metadata: meta, data: { a: "YWJj", b: "YWJj" } },
    is: { apiVersion: "v1", kind: "Secret", metadata: meta, data: { a: "YWJjZA==", c: "YQ==" } },
    base: { apiVersion: "v1", kind: "Secret", metadata: meta, data: { a: "YWJj", b: "YWJj" } },
    next: { apiVersion: "v1", kind: "Secret", metadata: meta, stringData: { a: "abcd", c: "a" } },
    want: ['change Secret web: data[a] 3 bytes → 4 bytes, data[b] - "3 bytes", data[c] + "1 byte"'],
  },
  {
    about: "a Secret's whole data",
    was: { apiVersion: "v1", kind: "Secret", metadata: meta },
    is: { apiVersion: "v1", kind: "Secret", metadata: meta, data: { a: "YWJjZA==" } },
    next: { apiVersion: "v1", kind: "Secret", metadata: meta, stringData: { a: "abcd" } },
    want: ['change Secret web: data[a] + "4 bytes"'],
  },
  {
    about: "of a whole spec that may not change: what was written otherwise, not the defaults",
    was: deployment({
      serviceName: "a",
      replicas: 1,
      minReadySeconds: 4,
      revisionHistoryLimit: 10,
      ...containers({ name: "c", image: "x:1" }),
    }),
    is: deployment({ serviceName: "a" }),
    base: deployment({ serviceName: "a", minReadySeconds: 4, ...containers({ name: "c", image: "x:1" }) }),
    next: deployment({ serviceName: "b", ...containers({ name: "c", image: "x:2" }) }),
    immutable: "spec",
    want: [
      "replace Deployment web: spec.minReadySeconds - 4, spec.serviceName a → b, spec.template.spec.containers[name=c].image x:1 → x:2",
    ],
  },
  {
    about: "of one field that may not change: that field",
    was: deployment({ serviceName: "a", replicas: 1 }),
    is: deployment({ serviceName: "a", replicas: 1 }),
    next: deployment({ serviceName: "b", replicas: 2 }),
    immutable: "spec.serviceName",
    want: ["replace Deployment web: spec.serviceName a → b"],
  },
  {
    about: "a quantity in another form is no change of a refused spec",
    was: deployment({ serviceName: "a", ...containers({ name: "a", resources: { requests: { cpu: "1" } } }) }),
    is: deployment({ serviceName: "a" }),
    base: deployment({ serviceName: "a", ...containers({ name: "a", resources: { requests: { cpu: "1000m" } } }) }),
    next: deployment({ serviceName: "b", ...containers({ name: "a", resources: { requests: { cpu: "1000m" } } }) }),
    immutable: "spec",
    want: ["replace Deployment web: spec.serviceName a → b"],
  },
];

const stored = (o: Unchecked | undefined): readonly KubeObject[] => (o ? [o as unknown as KubeObject] : []);
const written = (o: Unchecked | undefined): readonly ReturnType<typeof desired>[] => (o ? [desired(o)] : []);

for (const c of CASES) {
  test(c.about, () => {
    const causes = [{ reason: "FieldValueForbidden", field: c.immutable ?? "", message: "Forbidden: field is immutable" }];
    const answer = { code: 422, reason: "Invalid", message: "it is immutable", causes };
    const refused = c.immutable && c.next ? [{ object: c.next as unknown as KubeObject, answer, source: undefined }] : [];
    const after = viewOf(fakeSnapshot(stored(c.is), { refused }));
    const changes = changesOf(viewOf(fakeSnapshot(stored(c.was))), after, written(c.base), written(c.next));
    const shown = changes.list.map((x) => {
      const fields = x.fields.map((f) => {
        if (f.action === "add") return `${f.path} + ${JSON.stringify(f.after)}`;
        return f.action === "remove" ? `${f.path} - ${JSON.stringify(f.before)}` : `${f.path} ${f.before} → ${f.after}`;
      });
      return `${x.action} ${x.object.kind} ${x.object.name}${fields.length > 0 ? `: ${fields.join(", ")}` : ""}`;
    });
    assert.equal(shown, c.want);
    assert.is(changes.unchanged, c.unchanged ?? 0);
  });
}

test.run();
