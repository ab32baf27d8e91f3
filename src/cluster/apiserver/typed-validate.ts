/**
 * Whether a value fits its schema, as server-side apply asks before it merges: unknown fields, kinds of value, list items that cannot be
 * told apart. What a field may hold is not looked at here.
 * @see structured-merge-diff typed/validate.go
 */
import type { FieldSchema, SchemaTable } from "../../api/schema.ts";
import { goSyntax, goTypeOf } from "../../lib/go-value.ts";
import { showElement } from "./field-set.ts";
import { isMap, itemElement, memberSchema, type Shape, shapeOf, showValue } from "./typed.ts";

/** What all fields are looked at with: the schemas, and whether values may be shown. */
interface Look {
  readonly schemas: SchemaTable;
  readonly hidden: boolean;
}

/** In the place of a value that is nobody's business. */
const HIDDEN = "(not shown)";

/** The text of all that is wrong, or undefined. With `hidden` no value is part of it (the real server shows those of Secrets, too). */
export function typedErrors(value: unknown, field: FieldSchema, schemas: SchemaTable, hidden = false): string | undefined {
  const errors = validate(value, field, { schemas, hidden }, "");
  if (errors.length === 0) return undefined;
  return errors.length === 1 ? errors[0] : ["errors:", ...errors.map((e) => `  ${e}`)].join("\n");
}

function validate(value: unknown, field: FieldSchema, look: Look, path: string): readonly string[] {
  const error = (text: string): readonly string[] => [path === "" ? text : `${path}: ${text}`];
  if (value === null || value === undefined) return [];
  const shape = shapeOf(field, look.schemas, value);
  switch (shape.kind) {
    case "scalar": {
      const wrong = scalarError(shape.type, value, look);
      return wrong === undefined ? [] : error(wrong);
    }
    case "list":
      if (!Array.isArray(value)) return error(`expected list, got ${shown(value, look)}`);
      return validateItems(value, shape, look, path);
    case "map": {
      if (!isMap(value)) return error(`expected map, got ${shown(value, look)}`);
      const errors: string[] = [];
      for (const [name, member] of Object.entries(value)) {
        const schema = memberSchema(shape, name);
        const at = `${path}.${name}`;
        if (!schema) {
          errors.push(`${at}: field not declared in schema`);
          break; // the first undeclared field of a map ends the look at it
        }
        errors.push(...validate(member, schema, look, at));
      }
      return errors;
    }
  }
}

function validateItems(list: readonly unknown[], shape: Extract<Shape, { kind: "list" }>, look: Look, path: string): readonly string[] {
  const at = (text: string): string => (path === "" ? text : `${path}: ${text}`);
  const errors: string[] = [];
  const seen = new Set<string>();
  list.forEach((item, i) => {
    if (shape.atomic) {
      errors.push(...validate(item, shape.items, look, `${path}[${i}]`));
      return;
    }
    const known = itemElement(shape, item, look.schemas);
    if ("error" in known) {
      errors.push(at(`element ${i}: ${known.error}`));
      return;
    }
    if (seen.has(known.element)) errors.push(at(`duplicate entries for key ${showElement(known.element)}`));
    seen.add(known.element);
    errors.push(...validate(item, shape.items, look, `${path}${showElement(known.element)}`));
  });
  return errors;
}

function shown(value: unknown, { hidden }: Look): string {
  return hidden ? HIDDEN : showValue(value);
}

function scalarError(type: FieldSchema["type"], value: unknown, look: Look): string | undefined {
  switch (type) {
    case "int32":
    case "int64":
    case "double":
      return typeof value === "number" ? undefined : `expected numeric (int or float), got ${goTypeOf(value)}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected boolean, got ${shown(value, look)}`;
    case "int-or-string":
    case "quantity":
    case "any":
      return typeof value === "object" ? `expected any scalar, got ${shown(value, look)}` : undefined;
    default:
      if (typeof value === "string") return undefined;
      return `expected string, got ${look.hidden ? HIDDEN : `&value.valueUnstructured{Value:${goSyntax(value)}}`}`;
  }
}
