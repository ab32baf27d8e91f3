/** What all sections of the page share. */
import type { Amount, Plan } from "../../schema.ts";
import { shortAmount } from "../amounts.ts";
import { type Part, type Parts, plural } from "../words.ts";
import { type Content, clipText, type Html, html, NOTHING } from "./element.ts";

export interface Page {
  readonly plan: Plan;
  /** Of the plan's own heading: 1, or 2 where one page has several plans. */
  readonly level: 1 | 2;
  /** In front of every id. */
  readonly prefix: string;
}

/** Characters of one user text at most: a longer one says nothing more to a reader. */
const TEXT_MAX = 2000;
/** UTF-16 units of one section's rows at most: a page of thousands of objects still opens at once. */
const SECTION_LENGTH_MAX = 300_000;

export interface Section {
  readonly id: string;
  readonly title: string;
  /** In the list of sections, beside the title. */
  readonly count?: number | undefined;
  readonly body: readonly Html[];
}

export function renderSection(page: Page, { id, title, body }: Section): Html {
  const anchor = `${page.prefix}${id}`;
  return html`<section id="${anchor}" aria-labelledby="${anchor}-title">
${heading(page, 1, title, `${anchor}-title`)}
${lines(body)}</section>
`;
}

/** A heading so many levels below the plan's own. */
export function heading({ level }: Page, below: number, content: Content, id?: string): Html {
  const tag: Html = { html: `h${level + below}` };
  return html`<${tag}${id === undefined ? NOTHING : html` id="${id}"`}>${content}</${tag}>`;
}

/** As many rows as may be, and a line about those left out. */
export function fitting(rows: readonly Html[], max: number, what: string): { readonly shown: readonly Html[]; readonly more: Html } {
  let length = 0;
  let n = 0;
  for (const row of rows.slice(0, max)) {
    length += row.html.length;
    if (length > SECTION_LENGTH_MAX) break;
    n++;
  }
  return { shown: rows.slice(0, n), more: moreLine(rows.length - n, what) };
}

export function moreLine(left: number, what: string): Html {
  return left > 0 ? html`<p class="soft">… and ${plural(left, `more ${what}`)} (<code>--format json</code> has all)</p>\n` : NOTHING;
}

export function lines(list: readonly Html[]): Html {
  return { html: list.map((l) => (l.html === "" ? "" : `${l.html.trimEnd()}\n`)).join("") };
}

/** The parts of a sentence, each marked as what it is. */
export function rendered(parts: Parts): Html {
  return { html: parts.map((p) => partOf(p).html).join("") };
}

function partOf(p: Part): Html {
  if (typeof p === "string") return html`${p}`;
  if ("code" in p) return html`<code>${clipText(p.code, TEXT_MAX)}</code>`;
  if ("strong" in p) return html`<strong>${clipText(p.strong, TEXT_MAX)}</strong>`;
  return html`<span class="quote">${clipText(p.quote, TEXT_MAX)}</span>`;
}

export function table(caption: string, header: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><thead><tr>${header.map((h) => html`<th scope="col">${h}</th>`)}</tr></thead><tbody>
${lines(rows)}</tbody></table></div>`;
}

export function row(cells: readonly Content[]): Html {
  return html`<tr>${cells.map((c, i) => (i === 0 ? html`<th scope="row">${c}</th>` : html`<td>${c}</td>`))}</tr>`;
}

/** A bar that grows or shrinks: what was there and stays, what came, what went. */
export function bar(label: string, percentBefore: number, percentAfter: number): Html {
  const was = Math.min(100, Math.max(0, percentBefore));
  const is = Math.min(100, Math.max(0, percentAfter));
  const part = (name: string, width: number): Html => (width > 0 ? html`<i class="${name}" style="width:${width}%"></i>` : NOTHING);
  const level = percentAfter >= 95 ? "full" : percentAfter >= 80 ? "high" : "room";
  return html`<span class="bar ${level}" role="img" aria-label="${label}">${part("kept", Math.min(was, is))}${part("came", is - was)}${part("went", was - is)}</span>`;
}

/** `CPU` with its bar and `0.9 → 1.8 of 1.9`. */
export function useRow(name: string, a: Amount): Html {
  const moved = a.before === a.after ? "" : `${shortAmount(a.before)} → `;
  const words = `${moved}${shortAmount(a.after)} of ${shortAmount(a.allocatable)}`;
  return html`<span class="name">${name}</span>${bar(`${name} requested: ${words}, ${a.percentAfter}%`, a.percentBefore, a.percentAfter)}<span class="num">${words}</span><span class="num">${a.percentAfter}%</span>`;
}
