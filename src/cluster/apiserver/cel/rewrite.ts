/**
 * What Kubernetes' dialect has over that of the library, said in the library's: every step of a macro counts, macros of two variables, messages
 * (`Object.spec{…}`), optional entries, functions of namespaces, and functions of the library's that differ.
 */
import { invariant } from "../../../lib/invariant.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** Methods that are ours although the library has some of the same name. */
const OURS: ReadonlySet<string> = new Set([
  "getDayOfYear",
  "indexOf",
  "lastIndexOf",
  "lowerAscii",
  "matches",
  "split",
  "string",
  "substring",
  "trim",
  "upperAscii",
]);

/** Namespaces of functions. */
const NAMESPACES: ReadonlySet<string> = new Set(["format", "ip", "jsonpatch", "math", "sets", "strings", "lists"]);
const KEYWORDS: ReadonlySet<string> = new Set(["in", "true", "false", "null"]);
/** Deeper than the library reads anyway. */
const DEPTH_MAX = 250;

/** The expression in the library's words; `undefined` when its brackets do not match or its characters are none of the language's. */
export function rewrite(source: string): string | undefined {
  const read = tokensOf(source);
  if (read.unknown.length > 0 || read.tokens.length === 0) return undefined;
  const { tokens } = read;
  const closing = matchBrackets(tokens);
  return closing && rewriteRange({ tokens, closing }, 0, tokens.length);
}

interface Text {
  readonly tokens: readonly Token[];
  /** By the place of an opening bracket, that of its closing one. */
  readonly closing: ReadonlyMap<number, number>;
}

const CLOSES: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

export function matchBrackets(tokens: readonly Token[]): ReadonlyMap<number, number> | undefined {
  const out = new Map<number, number>();
  const open: number[] = [];
  for (const [i, { kind, text }] of tokens.entries()) {
    if (kind !== "sign") continue;
    if (text in CLOSES) open.push(i);
    else if (text === ")" || text === "]" || text === "}") {
      const start = open.pop();
      if (start === undefined || CLOSES[tokens[start]?.text ?? ""] !== text) return undefined;
      out.set(start, i);
    }
    if (open.length > DEPTH_MAX) return undefined;
  }
  return open.length === 0 ? out : undefined;
}

const textAt = ({ tokens }: Text, i: number): string => tokens[i]?.text ?? "";
const isName = (text: Text, i: number): boolean => text.tokens[i]?.kind === "name" && !KEYWORDS.has(textAt(text, i));

function rewriteRange(text: Text, from: number, to: number): string {
  const out: string[] = [];
  let i = from;
  while (i < to) {
    const [written, next] = rewriteAt(text, i);
    out.push(written);
    i = next;
  }
  return join(out);
}

