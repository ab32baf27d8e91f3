import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../../api/object.ts";
import { applySchemaDefaults } from "./custom-resource.ts";

const SCHEMA: JSONSchemaProps = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        keep: { type: "integer", default: 7 },
        note: { type: "string", nullable: true, default: "x" },
        window: { type: "object", default: {}, properties: { from: { type: "integer", default: 1 } } },
        steps: { type: "array", items: { type: "object", properties: { retries: { type: "integer", default: 3 } } } },
      },
    },
  },
};

const CASES: readonly [name: string, spec: unknown, filled: unknown][] = [
  ["what is missing, and what is missing in a default", {}, { keep: 7, note: "x", window: { from: 1 } }],
  ["null where it is not allowed", { keep: null, note: null }, { keep: 7, note: null, window: { from: 1 } }],
  ["items", { keep: 1, note: "y", window: { from: 2 }, steps: [{}] }, { keep: 1, note: "y", window: { from: 2 }, steps: [{ retries: 3 }] }],
];

for (const [name, spec, filled] of CASES) {
  test(`defaults of a custom resource: ${name}`, () => {
    const object = { apiVersion: "example.com/v1", kind: "Backup", metadata: { name: "a" }, spec } as unknown as KubeObject;
    assert.equal(applySchemaDefaults(object, SCHEMA), { ...object, spec: filled });
  });
}

test("an object that needs nothing, or has no spec, stays the same object", () => {
  const object = { apiVersion: "example.com/v1", kind: "Backup", metadata: { name: "a" } } as KubeObject;
  assert.is(applySchemaDefaults(object, SCHEMA), object);
});

test.run();
