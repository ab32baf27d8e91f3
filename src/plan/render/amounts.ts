/** Quantities as people compare them: whole and tenths of one unit, in place of the canonical `6700m` beside `7`. */
import { parseQuantity } from "../../lib/quantity.ts";

const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
const MILLI = 1_000_000n;

/** `6700m` → `6.7`, exactly; what has a unit already (`3Gi`) or is finer than a thousandth stays as it is. */
export function exactAmount(text: string): string {
  const q = parseQuantity(text);
  if (!q || !text.endsWith("m") || q.nano % MILLI !== 0n) return text;
  return String(Number(q.nano / MILLI) / 1000);
}

/** Shorter, rounded: `3680m` → `3.68`, `4608Mi` → `4.5Gi`. */
export function shortAmount(text: string): string {
  const q = parseQuantity(text);
  if (!q) return text;
  const units = Number(q.nano) / 1e9;
  if (q.format !== "BinarySI" || Math.abs(units) < 1024) {
    if (Math.abs(units) < 10_000) return String(Number(units.toFixed(2)));
    return text.endsWith("m") ? String(Math.round(units)) : text;
  }
  let value = units;
  let i = 0;
  while (Math.abs(value) >= 1024 && i < BINARY.length - 1) {
    value /= 1024;
    i++;
  }
  return `${Number(value.toFixed(1))}${BINARY[i]}`;
}

/** Amounts that are compared, in one unit: `1` beside `500m` is `1000m`. */
export function inOneUnit(texts: readonly string[]): readonly string[] {
  if (!texts.some((t) => t.endsWith("m"))) return texts;
  return texts.map((text) => {
    const q = parseQuantity(text);
    return q && q.nano % MILLI === 0n && /^\d+$/.test(text) ? `${q.nano / MILLI}m` : text;
  });
}
