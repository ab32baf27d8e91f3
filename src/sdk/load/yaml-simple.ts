/**
 * Reads the YAML that nearly every manifest is: block maps and lists, one-line scalars, literal blocks. Whatever is more than that (flow
 * collections with something in them, anchors, tags, folded or continued text, errors) it leaves to the full reader, which is ten times slower.
 * A test holds both to the same result.
 */
import { NESTING_MAX } from "../yaml/nesting.ts";
import { resolvePlain } from "./yaml-resolve.ts";

/** Not simple: the full reader must look. Thrown inside only. */
const NOT_SIMPLE = new Error("not simple");

/** What makes a whole document not simple: carriage returns, byte order marks, directives, document ends. */
const SPECIAL = /[\r\ufeff]|^%|^\.\.\./m;
const KEY = /^(?:([A-Za-z_./$][\w./$-]*)|"([^"\\]*)"|'([^']*)')(?=:(?: |$))/;
const PLAIN_START = /^(?:[A-Za-z0-9_./$+(<=^;~\\]|-[^ ])/;
const DOUBLE = /^"[^"\\\t]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\t]*)*"(?= *$| +#)/;
const SINGLE = /^'([^'\t]*(?:''[^'\t]*)*)'(?= *$| +#)/;
const EMPTY = /^(?:\{\}|\[\])(?= *$| +#)/;
const NOTHING_AFTER = /^ *(?:#.*)?$/;

/** The value of one document without its `---`; undefined when it is not simple. */
export function readSimpleYaml(text: string): { readonly value: unknown } | undefined {
  if (SPECIAL.test(text)) return undefined;
  const reader = new SimpleReader(text.split("\n"));
  try {
    return { value: reader.document() };
  } catch (error) {
    // A RangeError: a text with so many escapes that the expression runs out of stack.
    if (error !== NOT_SIMPLE && !(error instanceof RangeError)) throw error;
    return undefined;
  }
}

class SimpleReader {
  readonly #lines: string[];
  /** The line being read; when a list item has begun on it, its dash is already blanked. */
  #at = 0;

  constructor(lines: string[]) {
    this.#lines = lines;
  }

  document(): unknown {
    const column = this.#nextColumn();
    if (column < 0) return null;
    const value = this.#block(column, 0);
    if (this.#nextColumn() >= 0) throw NOT_SIMPLE;
    return value;
  }

  /** The column of the next line that has content, having gone there; -1 at the end. */
  #nextColumn(): number {
    for (; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at]!;
      let column = 0;
      while (line.charCodeAt(column) === 0x20) column++;
      if (column === line.length) continue;
      const first = line.charCodeAt(column);
      if (first === 0x09) throw NOT_SIMPLE;
      if (first !== 0x23) return column;
    }
    return -1;
  }

  #block(column: number, depth: number): unknown {
    if (depth >= NESTING_MAX) throw NOT_SIMPLE;
    const line = this.#lines[this.#at]!;
    if (isDash(line, column)) return this.#list(column, depth);
    if (KEY.test(line.slice(column))) return this.#map(column, depth);
    return this.#scalar(line.slice(column), column - 1);
  }

  #map(column: number, depth: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    do {
      const rest = this.#lines[this.#at]!.slice(column);
      const match = KEY.exec(rest);
      if (!match) throw NOT_SIMPLE;
      const key = match[1] ?? match[2] ?? match[3]!;
      if (key === "__proto__" || key === "<<" || Object.hasOwn(map, key)) throw NOT_SIMPLE;
      if (match[1] !== undefined && resolvePlain(key) !== key) throw NOT_SIMPLE;
      map[key] = this.#valueAfterKey(rest.slice(match[0].length + 1), column, depth);
    } while (this.#continues(column));
    return map;
  }

  #valueAfterKey(text: string, column: number, depth: number): unknown {
    if (!NOTHING_AFTER.test(text)) return this.#scalar(text.replace(/^ +/, ""), column);
    this.#at++;
    const next = this.#nextColumn();
    // A list may stand at the column of its key.
    const isList = next === column && isDash(this.#lines[this.#at]!, next);
    return next > column || isList ? this.#block(next, depth + 1) : null;
  }

  #list(column: number, depth: number): unknown[] {
    const list: unknown[] = [];
    do {
      const line = this.#lines[this.#at]!;
      // After the list of a key at the same column comes the next key.
      if (!isDash(line, column)) break;
      const rest = line.slice(column + 1);
      if (NOTHING_AFTER.test(rest)) {
        this.#at++;
        const next = this.#nextColumn();
        list.push(next > column ? this.#block(next, depth + 1) : null);
        continue;
      }
      const content = rest.replace(/^ +/, "");
      const inner = line.length - content.length;
      if (isDash(line, inner) || KEY.test(content)) {
        this.#lines[this.#at] = " ".repeat(inner) + content;
        list.push(this.#block(inner, depth + 1));
      } else list.push(this.#scalar(content, column));
    } while (this.#continues(column));
    return list;
  }

  /** Whether the collection at `column` goes on; a line that is neither in it nor in one around it is an error for the full reader. */
  #continues(column: number): boolean {
    const next = this.#nextColumn();
    if (next > column) throw NOT_SIMPLE;
    return next === column;
  }

  /** A scalar that is the rest of its line, or the block that the line announces; goes to the line after it. */
  #scalar(text: string, parentColumn: number): unknown {
    const first = text.charCodeAt(0);
    if (first === 0x7c) return this.#literal(text, parentColumn);
    this.#at++;
    const value = oneLine(text, first);
    // A deeper line would continue the text.
    if (this.#nextColumn() > parentColumn) throw NOT_SIMPLE;
    return value;
  }

  #literal(header: string, parentColumn: number): string {
    const chomping = /^\|([-+]?) *(?: #.*)?$/.exec(header)?.[1];
    if (chomping === undefined) throw NOT_SIMPLE;
    const lines: string[] = [];
    let column = -1;
    for (this.#at++; this.#at < this.#lines.length; this.#at++) {
      const line = this.#lines[this.#at]!;
      let indent = 0;
      while (line.charCodeAt(indent) === 0x20) indent++;
      if (indent === line.length) {
        if (column < 0 && indent > 0) throw NOT_SIMPLE;
        lines.push(column < 0 ? "" : line.slice(column));
        continue;
      }
      if (column < 0) {
        if (indent <= parentColumn || line.charCodeAt(indent) === 0x09) throw NOT_SIMPLE;
        column = indent;
      }
      if (indent < column) {
        if (indent > parentColumn || line.charCodeAt(indent) === 0x09) throw NOT_SIMPLE;
        break;
      }
      lines.push(line.slice(column));
    }
    // What follows the last line feed of the document is no line. Without a last line feed, the text has none either.
    if (this.#at === this.#lines.length && lines.pop() !== "") throw NOT_SIMPLE;
    if (column < 0) throw NOT_SIMPLE;
    return chomped(lines, chomping);
  }
}

function isDash(line: string, column: number): boolean {
  if (line.charCodeAt(column) !== 0x2d) return false;
  return column + 1 === line.length || line.charCodeAt(column + 1) === 0x20;
}

function oneLine(text: string, first: number): unknown {
  if (first === 0x22) {
    const [quoted] = DOUBLE.exec(text) ?? [];
    if (quoted === undefined) throw NOT_SIMPLE;
    return JSON.parse(quoted);
  }
  if (first === 0x27) {
    const [, inner] = SINGLE.exec(text) ?? [];
    if (inner === undefined) throw NOT_SIMPLE;
    return inner.replaceAll("''", "'");
  }
  if (EMPTY.test(text)) return text.startsWith("{") ? {} : [];
  if (!PLAIN_START.test(text) || text.includes("\t")) throw NOT_SIMPLE;
  const comment = text.indexOf(" #");
  const plain = (comment < 0 ? text : text.slice(0, comment)).replace(/ +$/, "");
  if (plain.includes(": ") || plain.endsWith(":")) throw NOT_SIMPLE;
  return resolvePlain(plain);
}

/** `|-` drops the line feeds at the end, `|` keeps one, `|+` all. */
function chomped(lines: readonly string[], chomping: string): string {
  const text = `${lines.join("\n")}\n`;
  if (chomping === "+") return text;
  const content = text.replace(/\n+$/, "");
  return chomping === "-" || content === "" ? content : `${content}\n`;
}
