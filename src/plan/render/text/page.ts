/** A page of a terminal: what every section is written on, and the sentences that all sections share. */
import { visible } from "../../../lib/display-width.ts";
import type { Plan, Severity } from "../../schema.ts";
import type { Color, Paint } from "../paint.ts";
import { type Part, type Parts, plural } from "../words.ts";

/** Rows of one section at most; the JSON has all. */
export const ROWS_MAX = 60;

export const MARKS: Readonly<Record<Severity, { readonly mark: string; readonly color: Color }>> = {
  error: { mark: "✗", color: "red" },
  warning: { mark: "!", color: "yellow" },
  info: { mark: "·", color: "dim" },
};

export interface Page {
  readonly plan: Plan;
  readonly paint: Paint;
  /** Of the terminal. */
  readonly columns: number;
}

export function title({ paint }: Page, text: string): string {
  return paint("bold", text);
}

export function more({ paint }: Page, left: number, what: string): readonly string[] {
  return left > 0 ? [`  ${paint("dim", `… and ${plural(left, `more ${what}`)} (--format json has all)`)}`] : [];
}

/** The parts as plain text, with nothing in it that a terminal would obey. */
export function plain(parts: Parts): string {
  return parts.map((p: Part) => visible(typeof p === "string" ? p : "code" in p ? p.code : "strong" in p ? p.strong : p.quote)).join("");
}
