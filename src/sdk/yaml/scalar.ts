/**
 * One string or number on one line: plain where every YAML 1.1 and 1.2 reader gives the same value back, quoted otherwise.
 * "Every reader" is the union of what the specifications, PyYAML, go-yaml (kubectl, helm), Psych, SnakeYAML and the JavaScript readers resolve.
 */

/** How many strings the cache keeps: keys and short values repeat a lot in manifests. */
const CACHED_MAX = 20_000;
const CACHED_LENGTH_MAX = 64;
const cache = new Map<string, string>();

/** Strings that some reader takes for a boolean, null, the merge key or the value key; compared in lower case. */
const WORDS: ReadonlySet<string> = new Set(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<"]);
const WORD_LENGTH_MAX = 5;

/**
 * What some reader takes for a number or a date; each begins with a digit, a sign, a dot, or `e` (`e1` is a number to `yaml` in its 1.1 mode):
 * integers with `_` or `,` between the digits (octal `017` among them); `0x`, `0o`, `0b`; floats, also `.5`, `5.`, `.`, `1e3`;
 * base 60, `12:30:45`; infinity and not-a-number; dates and times.
 */
const NUMBER_OR_DATE = new RegExp(
  [
    "[-+]?\\d[\\d_,]*(?:\\.[\\d_,]*)?(?:[eE][-+]?\\d[\\d_]*)?",
    "[-+]?\\.[\\d_,]*(?:[eE][-+]?\\d[\\d_]*)?",
    "[-+]?[eE][-+]?\\d+",
    "[-+]?0[xX][\\da-fA-F_,]+",
    "[-+]?0[oO][\\d_,]+",
    "[-+]?0[bB][\\d_,]+",
    "[-+]?\\d[\\d_,]*(?::\\d+)+(?:\\.[\\d_]*)?",
    "[-+]?\\.(?:[iI][nN][fF]|[nN][aA][nN])",
    "\\d{4}-\\d\\d?-\\d\\d?(?:[Tt\\s].*)?",
  ]
    .map((form) => `(?:${form})`)
    .join("|")
    .replace(/^/, "^(?:")
    .concat(")$"),
);

/** Characters that a plain string may have at any place: printable ASCII but `:` and `#`, whose neighbours matter. */
const PLAIN_START = /^[A-Za-z0-9_/.$()+<=;^\\~-]/;
/** What no plain string has anywhere: `: `, a colon at the end, ` #`, a control character, a space of another kind, a byte order mark. */
const NOT_PLAIN =
  /:(?=\s|$)|\s#|\s$|[^\x20-\x7e\u00a1-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]/u;
const NOT_ASCII = /[^\x20-\x7e]/;
/** What a quoted string shows only as an escape; JSON.stringify already escapes below U+0020. */
const ESCAPED = /[\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufffe\uffff]/g;

/** Half of a surrogate pair without the other: no UTF-8 text can hold it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

export function isWellFormed(value: string): boolean {
  return !LONE_SURROGATE.test(value);
}

/** The text of a one-line string, as a key or a value. A string of several lines becomes a double-quoted one with `\n`. */
export function stringText(value: string): string {
  if (value.length > CACHED_LENGTH_MAX) return textOf(value);
  const known = cache.get(value);
  if (known !== undefined) return known;
  const text = textOf(value);
  if (cache.size >= CACHED_MAX) cache.clear();
  cache.set(value, text);
  return text;
}

function textOf(value: string): string {
  return isPlain(value) ? value : quoted(value);
}

function isPlain(value: string): boolean {
  if (value === "") return false;
  const first = value.charCodeAt(0);
  if (!PLAIN_START.test(value) && first < 0x80) return false;
  // `- x` is a list item; `---` and `...` are document marks.
  if (first === 0x2d && (value.length === 1 || value.charCodeAt(1) === 0x20 || value.startsWith("---"))) return false;
  if (value.startsWith("...")) return false;
  if (NOT_PLAIN.test(value)) return false;
  if (value.length <= WORD_LENGTH_MAX && WORDS.has(value.toLowerCase())) return false;
  const mayBeNumber = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e || (first | 0x20) === 0x65;
  return !(mayBeNumber && NUMBER_OR_DATE.test(value));
}

/** Double quotes as most people write them; single ones where that saves the backslashes of a printable string. */
export function quoted(value: string): string {
  if (/["\\]/.test(value) && !NOT_ASCII.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value).replace(ESCAPED, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * The text of a finite number.
 *
 * | number | text |
 * |---|---|
 * | 3 | `3` |
 * | -0 | `-0` |
 * | 0.25 | `0.25` |
 * | 1e21 | `1.0e+21` (YAML 1.1 wants the dot and the sign) |
 */
export function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const text = String(value);
  const e = text.indexOf("e");
  return e < 0 || text.includes(".") ? text : `${text.slice(0, e)}.0${text.slice(e)}`;
}
