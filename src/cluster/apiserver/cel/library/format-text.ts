/** Values as text: `string(x)` and `"%s".format([x])`. @see cel-go ext/formatting.go */
import { Duration } from "./duration.ts";
import { CelError } from "./registrar.ts";

/** `%s`, `%.2f`, `%d`, `%x`. */
const VERB = /%(?:\.(\d+))?([a-zA-Z%])/g;

export function formatText(format: string, values: readonly unknown[]): string {
  let next = 0;
  return format.replace(VERB, (_, precision: string | undefined, verb: string) => {
    if (verb === "%") return "%";
    if (next >= values.length) throw new CelError(`index ${next} out of range`);
    return formatOne(verb, values[next++], precision === undefined ? undefined : Number(precision));
  });
}

function formatOne(verb: string, value: unknown, precision: number | undefined): string {
  const isNumber = typeof value === "bigint" || typeof value === "number";
  switch (verb) {
    case "s":
      return textOf(value);
    case "d":
      if (typeof value === "bigint") return value.toString();
      throw new CelError(`error during formatting: decimal clause can only be used on integers, was given ${typeName(value)}`);
    case "f":
      if (isNumber) return Number(value).toFixed(precision ?? 6);
      throw new CelError(`error during formatting: fixed-point clause can only be used on doubles, was given ${typeName(value)}`);
    case "e":
      if (isNumber)
        return Number(value)
          .toExponential(precision ?? 6)
          .replace(/e([+-])(\d)$/, "e$10$2");
      throw new CelError(`error during formatting: scientific clause can only be used on doubles, was given ${typeName(value)}`);
    case "b":
      if (typeof value === "bigint" || typeof value === "boolean") return BigInt(value).toString(2);
      throw new CelError(`error during formatting: only integers and bools can be formatted as binary, was given ${typeName(value)}`);
    case "o":
      if (typeof value === "bigint") return value.toString(8);
      throw new CelError(`error during formatting: octal clause can only be used on integers, was given ${typeName(value)}`);
    case "x":
    case "X":
      return verb === "X" ? hex(value).toUpperCase() : hex(value);
    default:
      throw new CelError(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  }
}

function hex(value: unknown): string {
  if (typeof value === "bigint") return value.toString(16);
  if (typeof value === "string") return hex(new TextEncoder().encode(value));
  if (value instanceof Uint8Array) return [...value].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  throw new CelError(
    `error during formatting: only integers, byte buffers, and strings can be formatted as hex, was given ${typeName(value)}`,
  );
}

/** As `%s` writes it. */
export function textOf(value: unknown): string {
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, "Z");
  if (value instanceof Duration) return `${durationText(value)}s`;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  if (
    typeof value === "object" &&
    value !== null &&
    (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)
  ) {
    const entries = Object.entries(value).map(([k, v]) => `${k}: ${textOf(v)}`);
    return `{${entries.sort().join(", ")}}`;
  }
  return String(value);
}

function durationText(duration: Duration): string {
  const nanos = duration.seconds * 1_000_000_000n + BigInt(duration.nanos);
  const sign = nanos < 0n ? "-" : "";
  const size = nanos < 0n ? -nanos : nanos;
  const fraction = (size % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  return `${sign}${size / 1_000_000_000n}${fraction === "" ? "" : `.${fraction}`}`;
}

export function typeName(value: unknown): string {
  if (value === null) return "null_type";
  if (Array.isArray(value)) return "list";
  if (value instanceof Date) return "google.protobuf.Timestamp";
  if (value instanceof Duration) return "google.protobuf.Duration";
  if (value instanceof Uint8Array) return "bytes";
  switch (typeof value) {
    case "bigint":
      return "int";
    case "number":
      return "double";
    case "boolean":
      return "bool";
    case "string":
      return "string";
    default:
      return "map";
  }
}
