/** What the result rests on. */
import { visible, wrap } from "../../../lib/display-width.ts";
import { assumptionWords } from "../words.ts";
import { type Page, plain, title } from "./page.ts";

export function foot(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  const list = (text: string): readonly string[] =>
    wrap(text, columns - 4).map((line, i) => paint("dim", `${i === 0 ? "  - " : "    "}${line}`));
  return [
    ...(plan.notSimulated.length > 0
      ? [title(page, "Accepted, not simulated"), ...plan.notSimulated.flatMap((kind) => list(visible(kind)))]
      : []),
    title(page, "Assumed"),
    ...plan.assumptions.flatMap((a) => list(plain(assumptionWords(a)))),
  ];
}
