/**
 * What is wrong with a field, and the words the API server has for it.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go (NewInvalid)
 */
import type { ResourceInfo } from "../../api/schema.ts";
import { goQuote } from "../../lib/go-text.ts";
import type { Refused } from "../../sim/answer.ts";
import type { Path } from "./validation/path.ts";

export type FieldErrorType = keyof typeof TITLE;

export interface FieldError {
  readonly type: FieldErrorType;
  readonly field: string;
  /** As it is shown: a string is quoted, anything else is written as Go's encoding/json would. */
  readonly badValue: unknown;
  readonly detail: string;
}

const TITLE = {
  FieldValueNotFound: "Not found",
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
  FieldValueTypeInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  InternalError: "Internal error",
} as const;

/** The types whose text never shows the value. */
const VALUE_NOT_SHOWN: ReadonlySet<string> = new Set(["FieldValueRequired", "FieldValueForbidden", "FieldValueTooLong", "InternalError"]);

/** A value that is not shown although its type would show one. */
export const OMITTED: unique symbol = Symbol("omitted");

export function notFound(field: Path, badValue: unknown): FieldError {
  return { type: "FieldValueNotFound", field: `${field}`, badValue, detail: "" };
}
export function required(field: Path, detail = ""): FieldError {
  return { type: "FieldValueRequired", field: `${field}`, badValue: "", detail };
}
export function duplicate(field: Path, badValue: unknown): FieldError {
  return { type: "FieldValueDuplicate", field: `${field}`, badValue, detail: "" };
}
export function invalidValue(field: Path, badValue: unknown, detail: string): FieldError {
  return { type: "FieldValueInvalid", field: `${field}`, badValue, detail };
}
export function typeInvalid(field: Path, badValue: unknown, detail: string): FieldError {
  return { type: "FieldValueTypeInvalid", field: `${field}`, badValue, detail };
}
/** `supported` in the order the rule lists them: the text keeps it. */
export function notSupported(field: Path, badValue: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length > 0 ? `supported values: ${supported.map(goQuote).join(", ")}` : "";
  return { type: "FieldValueNotSupported", field: `${field}`, badValue, detail };
}
export function forbidden(field: Path, detail: string): FieldError {
  return { type: "FieldValueForbidden", field: `${field}`, badValue: "", detail };
}
export function tooLong(field: Path, maxLength: number): FieldError {
  return { type: "FieldValueTooLong", field: `${field}`, badValue: "", detail: `may not be more than ${maxLength} bytes` };
}
export function tooMany(field: Path, actual: number, max: number): FieldError {
  return {
    type: "FieldValueTooMany",
    field: `${field}`,
    badValue: actual >= 0 ? actual : OMITTED,
    detail: `must have at most ${max} ${max === 1 ? "item" : "items"}`,
  };
}

/** `Invalid value: "x": must be …`. */
export function errorBody(e: FieldError): string {
  const title = TITLE[e.type];
  const shown = VALUE_NOT_SHOWN.has(e.type) || e.badValue === OMITTED ? title : `${title}: ${showValue(e.badValue)}`;
  return e.detail === "" ? shown : `${shown}: ${e.detail}`;
}

function showValue(value: unknown): string {
  if (typeof value === "string") return goQuote(value);
  return goJson(value);
}

/** As Go's encoding/json writes it: no blanks, `<`, `>` and `&` escaped. */
export function goJson(value: unknown): string {
  return (JSON.stringify(value) ?? "null").replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}

/** 422: `Deployment.apps "web" is invalid: [a, b]`. One text is said once; every error is a cause. */
export function invalid(resource: Pick<ResourceInfo, "group" | "kind">, name: string, errors: readonly FieldError[]): Refused {
  const texts = [...new Set(errors.map((e) => `${e.field}: ${errorBody(e)}`))];
  const kind = resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`;
  return {
    code: 422,
    reason: "Invalid",
    message: `${kind} ${goQuote(name)} is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`}`,
    causes: errors.map((e) => ({ reason: e.type, field: e.field, message: errorBody(e) })),
    details: { name, group: resource.group, kind: resource.kind },
  };
}
