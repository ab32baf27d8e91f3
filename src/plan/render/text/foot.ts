/** What the result rests on. */
import { visible, wrap } from "../../../lib/display-width.ts";
import { assumptionWords } from "../words.ts";
import { type Page, plain, title } from "./page.ts";

export function notSimulated(page: Page): readonly string[] {
  const { notSimulated: kinds } = page.plan;
  if (kinds.length === 0) return [];
  return [title(page, "Accepted, not simulated"), ...kinds.flatMap((kind) => list(page, visible(kind)))];
}

export function assumptions(page: Page): readonly string[] {
  return [title(page, "Assumed"), ...page.plan.assumptions.flatMap((a) => list(page, plain(assumptionWords(a))))];
}

function list({ paint, columns }: Page, text: string): readonly string[] {
  return wrap(text, columns - 4).map((line, i) => paint("dim", `${i === 0 ? "  - " : "    "}${line}`));
}
