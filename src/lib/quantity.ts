/**
 * Resource quantities: `500m`, `1.5Gi`, `1e3`.
 *
 * A value is held exactly, as a count of nano-units (10⁻⁹) in a bigint. Parsing rounds away from zero to whole nano-units, as Kubernetes
 * does ("you want some resources if you asked for some"), and caps at 2⁶³−1 units.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go
 */

export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

export interface Quantity {
  /** The value in 10⁻⁹ units. */
  readonly nano: bigint;
  /** Which family of suffixes the canonical form uses. */
  readonly format: QuantityFormat;
}

const NANO = 1_000_000_000n;
const MAX_NANO = (2n ** 63n - 1n) * NANO;
const DECIMAL_EXPONENT: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY_SHIFT: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const DECIMAL_SUFFIX = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const;
const BINARY_SUFFIX = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
/** sign, whole digits, fraction digits, suffix or exponent. */
const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;
/** Longest text we look at: a longer one is refused unread (Kubernetes has no limit of its own; exponents make big numbers cheap to write). */
const TEXT_LENGTH_MAX = 256;

const cache = new Map<string, Quantity | undefined>();
const CACHE_MAX = 50_000;

/** Reads a quantity; a JSON number is read by its text. `undefined` when the text is no quantity. */
export function parseQuantity(text: string | number): Quantity | undefined {
  const key = typeof text === "number" ? numberText(text) : text;
  const known = cache.get(key);
  if (known !== undefined || cache.has(key)) return known;
  const parsed = parse(key);
  if (cache.size >= CACHE_MAX) cache.clear();
  cache.set(key, parsed);
  return parsed;
}

function numberText(n: number): string {
  return Number.isInteger(n) && Math.abs(n) < 1e21 ? BigInt(n).toString() : String(n);
}

function parse(text: string): Quantity | undefined {
  if (text.length > TEXT_LENGTH_MAX) return undefined;
  const m = SHAPE.exec(text);
  if (!m) return undefined;
  const [, sign, whole = "", fraction = "", suffix = ""] = m;
  if (whole === "" && fraction === "") return undefined;
  const digits = BigInt(whole + fraction || "0");
  const shift = BINARY_SHIFT[suffix];
  let format: QuantityFormat;
  let numerator: bigint;
  let denominatorPower = fraction.length; // value = numerator / 10^denominatorPower, in units
  if (shift !== undefined) {
    format = "BinarySI";
    numerator = digits << BigInt(shift);
  } else {
    const known = DECIMAL_EXPONENT[suffix];
    format = known === undefined ? "DecimalExponent" : "DecimalSI";
    const exponent = known ?? Number(suffix.slice(1));
    if (!Number.isSafeInteger(exponent) || Math.abs(exponent) > 2 ** 31) return undefined;
    numerator = digits;
    // Beyond these bounds the value is at the cap, or a single nano-unit.
    const power = Math.max(-1000, Math.min(1000, exponent));
    if (power >= 0) numerator *= 10n ** BigInt(power);
    else denominatorPower -= power;
  }
  const scaled = numerator * NANO;
  const divisor = 10n ** BigInt(denominatorPower);
  let nano = scaled / divisor;
  if (nano * divisor !== scaled) nano += 1n; // away from zero: the digits carry no sign here
  if (nano > MAX_NANO) nano = MAX_NANO;
  if (format === "BinarySI" && nano > 0n && nano < NANO) format = "DecimalSI";
  return { nano: sign === "-" ? -nano : nano, format };
}

/** The canonical text: no fraction, the largest suffix that divides the value. */
export function formatQuantity(q: Quantity): string {
  const { nano } = q;
  if (nano === 0n) return "0";
  const negative = nano < 0n;
  const magnitude = negative ? -nano : nano;
  const sign = negative ? "-" : "";
  if (q.format === "BinarySI" && magnitude >= 1024n * NANO) {
    let units = magnitude / NANO;
    if (units * NANO !== magnitude) units += 1n;
    let i = 0;
    while (i < BINARY_SUFFIX.length - 1 && units % 1024n === 0n) {
      units /= 1024n;
      i++;
    }
    return `${sign}${units}${BINARY_SUFFIX[i]}`;
  }
  let units = magnitude;
  let i = 0;
  while (i < DECIMAL_SUFFIX.length - 1 && units % 1000n === 0n) {
    units /= 1000n;
    i++;
  }
  if (q.format !== "DecimalExponent") return `${sign}${units}${DECIMAL_SUFFIX[i]}`;
  const exponent = (i - 3) * 3;
  return `${sign}${units}${exponent === 0 ? "" : `e${exponent}`}`;
}

const canonical = new Map<string | number, string>();

/** The canonical text of a quantity's text (`1000` → `1k`, `0.5` → `500m`); `undefined` when it is no quantity. */
export function canonicalQuantity(text: string | number): string | undefined {
  const known = canonical.get(text);
  if (known !== undefined) return known;
  const q = parseQuantity(text);
  if (!q) return undefined;
  const shown = formatQuantity(q);
  if (canonical.size >= CACHE_MAX) canonical.clear();
  canonical.set(text, shown);
  return shown;
}

/** Rounded up to whole milli-units, as the API server keeps resource lists. */
export function roundUpToMilli(q: Quantity): Quantity {
  const milli = 1_000_000n;
  const rest = q.nano % milli;
  if (rest === 0n) return q;
  return { nano: q.nano - rest + (q.nano > 0n ? milli : 0n), format: q.format };
}

/** Whole units, rounded up (away from zero). Go: `Quantity.Value()`. */
export function unitsOf(q: Quantity): bigint {
  return divideAway(q.nano, NANO);
}

/** Milli-units, rounded up (away from zero). Go: `Quantity.MilliValue()`. */
export function milliOf(q: Quantity): bigint {
  return divideAway(q.nano, 1_000_000n);
}

function divideAway(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  if (quotient * b === a) return quotient;
  return a > 0n ? quotient + 1n : quotient - 1n;
}

export const ZERO: Quantity = { nano: 0n, format: "DecimalSI" };

/** Sum; a zero left side takes the right side's format, as Go's `Quantity.Add`. */
export function addQuantity(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format };
}

/** Difference; a zero left side takes the right side's format. */
export function subtractQuantity(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano - b.nano, format: a.nano === 0n ? b.format : a.format };
}

export function compareQuantity(a: Quantity, b: Quantity): -1 | 0 | 1 {
  return a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0;
}