/** Blanks only where two names or numbers would run together. */
function join(parts: readonly string[]): string {
  let out = "";
  for (const part of parts) out += /[\w"']$/.test(out) && /^[\w"']/.test(part) ? ` ${part}` : part;
  return out;
}

/** What stands at `i`, and where to go on. */
function rewriteAt(text: Text, i: number): readonly [string, number] {
  const { closing } = text;
  const here = textAt(text, i);
  const afterDot = textAt(text, i - 1) === "." || (textAt(text, i - 1) === "?" && textAt(text, i - 2) === ".");
  if (isName(text, i)) {
    if (afterDot && textAt(text, i + 1) === "(") return rewriteMethod(text, i);
    if (!afterDot) {
      const message = rewriteMessage(text, i) ?? rewriteNamespace(text, i);
      if (message) return message;
    }
    if (!afterDot && textAt(text, i + 1) === "(") return rewriteFunction(text, i);
    return [here, i + 1];
  }
  const end = closing.get(i);
  if (end === undefined) return [here, i + 1];
  if (here === "{") return [rewriteEntries(text, i, end), end + 1];
  if (here === "[" && !isIndex(text, i)) return [rewriteItems(text, i, end), end + 1];
  return [`${here}${rewriteRange(text, i + 1, end)}${textAt(text, end)}`, end + 1];
}

/** `a[`, `f()[`, `a[0][`, `"abc"[`. */
function isIndex(text: Text, i: number): boolean {
  const before = text.tokens[i - 1];
  if (!before) return false;
  return isName(text, i - 1) || before.kind === "string" || before.text === ")" || before.text === "]" || before.text === "}";
}

/** Where the arguments between two brackets begin and end. */
function partsOf(text: Text, open: number, end: number): readonly (readonly [from: number, to: number])[] {
  const out: (readonly [number, number])[] = [];
  let from = open + 1;
  for (let i = open + 1; i <= end; i++) {
    const close = text.closing.get(i);
    if (close !== undefined && i !== end) i = close;
    else if (i === end || textAt(text, i) === ",") {
      if (i > from) out.push([from, i]);
      from = i + 1;
    }
  }
  return out;
}

function argumentsOf(text: Text, open: number): { readonly parts: readonly (readonly [number, number])[]; readonly end: number } {
  const end = text.closing.get(open);
  invariant(end !== undefined, "brackets match");
  return { parts: partsOf(text, open, end), end };
}

function rewriteMethod(text: Text, i: number): readonly [string, number] {
  const { parts, end } = argumentsOf(text, i + 1);
  const name = textAt(text, i);
  const args = parts.map(([from, to]) => rewriteRange(text, from, to));
  const variables = parts.filter(([from, to]) => to - from === 1 && isName(text, from)).length;
  const [first] = parts;
  const firstIsVariable = first !== undefined && first[1] - first[0] === 1 && isName(text, first[0]);
  const macro = firstIsVariable ? (oneVariable(name, args) ?? (variables >= 2 ? twoVariables(name, args) : undefined)) : undefined;
  return [macro ?? `${OURS.has(name) ? "__" : ""}${name}(${args.join(",")})`, end + 1];
}

/** Macros of one variable; each step counts. */
function oneVariable(name: string, args: readonly string[]): string | undefined {
  const [variable = "", first = "", second = ""] = args;
  if (args.length === 2) {
    if (name === "all" || name === "filter") return `${name}(${variable},__more()&&(${first}))`;
    if (name === "exists") return `exists(${variable},__done()||(${first}))`;
    if (name === "exists_one" || name === "existsOne") return `exists_one(${variable},__more()&&(${first}))`;
    if (name === "map") return `map(${variable},__more(),${first})`;
    if (name === "optMap") return `__optional().map(${variable},${first}).__toOptional()`;
    if (name === "sortBy") return `map(${variable},__more(),[${first},${variable}]).__sorted()`;
    if (name === "optFlatMap") return `__optional().map(${variable},${first}).__toFlatOptional()`;
  }
  return args.length === 3 && name === "map" ? `map(${variable},__more()&&(${first}),${second})` : undefined;
}

/** Macros of a key (or index) and a value, over the pairs of both. @see cel-go ext/comprehensions.go */
function twoVariables(name: string, args: readonly string[]): string | undefined {
  const [key = "", value = "", first = "", second = ""] = args;
  const bound = (expression: string): string => `cel.bind(${key},__e[0],cel.bind(${value},__e[1],${expression}))`;
  const filtered = args.length === 4 ? `__entries().filter(__e,__more()&&${bound(first)})` : "__entries()";
  const result = args.length === 4 ? second : first;
  if (args.length === 3) {
    if (name === "all") return `__entries().all(__e,__more()&&${bound(first)})`;
    if (name === "exists") return `__entries().exists(__e,__done()||${bound(first)})`;
    if (name === "exists_one" || name === "existsOne") return `__entries().exists_one(__e,__more()&&${bound(first)})`;
  }
  if (args.length !== 3 && args.length !== 4) return undefined;
  if (name === "transformList") return `${filtered}.map(__e,__more(),${bound(result)})`;
  if (name === "transformMap") return `${filtered}.map(__e,__more(),[__e[0],${bound(result)}]).__toMap()`;
  return name === "transformMapEntry" ? `${filtered}.map(__e,__more(),${bound(result)}).__merged()` : undefined;
}

function rewriteFunction(text: Text, i: number): readonly [string, number] {
  const { parts, end } = argumentsOf(text, i + 1);
  const name = textAt(text, i);
  const args = parts.map(([from, to]) => rewriteRange(text, from, to)).join(",");
  return [`${name === "matches" || name === "string" ? "__" : ""}${name}(${args})`, end + 1];
}

/** `sets.contains(…)`: the library's functions have no dots. */
function rewriteNamespace(text: Text, i: number): readonly [string, number] | undefined {
  if (!NAMESPACES.has(textAt(text, i)) || textAt(text, i + 1) !== "." || textAt(text, i + 3) !== "(") return undefined;
  const { parts, end } = argumentsOf(text, i + 3);
  const args = parts.map(([from, to]) => rewriteRange(text, from, to)).join(",");
  return [`__${textAt(text, i)}_${textAt(text, i + 2)}(${args})`, end + 1];
}

/** `Object.spec{replicas: 3, ?paused: x}`. */
function rewriteMessage(text: Text, i: number): readonly [string, number] | undefined {
  let at = i;
  while (textAt(text, at + 1) === "." && isName(text, at + 2)) at += 2;
  const end = textAt(text, at + 1) === "{" ? text.closing.get(at + 1) : undefined;
  if (end === undefined) return undefined;
  const type = text.tokens.slice(i, at + 1).map((t) => t.text);
  const fields = partsOf(text, at + 1, end).map(([from, to]) => {
    const optional = textAt(text, from) === "?";
    const name = optional ? from + 1 : from;
    const value = rewriteRange(text, name + 2, to);
    return `${JSON.stringify(textAt(text, name))}:${optional ? `__may(${value})` : value}`;
  });
  return [`__message(${JSON.stringify(type.join(""))},{${fields.join(",")}})`, end + 1];
}

/** A map; entries whose key has a question mark are there only if their value is. */
function rewriteEntries(text: Text, open: number, end: number): string {
  let optional = false;
  const entries = partsOf(text, open, end).map(([from, to]) => {
    if (textAt(text, from) !== "?") return rewriteRange(text, from, to);
    optional = true;
    const colon = colonIn(text, from + 1, to);
    return `${rewriteRange(text, from + 1, colon)}:__may(${rewriteRange(text, colon + 1, to)})`;
  });
  const map = `{${entries.join(",")}}`;
  return optional ? `__present(${map})` : map;
}

/** The colon between key and value: not one of a condition. */
function colonIn(text: Text, from: number, to: number): number {
  let conditions = 0;
  for (let i = from; i < to; i++) {
    const close = text.closing.get(i);
    if (close !== undefined) i = close;
    else if (textAt(text, i) === "?") conditions++;
    else if (textAt(text, i) === ":" && conditions-- === 0) return i;
  }
  return to;
}

function rewriteItems(text: Text, open: number, end: number): string {
  let optional = false;
  const items = partsOf(text, open, end).map(([from, to]) => {
    if (textAt(text, from) !== "?") return rewriteRange(text, from, to);
    optional = true;
    return `__may(${rewriteRange(text, from + 1, to)})`;
  });
  const list = `[${items.join(",")}]`;
  return optional ? `__present(${list})` : list;
}
