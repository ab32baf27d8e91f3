import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  duplicate,
  errorBody,
  type FieldError,
  forbidden,
  invalid,
  invalidValue,
  notFound,
  notSupported,
  required,
  tooLong,
  tooMany,
} from "./field-error.ts";

const bodies: readonly [FieldError, string][] = [
  [required("a"), "Required value"],
  [required("a", "say so"), "Required value: say so"],
  [invalidValue("a", "x\n", "is odd"), 'Invalid value: "x\\n": is odd'],
  [invalidValue("a", -1, "is small"), "Invalid value: -1: is small"],
  [invalidValue("a", null, "is nothing"), "Invalid value: null: is nothing"],
  [invalidValue("a", { k: "<b>" }, ""), 'Invalid value: {"k":"\\u003cb\\u003e"}'],
  [notSupported("a", "x", ["b", "a"]), 'Unsupported value: "x": supported values: "b", "a"'],
  [duplicate("a", "x"), 'Duplicate value: "x"'],
  [notFound("a", "x"), 'Not found: "x"'],
  [forbidden("a", "not you"), "Forbidden: not you"],
  [tooLong("a", 250), "Too long: may not be more than 250 bytes"],
  [tooMany("a", 21, 20), "Too many: 21: must have at most 20 items"],
];
for (const [error, want] of bodies) test(want, () => assert.is(errorBody(error), want));

test("one error stands alone, several in brackets, each text once; every one is a cause", () => {
  const deployment = { group: "apps", kind: "Deployment" };
  const one = invalid(deployment, "web", [required("spec.a")]);
  assert.is(one.message, 'Deployment.apps "web" is invalid: spec.a: Required value');
  const two = invalid({ group: "", kind: "Pod" }, "p", [required("a"), required("b"), required("a")]);
  assert.is(two.message, 'Pod "p" is invalid: [a: Required value, b: Required value]');
  assert.is(two.causes?.length, 3);
  assert.is(two.code, 422);
});

test.run();
