import { test } from "uvu";
import * as assert from "uvu/assert";
import type { FieldSchema } from "../../api/schema.ts";
import type { GoField, SchemaNode } from "../spec.ts";
import { fieldSchema, objectSchema } from "./schema-table.ts";

const ref = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

const FIELDS: readonly (readonly [node: object, schema: FieldSchema, required?: boolean, go?: GoField])[] = [
  [{ type: "string" }, { type: "string" }],
  [{ type: "string", format: "byte" }, { type: "bytes" }],
  [{ type: "integer", format: "int32", default: 0 }, { type: "int32", default: 0, required: true }, true],
  [
    { type: "integer", format: "int64", "x-cannot-be-updated": true },
    { type: "int64", immutable: true },
  ],
  [{ type: "number", format: "double" }, { type: "double" }],
  [
    { type: "boolean", default: false },
    { type: "boolean", default: false },
  ],
  [{ allOf: [ref("io.k8s.apimachinery.pkg.api.resource.Quantity")] }, { type: "quantity" }],
  [{ allOf: [ref("io.k8s.apimachinery.pkg.util.intstr.IntOrString")] }, { type: "int-or-string" }],
  [{ allOf: [ref("io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime")] }, { type: "micro-time" }],
  [ref("io.k8s.apimachinery.pkg.runtime.RawExtension"), { type: "any" }],
  [
    { default: {}, allOf: [ref("a.v1.Spec")] },
    { type: "ref", ref: "a.v1.Spec", default: {} },
  ],
  [
    { type: "string", enum: ["TCP", "UDP"], default: "TCP" },
    { type: "string", enum: ["TCP", "UDP"], default: "TCP", goType: "v1.Protocol" },
    false,
    { goType: "v1.Protocol" },
  ],
  [
    {
      ...{ type: "array", items: ref("a.v1.Port"), "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port", "protocol"] },
      ...{ "x-kubernetes-patch-merge-key": "port", "x-kubernetes-patch-strategy": "merge" },
    },
    {
      ...{ type: "list", items: { type: "ref", ref: "a.v1.Port" }, listType: "map", listMapKeys: ["port", "protocol"] },
      ...{ patchMergeKey: "port", patchStrategy: "merge" },
    },
  ],
  [
    { type: "array", items: { type: "string" } },
    { type: "list", items: { type: "string", goType: "v1.Capability" } },
    false,
    { goType: "[]v1.Capability", items: "v1.Capability" },
  ],
  [
    { type: "object", additionalProperties: ref("io.k8s.apimachinery.pkg.api.resource.Quantity") },
    { type: "map", items: { type: "quantity" }, goType: "v1.ResourceList" },
    false,
    { goType: "v1.ResourceList" },
  ],
  [
    { type: "object", additionalProperties: { type: "string" }, "x-kubernetes-map-type": "atomic" },
    { type: "map", items: { type: "string" }, mapType: "atomic" },
  ],
];

for (const [node, schema, required = false, go] of FIELDS) {
  test(`field ${JSON.stringify(node)}`, () => {
    assert.equal(fieldSchema(node as SchemaNode, required, go), schema);
  });
}

test("an object has Go's names, its fields, and what its fields exclude", () => {
  const node = {
    type: "object",
    required: ["type"],
    properties: { type: { type: "string" }, path: { type: "string" } },
    "x-kubernetes-map-type": "atomic",
    "x-kubernetes-unions": [{ discriminator: "type", "fields-to-discriminateBy": { path: "Path" } }],
  };
  assert.equal(objectSchema("io.k8s.api.core.v1.Profile", node as unknown as SchemaNode, { path: { inline: "Source" } }), {
    goName: "Profile",
    goType: "v1.Profile",
    fields: { type: { type: "string", required: true }, path: { type: "string", inline: "Source" } },
    mapType: "atomic",
    unions: [{ discriminator: "type", fields: { path: "Path" } }],
  });
});

test("a schema that we do not know is an error, not a guess", () => {
  assert.throws(() => fieldSchema({ type: "integer", format: "int16" } as SchemaNode, false), /does not know: .*int16/);
});

test.run();
