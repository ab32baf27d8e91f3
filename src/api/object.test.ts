import { test } from "uvu";
import * as assert from "uvu/assert";
import { keyIn, keyOf } from "./object.ts";

test("keys are told apart however many are asked for", () => {
  for (let round = 0; round < 2; round++)
    for (let i = 0; i < 500; i++)
      for (const namespace of ["a", "b"]) assert.is(keyOf({ metadata: { name: `p-${i}`, namespace } }), `${namespace}/p-${i}`);
  assert.is(keyOf({ metadata: { name: "node" } }), "node");
  assert.is(keyIn("", "x"), "/x");
});

test.run();
