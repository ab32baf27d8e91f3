/**
 * Whether tokens make an expression, and if not, where and why, in the words of the real parser.
 * @see https://github.com/google/cel-go/blob/master/parser/gen/CEL.g4
 */
import type { Token } from "./tokens.ts";

/** What may begin an operand, as the parser lists it. */
const OPERAND = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const BINARY: ReadonlySet<string> = new Set(["&&", "||", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"]);
const DEPTH_MAX = 250;

export interface SyntaxError {
  /** Where in the source; its length at the end. */
  readonly at: number;
  readonly text: string;
}

interface Reader {
  readonly tokens: readonly Token[];
  readonly end: number;
  i: number;
  error: SyntaxError | undefined;
}

export function syntaxError(tokens: readonly Token[], sourceLength: number): SyntaxError | undefined {
  const reader: Reader = { tokens, end: sourceLength, i: 0, error: undefined };
  expression(reader, 0);
  if (!reader.error && reader.i < tokens.length) expected(reader, "<EOF>", reader.i + 1 === tokens.length);
  return reader.error;
}

const peek = (r: Reader): string => r.tokens[r.i]?.text ?? "";

function expected(r: Reader, what: string, extraneous = false): void {
  const token = r.tokens[r.i];
  const found = token ? token.text : "<EOF>";
  r.error ??= {
    at: token?.at ?? r.end,
    text: `Syntax error: ${extraneous ? "extraneous" : "mismatched"} input '${found}' expecting ${what}`,
  };
}

function take(r: Reader, sign: string): void {
  if (r.error) return;
  if (peek(r) === sign) r.i++;
  else expected(r, `'${sign}'`);
}

function expression(r: Reader, depth: number): void {
  if (depth > DEPTH_MAX) r.error ??= { at: r.tokens[r.i]?.at ?? r.end, text: "expression recursion limit exceeded: 250" };
  if (r.error) return;
  operand(r, depth);
  while (!r.error && BINARY.has(peek(r))) {
    r.i++;
    operand(r, depth);
  }
  if (r.error || peek(r) !== "?") return;
  r.i++;
  expression(r, depth + 1);
  take(r, ":");
  expression(r, depth + 1);
}

function operand(r: Reader, depth: number): void {
  while (peek(r) === "-" || peek(r) === "!") r.i++;
  primary(r, depth);
  for (;;) {
    if (r.error) return;
    if (peek(r) === ".") {
      r.i++;
      if (peek(r) === "?") r.i++;
      name(r);
      if (!r.error && peek(r) === "(") list(r, ")", depth);
    } else if (peek(r) === "[") {
      r.i++;
      if (peek(r) === "?") r.i++;
      expression(r, depth + 1);
      take(r, "]");
    } else return;
  }
}

function name(r: Reader): void {
  if (r.tokens[r.i]?.kind === "name") r.i++;
  else expected(r, "IDENTIFIER");
}

function primary(r: Reader, depth: number): void {
  const token = r.tokens[r.i];
  if (token?.text === "(") {
    r.i++;
    expression(r, depth + 1);
    take(r, ")");
  } else if (token?.text === "[") list(r, "]", depth);
  else if (token?.text === "{") entries(r, depth);
  else if (token?.text === "." || token?.kind === "name") named(r, depth);
  else if (!token || token.kind === "sign") expected(r, OPERAND);
  else r.i++;
}

/** A name, a call, or a message: `a.B{…}`. */
function named(r: Reader, depth: number): void {
  if (peek(r) === ".") r.i++;
  if (peek(r) === "in") expected(r, OPERAND);
  else name(r);
  if (r.error) return;
  if (peek(r) === "(") {
    list(r, ")", depth);
    return;
  }
  let at = r.i;
  while (r.tokens[at]?.text === "." && r.tokens[at + 1]?.kind === "name") at += 2;
  if (r.tokens[at]?.text !== "{") return;
  r.i = at;
  entries(r, depth);
}

function list(r: Reader, close: ")" | "]", depth: number): void {
  r.i++;
  while (!r.error && peek(r) !== close) {
    if (peek(r) === "?") r.i++;
    expression(r, depth + 1);
    if (peek(r) !== ",") break;
    r.i++;
  }
  take(r, close);
}

function entries(r: Reader, depth: number): void {
  r.i++;
  while (!r.error && peek(r) !== "}") {
    if (peek(r) === "?") r.i++;
    expression(r, depth + 1);
    take(r, ":");
    expression(r, depth + 1);
    if (peek(r) !== ",") break;
    r.i++;
  }
  take(r, "}");
}
