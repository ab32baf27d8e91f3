/**
 * Whether tokens make an expression, and if not, where and why, in the words of the real parser. It goes on after an error as that does: what
 * is too much is left out, what is missing is added, and else tokens are skipped until one fits around the place.
 * @see https://github.com/google/cel-go/blob/master/parser/gen/CEL.g4; ANTLR's DefaultErrorStrategy
 */
import type { Token } from "./tokens.ts";

/** Tokens in the order in which the parser lists what it expected. */
const ORDER = "[ ] { } ( ) . , - ! ? : true false null NUM_FLOAT NUM_INT NUM_UINT STRING BYTES IDENTIFIER ESC_IDENTIFIER <EOF>".split(" ");
/** What may begin an operand. */
const OPERAND = "[ { ( . - ! true false null NUM_FLOAT NUM_INT NUM_UINT STRING BYTES IDENTIFIER".split(" ");
const BINARY: ReadonlySet<string> = new Set(["&&", "||", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"]);
/** What may follow an operand, besides what may follow the expression around it. */
const AFTER_OPERAND: readonly string[] = [...BINARY, ".", "[", "?"];
const RESERVED: ReadonlySet<string> = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(" "),
);
const DEPTH_MAX = 250;
const ERRORS_MAX = 100;

export interface SyntaxError {
  /** Where in the source; its length at the end. */
  readonly at: number;
  readonly text: string;
}

interface Reader {
  readonly tokens: readonly Token[];
  readonly end: number;
  i: number;
  readonly errors: SyntaxError[];
  /** After an error nothing is told until a token fits. */
  recovering: boolean;
  /** What may come after each of the expressions around the place. */
  readonly around: (readonly string[])[];
}

export function syntaxErrors(tokens: readonly Token[], sourceLength: number): readonly SyntaxError[] {
  const reader: Reader = { tokens, end: sourceLength, i: 0, errors: [], recovering: false, around: [["<EOF>"]] };
  expression(reader, 0);
  if (reader.i < tokens.length && reader.errors.length < ERRORS_MAX) {
    tell(reader, `${reader.i + 1 === tokens.length ? "extraneous" : "mismatched"} input '${text(reader)}' expecting <EOF>`);
  }
  return reader.errors;
}

const token = (r: Reader, ahead = 0): Token | undefined => r.tokens[r.i + ahead];
const text = (r: Reader, ahead = 0): string => token(r, ahead)?.text ?? "<EOF>";

/** The kind of a token, as the parser names it. */
function kind(r: Reader, ahead = 0): string {
  const of = token(r, ahead);
  if (!of) return "<EOF>";
  if (of.kind === "name") return ["true", "false", "null", "in"].includes(of.text) ? of.text : "IDENTIFIER";
  if (of.kind === "string") return /^[rR]?[bB]/.test(of.text) ? "BYTES" : "STRING";
  if (of.kind !== "number") return of.text;
  if (/[uU]$/.test(of.text)) return "NUM_UINT";
  return /^0[xX]/.test(of.text) || !/[.eE]/.test(of.text) ? "NUM_INT" : "NUM_FLOAT";
}

function tell(r: Reader, why: string): void {
  if (!r.recovering) r.errors.push({ at: token(r)?.at ?? r.end, text: `Syntax error: ${why}` });
  r.recovering = true;
}

function listed(kinds: readonly string[]): string {
  const quoted = [...new Set(kinds)].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)).map((k) => (/^[A-Z<]/.test(k) ? k : `'${k}'`));
  return quoted.length === 1 ? quoted[0]! : `{${quoted.join(", ")}}`;
}

function next(r: Reader): void {
  r.i++;
  r.recovering = false;
}

/** Whether one of `kinds` is next, perhaps after a token too many; if not, tokens are skipped until one fits around here. */
function sync(r: Reader, kinds: readonly string[]): boolean {
  if (kinds.includes(kind(r))) return true;
  if (kinds.includes(kind(r, 1)) && token(r)) {
    tell(r, `extraneous input '${text(r)}' expecting ${listed(kinds)}`);
    r.i++;
    return true;
  }
  tell(r, `mismatched input '${text(r)}' expecting ${listed(kinds)}`);
  skip(r);
  return false;
}

function skip(r: Reader): void {
  const fits = new Set([...BINARY, "?", ...r.around.flat()]);
  while (token(r) && !fits.has(kind(r))) r.i++;
}

/** Takes a sign that must be there; `then`: what may come after it. */
function take(r: Reader, sign: string, then: readonly string[]): void {
  if (kind(r) === sign) next(r);
  else if (token(r) && kind(r, 1) === sign) {
    tell(r, `extraneous input '${text(r)}' expecting '${sign}'`);
    r.i++;
    next(r);
  } else if (then.includes(kind(r))) tell(r, `missing '${sign}' at '${text(r)}'`);
  else {
    tell(r, `mismatched input '${text(r)}' expecting '${sign}'`);
    skip(r);
  }
}

/** What may come after an operand here. */
const afterOperand = (r: Reader): readonly string[] => [...AFTER_OPERAND, ...(r.around.at(-1) ?? [])];

/** An expression after which one of `then` comes. */
function inner(r: Reader, depth: number, then: readonly string[]): void {
  r.around.push(then);
  expression(r, depth + 1);
  r.around.pop();
}

