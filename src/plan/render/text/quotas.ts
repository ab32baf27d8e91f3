/** How full the quotas are. */
import { visible } from "../../../lib/display-width.ts";
import { exactAmount } from "../amounts.ts";
import { BAR_CELLS, barOf } from "../bar.ts";
import type { Color } from "../paint.ts";
import { quotaRowsToShow } from "../selection.ts";
import { type Cell, table } from "../table.ts";
import { plural, showName, showRef } from "../words.ts";
import { more, type Page, ROWS_MAX, title } from "./page.ts";

export function quotas(page: Page): readonly string[] {
  const { plan, paint, columns } = page;
  const { shown } = quotaRowsToShow(plan);
  if (shown.length === 0) return [];
  const rows = shown.slice(0, ROWS_MAX).map(({ quota, line }): readonly Cell[] => {
    const color: Color = line.percentAfter >= 100 ? "red" : line.percentAfter >= 90 ? "yellow" : "green";
    const bar = barOf(line.percentBefore ?? 0, line.percentAfter, 10);
    return [
      { text: visible(showName(quota.object)) },
      { text: visible(line.resource) },
      {
        text:
          BAR_CELLS.kept.repeat(bar.kept) +
          BAR_CELLS.added.repeat(bar.added) +
          BAR_CELLS.freed.repeat(bar.freed) +
          BAR_CELLS.free.repeat(bar.free),
        paint: (t) => paint(color, t),
      },
      {
        text: `${line.before === line.after ? "" : `${exactAmount(line.before)} → `}${exactAmount(line.after)} of ${exactAmount(line.hard)}`,
      },
      { text: `${line.percentAfter}%`, right: true },
    ];
  });
  const refused = plan.quotas.flatMap((q) =>
    q.refused.map(
      (r) => `  ${visible(showName(q.object))} keeps ${plural(r.pods, "pod")} of ${visible(showRef(r.workload))} from being made`,
    ),
  );
  return [title(page, "Quotas"), ...table(rows, columns, "  "), ...more(page, shown.length - rows.length, "line"), ...refused];
}
