/** What a reader must know, each with the place it comes from. */
import { displayWidth, visible, wrap } from "../../../lib/display-width.ts";
import type { Finding } from "../../schema.ts";
import { findingWords } from "../finding-words.ts";
import { findingsToShow } from "../selection.ts";
import { showSource } from "../words.ts";
import { MARKS, more, type Page, plain, ROWS_MAX, title } from "./page.ts";

export function findings(page: Page): readonly string[] {
  const { plan } = page;
  if (plan.findings.length === 0) return [];
  const few = findingsToShow(plan);
  const shown = few.shown.slice(0, ROWS_MAX);
  return [
    title(page, "Findings"),
    ...shown.flatMap((f) => findingLines(page, f)),
    ...more(page, plan.findings.length - shown.length, "finding"),
  ];
}

function findingLines({ paint, columns }: Page, f: Finding): readonly string[] {
  const { mark, color } = MARKS[f.severity];
  const words = findingWords(f);
  const base = words.base.length > 0 ? ` (base: ${plain(words.base)})` : "";
  const source = visible(showSource(f.source));
  const first = `${plain(words.subject)}: ${plain(words.now)}${base}`;
  const lines = wrap(first, columns - 4);
  const room = columns - 4 - displayWidth(lines.at(-1) ?? "");
  const tail =
    source === ""
      ? ""
      : room > displayWidth(source) + 1
        ? " ".repeat(room - displayWidth(source)) + paint("dim", source)
        : `\n      ${paint("dim", source)}`;
  // The scheduler's text stands under "Why Pending".
  const details = (f.code === "pods-pending" ? [] : words.details)
    .flatMap((d) => wrap(plain(d), columns - 6))
    .map((line) => `      ${paint("dim", line)}`);
  return [...lines.map((line, i) => `  ${i === 0 ? paint(color, mark) : " "} ${line}${i === lines.length - 1 ? tail : ""}`), ...details];
}
