/** Text of several lines as a literal block: `|`, `|-` or `|+`. */

/** What a block cannot show as it is: control characters but tab and line feed, other line breaks, odd spaces, byte order marks. */
const NOT_SHOWABLE = /[^\t\n\x20-\x7e\u00a1-\u{10ffff}]|[\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufffe\uffff]/u;
/** A first or last line of nothing but blanks: readers do not agree where the indentation ends and the text begins. */
const BLANK_AT_AN_END = /^\n*[ \t]+(?:\n|$)|\n[ \t]+\n*$/;

/**
 * The header and lines of `value`, each line after `indent`; undefined when a block would not give the same string back with every reader.
 * The text ends with a line feed.
 *
 * | value | text (indent of two) |
 * |---|---|
 * | `"a\nb\n"` | `\|␤  a␤  b␤` |
 * | `"a\nb"` | `\|-␤  a␤  b␤` |
 * | `"a\n\n"` | `\|+␤  a␤␤` |
 * | `"  a\nb\n"` | `\|2␤    a␤  b␤` |
 * | `"a\rb\n"` | undefined |
 */
export function blockText(value: string, indent: string): string | undefined {
  if (NOT_SHOWABLE.test(value) || BLANK_AT_AN_END.test(value)) return undefined;
  const content = value.replace(/\n+$/, "");
  // Nothing but line feeds, or lines before the first text: quoted is clearer and safer.
  if (content === "" || content.startsWith("\n")) return undefined;
  const ends = value.length - content.length;
  const chomping = ends === 0 ? "-" : ends === 1 ? "" : "+";
  const first = content.charCodeAt(0);
  const indicator = first === 0x20 || first === 0x09 ? "2" : "";
  const lines = content.replace(/\n(?!\n)/g, `\n${indent}`);
  return `|${indicator}${chomping}\n${indent}${lines}${"\n".repeat(Math.max(ends, 1))}`;
}
