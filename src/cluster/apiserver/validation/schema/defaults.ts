/**
 * The defaults of a schema keep to it.
 * Simplified: the rules in CEL are not evaluated on them.
 * @see kubernetes …/apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go
 */
import type { JSONSchemaProps } from "../../../../../generated/v1.36/model.ts";
import { deepEqual } from "../../../../lib/deep-equal.ts";
import { validateEmbedded } from "../../custom/embedded.ts";
import { pruned } from "../../custom/prune.ts";
import { type FieldError, invalidValue } from "../../field-error.ts";
import { validateAgainstSchema } from "../custom-resource.ts";
import { schemaOf } from "./structural.ts";

const META_FIELDS: ReadonlySet<string> = new Set(["metadata", "kind", "apiVersion"]);

export function validateDefaults(schema: JSONSchemaProps, path: string): FieldError[] {
  return validateUnder({ ...schema, "x-kubernetes-embedded-resource": true }, path, false);
}

/** Not of additional properties: those have no defaults. */
function validateUnder(schema: JSONSchemaProps, path: string, inMeta: boolean): FieldError[] {
  const isObject = schema["x-kubernetes-embedded-resource"] === true;
  const isMeta = inMeta && !isObject;
  const out = schema.default === undefined ? [] : validateDefault(schema.default, schema, `${path}.default`, isMeta);
  const items = schemaOf(schema.items);
  if (items) out.push(...validateUnder(items, `${path}.items`, isMeta));
  for (const name of Object.keys(schema.properties ?? {}).sort()) {
    const isOfMeta = isMeta || (isObject && META_FIELDS.has(name));
    out.push(...validateUnder(schema.properties![name]!, `${path}.properties[${name}]`, isOfMeta));
  }
  return out;
}

function validateDefault(value: unknown, schema: JSONSchemaProps, path: string, isMeta: boolean): FieldError[] {
  const out: FieldError[] = [];
  if (!isMeta) {
    if (!deepEqual(pruned(value, schema), value)) out.push(invalidValue(path, value, "must not have unknown fields"));
    const embedded = validateEmbedded(value, schema, path);
    if (embedded.length > 0) return [...out, ...embedded];
  }
  return [...out, ...validateAgainstSchema(value, schema, path)];
}
