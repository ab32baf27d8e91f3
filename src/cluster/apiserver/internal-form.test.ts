import { test } from "uvu";
import * as assert from "uvu/assert";
import { internalForm } from "./internal-form.ts";
import { type InternalType, TYPES } from "./internal-types.ts";

/** A type, a value of the API, and how a message shows it. */
const CASES: readonly (readonly [InternalType, unknown, string])[] = [
  ["Toleration", { key: "a" }, '{"Key":"a","Operator":"","Value":"","Effect":"","TolerationSeconds":null}'],
  ["ServicePort", { port: 80 }, '{"Name":"","Protocol":"","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}'],
  ["SuccessPolicy", { rules: [{ succeededCount: 1 }] }, '{"Rules":[{"SucceededIndexes":null,"SucceededCount":1}]}'],
  ["PodFailurePolicy", undefined, "null"],
  ["PodFailurePolicy", { rules: [] }, '{"Rules":[]}'],
];

for (const [type, value, shown] of CASES) test(`${type}: ${shown}`, () => assert.is(JSON.stringify(internalForm(type, value)), shown));

test("a Pod's host namespaces are part of its security context, its metadata stays as it is, embedded structs have no name", () => {
  const spec = { hostNetwork: true, volumes: [{ name: "v", hostPath: { path: "/x" } }], nodeSelector: { b: "1", a: "2" } };
  const form = internalForm("PodTemplateSpec", { metadata: { labels: { app: "x" } }, spec }) as Record<string, Record<string, never>>;
  assert.equal(Object.keys(form), ["labels", "Spec"]);
  assert.is(form["Spec"]?.["SecurityContext"]?.["HostNetwork"], true);
  const volume = form["Spec"]?.["Volumes"]?.[0] as unknown as Record<string, unknown>;
  assert.equal([volume["Name"], volume["HostPath"], volume["EmptyDir"]], ["v", { Path: "/x", Type: null }, null]);
  assert.is(JSON.stringify(form["Spec"]?.["NodeSelector"]), '{"a":"2","b":"1"}');
});

test("every type that is referred to is there", () => {
  for (const fields of Object.values(TYPES))
    for (const [, of] of fields.matchAll(/(?:\*|\[\]|\{\}|:|\+)(\w+)/g))
      assert.ok(of === "meta" || of === "LabelSelector" || of! in TYPES, of);
});

test.run();
