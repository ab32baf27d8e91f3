/** Custom resources from definition to answer: what is kept, filled in, refused, and said. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import { type Kind, kindOf, type Unchecked } from "../../../api/object.ts";
import { isRefused } from "../../../sim/answer.ts";
import { refusalText } from "../kubectl-text.ts";
import { accepted, type Fixture, fixture } from "../server-fixture.ts";

const DEFINITION: Kind = kindOf("apiextensions.k8s.io/v1", "CustomResourceDefinition");
const WIDGET: Kind = kindOf("x.example/v1", "Widget");

function definition(schema: JSONSchemaProps, more: Unchecked = {}): Unchecked {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.x.example" },
    spec: {
      group: "x.example",
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more }],
    },
  };
}

function withSpec(spec: JSONSchemaProps, more: Unchecked = {}): Fixture {
  const made = fixture();
  accepted(made.server.create(definition({ type: "object", properties: { spec, status: { type: "object", properties: {} } } }, more)));
  return made;
}

const widget = (spec: unknown, more: Unchecked = {}): Unchecked => ({
  apiVersion: "x.example/v1",
  kind: "Widget",
  metadata: { name: "w" },
  spec,
  ...more,
});

const SPEC: JSONSchemaProps = {
  type: "object",
  properties: {
    size: { type: "integer", default: 1, minimum: 0 },
    note: { type: "string", nullable: true },
    port: { "x-kubernetes-int-or-string": true },
    open: { type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: { a: { type: "object", properties: {} } } },
    labels: { type: "object", additionalProperties: { type: "string" } },
    item: { type: "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
    rows: {
      type: "array",
      items: { type: "object", properties: { k: { type: "string" }, v: { type: "integer" } } },
    },
  },
};

const KEPT: readonly (readonly [about: string, spec: Unchecked, kept: Unchecked])[] = [
  ["what the schema knows, with defaults", { note: "x", other: 1 }, { note: "x", size: 1 }],
  ["nulls where they may be", { size: null, note: null, labels: null }, { note: null, size: 1 }],
  ["what is unknown where it may be, but not in what is known", { open: { b: 1, a: { c: 2 } } }, { open: { b: 1, a: {} }, size: 1 }],
  ["maps and lists", { labels: { a: "b" }, rows: [{ k: "x", z: 1 }] }, { labels: { a: "b" }, rows: [{ k: "x" }], size: 1 }],
  ["an embedded object", { item: { apiVersion: "v1", kind: "A", x: 1 } }, { item: { apiVersion: "v1", kind: "A", x: 1 }, size: 1 }],
  ["a key like any other", { labels: JSON.parse('{"__proto__": "x"}') }, { labels: JSON.parse('{"__proto__": "x"}'), size: 1 }],
];

for (const [about, spec, kept] of KEPT)
  test(`kept: ${about}`, () => {
    const { server } = withSpec(SPEC);
    const made = accepted(server.create(widget(spec))) as unknown as { readonly spec: unknown };
    assert.equal(made.spec, kept);
  });

test("unknown fields are told, and refused when that is asked for", () => {
  const { server } = withSpec(SPEC);
  const given = widget({ rows: [{ z: 1 }], b: 1 }, { extra: 1 });
  assert.equal(server.create(given, { dryRun: true }).warnings, [
    'unknown field "extra"',
    'unknown field "spec.b"',
    'unknown field "spec.rows[0].z"',
  ]);
  assert.is(
    server.create(given, { fieldValidation: "Strict" }).message,
    'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "extra", unknown field "spec.b", unknown field "spec.rows[0].z"',
  );
});

test("an object within is an object", () => {
  const { server } = withSpec(SPEC);
  const answer = server.create(widget({ item: { kind: "no kind", metadata: { labels: { "-": "x" } } } }));
  assert.equal(isRefused(answer) && answer.causes?.map((c) => c.field), [
    "spec.item.apiVersion",
    "spec.item.kind",
    "spec.item.metadata.labels",
  ]);
});

type Change = readonly [about: string, rule: Unchecked, before: unknown, after: unknown, said: string | undefined];
const int: JSONSchemaProps = { type: "integer" };
const CHANGES: readonly Change[] = [
  ["holds", { rule: "self.a < self.b" }, undefined, { a: 1, b: 2 }, undefined],
  ["does not hold", { rule: "self.a < self.b" }, undefined, { a: 2, b: 1 }, "spec: Invalid value: failed rule: self.a < self.b"],
  ["its message", { rule: "self.a < self.b", message: " a first " }, undefined, { a: 2, b: 1 }, "spec: Invalid value: a first"],
  [
    "a message of its own making",
    { rule: "self.a < self.b", messageExpression: "'%d is not below %d'.format([self.a, self.b])" },
    undefined,
    { a: 2, b: 1 },
    "spec: Invalid value: 2 is not below 1",
  ],
  [
    "a reason and a field",
    { rule: "false", reason: "FieldValueForbidden", fieldPath: ".a", message: "no" },
    undefined,
    { a: 1 },
    "spec.a: Forbidden: no",
  ],
  [
    "a required field",
    { rule: "has(self.b)", reason: "FieldValueRequired", fieldPath: ".b" },
    undefined,
    { a: 1 },
    "spec.b: Required value: failed rule: has(self.b)",
  ],
  ["an error", { rule: "self.b > 0" }, undefined, { a: 1 }, 'spec: Invalid value: "object": no such key: b evaluating rule: self.b > 0'],
  ["a change, at first", { rule: "self.a == oldSelf.a" }, undefined, { a: 1 }, undefined],
  ["no change", { rule: "self.a == oldSelf.a" }, { a: 1 }, { a: 1, b: 1 }, undefined],
  ["a change that may not be", { rule: "self.a == oldSelf.a", message: "a stays" }, { a: 1 }, { a: 2 }, "spec: Invalid value: a stays"],
  [
    "what was is optional",
    { rule: "oldSelf.hasValue() || self.a == 0", optionalOldSelf: true },
    undefined,
    { a: 1 },
    "spec: Invalid value: failed rule: oldSelf.hasValue() || self.a == 0",
  ],
];

for (const [about, rule, before, after, said] of CHANGES)
  test(`rule: ${about}`, () => {
    const { server } = withSpec({ type: "object", properties: { a: int, b: int }, "x-kubernetes-validations": [rule as never] });
    if (before !== undefined) accepted(server.create(widget(before)));
    const answer = before === undefined ? server.create(widget(after)) : server.patch(WIDGET, "w", "default", { spec: after });
    assert.is(isRefused(answer) ? refusalText(answer) : undefined, said && `The Widget "w" is invalid: ${said}`);
  });

test("what broke a rule before and has not changed is only warned of", () => {
  const { server } = withSpec({ type: "object", properties: { a: int } });
  accepted(server.create(widget({ a: 2 })));
  const rules = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/x-kubernetes-validations";
  const patch = [{ op: "add", path: rules, value: [{ rule: "self.a < 2" }] }];
  accepted(server.patch(DEFINITION, "widgets.x.example", undefined, patch, { type: "json" }));
  const answer = server.patch(WIDGET, "w", "default", { metadata: { labels: { x: "y" } } });
  accepted(answer);
  assert.equal(answer.warnings, ["spec: Invalid value: failed rule: self.a < 2"]);
});

test("rules on items, with those that were found by their keys", () => {
  const rows: JSONSchemaProps = {
    type: "array",
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["k"],
    items: {
      type: "object",
      required: ["k"],
      properties: { k: { type: "string" }, v: int },
      "x-kubernetes-validations": [{ rule: "self.v >= oldSelf.v", message: "never less" }],
    },
  };
  const { server } = withSpec({ type: "object", properties: { rows } });
  accepted(
    server.create(
      widget({
        rows: [
          { k: "a", v: 1 },
          { k: "b", v: 5 },
        ],
      }),
    ),
  );
  const answer = server.patch(WIDGET, "w", "default", {
    spec: {
      rows: [
        { k: "b", v: 4 },
        { k: "a", v: 2 },
      ],
    },
  });
  assert.is(answer.message, 'Widget.x.example "w" is invalid: spec.rows[0]: Invalid value: never less');
});

const SUBRESOURCES = { subresources: { status: {}, scale: { specReplicasPath: ".spec.size", statusReplicasPath: ".status.size" } } };

test("the status is a write of its own, and the scale has its range", () => {
  const { server } = withSpec({ type: "object", properties: { size: int } }, SUBRESOURCES);
  const made = accepted(server.create(widget({ size: 1 }, { status: {} }))) as unknown as Unchecked;
  assert.is(made["status"], undefined);
  const wrong = server.patch(WIDGET, "w", "default", { spec: { size: -1 } });
  assert.is(wrong.message, 'Widget.x.example "w" is invalid: .spec.size: Invalid value: -1: should be a non-negative integer');
});

const REFUSED: readonly (readonly [about: string, spec: JSONSchemaProps, said: RegExp])[] = [
  [
    "a name that nobody declared",
    { type: "object", "x-kubernetes-validations": [{ rule: "other == 1" }] },
    /undeclared reference to 'other'/,
  ],
  [
    "a field that is none",
    { type: "object", properties: { a: int }, "x-kubernetes-validations": [{ rule: "self.b == 1" }] },
    /:1:5: undefined field 'b'\n \| self.b == 1\n \| \.\.\.\.\^/,
  ],
  ["no expression", { type: "object", "x-kubernetes-validations": [{ rule: "1 +" }] }, /mismatched input '<EOF>' expecting /],
  [
    "a pattern that is none",
    { type: "object", properties: { a: { type: "string", pattern: "(" } } },
    /properties\[a\].pattern: Invalid value: "\(": must be a valid regular expression, but isn't: error parsing regexp: missing closing \): `\(`/,
  ],
  [
    "a path that is none",
    { type: "object", "x-kubernetes-validations": [{ rule: "true", fieldPath: ".x" }] },
    /fieldPath: Invalid value: ".x": must be a valid path/,
  ],
  ["no condition", { type: "object", "x-kubernetes-validations": [{ rule: "'a'" }] }, /cel expression must evaluate to a bool/],
  [
    "what was of items that cannot be told apart",
    {
      type: "object",
      properties: { l: { type: "array", items: { type: "string", "x-kubernetes-validations": [{ rule: "self == oldSelf" }] } } },
    },
    /oldSelf cannot be used on the uncorrelatable portion of the schema within /,
  ],
];

for (const [about, spec, said] of REFUSED)
  test(`a definition with ${about}`, () => {
    const answer = fixture().server.create(definition({ type: "object", properties: { spec } }));
    assert.is(answer.code, 422);
    assert.match(answer.message!, said);
  });

test("what the caller hands in stays the caller's", () => {
  const { server } = withSpec(SPEC);
  const open = { deep: { x: 1 } };
  accepted(server.create(widget({ open })));
  open.deep.x = 2;
  assert.is((server.get(WIDGET, "w", "default") as unknown as { spec: { open: typeof open } }).spec.open.deep.x, 1);
});

test("finalizers without a domain", () => {
  const { server } = withSpec(SPEC);
  const answer = server.create({ ...widget({}), metadata: { name: "w", finalizers: ["keep", "a.example/keep"] } });
  assert.equal(answer.warnings, [
    'metadata.finalizers: "keep": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers',
  ]);
});

test.run();
