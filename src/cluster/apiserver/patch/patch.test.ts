import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SCHEMAS } from "../../../../generated/v1.36/schemas.ts";
import { type JsonPatchOperation, jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { strategicMergePatch } from "./strategic-merge.ts";

test("merge patch: the examples of RFC 7386, appendix A", () => {
  const cases: readonly (readonly [unknown, unknown, unknown])[] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, want] of cases) assert.equal(mergePatch(target, patch), want, JSON.stringify([target, patch]));
});

test("merge patch: a patch applied twice is a patch applied once, and what it holds is there", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
      const frozen = JSON.stringify(target);
      const once = mergePatch(target, patch);
      assert.equal(mergePatch(once, patch), once);
      assert.is(JSON.stringify(target), frozen);
      holds(once, patch);
    }),
  );
});

function holds(value: unknown, patch: unknown): void {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) {
    assert.equal(value, patch);
    return;
  }
  for (const [name, part] of Object.entries(patch)) {
    const has = Object.hasOwn(value as object, name);
    assert.is(has, part !== null, name);
    if (has) holds((value as Record<string, unknown>)[name], part);
  }
}

test("JSON patch: the examples of RFC 6902, appendix A", () => {
  const ok: readonly (readonly [unknown, readonly JsonPatchOperation[], unknown])[] = [
    [{ foo: "bar" }, [{ op: "add", path: "/baz", value: "qux" }], { baz: "qux", foo: "bar" }],
    [{ foo: ["bar", "baz"] }, [{ op: "add", path: "/foo/1", value: "qux" }], { foo: ["bar", "qux", "baz"] }],
    [{ baz: "qux", foo: "bar" }, [{ op: "remove", path: "/baz" }], { foo: "bar" }],
    [{ foo: ["bar", "qux", "baz"] }, [{ op: "remove", path: "/foo/1" }], { foo: ["bar", "baz"] }],
    [{ baz: "qux", foo: "bar" }, [{ op: "replace", path: "/baz", value: "boo" }], { baz: "boo", foo: "bar" }],
    [
      { foo: { bar: "baz", waldo: "fred" }, qux: { corge: "grault" } },
      [{ op: "move", from: "/foo/waldo", path: "/qux/thud" }],
      { foo: { bar: "baz" }, qux: { corge: "grault", thud: "fred" } },
    ],
    [{ foo: ["all", "grass", "cows", "eat"] }, [{ op: "move", from: "/foo/1", path: "/foo/3" }], { foo: ["all", "cows", "eat", "grass"] }],
    [
      { baz: "qux", foo: ["a", 2, "c"] },
      [
        { op: "test", path: "/baz", value: "qux" },
        { op: "test", path: "/foo/1", value: 2 },
      ],
      { baz: "qux", foo: ["a", 2, "c"] },
    ],
    [{ foo: "bar" }, [{ op: "add", path: "/child", value: { grandchild: {} } }], { foo: "bar", child: { grandchild: {} } }],
    [{ "/": 9, "~1": 10 }, [{ op: "test", path: "/~01", value: 10 }], { "/": 9, "~1": 10 }],
    [{ foo: ["bar"] }, [{ op: "add", path: "/foo/-", value: ["abc", "def"] }], { foo: ["bar", ["abc", "def"]] }],
    [{ a: 1 }, [{ op: "copy", from: "/a", path: "/b" }], { a: 1, b: 1 }],
    [{ a: 1 }, [{ op: "replace", path: "", value: 2 }], 2],
  ];
  for (const [target, patch, want] of ok) assert.equal(jsonPatch(target, patch), { value: want }, JSON.stringify(patch));
  const bad: readonly (readonly [unknown, JsonPatchOperation])[] = [
    [{ baz: "qux" }, { op: "test", path: "/baz", value: "bar" }],
    [
      { "/": 9, "~1": 10 },
      { op: "test", path: "/~01", value: "10" },
    ],
    [{ foo: "bar" }, { op: "add", path: "/baz/bat", value: "qux" }],
    [{ foo: [1] }, { op: "add", path: "/foo/2", value: 1 }],
    [{ foo: [1] }, { op: "remove", path: "/foo/01" }],
    [{ foo: 1 }, { op: "remove", path: "/bar" }],
    [{ foo: 1 }, { op: "replace", path: "/bar", value: 1 }],
    [{ a: { b: 1 } }, { op: "move", from: "/a", path: "/a/b" }],
    [{}, { op: "copy", from: "/a", path: "/b" }],
    [{}, { op: "frobnicate", path: "/b" }],
    [{}, { op: "add", path: "b", value: 1 }],
  ];
  for (const [target, operation] of bad) assert.ok("error" in jsonPatch(target, [operation]), JSON.stringify(operation));
});

