/** Changes that help, each tried in the simulation. */
import { visible } from "../../../lib/display-width.ts";
import { fixQuota, fixReady, fixWords } from "../fix-words.ts";
import { type Cell, table } from "../table.ts";
import { showName, showRef } from "../words.ts";
import { type Page, plain, title } from "./page.ts";

export function fixes(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  if (plan.fixes.length === 0) return [];
  const several = new Set(plan.fixes.map((f) => showRef(f.owner))).size > 1;
  const rows = plan.fixes.map((f): readonly Cell[] => [
    ...(several ? [{ text: visible(showName(f.owner)) }] : []),
    { text: plain(fixWords(f)) },
    { text: `${fixReady(f)} ready`, paint: (text) => paint("green", text) },
    { text: f.quotaPercent === null ? "" : `quota ${fixQuota(f)}` },
  ]);
  return [title(page, "Fixes (each tried in the simulation)"), ...table(rows, columns, "  ")];
}
