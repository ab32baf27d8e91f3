import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SchemaNode } from "../spec.ts";
import { fieldDoc, referenceLink, typeDoc } from "./docs.ts";

const list = (more: object): object => ({ type: "array", items: { type: "string" }, ...more });

const CASES: readonly (readonly [owner: string, field: string, node: object, says: string, allowed?: readonly string[]])[] = [
  ["A", "a", {}, "[Reference](L)"],
  ["DeploymentSpec", "replicas", { type: "integer" }, "Default: `1`. [Reference](L)"],
  ["JobSpec", "completions", { type: "integer" }, "Default: 1 when `parallelism` is left out too. [Reference](L)"],
  ["A", "a", { default: "TCP" }, 'Default: `"TCP"`. One of `TCP`, `UDP`. [Reference](L)', ["TCP", "UDP"]],
  ["A", "a", { default: {} }, "[Reference](L)"],
  ["A", "a", { default: 0 }, "[Reference](L)"],
  ["A", "a", { type: "string", format: "byte" }, "Base64. [Reference](L)"],
  ["A", "a", { allOf: [{ $ref: "#/components/schemas/meta.v1.Time" }] }, "RFC 3339 time. [Reference](L)"],
  ["A", "a", list({ "x-kubernetes-list-type": "set" }), "A set: no item twice. [Reference](L)"],
  ["A", "a", list({ "x-kubernetes-list-type": "atomic" }), "Replaced as a whole. [Reference](L)"],
  [
    ...(["A", "a"] as const),
    list({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port", "protocol"] }),
    "Items merge by `port` and `protocol`. [Reference](L)",
  ],
  ["A", "a", { "x-cannot-be-updated": true }, "Cannot be changed once set. [Reference](L)"],
  ["A", "a", { deprecated: true }, "[Reference](L)\n@deprecated"],
];

for (const [owner, field, node, says, allowed] of CASES) {
  test(`${owner}.${field} ${JSON.stringify(node)}`, () => {
    assert.is(fieldDoc(owner, field, node as SchemaNode, allowed, "L"), says);
  });
}

test("types link to their place in the published reference", () => {
  const link = referenceLink("1.36", "networking.k8s.io/v1", "IngressSpec");
  assert.is(link, "https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/#ingressspec-v1-networking-k8s-io");
  assert.is(typeDoc({} as SchemaNode, "A thing.", "L"), "A thing. [Reference](L)");
});

test.run();