test("a JSON patch that does not apply is refused in the words of the library that the API server uses", () => {
  // evanphx/json-patch v4 patch.go: add, remove, replace, move, copy, test
  const refusals: readonly (readonly [Omit<JsonPatchOperation, "value">, string])[] = [
    [{ op: "add", path: "/b/c" }, 'add operation does not apply: doc is missing path: "/b/c": missing value'],
    [{ op: "add", path: "b" }, 'add operation does not apply: doc is missing path: "b": missing value'],
    [{ op: "add", path: "/l/2" }, "error in add for path: '/l/2': Unable to access invalid index: 2: invalid index referenced"],
    [
      { op: "add", path: "/l/x" },
      "error in add for path: '/l/x': value was not a proper array index: 'x': strconv.Atoi: parsing \"x\": invalid syntax",
    ],
    [{ op: "remove", path: "/b/c" }, 'remove operation does not apply: doc is missing path: "/b/c": missing value'],
    [{ op: "remove", path: "/b" }, "error in remove for path: '/b': Unable to remove nonexistent key: b: missing value"],
    [{ op: "remove", path: "/l/1" }, "error in remove for path: '/l/1': Unable to access invalid index: 1: invalid index referenced"],
    [{ op: "replace", path: "/b/c" }, "replace operation does not apply: doc is missing path: /b/c: missing value"],
    [{ op: "replace", path: "/b" }, "replace operation does not apply: doc is missing key: /b: missing value"],
    [{ op: "move", from: "/x/y", path: "/b" }, "move operation does not apply: doc is missing from path: /x/y: missing value"],
    [{ op: "move", from: "/x", path: "/b" }, "error in move for path: 'x': unable to get nonexistent key: x: missing value"],
    [{ op: "move", from: "/a", path: "/b/c" }, "move operation does not apply: doc is missing destination path: /b/c: missing value"],
    [{ op: "copy", from: "/x", path: "/b" }, "error in copy for from: '/x': unable to get nonexistent key: x: missing value"],
    [{ op: "copy", from: "/a", path: "/b/c" }, "copy operation does not apply: doc is missing destination path: /b/c: missing value"],
    [{ op: "test", path: "/a" }, "testing value /a failed: test failed"],
    [{ op: "test", path: "/b/c" }, "test operation does not apply: is missing path: /b/c: missing value"],
  ];
  for (const [operation, error] of refusals) assert.equal(jsonPatch({ a: 1, l: [0] }, [{ ...operation, value: 9 }]), { error });
});

const POD_SPEC = { type: "ref", ref: "io.k8s.api.core.v1.PodSpec" } as const;
const META = { type: "ref", ref: "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" } as const;
const DEPLOYMENT_SPEC = { type: "ref", ref: "io.k8s.api.apps.v1.DeploymentSpec" } as const;

test("strategic merge: lists by their key, sets, atomic lists and directives", () => {
  const pod = {
    containers: [
      { name: "a", image: "x:1", args: ["1"] },
      { name: "b", image: "y:1" },
    ],
    tolerations: [{ key: "k" }],
  };
  const cases = [
    [
      POD_SPEC,
      pod,
      {
        containers: [
          { name: "b", image: "y:2" },
          { name: "c", image: "z" },
        ],
      },
      { ...pod, containers: [pod.containers[0], { name: "b", image: "y:2" }, { name: "c", image: "z" }] },
    ],
    [
      POD_SPEC,
      pod,
      { containers: [{ name: "a", args: ["2"] }] },
      { ...pod, containers: [{ name: "a", image: "x:1", args: ["2"] }, pod.containers[1]] },
    ],
    [POD_SPEC, pod, { containers: [{ $patch: "delete", name: "a" }] }, { ...pod, containers: [pod.containers[1]] }],
    [
      POD_SPEC,
      pod,
      { containers: [{ $patch: "replace" }, { name: "z", image: "z" }] },
      { ...pod, containers: [{ name: "z", image: "z" }] },
    ],
    [POD_SPEC, pod, { tolerations: [{ key: "j" }] }, { ...pod, tolerations: [{ key: "j" }] }],
    [POD_SPEC, pod, { tolerations: null, dnsPolicy: "Default" }, { containers: pod.containers, dnsPolicy: "Default" }],
    [
      POD_SPEC,
      pod,
      { "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] },
      { ...pod, containers: [pod.containers[1], pod.containers[0]] },
    ],
    [META, { finalizers: ["a", "b"] }, { finalizers: ["b", "c"] }, { finalizers: ["a", "b", "c"] }],
    [META, { finalizers: ["a", "b"] }, { "$deleteFromPrimitiveList/finalizers": ["a"] }, { finalizers: ["b"] }],
    [META, { labels: { a: "1", b: "1" } }, { labels: { a: null, c: "1" } }, { labels: { b: "1", c: "1" } }],
    [META, { labels: { a: "1" } }, { labels: { $patch: "replace", b: "1" } }, { labels: { b: "1" } }],
    [
      DEPLOYMENT_SPEC,
      { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } },
      { strategy: { $retainKeys: ["type"], type: "Recreate" } },
      { strategy: { type: "Recreate" } },
    ],
  ] as const;
  for (const [schema, target, patch, want] of cases)
    assert.equal(strategicMergePatch(target, patch, schema, SCHEMAS), { value: want }, JSON.stringify(patch));
  assert.equal(strategicMergePatch(pod, { containers: [{ image: "x" }] }, POD_SPEC, SCHEMAS), {
    error: 'map: {"image":"x"} does not contain declared merge key: name',
  });
  assert.ok("error" in strategicMergePatch(pod, { $patch: "explode" }, POD_SPEC, SCHEMAS));
});

test.run();
