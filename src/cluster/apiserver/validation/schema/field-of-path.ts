/** The path of a field as rules and selectable fields write it. @see kubernetes …/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go (ValidFieldPath) */
import type { JSONSchemaProps } from "../../../../../generated/v1.36/model.ts";
import { child, key } from "../../../../lib/field-path.ts";
import { schemaOf } from "./structural.ts";

interface Found {
  readonly field: string;
  /** The first name of the path. */
  readonly root: string;
  readonly schema: JSONSchemaProps;
}

/** The field that a rule's path names, from where the rule is; undefined when the schema has none there. */
export function fieldOfPath(path: string, schema: JSONSchemaProps): string | undefined {
  const found = readFieldPath(path, schema, true);
  return "error" in found ? undefined : found.field;
}

const NO_FIELD = { error: "does not refer to a valid field" };
const END = { error: "unexpected end of JSON path" };

/** `.spec.x`, and where arrays' notation is allowed `.labels['a.b']`: names of fields, and keys of maps. */
export function readFieldPath(path: string, schema: JSONSchemaProps, allowsBrackets: boolean): Found | { readonly error: string } {
  const tokens = path.match(/'(?:\\.|[^'\\])*'|[.[\]]|[^.[\]']+/g) ?? [];
  let at = "";
  let root: string | undefined;
  let of = schema;
  for (let i = 0; i < tokens.length; ) {
    let step: string;
    if (tokens[i] === "[") {
      if (!allowsBrackets) return { error: "array notation is not allowed" };
      const quoted = tokens[i + 1];
      if (quoted === undefined) return END;
      if (!/^'.*'$/s.test(quoted)) return { error: `expected single quoted string but got ${quoted}` };
      step = quoted.slice(1, -1).replace(/\\(.)/g, "$1");
      if (tokens[i + 2] === undefined) return END;
      if (tokens[i + 2] !== "]") return { error: `expected ] but got ${tokens[i + 2]}` };
      i += 3;
    } else if (tokens[i] === ".") {
      if (tokens[i + 1] === undefined) return END;
      step = tokens[i + 1]!;
      i += 2;
    } else return { error: `expected [ or . but got: ${tokens[i]}` };
    const named: JSONSchemaProps["properties"] = of.properties;
    const next = named ? (Object.hasOwn(named, step) ? named[step] : undefined) : schemaOf(of.additionalProperties);
    if (!next) return NO_FIELD;
    at = named ? child(at, step) : key(at, step);
    root ??= step;
    of = next;
  }
  return { field: at, root: root ?? "", schema: of };
}
