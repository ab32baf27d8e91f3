import { test } from "uvu";
import * as assert from "uvu/assert";
import { construct, setPositionResolver, setSource, sourceOf } from "./construct.ts";

const HERE = "src/api/construct.test.ts";
const namespace = (input: object = { metadata: { name: "a" } }): object => construct("v1", "Namespace", input);

test("keys come in the usual order; the rest as given", () => {
  const object = construct("v1", "Secret", { type: "Opaque", data: {}, metadata: { name: "a" }, immutable: true });
  assert.equal(Object.keys(object), ["apiVersion", "kind", "metadata", "type", "data", "immutable"]);
});

test("the input is copied one level deep and not changed", () => {
  const input = Object.freeze({ spec: { a: 1 }, metadata: { name: "a" } });
  const object = construct<Record<string, unknown>>("v1", "Namespace", input);
  assert.is(object["spec"], input.spec);
  assert.is.not(object, input);
  assert.equal(Object.keys(input), ["spec", "metadata"]);
});

test("the position is no part of the object", () => {
  const object = namespace();
  assert.is(JSON.stringify(object), '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}}');
  assert.equal(Object.getOwnPropertySymbols({ ...object }), []);
  const all: string[] = [];
  for (const key in object) all.push(key);
  assert.equal(all, ["apiVersion", "kind", "metadata"]);
});

test("the position is the caller's, in the author's file", () => {
  const first = sourceOf(construct("v1", "Namespace", { metadata: { name: "a" } }));
  const second = sourceOf(construct("v1", "Namespace", { metadata: { name: "b" } }));
  assert.ok(first?.file.endsWith(HERE), first?.file);
  assert.is((second?.line ?? 0) - (first?.line ?? 0), 1);
  assert.type(first?.column, "number");
  assert.not.match(first?.file ?? "", "file://");
});

test("an object that no constructor made has no position until it is given one", () => {
  const object = { apiVersion: "v1", kind: "Namespace" };
  assert.is(sourceOf(object), undefined);
  assert.is(setSource(object, { file: "a.yaml", line: 3, document: 2 }), object);
  assert.equal(sourceOf(object), { file: "a.yaml", line: 3, document: 2 });
  setSource(object, { file: "b.yaml", line: 1 });
  assert.equal(sourceOf(object), { file: "b.yaml", line: 1 });
  assert.equal(Object.keys(object), ["apiVersion", "kind"]);
  assert.is(sourceOf(setSource(Object.freeze({}), { file: "c.yaml", line: 1 })), undefined);
});

test("a resolver translates positions, once for each object", () => {
  let asked = 0;
  setPositionResolver(({ file, line }) => {
    asked++;
    return file.endsWith(HERE) ? { file: "original.ts", line: line * 2 } : undefined;
  });
  try {
    const object = namespace();
    assert.is(sourceOf(object)?.file, "original.ts");
    assert.is(sourceOf(object)?.file, "original.ts");
    assert.is(asked, 1);
  } finally {
    setPositionResolver();
  }
});

test("the program's own stack traces keep their length", () => {
  const limit = Error.stackTraceLimit;
  namespace();
  assert.is(Error.stackTraceLimit, limit);
});

test("a program with stack traces of its own has no positions", () => {
  const errors = Error as ErrorConstructor & { prepareStackTrace?: unknown };
  const before = errors.prepareStackTrace;
  errors.prepareStackTrace = (_: unknown, frames: unknown) => frames;
  try {
    assert.is(sourceOf(namespace()), undefined);
  } finally {
    errors.prepareStackTrace = before;
  }
});

for (const [input, says] of [
  [undefined, "it got nothing"],
  [null, "it got null"],
  ["web", "it got a string"],
  [[{}], "it got a list"],
  [{ kind: "Pod" }, 'was given an object of kind "Pod"'],
  [{ apiVersion: "v2" }, 'makes objects of v1, and was given one of "v2"'],
] as const) {
  test(`what is no input is refused: ${JSON.stringify(input)}`, () => {
    assert.throws(
      () => construct("v1", "Namespace", input as never),
      (e: unknown) => e instanceof TypeError && e.message.includes(says),
    );
  });
}

test("an object of the same kind is taken as it is", () => {
  assert.equal(namespace({ kind: "Namespace", metadata: { name: "a" }, apiVersion: "v1" }), namespace());
});

test.run();
