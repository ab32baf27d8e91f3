import { test } from "uvu";
import * as assert from "uvu/assert";
import { changed, copied } from "./changed.ts";

test("what changes is changed in its place, what is new comes last, the object stays as it was", () => {
  const object: { a: number; b: number; c?: number } = { a: 1, b: 2 };
  assert.is(JSON.stringify(changed(object, { c: 3, a: 4 })), '{"a":4,"b":2,"c":3}');
  assert.is(JSON.stringify(object), '{"a":1,"b":2}');
});

test("a copy is another object with the same members, __proto__ among them", () => {
  const object = JSON.parse('{"__proto__":{"x":1},"a":2}') as { a: number };
  const copy = copied(object);
  copy.a = 3;
  assert.is(object.a, 2);
  assert.is(JSON.stringify(copy), '{"__proto__":{"x":1},"a":3}');
  assert.is(Object.getPrototypeOf(copy), Object.prototype);
});

test.run();
