/** Why Pods wait: the scheduler's text and the arithmetic behind it. */
import { visible, wrap } from "../../../lib/display-width.ts";
import { pendingGroups } from "../selection.ts";
import { claimWords, pendingWords, shortageWords } from "../words.ts";
import { more, type Page, plain, ROWS_MAX, title } from "./page.ts";

export function pending(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  const groups = pendingGroups(plan);
  if (groups.length === 0) return [];
  const shown = groups.slice(0, ROWS_MAX);
  const lines = shown.flatMap((g) => {
    const { message = "", shortages = [], claims = [] } = g.workloads[0] ?? {};
    return [
      ...wrap(plain(pendingWords(g)), columns - 4).map((line, i) => `  ${i > 0 ? "  " : ""}${line}`),
      ...wrap(visible(message === "" ? "the scheduler has not said why" : message), columns - 4).map((line) => `    ${paint("dim", line)}`),
      ...[...shortages.map(shortageWords), ...claims.map(claimWords)].flatMap((s) =>
        wrap(plain(s), columns - 4).map((line) => `    ${line}`),
      ),
    ];
  });
  return [title(page, "Why Pending"), ...lines, ...more(page, groups.length - shown.length, "reason")];
}
