import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { FieldSchema } from "../api/schema.ts";
import { differences, resolvePath, showPath } from "./diff.ts";

const DEPLOYMENT: FieldSchema = { type: "ref", ref: "io.k8s.api.apps.v1.Deployment" };
const SERVICE: FieldSchema = { type: "ref", ref: "io.k8s.api.core.v1.Service" };

const spec = (podSpec: unknown, rest: object = {}): unknown => ({ spec: { ...rest, template: { spec: podSpec } } });

const CASES: readonly {
  readonly about: string;
  readonly schema: FieldSchema | undefined;
  readonly before: unknown;
  readonly after: unknown;
  readonly want: readonly string[];
}[] = [
  { about: "equal", schema: DEPLOYMENT, before: spec({}), after: spec({}), want: [] },
  { about: "a number and its text", schema: DEPLOYMENT, before: { a: 80 }, after: { a: "80" }, want: [] },
  { about: "a boolean and its text differ", schema: undefined, before: { a: true }, after: { a: "true" }, want: ["change a"] },
  {
    about: "scalar",
    schema: DEPLOYMENT,
    before: spec({}, { replicas: 3 }),
    after: spec({}, { replicas: 6 }),
    want: ["change spec.replicas"],
  },
  {
    about: "containers by name, in another order",
    schema: DEPLOYMENT,
    before: spec({
      containers: [
        { name: "a", image: "a:1" },
        { name: "b", image: "b:1" },
      ],
    }),
    after: spec({
      containers: [
        { name: "b", image: "b:2" },
        { name: "a", image: "a:1" },
      ],
    }),
    want: ["change spec.template.spec.containers[name=b].image"],
  },
  {
    about: "a container that comes, one that goes",
    schema: DEPLOYMENT,
    before: spec({ containers: [{ name: "a" }] }),
    after: spec({ containers: [{ name: "b" }] }),
    want: ["add spec.template.spec.containers[name=b]", "remove spec.template.spec.containers[name=a]"],
  },
  {
    about: "ports by number and protocol; TCP goes without saying",
    schema: SERVICE,
    before: {
      spec: {
        ports: [
          { port: 53, protocol: "TCP" },
          { port: 53, protocol: "UDP" },
        ],
      },
    },
    after: {
      spec: {
        ports: [
          { port: 53, targetPort: 5 },
          { port: 53, protocol: "UDP", targetPort: 6 },
        ],
      },
    },
    want: ["remove spec.ports[port=53].protocol", "add spec.ports[port=53].targetPort", "add spec.ports[port=53,protocol=UDP].targetPort"],
  },
  {
    about: "a list with the same key twice is compared by place",
    schema: DEPLOYMENT,
    before: spec({
      containers: [
        { name: "a", image: "1" },
        { name: "a", image: "2" },
      ],
    }),
    after: spec({
      containers: [
        { name: "a", image: "1" },
        { name: "a", image: "3" },
      ],
    }),
    want: ["change spec.template.spec.containers[1].image"],
  },
  {
    about: "a list without a key is one value",
    schema: DEPLOYMENT,
    before: spec({ containers: [{ name: "a", args: ["-v"] }] }),
    after: spec({ containers: [{ name: "a", args: ["-v", "-x"] }] }),
    want: ["change spec.template.spec.containers[name=a].args"],
  },
  {
    about: "label keys in brackets",
    schema: DEPLOYMENT,
    before: { metadata: { labels: { "app.kubernetes.io/name": "a" } } },
    after: { metadata: { labels: { "app.kubernetes.io/name": "b" } } },
    want: ["change metadata.labels[app.kubernetes.io/name]"],
  },
  {
    about: "an unknown schema",
    schema: undefined,
    before: { x: { y: [1] } },
    after: { x: { y: [2], z: null } },
    want: ["change x.y", "add x.z"],
  },
];

for (const c of CASES) {
  test(c.about, () => {
    assert.equal(
      differences(c.before, c.after, c.schema).map((d) => `${d.action} ${showPath(d.path)}`),
      c.want,
    );
  });
}

test("a path finds its item in a list of another order", () => {
  const d = differences(
    spec({
      containers: [
        { name: "a", image: "1" },
        { name: "b", image: "1" },
      ],
    }),
    spec({
      containers: [
        { name: "b", image: "1" },
        { name: "a", image: "2" },
      ],
    }),
    DEPLOYMENT,
  );
  const written = spec({ containers: [{ name: "b" }, { name: "x" }, { name: "a", image: "2" }] });
  assert.equal(resolvePath(written, d[0]!.path), { path: "spec.template.spec.containers[2].image", found: true, value: "2" });
});

test("no value differs from itself; whatever differs shows both ways", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      assert.equal(differences(a, structuredClone(a), undefined), []);
      assert.is(differences(a, b, undefined).length === 0, differences(b, a, undefined).length === 0);
    }),
  );
});

test.run();
