/** The way that each rollout takes, and whether it gets there. */
import { visible, wrap } from "../../../lib/display-width.ts";
import { rolloutsToShow } from "../selection.ts";
import { type Cell, table } from "../table.ts";
import { plural, rolloutSteps, rolloutWords, showRef } from "../words.ts";
import { more, type Page, plain, ROWS_MAX, title } from "./page.ts";

export function rollouts(page: Page): readonly string[] {
  const { plan, columns } = page;
  const { shown, complete } = rolloutsToShow(plan);
  if (shown.length + complete.length === 0) return [];
  const rows = shown.slice(0, ROWS_MAX).map((r): readonly Cell[] => [
    { text: visible(showRef(r.object)) },
    { text: plain(rolloutWords(r)), ...(r.outcome === "completes" ? {} : { paint: (t: string) => page.paint("yellow", t) }) },
    {
      text: !r.first && r.steps.length > 1 ? `available ≥ ${r.availableMin}, pods ≤ ${r.podsMax}` : "",
    },
  ]);
  const slowest = complete.reduce((most, r) => Math.max(most, r.seconds), 0);
  return [
    title(page, "Rollouts"),
    ...table(rows, columns, "  ").flatMap((line, i) => {
      const steps = rolloutSteps(shown[i]!);
      return steps ? [line, ...wrap(`new+old pods: ${steps}`, columns - 6).map((l) => `      ${page.paint("dim", l)}`)] : [line];
    }),
    ...more(page, shown.length - rows.length, "rollout"),
    ...(complete.length > 0
      ? [`  ${plural(complete.length, "first rollout completes", "first rollouts complete")} within ${slowest} s`]
      : []),
  ];
}
