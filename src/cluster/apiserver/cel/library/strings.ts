/** Strings, by code points, and patterns as in RE2. @see cel-go ext/strings.go; kubernetes …/apiserver/pkg/cel/library/regex.go */
import { findAll, goRegExp } from "../../../../lib/go-regexp.ts";
import { goQuote } from "../../../../lib/go-text.ts";
import { formatText } from "./format-text.ts";
import { CelError, type Library } from "./registrar.ts";

const lower = (text: string): string => text.replace(/[A-Z]/g, (c) => c.toLowerCase());
const upper = (text: string): string => text.replace(/[a-z]/g, (c) => c.toUpperCase());

function matches(text: string, source: string): boolean {
  const compiled = goRegExp(source);
  if ("error" in compiled) throw new CelError(compiled.error);
  return compiled.pattern.test(text);
}

function find(text: string, source: string, limit: number): readonly string[] {
  const compiled = goRegExp(source);
  if ("error" in compiled) throw new CelError(`Illegal regex: ${compiled.error}`);
  return findAll(compiled.pattern, text, limit);
}

function substring(text: string, start: bigint, end?: bigint): string {
  const letters = [...text];
  const to = end ?? BigInt(letters.length);
  if (start < 0n || start > BigInt(letters.length)) throw new CelError(`index out of range: ${start}`);
  if (to < 0n || to > BigInt(letters.length)) throw new CelError(`index out of range: ${to}`);
  if (start > to) throw new CelError(`invalid substring range. start: ${start}, end: ${to}`);
  return letters.slice(Number(start), Number(to)).join("");
}

/** In code points. */
function indexOf(text: string, wanted: string, from = 0n): bigint {
  const letters = [...text];
  const of = [...wanted];
  if (from < 0n || from > BigInt(letters.length)) throw new CelError(`index out of range: ${from}`);
  for (let i = Number(from); i + of.length <= letters.length; i++) if (of.every((c, k) => letters[i + k] === c)) return BigInt(i);
  return -1n;
}

function lastIndexOf(text: string, wanted: string, from?: bigint): bigint {
  const letters = [...text];
  const of = [...wanted];
  if (from !== undefined && (from < 0n || from > BigInt(letters.length))) throw new CelError(`index out of range: ${from}`);
  for (let i = Math.min(Number(from ?? letters.length), letters.length - of.length); i >= 0; i--)
    if (of.every((c, k) => letters[i + k] === c)) return BigInt(i);
  return -1n;
}

function split(text: string, separator: string, limit = -1n): string[] {
  if (limit === 0n) return [];
  const parts = separator === "" ? [...text] : text.split(separator);
  if (limit < 0n || BigInt(parts.length) <= limit) return parts;
  const head = parts.slice(0, Number(limit) - 1);
  return [...head, parts.slice(head.length).join(separator)];
}

function replace(text: string, from: string, to: string, limit = -1n): string {
  if (limit < 0n) return text.replaceAll(from, () => to);
  let left = limit;
  return text.replaceAll(from, (found) => (left-- > 0n ? to : found));
}

export const strings: Library = ({ add }) => {
  add("string.__matches(string): bool", matches);
  add("__matches(string, string): bool", matches);
  add("string.find(string): string", (text: string, pattern: string) => find(text, pattern, 1)[0] ?? "");
  add("string.findAll(string): list<string>", (text: string, pattern: string) => find(text, pattern, -1));
  add("string.findAll(string, int): list<string>", (text: string, pattern: string, limit: bigint) => find(text, pattern, Number(limit)));
  add("string.charAt(int): string", (text: string, at: bigint) => {
    const letters = [...text];
    if (at < 0n || at > BigInt(letters.length)) throw new CelError(`index out of range: ${at}`);
    return letters[Number(at)] ?? "";
  });
  add("string.__substring(int): string", substring);
  add("string.__substring(int, int): string", substring);
  add("string.__indexOf(string): int", indexOf);
  add("string.__indexOf(string, int): int", indexOf);
  add("string.__lastIndexOf(string): int", lastIndexOf);
  add("string.__lastIndexOf(string, int): int", lastIndexOf);
  add("string.__split(string): list<string>", split);
  add("string.__split(string, int): list<string>", split);
  add("string.replace(string, string): string", replace);
  add("string.replace(string, string, int): string", replace);
  add("string.__lowerAscii(): string", lower);
  add("string.__upperAscii(): string", upper);
  add("string.__trim(): string", (text: string) => text.trim());
  add("string.reverse(): string", (text: string) => [...text].reverse().join(""));
  add("string.format(list): string", formatText);
  add("__strings_quote(string): string", goQuote);
};
