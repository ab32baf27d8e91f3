/** Equality as CEL has it: numbers of any type by their value, lists and maps by what they hold. */
import { Duration } from "./duration.ts";

export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  // A bigint and a number of the same value are equal.
  if (typeof a !== typeof b)
    return typeof a === "bigint"
      ? typeof b === "number" && !(a < b || a > b)
      : typeof a === "number" && typeof b === "bigint" && equal(b, a);
  if (typeof a !== "object" || a === null || b === null) return false;
  if (a instanceof Map) return equal(Object.fromEntries(a), b);
  if (b instanceof Map) return equal(a, Object.fromEntries(b));
  if (a instanceof Date) return b instanceof Date && a.getTime() === b.getTime();
  if (a instanceof Duration) return b instanceof Duration && a.seconds === b.seconds && a.nanos === b.nanos;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  if (Array.isArray(b)) return false;
  const [x, y] = [a, b] as [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>];
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((k) => Object.hasOwn(y, k) && equal(x[k], y[k]));
}
