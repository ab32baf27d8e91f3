/** What the comment is put together from, and user texts in it. */
import { visible } from "../../../lib/display-width.ts";
import { codeSpan, escapeMarkdown, row } from "../markdown-escape.ts";
import type { Parts } from "../words.ts";

/** A part of the comment that may be shortened: its rows are dropped from the end. */
export interface Block {
  /** In the note: `changes`. */
  readonly name: string;
  readonly head: string;
  readonly rows: readonly string[];
  /** Closes what `head` opened. */
  readonly tail: string;
  /** Of what is left when its turn comes, in percent. */
  readonly share: number;
}

export function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

export function clipText(text: string, length: number): string {
  return text.length <= length ? text : `${[...text].slice(0, length - 1).join("")}…`;
}

/** Characters of one user text at most: a longer one says nothing more to a reader. */
const TEXT_MAX = 800;

export const quoted = (text: string): string => escapeMarkdown(clipText(visible(text), TEXT_MAX));
export const span = (text: string): string => codeSpan(clipText(visible(text), TEXT_MAX));

export function rendered(parts: Parts): string {
  return parts
    .map((p) => {
      if (typeof p === "string") return escapeMarkdown(p);
      if ("code" in p) return span(p.code);
      return "strong" in p ? `**${quoted(p.strong)}**` : quoted(p.quote);
    })
    .join("");
}

export function details(title: string, name: string, header: readonly string[], rows: readonly string[], share: number): Block {
  const line = `|${header.map(() => "-").join("|")}|`;
  return { name, head: `<details><summary>${title}</summary>\n\n${row(header)}\n${line}`, rows, tail: "\n</details>\n", share };
}
