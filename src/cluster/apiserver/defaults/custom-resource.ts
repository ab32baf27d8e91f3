/**
 * The defaults in the schema of a custom resource.
 * @see kubernetes staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/algorithm.go
 */
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import type { KubeObject } from "../../../api/object.ts";

type Values = Readonly<Record<string, unknown>>;

/** The object with what its schema fills in: the object itself where that is nothing. */
export function applySchemaDefaults(object: KubeObject, schema: JSONSchemaProps): KubeObject {
  return fill(object, schema) as KubeObject;
}

function fill(value: unknown, schema: JSONSchemaProps): unknown {
  if (Array.isArray(value)) return fillList(value, schema);
  return isMap(value) ? fillMap(value, schema) : value;
}

function fillList(value: readonly unknown[], { items }: JSONSchemaProps): readonly unknown[] {
  if (!isMap(items)) return value;
  const filled = value.map((item) => fill(item, items as JSONSchemaProps));
  return filled.some((item, i) => item !== value[i]) ? filled : value;
}

function fillMap(value: Values, { properties, additionalProperties }: JSONSchemaProps): Values {
  const changed = new Map<string, unknown>();
  for (const [name, schema] of Object.entries(properties ?? {})) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    // A null that the schema does not allow gives way to the default.
    const missing = given === undefined || (given === null && schema.nullable !== true);
    const before = missing && schema.default !== undefined ? schema.default : given;
    const after = before === undefined ? undefined : fill(before, schema);
    if (after !== given) changed.set(name, after);
  }
  if (isMap(additionalProperties)) {
    for (const [name, given] of Object.entries(value)) {
      const after = Object.hasOwn(properties ?? {}, name) ? given : fill(given, additionalProperties as JSONSchemaProps);
      if (after !== given) changed.set(name, after);
    }
  }
  // Not by assignment: a field may have the name of an object's prototype.
  return changed.size === 0 ? value : Object.fromEntries([...Object.entries(value).filter(([name]) => !changed.has(name)), ...changed]);
}

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
