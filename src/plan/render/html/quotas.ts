/** How full the quotas are. */
import type { Plan } from "../../schema.ts";
import { exactAmount } from "../amounts.ts";
import { type QuotaRow, quotaRowsToShow } from "../selection.ts";
import { plural, showName, showRef } from "../words.ts";
import { clipText, type Html, html, NOTHING } from "./element.ts";
import { bar, fitting, type Page, row, type Section, table } from "./page.ts";

const ROWS_MAX = 300;

export function quotas({ plan }: Page): Section | undefined {
  const { shown, leftOut } = quotaRowsToShow(plan);
  if (shown.length === 0) return undefined;
  const list = fitting(shown.map(quotaRow), ROWS_MAX, "line");
  return {
    id: "quotas",
    title: "Quotas",
    count: new Set(shown.map((r) => r.quota)).size,
    body: [
      table("Quotas", ["Quota", "Resource", "", "In use", "Hard", ""], list.shown),
      list.more,
      leftOut > 0 ? html`<p class="soft">${plural(leftOut, "other line stays", "other lines stay")} as before.</p>` : NOTHING,
      ...refusedPods(plan),
    ],
  };
}

function quotaRow({ quota, line }: QuotaRow): Html {
  const moved = line.before === line.after ? "" : `${exactAmount(line.before)} → `;
  const use = `${moved}${exactAmount(line.after)}`;
  const hard = exactAmount(line.hard);
  const label = `${line.resource}: ${use} of ${hard}, ${line.percentAfter}%`;
  return row([
    html`<code>${clipText(showName(quota.object), 300)}</code>`,
    html`<code>${clipText(line.resource, 300)}</code>`,
    bar(clipText(label, 300), line.percentBefore ?? 0, line.percentAfter),
    use,
    line.hardBefore !== null && line.hardBefore !== line.hard ? `${exactAmount(line.hardBefore)} → ${hard}` : hard,
    html`<strong class="${line.percentAfter > 100 ? "bad" : line.percentAfter >= 90 ? "warn" : "ok"}">${line.percentAfter}%</strong>`,
  ]);
}

function refusedPods(plan: Plan): readonly Html[] {
  const rows = plan.quotas.flatMap((q) =>
    q.refused.map(
      (r) =>
        html`<p><code>${clipText(showName(q.object), 300)}</code> keeps <strong class="bad">${plural(r.pods, "pod")}</strong> of <code>${clipText(showRef(r.workload), 300)}</code> from being made.</p>`,
    ),
  );
  const { shown, more } = fitting(rows, ROWS_MAX, "workload");
  return [...shown, more];
}
