/**
 * What is known to be wrong with an expression before it is evaluated: its syntax, names that nobody declared, fields that a type does not have.
 * Simplified: types are followed along the fields of a variable, not through functions, indexes and macros.
 * @see https://github.com/google/cel-go/blob/master/checker/checker.go
 */
import type { JSONSchemaProps } from "../../../../generated/v1.36/model.ts";
import { isMap } from "../typed.ts";
import { compile } from "./program.ts";
import { matchBrackets } from "./rewrite.ts";
import { syntaxErrors } from "./syntax.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { escapeName } from "./values.ts";

/** The fields of an object; `any`: nothing is known of it; a type's name for what has none. */
export type CelType =
  | "any"
  | { readonly fields: Readonly<Record<string, CelType>> }
  | { readonly values: CelType }
  | { readonly scalar: string };

export type Scope = Readonly<Record<string, CelType>>;

/** Names of types and of namespaces, which are declared everywhere. */
const BUILT_IN: ReadonlySet<string> = new Set(
  "int uint double bool string bytes list map type null_type dyn google optional cel sets math strings lists ip cidr format jsonpatch Object JSONPatch true false null in".split(
    " ",
  ),
);
/** What `compile` gives for a place that it does not know. */
const UNPLACED = /^ERROR: <input>:1:1: /;

/** All that is wrong, in the real compiler's words, and the type of what the expression gives, as far as it is known. */
export function check(source: string, scope: Scope): { readonly errors: readonly string[]; readonly type: string } {
  const read = tokensOf(source);
  const syntax = [
    ...read.unknown.map(({ at, text }) => ({ at, text: `Syntax error: token recognition error at: '${shown(text)}'` })),
    ...syntaxErrors(read.tokens, source.length),
  ];
  if (syntax.length > 0) {
    const errors = syntax.sort((a, b) => a.at - b.at).map(({ at, text }) => located(source, at, text));
    return { errors, type: "dyn" };
  }
  const errors = referenceErrors(source, read.tokens, scope);
  if (errors.length > 0) return { errors, type: "dyn" };
  const compiled = compile(source, Object.keys(scope));
  if ("program" in compiled) return { errors: [], type: compiled.program.type };
  return { errors: [placeCall(source, read.tokens, compiled.error)], type: "dyn" };
}

const shown = (text: string): string => text.replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t");

/** A call that nobody declared is said to be at its bracket. */
function placeCall(source: string, tokens: readonly Token[], error: string): string {
  const called = /undeclared reference to '(\w+)'/.exec(error)?.[1];
  const i = tokens.findIndex((t, k) => t.text === called && tokens[k + 1]?.text === "(");
  const at = tokens[i + 1]?.at;
  const [first = ""] = error.split("\n");
  return i < 0 || at === undefined ? error : located(source, at, first.replace(UNPLACED, ""));
}

/** `ERROR: <input>:2:5: why`, with the line and a mark under the place. */
function located(source: string, at: number, why: string): string {
  if (source === "") return `ERROR: <input>:1:0: ${why}`;
  const before = source.slice(0, at);
  const lineStart = before.lastIndexOf("\n") + 1;
  const line = before.split("\n").length;
  const column = [...source.slice(lineStart, at)].length;
  const text = source.slice(lineStart).split("\n")[0] ?? "";
  return `ERROR: <input>:${line}:${column + 1}: ${why}\n | ${text}\n | ${".".repeat(column)}^`;
}

/** Variables of macros, and where they hold. */
interface Bound {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

function referenceErrors(source: string, tokens: readonly Token[], scope: Scope): string[] {
  const closing = matchBrackets(tokens) ?? new Map<number, number>();
  const bound = boundNames(tokens, closing);
  const errors: string[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== "name" || !isReference(tokens, i) || BUILT_IN.has(token.text)) continue;
    if (bound.some((b) => b.name === token.text && b.from <= i && i < b.to)) continue;
    const type = Object.hasOwn(scope, token.text) ? scope[token.text] : undefined;
    if (type === undefined) errors.push(located(source, token.at, `undeclared reference to '${token.text}' (in container '')`));
    else {
      const wrong = fieldError(tokens, i, type);
      if (wrong) errors.push(located(source, wrong.at, wrong.text));
    }
  }
  return errors;
}

