import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import { errorBody } from "../field-error.ts";
import { validateSchema } from "./structural-schema.ts";

const root = (properties: object, more: object = {}): JSONSchemaProps => ({ type: "object", properties, ...more }) as JSONSchemaProps;

/** A schema, and what is said of it; paths begin at the schema. */
const CASES: readonly (readonly [string, JSONSchemaProps, readonly string[]])[] = [
  ["plain", root({ a: { type: "string", default: "x" } }), []],
  ["a list of no schemas", root({ a: { type: "array", items: [] } }), ["s.properties[a].items: Required value: must be specified"]],
  [
    "a list of schemas",
    root({ a: { type: "array", items: [{ type: "string" }] } }),
    ["s.properties[a].items: Forbidden: items must be a schema object and not an array"],
  ],
  [
    "no type",
    root({ a: {}, b: { type: "array", items: {} } }),
    [
      "s.properties[a].type: Required value: must not be empty for specified object fields",
      "s.properties[b].items.type: Required value: must not be empty for specified array items",
    ],
  ],
  [
    "a type within anyOf",
    root({ a: { type: "string", anyOf: [{ type: "string" }] } }),
    ["s.properties[a].anyOf[0].type: Forbidden: must be empty to be structural"],
  ],
  ["int or string", root({ a: { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }] } }), []],
  [
    "a field within allOf alone",
    root({}, { allOf: [{ properties: { a: { minLength: 1 } } }] }),
    ["s.properties[a]: Required value: because it is defined in s.allOf[0].properties[a]"],
  ],
  [
    "items within not alone",
    root({ a: { type: "object" } }, { not: { properties: { a: { items: {} } } } }),
    ["s.properties[a].items: Required value: because it is defined in s.not.properties[a].items"],
  ],
  [
    "metadata with labels",
    root({ metadata: { type: "object", properties: { labels: { type: "object" } } } }),
    ["s.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified"],
  ],
  ["metadata with a name", root({ metadata: { type: "object", properties: { name: { type: "string", maxLength: 3 } } } }), []],
  [
    "a bad pattern",
    root({ a: { type: "string", pattern: "a(" } }),
    [
      's.properties[a].pattern: Invalid value: "a(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `a(`',
    ],
  ],
  ["$ref", root({ a: { type: "object", $ref: "#/x" } }), ["s.properties[a].$ref: Forbidden: $ref is not supported"]],
  ["$schema", root({ a: { type: "object", $schema: "x" } }), ["s: Invalid value: \"\": OpenAPIV3Schema 'schema' is not supported"]],
  [
    "unknown fields not kept",
    root({ a: { type: "object", "x-kubernetes-preserve-unknown-fields": false } }),
    ["s.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined"],
  ],
  [
    "a default of another type",
    root({ a: { type: "string", default: 1 } }),
    ['s.properties[a].default: Invalid value: "integer":  in body must be of type string: "integer"'],
  ],
  [
    "a default with unknown fields",
    root({ a: { type: "object", properties: { b: { type: "string" } }, default: { c: 1 } } }),
    ['s.properties[a].default: Invalid value: {"c":1}: must not have unknown fields'],
  ],
  [
    "a default of the metadata",
    root({ metadata: { type: "object", default: {} } }),
    ["s.properties[metadata].default: Forbidden: must not be set in top-level metadata"],
  ],
  [
    "a set of maps",
    root({ a: { type: "array", "x-kubernetes-list-type": "set", items: { type: "object" } } }),
    ["s.properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set"],
  ],
  [
    "a map without keys",
    root({ a: { type: "array", "x-kubernetes-list-type": "map", items: { type: "object" } } }),
    ["s.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map"],
  ],
  [
    "keys without a map",
    root({ a: { type: "array", "x-kubernetes-list-map-keys": ["b"], items: { type: "object" } } }),
    ["s.properties[a].x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty"],
  ],
  [
    "keys that may be missing",
    root({
      a: {
        type: "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["b"],
        items: { type: "object", nullable: true, properties: { b: { type: "string" } } },
      },
    }),
    [
      "s.properties[a].items.nullable: Forbidden: cannot be nullable when x-kubernetes-list-type is map",
      "s.properties[a].items.properties[b].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
    ],
  ],
  [
    "a map type of text",
    root({ a: { type: "string", "x-kubernetes-map-type": "flat" } }),
    [
      's.properties[a].type: Invalid value: "string": must be object if x-kubernetes-map-type is specified',
      's.properties[a].x-kubernetes-map-type: Unsupported value: "flat": supported values: "atomic", "granular"',
    ],
  ],
  [
    "an unknown type",
    root({ a: { type: "text" } }),
    ['s.properties[a].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"'],
  ],
  ["null at the root", root({}, { nullable: true }), ["s.nullable: Forbidden: nullable cannot be true at the root"]],
  [
    "words of a rule",
    root({ a: { type: "string", "x-kubernetes-validations": [{ rule: " " }, { rule: "true", message: " ", fieldPath: ".b" }] } }),
    [
      "s.properties[a].x-kubernetes-validations[0].rule: Required value: rule is not specified",
      's.properties[a].x-kubernetes-validations[1].message: Invalid value: " ": must be non-empty if specified',
      's.properties[a].x-kubernetes-validations[1].fieldPath: Invalid value: ".b": must be a valid path',
    ],
  ],
];

for (const [what, schema, errors] of CASES) {
  test(what, () =>
    assert.equal(
      validateSchema(schema, false, "s").map((e) => `${e.field}: ${errorBody(e)}`),
      errors,
    ),
  );
}

test("where the status is written by itself, the root says little", () => {
  const [error, ...more] = validateSchema(root({ a: { type: "string" } }, { minProperties: 1 }), true, "s");
  assert.is(more.length, 0);
  assert.match(
    errorBody(error!),
    /^Invalid value: \{"ID":"","Schema":"","Ref":null,.*"MinProperties":1,.*"Properties":\{"a":\{.*: only \[Description /,
  );
  assert.equal(validateSchema({ type: "string" } as JSONSchemaProps, true, "s")[0]?.field, "s.type");
});

test.run();
