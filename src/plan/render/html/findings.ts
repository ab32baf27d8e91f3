/** What a reader must know, worst first, each with the place it comes from; then what the change makes better or moves. */
import type { Finding, Plan } from "../../schema.ts";
import { findingWords } from "../finding-words.ts";
import { findingsToShow, movedForBetter } from "../selection.ts";
import { rolloutWords, showName, showSource } from "../words.ts";
import { clipText, type Html, html, NOTHING } from "./element.ts";
import { VERDICTS } from "./head.ts";
import { fitting, type Page, rendered, type Section } from "./page.ts";

const ROWS_MAX = 300;
/** Rollouts that wait, here, at most: their own section has all. */
const OPEN_MAX = 20;
const DETAILS_MAX = 20;
const SEVERITIES = { error: VERDICTS.error, warning: VERDICTS.warning, info: { mark: "i", word: "Note" } } as const;

export function findings({ plan }: Page): Section | undefined {
  const { shown: few } = findingsToShow(plan);
  const rows = few.map(findingItem);
  const open = plan.rollouts
    .filter((r) => r.outcome !== "completes")
    .slice(0, OPEN_MAX)
    .map((r) => item("warning", html`rollout of <code>${showName(r.object)}</code>`, NOTHING, rendered(rolloutWords(r)), "", []));
  const errors = few.filter((f) => f.severity === "error").length;
  const { shown, more } = fitting([...rows.slice(0, errors), ...open, ...rows.slice(errors), ...better(plan)], ROWS_MAX, "finding");
  if (shown.length === 0) return undefined;
  const body = [html`<ul class="findings">${shown}</ul>`, more, others(plan, new Set(few))];
  return { id: "findings", title: "Findings", count: plan.findings.length, body };
}

/** Those of a kind of which enough are shown, folded away. */
function others(plan: Plan, few: ReadonlySet<Finding>): Html {
  const rest = plan.findings.filter((f) => !few.has(f));
  if (rest.length === 0) return NOTHING;
  const { shown, more } = fitting(rest.map(findingItem), ROWS_MAX, "finding");
  return html`<details><summary>${rest.length} more of these kinds</summary><ul class="findings">${shown}</ul>${more}</details>`;
}

function findingItem(f: Finding): Html {
  const w = findingWords(f);
  // The scheduler's text stands under "Why Pending".
  const details = f.code === "pods-pending" ? [] : w.details.slice(0, DETAILS_MAX).map(rendered);
  const base = w.base.length > 0 ? rendered(w.base) : NOTHING;
  return item(f.severity, rendered(w.subject), base, rendered(w.now), showSource(f.source), details);
}

function better(plan: Plan): readonly Html[] {
  return movedForBetter(plan).map(({ what, name, before, after }) => {
    const subject =
      what === "service" ? html`Service <code>${name}</code> ready endpoints` : html`Budget <code>${name}</code> disruptions allowed`;
    return item("better", subject, html`${before}`, html`${after}`, "", []);
  });
}

function item(
  severity: Finding["severity"] | "better",
  subject: Html,
  base: Html,
  now: Html,
  source: string,
  details: readonly Html[],
): Html {
  const { mark, word } = severity === "better" ? { mark: "✓", word: "Good" } : SEVERITIES[severity];
  return html`<li class="${severity}"><span class="mark" role="img" aria-label="${word}">${mark}</span><div><p>${subject}: ${now}${base === NOTHING ? NOTHING : html` <span class="soft">(base: ${base})</span>`}</p>${details.map((d) => html`<p class="detail">${d}</p>`)}</div>${source === "" ? NOTHING : html`<code class="place">${clipText(source, 300)}</code>`}</li>
`;
}
