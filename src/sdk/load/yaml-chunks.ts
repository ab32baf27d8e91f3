/** The documents of a YAML stream, cut where they end, so that each can be read, and looked into, by itself. */

export interface Chunk {
  /** Without the `---` before it. */
  readonly text: string;
  /** The line of the stream that `text` begins on, from 1. */
  readonly line: number;
  /** Something but blanks and comments. */
  readonly hasContent: boolean;
  /** Where the content begins in the stream, from 1. */
  readonly firstLine: number;
  readonly firstColumn: number;
}

/** `---` at the beginning of a line ends a document wherever it stands, also in a block of text. */
const SEPARATOR = /^---(?=[ \t\r]*(?:#.*)?$)[^\n]*\n?/gm;
/** What makes cutting unsafe or pointless: content on the line of the mark, directives, document ends. Then the stream stays whole. */
const NOT_CUTTABLE = /^(?:---[ \t]+[^\s#]|%|\.\.\.(?:\s|$))/m;

/** Undefined when the stream cannot be cut by looking at lines alone. */
export function splitDocuments(text: string): readonly Chunk[] | undefined {
  if (NOT_CUTTABLE.test(text)) return undefined;
  const chunks: Chunk[] = [];
  let start = 0;
  let line = 1;
  const add = (end: number): void => {
    const chunk = chunkOf(text.slice(start, end), line);
    // What comes before the first mark is a document only when there is something in it.
    if (chunk.hasContent || chunks.length > 0 || start > 0) chunks.push(chunk);
    line += lineFeeds(text, start, end);
  };
  for (const mark of text.matchAll(SEPARATOR)) {
    add(mark.index);
    start = mark.index + mark[0].length;
    line += 1;
  }
  add(text.length);
  return chunks;
}

function chunkOf(text: string, line: number): Chunk {
  const offset = contentOffset(text);
  if (offset < 0) return { text, line, hasContent: false, firstLine: line, firstColumn: 1 };
  return {
    text,
    line,
    hasContent: true,
    firstLine: line + lineFeeds(text, 0, offset),
    firstColumn: offset - text.lastIndexOf("\n", offset - 1),
  };
}

/** Where the first line that is neither blank nor a comment has its first character; -1 when there is none. */
function contentOffset(text: string): number {
  const match = /^[ \t]*[^#\s]/m.exec(text);
  return match ? match.index + match[0].length - 1 : -1;
}

function lineFeeds(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", start); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
