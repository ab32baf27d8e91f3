/** Changes that help, each tried in the simulation. */
import { visible, wrap } from "../../../lib/display-width.ts";
import { fixesOfSeveral, fixOwner, fixQuota, fixReady, fixSearchWords, fixWords } from "../fix-words.ts";
import { type Cell, table } from "../table.ts";
import { type Page, plain, title } from "./page.ts";

export function fixes(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  const note = fixSearchWords(plan);
  if (plan.fixes.length === 0 && note === "") return [];
  const several = fixesOfSeveral(plan.fixes);
  const rows = plan.fixes.map((f): readonly Cell[] => [
    ...(several ? [{ text: visible(fixOwner(f)) }] : []),
    { text: plain(fixWords(f)) },
    { text: `${fixReady(f)} ready`, paint: (text) => paint("green", text) },
    { text: f.quotaPercent === null ? "" : `quota ${fixQuota(f)}` },
  ]);
  return [
    title(page, plan.fixes.length > 0 ? "Fixes (each tried in the simulation)" : "Fixes"),
    ...table(rows, columns, "  "),
    ...(note === "" ? [] : wrap(note, columns - 2).map((line) => `  ${paint("dim", line)}`)),
  ];
}