function expression(r: Reader, depth: number): void {
  if (r.errors.length >= ERRORS_MAX) return;
  if (depth > DEPTH_MAX) {
    r.errors.push({ at: token(r)?.at ?? r.end, text: "expression recursion limit exceeded: 250" });
    r.i = r.tokens.length;
    return;
  }
  operand(r, depth);
  while (BINARY.has(kind(r))) {
    next(r);
    operand(r, depth);
  }
  if (kind(r) !== "?") return;
  next(r);
  r.around.push([":"]);
  operands(r, depth);
  r.around.pop();
  take(r, ":", OPERAND);
  expression(r, depth + 1);
}

/** Operands between signs, without a choice. */
function operands(r: Reader, depth: number): void {
  operand(r, depth);
  while (BINARY.has(kind(r))) {
    next(r);
    operand(r, depth);
  }
}

function operand(r: Reader, depth: number): void {
  if (!sync(r, OPERAND)) return;
  while (kind(r) === "-" || kind(r) === "!") next(r);
  const isName = kind(r) === "IDENTIFIER" || kind(r) === ".";
  if (!primary(r, depth)) return;
  for (;;) {
    if (kind(r) === ".") {
      const optional = kind(r, 1) === "?" ? 1 : 0;
      if (kind(r, 1 + optional) !== "IDENTIFIER") {
        noName(r, optional, isName);
        return;
      }
      r.i += 1 + optional;
      next(r);
      if (kind(r) === "(") list(r, ")", depth);
    } else if (kind(r) === "[") {
      next(r);
      if (kind(r) === "?") next(r);
      inner(r, depth, ["]"]);
      take(r, "]", afterOperand(r));
    } else return;
  }
}

/** Behind a name, the parser thinks of a message's type; else it knows no way on. */
function noName(r: Reader, optional: number, isName: boolean): void {
  const dot = `.${optional ? "?" : ""}`;
  r.i += 1 + optional;
  const found = token(r)?.text ?? "";
  tell(r, isName ? `mismatched input '${text(r)}' expecting IDENTIFIER` : `no viable alternative at input '${dot}${found}'`);
  if (token(r)) r.i++;
  skip(r);
}

/** Whether there is one. */
function primary(r: Reader, depth: number): boolean {
  switch (kind(r)) {
    case "(":
      next(r);
      inner(r, depth, [")"]);
      take(r, ")", afterOperand(r));
      return true;
    case "[":
      list(r, "]", depth);
      return true;
    case "{":
      entries(r, depth, [...OPERAND, "?"]);
      return true;
    case ".":
    case "IDENTIFIER":
      named(r, depth);
      return true;
    default:
      if (!sync(r, OPERAND)) return false;
      next(r);
      return true;
  }
}

/** A name, a call, or a message: `a.B{…}`. */
function named(r: Reader, depth: number): void {
  if (kind(r) === ".") {
    if (kind(r, 1) !== "IDENTIFIER") {
      noName(r, 0, false);
      return;
    }
    next(r);
  }
  const name = token(r)!;
  let ahead = 1;
  while (kind(r, ahead) === "." && kind(r, ahead + 1) === "IDENTIFIER") ahead += 2;
  const isMessage = kind(r, ahead) === "{";
  if (RESERVED.has(name.text) && !isMessage) r.errors.push({ at: name.at, text: `reserved identifier: ${name.text}` });
  next(r);
  if (kind(r) === "(") list(r, ")", depth);
  else if (isMessage) {
    r.i += ahead - 1;
    entries(r, depth, ["?", "IDENTIFIER", "ESC_IDENTIFIER"]);
  }
}

/** Expressions apart by commas; after those of a list there may be one more comma. */
function list(r: Reader, close: ")" | "]", depth: number): void {
  next(r);
  const mayTrail = close === "]";
  if (kind(r) !== close && sync(r, [...OPERAND, close, ...(mayTrail ? [",", "?"] : [])])) {
    while (kind(r) !== close && r.errors.length < ERRORS_MAX) {
      if (mayTrail && kind(r) === "?") next(r);
      if (kind(r) === ",") break;
      inner(r, depth, [",", close]);
      if (kind(r) !== ",") break;
      if (mayTrail && kind(r, 1) === close) break;
      next(r);
    }
  }
  if (mayTrail && kind(r) === ",") next(r);
  else if (mayTrail && !sync(r, [close, ","])) {
    closeLate(r, close);
    return;
  }
  take(r, close, afterOperand(r));
}

/** The closing sign after what was skipped. */
function closeLate(r: Reader, close: string): void {
  if (kind(r) === close) next(r);
}

function entries(r: Reader, depth: number, keys: readonly string[]): void {
  next(r);
  const fits = sync(r, [...keys, "}", ","]);
  while (fits && kind(r) !== "}" && r.errors.length < ERRORS_MAX) {
    if (kind(r) === "?") next(r);
    if (kind(r) === ",") break;
    inner(r, depth, [":", "}"]);
    if (kind(r) !== ":") {
      take(r, ":", OPERAND);
      if (r.recovering) break;
    } else next(r);
    inner(r, depth, [",", "}"]);
    if (kind(r) !== "," || kind(r, 1) === "}") break;
    next(r);
  }
  if (kind(r) === ",") next(r);
  const isLost = r.recovering || !sync(r, ["}", ","]);
  if (isLost) closeLate(r, "}");
  else take(r, "}", afterOperand(r));
}
