/** What comes, changes and goes, field by field. */
import { clip, displayWidth, visible } from "../../../lib/display-width.ts";
import type { Action, ObjectChange } from "../../schema.ts";
import { changedLines } from "../line-diff.ts";
import type { Color } from "../paint.ts";
import { mostTelling } from "../selection.ts";
import { plural, showPlace, showRef, showValue } from "../words.ts";
import { more, type Page, ROWS_MAX, title } from "./page.ts";

const SYMBOLS: Readonly<Record<Action, { readonly symbol: string; readonly color: Color }>> = {
  add: { symbol: "+", color: "green" },
  change: { symbol: "~", color: "yellow" },
  replace: { symbol: "-/+", color: "red" },
  destroy: { symbol: "-", color: "red" },
  refused: { symbol: "✗", color: "red" },
};

/** Fields of one object at most. */
const FIELDS_MAX = 40;

/** Those with something to read in them first. */
export function changes(page: Page): readonly string[] {
  const { plan } = page;
  if (plan.changes.length === 0) return [];
  const shown = mostTelling(plan.changes, ROWS_MAX);
  const rows = shown.map((c) => c.object);
  const width = Math.min(page.columns - 30, Math.max(...rows.map((r) => displayWidth(visible(showRef(r))))));
  const file = commonFile(shown);
  return [
    `${title(page, "Changes")}${file === undefined ? "" : `  ${page.paint("dim", `in ${visible(file)}`)}`}`,
    ...shown.flatMap((c) => changeLines(page, c, width, file)),
    ...more(page, plan.changes.length - shown.length, "change"),
  ];
}

/** Changes from which on one file is named once, and then only lines. */
const ONE_FILE_CHANGES_MIN = 4;

function commonFile(list: readonly ObjectChange[]): string | undefined {
  const files = new Set(list.map((c) => c.source?.file));
  return files.size === 1 && list.length >= ONE_FILE_CHANGES_MIN ? list[0]?.source?.file : undefined;
}

function shortSource(source: ObjectChange["source"], file: string | undefined): string {
  if (!source) return "";
  return source.file === file ? `line ${source.line}` : visible(showPlace(source));
}

function changeLines(page: Page, c: ObjectChange, width: number, file: string | undefined): readonly string[] {
  const { paint } = page;
  const { symbol, color } = SYMBOLS[c.action];
  const name = clip(visible(showRef(c.object)), Math.max(width, 30));
  const source = shortSource(c.source, file);
  const gap = source === "" ? "" : `${" ".repeat(Math.max(2, width - displayWidth(name) + 2))}${paint("dim", source)}`;
  const fields = c.fields.slice(0, FIELDS_MAX).flatMap((f) => fieldLines(page, f, source, file));
  const rest = c.fields.length - FIELDS_MAX;
  return [
    `${paint(color, symbol.padStart(3))} ${name}${gap}`,
    ...fields,
    ...(rest > 0 ? [`      ${paint("dim", `… and ${plural(rest, "more field")}`)}`] : []),
  ];
}

function fieldLines(
  { paint, columns }: Page,
  f: ObjectChange["fields"][number],
  objectSource: string,
  file: string | undefined,
): readonly string[] {
  const path = visible(f.path);
  const own = shortSource(f.source, file);
  const source = own === "" || own === objectSource ? "" : `  ${paint("dim", own)}`;
  const value = (v: unknown): string => visible(showValue(v, Math.max(24, columns - 40)));
  if (f.action === "add") return [`      ${paint("green", "+")} ${path}: ${value(f.after)}${source}`];
  if (f.action === "remove") return [`      ${paint("red", "-")} ${path}: ${value(f.before)}${source}`];
  const lines = changedLines(f.before, f.after);
  if (!lines) return [`      ${paint("yellow", "~")} ${path}: ${value(f.before)} → ${paint("bold", value(f.after))}${source}`];
  const color = { "+": "green", "-": "red", " ": "dim" } as const;
  return [
    `      ${paint("yellow", "~")} ${path}:${source}`,
    ...lines.map((l) => `          ${paint(color[l.sign], `${l.sign} ${clip(visible(l.text), columns - 12)}`)}`),
  ];
}
