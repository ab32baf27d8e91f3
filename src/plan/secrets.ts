/**
 * Keeps the values of Secrets out of the report. A difference in a Secret shows keys and sizes; and because a value may also be copied
 * elsewhere (a literal environment variable, an annotation, a message), every text of the report is searched for the values of all Secrets.
 */
import type { Unchecked } from "../api/object.ts";
import { decodeBase64, utf8Length } from "./base64.ts";
import { type Difference, type Fields, isObject } from "./diff.ts";

export const MASK = "‹secret›";

/** A shorter value inside a longer text is taken for chance (`80`, `true`). */
const INSIDE_LENGTH_MIN = 6;
/** A shorter value is not looked for at all. */
const LENGTH_MIN = 3;
/** Alternatives in one regular expression. */
const CHUNK = 2000;

const SECRET_FIELDS: ReadonlySet<string> = new Set(["data", "stringData"]);

export function isSecret(object: { readonly apiVersion?: unknown; readonly kind?: unknown }): boolean {
  return object.kind === "Secret" && object.apiVersion === "v1";
}

/** `12 bytes`, of the decoded value. */
function sizeOf(field: string, value: unknown): string {
  if (typeof value !== "string") return "a value";
  const bytes = field === "data" ? decodedLength(value) : utf8Length(value);
  return bytes === 1 ? "1 byte" : `${bytes} bytes`;
}

function decodedLength(base64: string): number {
  const text = base64.replace(/[\s=]+/g, "");
  return Math.floor((text.length * 3) / 4);
}

/** A Secret's own differences with sizes for values: one per key. */
export function redactSecretDifferences(list: readonly Difference[]): readonly Difference[] {
  return list.flatMap((d) => {
    const first = d.path[0];
    const field = first && "field" in first ? first.field : "";
    if (field === "metadata" && JSON.stringify(d.path).includes("annotations")) return [redacted(d, () => "a value")];
    if (!SECRET_FIELDS.has(field)) return [d];
    if (d.path.length > 1) return [redacted(d, (v) => sizeOf(field, v))];
    return expandKeys(d).map((k) => redacted(k, (v) => sizeOf(field, v)));
  });
}

/** A whole map that comes, goes or changes its type, as one difference per key. */
function expandKeys(d: Difference): readonly Difference[] {
  const value = d.after ?? d.before;
  if (!isObject(value)) return [d];
  return Object.keys(value).map((key) => ({
    path: [...d.path, { key }],
    action: d.action,
    ...(isObject(d.before) ? { before: d.before[key] } : {}),
    ...(isObject(d.after) ? { after: d.after[key] } : {}),
  }));
}

function redacted(d: Difference, show: (value: unknown) => string): Difference {
  return {
    path: d.path,
    action: d.action,
    ...("before" in d ? { before: show(d.before) } : {}),
    ...("after" in d ? { after: show(d.after) } : {}),
  };
}

export type Masker = (text: string) => string;

/**
 * A function that replaces the values of these Secrets in a text. `publicText` is everything that names things (objects, images, labels): a
 * value that also stands there is no secret, and masking it would make the report unreadable.
 */
export function secretMasker(secrets: readonly Unchecked[], publicText: () => string): Masker {
  const values = new Set<string>();
  for (const secret of secrets) for (const value of secretValues(secret)) values.add(value);
  if (values.size === 0) return (text) => text;
  const open = publicText();
  const kept = [...values].filter((v) => v.length >= LENGTH_MIN && !open.includes(v));
  const whole = new Set(kept);
  const inside = kept.filter((v) => v.length >= INSIDE_LENGTH_MIN).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const patterns: RegExp[] = [];
  for (let i = 0; i < inside.length; i += CHUNK)
    patterns.push(
      new RegExp(
        inside
          .slice(i, i + CHUNK)
          .map(escapeRegExp)
          .join("|"),
        "g",
      ),
    );
  return (text) => {
    if (whole.has(text)) return MASK;
    let masked = text;
    for (const pattern of patterns) masked = masked.replace(pattern, MASK);
    return masked;
  };
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** Each value as it may turn up: as written, decoded, trimmed, and as a quoted string has it inside. */
function secretValues(secret: Unchecked): readonly string[] {
  const out: string[] = [];
  const add = (text: string | undefined): void => {
    if (text === undefined) return;
    for (const form of [text, text.trim()]) out.push(form, JSON.stringify(form).slice(1, -1));
  };
  for (const field of SECRET_FIELDS) {
    const data = secret[field];
    if (!isObject(data)) continue;
    for (const value of Object.values(data)) {
      if (typeof value !== "string") {
        if (value !== null && value !== undefined && typeof value !== "boolean") add(JSON.stringify(value));
        continue;
      }
      add(value);
      if (field === "data") add(decodeBase64(value));
      else add(encode(value));
    }
  }
  return out;
}

function encode(text: string): string {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Every string in a value through the masker; keys stay, and so does what did not change. */
export function maskDeep<T>(value: T, mask: Masker): T {
  return maskValue(value, mask) as T;
}

function maskValue(value: unknown, mask: Masker): unknown {
  if (typeof value === "string") return mask(value);
  if (Array.isArray(value)) return value.map((v) => maskValue(v, mask));
  if (!isObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [k, v] of Object.entries(value as Fields)) out[k] = maskValue(v, mask);
  return out;
}

/** The texts under `message`, wherever they stand; names and numbers stay as they are. */
export function maskMessages<T>(value: T, mask: Masker): T {
  return messagesMasked(value, mask) as T;
}

function messagesMasked(value: unknown, mask: Masker): unknown {
  if (Array.isArray(value)) return value.map((v) => messagesMasked(v, mask));
  if (!isObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [k, v] of Object.entries(value as Fields)) out[k] = k === "message" ? maskValue(v, mask) : messagesMasked(v, mask);
  return out;
}
