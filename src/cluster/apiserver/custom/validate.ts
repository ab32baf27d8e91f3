/** What a custom resource is held to besides its schema: embedded objects, the scale subresource, the rules in CEL. */
import { type FieldError, invalidValue } from "../field-error.ts";
import type { Registered } from "../registry.ts";
import type { Warn } from "../warnings/collect.ts";
import { schemaOf } from "./decode.ts";
import { validateEmbedded } from "./embedded.ts";
import { hasRules, validateRules } from "./rules.ts";
import { validateScale } from "./scale.ts";

/** Errors of these types keep the rules from being looked at. */
const BLOCKING: ReadonlySet<string> = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);
const NOT_CHECKED =
  "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

/** Of a custom resource this is not refused, but warned of. */
const PLAIN_FINALIZER = "name is neither a standard finalizer name nor is it fully qualified";

/** All errors: `errors` are those of metadata and schema. */
export function withCustomErrors(
  registered: Registered,
  object: unknown,
  old: unknown,
  errors: readonly FieldError[],
  warn: Warn,
): readonly FieldError[] {
  const before = errors.filter((e) => e.detail !== NOT_CHECKED && e.detail !== PLAIN_FINALIZER);
  const schema = schemaOf(registered);
  if (!schema) return before;
  const all = [...before, ...validateScale(object, registered.custom?.subresources?.scale), ...validateEmbedded(object, schema)];
  if (!hasRules(schema)) return all;
  if (all.some((e) => BLOCKING.has(e.type))) return [...all, invalidValue("<nil>", null, NOT_CHECKED)];
  const rules = validateRules(object, old, schema);
  if (warn) rules.warnings.forEach(warn);
  return [...all, ...rules.errors];
}
