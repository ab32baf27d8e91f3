/** What comes, changes and goes; what is in an object can be folded away. */
import { visible } from "../../../lib/display-width.ts";
import type { Action, FieldChange, ObjectChange } from "../../schema.ts";
import { changedLines } from "../line-diff.ts";
import { mostTelling } from "../selection.ts";
import { countsLine, plural, showPlace, showRef, showSource, showValue } from "../words.ts";
import { clipText, type Html, html, NOTHING } from "./element.ts";
import { fitting, moreLine, type Page, type Section } from "./page.ts";

const ROWS_MAX = 500;
const FIELDS_MAX = 60;
const VALUE_MAX = 400;
/** Up to so many objects are shown open. */
const OPEN_MAX = 12;

const SYMBOLS: Readonly<Record<Action, { readonly symbol: string; readonly word: string }>> = {
  add: { symbol: "+", word: "add" },
  change: { symbol: "~", word: "change" },
  replace: { symbol: "-/+", word: "replace" },
  destroy: { symbol: "-", word: "destroy" },
  refused: { symbol: "✗", word: "refused" },
};

export function changes({ plan }: Page): Section | undefined {
  if (plan.changes.length === 0) return undefined;
  const telling = mostTelling(plan.changes, ROWS_MAX);
  const withFields = telling.filter((c) => c.fields.length > 0).length;
  const rows = telling.map((c) => changeItem(c, withFields <= OPEN_MAX));
  const { shown, more } = fitting(rows, ROWS_MAX, "change");
  const list = html`<ul class="changes">${shown}</ul>`;
  const rest = plan.changes.length - telling.length;
  const folded =
    plan.changes.length > OPEN_MAX * 2 && withFields === 0 ? html`<details><summary>${countsLine(plan)}</summary>${list}</details>` : list;
  return {
    id: "changes",
    title: "Changes",
    count: plan.changes.length,
    body: [folded, rest > 0 ? moreLine(rest + rows.length - shown.length, "change") : more],
  };
}

function changeItem(c: ObjectChange, open: boolean): Html {
  const { symbol, word } = SYMBOLS[c.action];
  const place = c.source ? html`<code class="place">${clipText(showPlace(c.source), 300)}</code>` : NOTHING;
  const line = html`<span class="mark" role="img" aria-label="${word}">${symbol}</span><span class="object">${showRef(c.object)}</span>${place}`;
  if (c.fields.length === 0) return html`<li class="${c.action}"><div class="line">${line}</div></li>\n`;
  const fields = c.fields.slice(0, FIELDS_MAX).map((f) => fieldRows(f, c));
  const rest = c.fields.length - FIELDS_MAX;
  const body = html`<pre>${fields}${rest > 0 ? html`<span class="same">… and ${plural(rest, "more field")}</span>\n` : NOTHING}</pre>`;
  return html`<li class="${c.action}"><details${open ? html` open` : NOTHING}><summary class="line">${line}</summary>${body}</details></li>\n`;
}

function fieldRows(f: FieldChange, c: ObjectChange): Html {
  const own = showSource(f.source);
  const place = own === "" || own === showSource(c.source) ? NOTHING : html`  <span class="same"># ${clipText(own, 300)}</span>`;
  const value = (v: unknown): string => showValue(v, VALUE_MAX);
  const changed = f.action === "change" ? changedLines(f.before, f.after) : undefined;
  if (changed)
    return html`<span class="same">  ${f.path}:</span>${place}\n${changed.map((l) => html`<span class="${{ "+": "came", "-": "went", " ": "same" }[l.sign]}">${l.sign}   ${clipText(visible(l.text), VALUE_MAX)}</span>\n`)}`;
  const before =
    f.action === "add"
      ? NOTHING
      : html`<span class="went">- ${f.path}: ${value(f.before)}</span>${f.action === "remove" ? place : NOTHING}\n`;
  const after = f.action === "remove" ? NOTHING : html`<span class="came">+ ${f.path}: ${value(f.after)}</span>${place}\n`;
  return html`${before}${after}`;
}
