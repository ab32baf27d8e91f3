/** HTML in which nothing can be forgotten to be escaped: what is put into a template is text, unless it is HTML already. */
import { visible } from "../../../lib/display-width.ts";

export interface Html {
  readonly html: string;
}

export type Content = string | number | Html | undefined | readonly Content[];

/** A template: `html\`<p title="${title}">${text}</p>\``. Attributes are always in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  let out = strings[0] ?? "";
  for (const [i, value] of values.entries()) out += contentOf(value) + (strings[i + 1] ?? "");
  return { html: out };
}

export const NOTHING: Html = { html: "" };

function contentOf(value: Content): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return String(value);
  if ("html" in value) return value.html;
  return value.map(contentOf).join("");
}

/** Control characters and changes of direction are shown, so that no text looks like another. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** At most so many UTF-16 units, with `…` in place of what is left out; a pair is not torn. */
export function clipText(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = /[\ud800-\udbff]/.test(text[length - 2] ?? "") ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}
