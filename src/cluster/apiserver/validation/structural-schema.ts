/**
 * The schemas of custom resources: structural, with defaults that keep to them, and of known types.
 * @see kubernetes …/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go (validateCustomResourceDefinitionValidation)
 */
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import { type FieldError, forbidden, invalidValue } from "../field-error.ts";
import { internalForm } from "../internal-form.ts";
import { validateDefaults } from "./schema/defaults.ts";
import { validateOpenApi } from "./schema/openapi.ts";
import { unsupportedIn, validateStructural } from "./schema/structural.ts";

/** Simplified: rules in CEL are not compiled here. */
export function validateSchema(schema: JSONSchemaProps, hasStatus: boolean, path: string): FieldError[] {
  const out = hasStatus ? validateRoot(schema, path) : [];
  if (schema.nullable) out.push(forbidden(`${path}.nullable`, "nullable cannot be true at the root"));
  const unsupported = unsupportedIn(schema);
  if (unsupported === undefined) {
    const structural = validateStructural(schema, path);
    out.push(...(structural.length > 0 ? structural : validateDefaults(schema, path)));
  }
  out.push(...validateOpenApi(schema, path));
  // What keeps it from being structural is mostly said already.
  return unsupported !== undefined && out.length === 0 ? [invalidValue(path, "", unsupported)] : out;
}

/** In the order of the server's own type; between the two stands the type. */
const NOT_AT_ROOT_FIRST = ["id", "$schema", "$ref"] as const;
const NOT_AT_ROOT = [
  "nullable",
  "default",
  "enum",
  "maxProperties",
  "minProperties",
  "allOf",
  "oneOf",
  "anyOf",
  "not",
  "additionalProperties",
  "patternProperties",
  "dependencies",
  "additionalItems",
  "definitions",
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
] as const;
const AT_ROOT =
  "Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations";

/** Where the status is written by itself, its schema must be all that holds of it. */
function validateRoot(schema: JSONSchemaProps, path: string): FieldError[] {
  const says = (field: keyof JSONSchemaProps): boolean => schema[field] !== undefined && schema[field] !== "" && schema[field] !== false;
  const notAllowed = (): FieldError[] => {
    const text = `only [${AT_ROOT}] fields are allowed at the root of the schema if the status subresource is enabled`;
    return [invalidValue(path, internalForm("JSONSchemaProps", schema), text)];
  };
  if (NOT_AT_ROOT_FIRST.some(says)) return notAllowed();
  if (schema.type && schema.type !== "object") {
    const text = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    return [invalidValue(`${path}.type`, schema.type, text)];
  }
  return schema.additionalProperties === false || NOT_AT_ROOT.some(says) ? notAllowed() : [];
}
