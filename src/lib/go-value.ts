/** JSON values as Go's fmt prints them, where the API server's messages do. */
import { goQuote } from "./go-text.ts";

/** `%v`: `map[a:1 b:[x y]]`, keys in order. */
export function goPlain(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(goPlain).join(" ")}]`;
  if (typeof value === "object") {
    const entries = Object.keys(value).sort();
    return `map[${entries.map((k) => `${k}:${goPlain((value as Record<string, unknown>)[k])}`).join(" ")}]`;
  }
  return String(value);
}

/** `%#v`: `map[string]interface {}{"a":1}`. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return "interface {}(nil)";
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (typeof value === "object") {
    const entries = Object.keys(value).sort();
    return `map[string]interface {}{${entries.map((k) => `${goQuote(k)}:${goSyntax((value as Record<string, unknown>)[k])}`).join(", ")}}`;
  }
  return typeof value === "string" ? goQuote(value) : String(value);
}

/** `%T` of a decoded JSON value. */
export function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "object") return "map[string]interface {}";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return "string";
}