/** Whether a name stands for a value: it is no field, no function, no field of a message. */
function isReference(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1]?.text;
  const after = tokens[i + 1]?.text;
  if (before === "." || (before === "?" && tokens[i - 2]?.text === ".") || after === "(") return false;
  return !(after === ":" && (before === "{" || before === "," || before === "?") && isInMessage(tokens, i)) && !isTypeOfMessage(tokens, i);
}

/** Whether the bracket around `i` is that of a message: a name stands before it. */
function isInMessage(tokens: readonly Token[], i: number): boolean {
  let depth = 0;
  for (let k = i - 1; k >= 0; k--) {
    const { text } = tokens[k]!;
    if (text === ")" || text === "]" || text === "}") depth++;
    else if (text === "(" || text === "[" || text === "{") {
      if (depth === 0) return text === "{" && tokens[k - 1]?.kind === "name" && tokens[k - 1]?.text !== "in";
      depth--;
    }
  }
  return false;
}

function isTypeOfMessage(tokens: readonly Token[], i: number): boolean {
  let k = i + 1;
  while (tokens[k]?.text === "." && tokens[k + 1]?.kind === "name") k += 2;
  return tokens[k]?.text === "{";
}

/** `x` of `.all(x, …)`, `k` and `v` of `.all(k, v, …)`, `x` of `cel.bind(x, …)`. */
function boundNames(tokens: readonly Token[], closing: ReadonlyMap<number, number>): readonly Bound[] {
  const out: Bound[] = [];
  for (const [open, close] of closing) {
    if (tokens[open]?.text !== "(" || tokens[open - 1]?.kind !== "name" || tokens[open - 2]?.text !== ".") continue;
    for (let i = open + 1; tokens[i]?.kind === "name" && tokens[i + 1]?.text === ","; i += 2)
      out.push({ name: tokens[i]!.text, from: open, to: close });
  }
  return out;
}

/** The first field behind a variable that its type does not have. */
function fieldError(tokens: readonly Token[], start: number, root: CelType): { readonly at: number; readonly text: string } | undefined {
  let type = root;
  for (let i = start + 1; tokens[i]?.text === "."; i += 2) {
    const dot = tokens[i]!;
    if (tokens[i + 1]?.text === "?") i++;
    const field = tokens[i + 1];
    if (!field || type === "any" || tokens[i + 2]?.text === "(") return undefined;
    const at = hasBracket(tokens, start, i + 1) ?? dot.at;
    if ("scalar" in type) return { at, text: `type '${type.scalar}' does not support field selection` };
    const next: CelType | undefined =
      "values" in type ? type.values : Object.hasOwn(type.fields, field.text) ? type.fields[field.text] : undefined;
    if (next === undefined) return { at, text: `undefined field '${field.text}'` };
    type = next;
  }
  return undefined;
}

/** Within `has(…)` the last field's place is said to be the bracket. */
function hasBracket(tokens: readonly Token[], start: number, field: number): number | undefined {
  const isHas = tokens[start - 2]?.text === "has" && tokens[start - 1]?.text === "(" && tokens[field + 1]?.text === ")";
  return isHas ? tokens[start - 1]?.at : undefined;
}

const DEPTH_MAX = 64;
const META: CelType = { fields: { name: { scalar: "string" }, generateName: { scalar: "string" } } };
const SCALARS: Readonly<Record<string, string>> = { string: "string", integer: "int", number: "double", boolean: "bool", array: "list" };

/** The type that a schema gives. @see apiserver pkg/cel/common/schemas.go (SchemaDeclType) */
export function typeOfSchema(schema: JSONSchemaProps, isObject: boolean, depth = 0): CelType {
  if (schema["x-kubernetes-int-or-string"] === true || depth > DEPTH_MAX) return "any";
  if (schema.type !== "object") return schema.type && schema.type in SCALARS ? { scalar: SCALARS[schema.type] ?? "dyn" } : "any";
  const { additionalProperties } = schema;
  if (isMap(additionalProperties)) return { values: typeOfSchema(additionalProperties as JSONSchemaProps, false, depth + 1) };
  if (additionalProperties === true) return "any";
  const fields: Record<string, CelType> = isObject ? { apiVersion: { scalar: "string" }, kind: { scalar: "string" }, metadata: META } : {};
  for (const [name, of] of Object.entries(schema.properties ?? {})) {
    const escaped = escapeName(name);
    if (escaped === undefined || (isObject && name === "metadata")) continue;
    fields[escaped] = typeOfSchema(of, of["x-kubernetes-embedded-resource"] === true, depth + 1);
  }
  return { fields };
}
