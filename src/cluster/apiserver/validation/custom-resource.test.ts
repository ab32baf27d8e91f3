import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import { errorBody } from "../field-error.ts";
import { validateAgainstSchema, validateCustomResource } from "./custom-resource.ts";

const SPEC: JSONSchemaProps = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", minimum: 1, maximum: 10 },
    schedule: { type: "string", pattern: "^\\S+( \\S+){4}$" },
    mode: { type: "string", enum: ["Fast", "Safe"] },
    port: { "x-kubernetes-int-or-string": true },
    note: { type: "string", nullable: true, maxLength: 3 },
    items: { type: "array", maxItems: 2, items: { type: "string" }, "x-kubernetes-list-type": "set" },
  },
};
const SCHEMA: JSONSchemaProps = { type: "object", properties: { spec: SPEC } };

const CASES: readonly [name: string, spec: unknown, texts: readonly string[]][] = [
  ["all is well", { size: 3, schedule: "* * * * *", mode: "Safe", port: "http", note: null, items: ["a"] }, []],
  ["missing", {}, ["spec.size: Required value"]],
  [
    "type",
    { size: "x", port: 1.5 },
    [
      'spec.port: Invalid value: "number": spec.port in body must be of type integer,string: "number"',
      'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
    ],
  ],
  ["maximum", { size: 11 }, ["spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10"]],
  [
    "pattern",
    { size: 1, schedule: "daily" },
    ["spec.schedule: Invalid value: \"daily\": spec.schedule in body should match '^\\S+( \\S+){4}$'"],
  ],
  ["enum", { size: 1, mode: "x" }, ['spec.mode: Unsupported value: "x": supported values: "Fast", "Safe"']],
  ["length", { size: 1, note: "four" }, ["spec.note: Too long: may not be more than 3 bytes"]],
  [
    "items",
    { size: 1, items: ["a", "a", "b"] },
    ["spec.items: Too many: 3: must have at most 2 items", 'spec.items[1]: Duplicate value: "a"'],
  ],
];

for (const [name, spec, texts] of CASES) {
  test(`a custom resource against its schema: ${name}`, () => {
    const errors = validateAgainstSchema({ spec }, SCHEMA);
    assert.equal(
      errors.map((e) => `${e.field}: ${errorBody(e)}`),
      texts,
    );
  });
}

test("what was wrong before and has not changed is tolerated", () => {
  assert.equal(validateAgainstSchema({ spec: { size: 11, mode: "Fast" } }, SCHEMA, "", { spec: { size: 11 } }), []);
});

test("a default says the path of the default, and its text no path at all", () => {
  const [error] = validateAgainstSchema(70000, SPEC.properties!["size"]!, "x.default");
  assert.is(`${error!.field}: ${errorBody(error!)}`, "x.default: Invalid value: 70000:  in body should be less than or equal to 10");
});

test("errors of alternatives have no field", () => {
  const [error] = validateAgainstSchema({ spec: 1 }, { type: "object", properties: { spec: { anyOf: [{ type: "string" }] } } });
  assert.is(`${error!.field}: ${errorBody(error!)}`, '<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)');
});

test("rules in CEL are not looked at when something else is wrong", () => {
  const schema: JSONSchemaProps = { ...SCHEMA, required: ["spec"], "x-kubernetes-validations": [{ rule: "true" }] };
  const [missing, note] = validateCustomResource({}, schema);
  assert.is(missing!.field, "spec");
  assert.match(`${note!.field}: ${errorBody(note!)}`, /^<nil>: Invalid value: null: some validation rules were not checked/);
});

test.run();
