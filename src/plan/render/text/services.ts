/** Which Services have somebody to answer. */
import { visible } from "../../../lib/display-width.ts";
import { servicesToShow } from "../selection.ts";
import { type Cell, table } from "../table.ts";
import { plural, showName } from "../words.ts";
import { more, type Page, ROWS_MAX, title } from "./page.ts";

export function services(page: Page): readonly string[] {
  const { plan, columns } = page;
  const { shown, ready } = servicesToShow(plan);
  if (shown.length + ready === 0) return [];
  const rows = shown.slice(0, ROWS_MAX).map((s): readonly Cell[] => [
    { text: visible(showName(s.object)) },
    {
      text: `${s.readyBefore === null ? "" : `${s.readyBefore} → `}${s.ready} ready${s.selected === null ? "" : ` of ${plural(s.selected, "pod")}`}`,
    },
  ]);
  const rest = ready > 0 ? [`  ${plural(ready, "service")}${shown.length > 0 ? " more" : ""}: every pod they select is ready`] : [];
  return [title(page, "Services"), ...table(rows, columns, "  "), ...more(page, shown.length - rows.length, "service"), ...rest];
}
