import { test } from "uvu";
import * as assert from "uvu/assert";
import { Deployment } from "../../../generated/v1.36/apps/v1.ts";
import type { Container, PodSpec } from "../../../generated/v1.36/core/v1.ts";
import { type Patch, patch } from "./patch.ts";

const refused = (make: () => unknown, says: RegExp): void =>
  assert.throws(make, (e: unknown) => e instanceof TypeError && says.test(e.message), String(says));
const matchLabels = { app: "web" };
const web = Deployment({
  metadata: { name: "web", labels: { a: "1", b: "2" }, finalizers: ["x/y"] },
  spec: {
    selector: { matchLabels },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } },
    template: {
      metadata: { labels: matchLabels },
      spec: {
        containers: [
          {
            name: "web",
            image: "nginx",
            args: ["a", "b"],
            ports: [{ containerPort: 53 }, { containerPort: 53, protocol: "UDP" }],
            env: [{ name: "A", value: "1" }],
            resources: { requests: { cpu: "1" } },
          },
          { name: "log", image: "log" },
        ],
        volumes: [{ name: "data", emptyDir: { sizeLimit: "1Gi" } }],
        tolerations: [{ key: "a", operator: "Exists" }],
      },
    },
  },
});
const pod = (spec: Patch<PodSpec>): PodSpec => patch(web, { spec: { template: { spec } } }).spec.template.spec;
const main = (change: Patch<Container>): Container => pod({ containers: [{ name: "web", ...change }] }).containers[0];

test("maps are merged, null removes, the object stays as it was", () => {
  const before = JSON.stringify(web);
  const changed = patch(web, { metadata: { labels: { a: null, c: "3" } }, spec: { replicas: 3 } });
  assert.equal(changed.metadata.labels, { b: "2", c: "3" });
  assert.is(changed.spec.replicas, 3);
  assert.is(changed.spec.template, web.spec.template, "what does not change is shared");
  assert.is(JSON.stringify(web), before);
});

test("lists with keys are merged by them", () => {
  assert.equal(main({ resources: { limits: { memory: "1Gi" } } }).resources, { requests: { cpu: "1" }, limits: { memory: "1Gi" } });
  assert.equal(
    main({
      env: [
        { name: "A", value: "2" },
        { name: "B", value: "3" },
      ],
    }).env,
    [
      { name: "A", value: "2" },
      { name: "B", value: "3" },
    ],
  );
  assert.equal(
    pod({ containers: [{ name: "new", image: "x" }] }).containers.map((c) => c.name),
    ["web", "log", "new"],
  );
  assert.equal(main({ ports: [{ containerPort: 53, protocol: "UDP", name: "dns" }] }).ports, [
    { containerPort: 53 },
    { containerPort: 53, protocol: "UDP", name: "dns" },
  ]);
  assert.equal(main({ ports: [{ containerPort: 53, protocol: "TCP", name: "dns" }] }).ports?.[0], {
    containerPort: 53,
    protocol: "TCP",
    name: "dns",
  });
});

test("sets grow, other lists are replaced", () => {
  assert.equal(patch(web, { metadata: { finalizers: ["x/y", "z/z"] } }).metadata.finalizers, ["x/y", "z/z"]);
  assert.equal(main({ args: ["c"] }).args, ["c"]);
  assert.equal(pod({ tolerations: [{ key: "b", operator: "Exists" }] }).tolerations, [{ key: "b", operator: "Exists" }]);
});

test("directives", () => {
  assert.equal(
    pod({ containers: [{ name: "log", $patch: "delete" }] }).containers.map((c) => c.name),
    ["web"],
  );
  assert.equal(pod({ containers: [{ name: "web", image: "y", $patch: "replace" }] }).containers[0], { name: "web", image: "y" });
  assert.equal(pod({ containers: [{ $patch: "replace" }, { name: "only", image: "y" }] }).containers, [{ name: "only", image: "y" }]);
  refused(() => pod({ containers: [{ name: "lgo", $patch: "delete" }] }), /has no item with name "lgo" to delete/);
});

test("one of several: another one takes the first one's place", () => {
  assert.equal(pod({ volumes: [{ name: "data", configMap: { name: "a" } }] }).volumes, [{ name: "data", configMap: { name: "a" } }]);
  assert.equal(pod({ volumes: [{ name: "data", emptyDir: { medium: "Memory" } }] }).volumes, [
    { name: "data", emptyDir: { sizeLimit: "1Gi", medium: "Memory" } },
  ]);
  assert.equal(patch(web, { spec: { strategy: { type: "Recreate" } } }).spec.strategy, { type: "Recreate" });
  assert.equal(patch(web, { spec: { strategy: { rollingUpdate: { maxUnavailable: 0 } } } }).spec.strategy, {
    type: "RollingUpdate",
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
  });
});

test("unknown fields are kept, on both sides", () => {
  const odd = { ...web, spec: { ...web.spec, later: { a: 1 } } };
  assert.equal(patch(odd, { spec: { later: { b: 2 }, newer: [1] } } as never).spec, { ...web.spec, later: { a: 1, b: 2 }, newer: [1] });
});

test("custom kinds: maps are merged, lists replaced", () => {
  const thing = { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "t" }, spec: { list: [{ name: "a" }], map: { a: 1 } } };
  assert.equal(patch(thing, { spec: { list: [{ name: "b" }], map: { b: 2 } as never } }).spec, {
    list: [{ name: "b" }],
    map: { a: 1, b: 2 },
  });
});

test("what cannot be a change", () => {
  refused(() => patch(web, { kind: "StatefulSet" } as never), /cannot become kind "StatefulSet"/);
  refused(() => patch(web, [] as never), /is no object/);
  refused(() => pod({ containers: [{ image: "x" }] }), /lacks its key name/);
  refused(() => pod({ containers: ["x"] as never }), /was given "x"/);
});

test.run();
