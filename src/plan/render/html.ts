/**
 * The plan as a page of its own: one file, nothing loaded from anywhere, no scripts. Light or dark as the reader's system is.
 */
import type { Plan } from "../schema.ts";
import { changes } from "./html/changes.ts";
import { cluster } from "./html/cluster.ts";
import { type Html, html } from "./html/element.ts";
import { events } from "./html/events.ts";
import { findings } from "./html/findings.ts";
import { foot } from "./html/foot.ts";
import { head, VERDICTS } from "./html/head.ts";
import { jobs } from "./html/jobs.ts";
import { nodeTable } from "./html/node-table.ts";
import { lines, type Page, renderSection, type Section } from "./html/page.ts";
import { pending } from "./html/pending.ts";
import { quotas } from "./html/quotas.ts";
import { rollouts } from "./html/rollouts.ts";
import { services } from "./html/services.ts";
import { styleSheet } from "./html/style.ts";
import { headline } from "./words.ts";

const SECTIONS: readonly ((page: Page) => Section | undefined)[] = [
  findings,
  pending,
  changes,
  cluster,
  rollouts,
  jobs,
  quotas,
  services,
  events,
  nodeTable,
  foot,
];

export function renderHtml(plan: Plan): string {
  return document(titleOf(plan), [onePlan({ plan, level: 1, prefix: "" }, undefined)]);
}

/** Several environments on one page, each under its name. */
export function renderHtmlOfAll(reports: readonly { readonly environment: string; readonly plan: Plan }[]): string {
  const entry = reports[0]?.plan.inputs.entry ?? "";
  const list = reports.map(
    ({ environment, plan }, i) =>
      html`<li><a href="#e${i}-top"><span class="mark ${plan.verdict.level}" role="img" aria-label="${VERDICTS[plan.verdict.level].word}">${VERDICTS[plan.verdict.level].mark}</span> ${environment}: ${headline(plan)}</a></li>\n`,
  );
  const top = html`<h1>${entry}: ${reports.length} environments</h1>
<ul class="environments">${list}</ul>
`;
  const plans = reports.map(({ environment, plan }, i) => onePlan({ plan, level: 2, prefix: `e${i}-` }, environment));
  return document(`${entry}: ${reports.length} environments`, [top, ...plans]);
}

function titleOf(plan: Plan): string {
  const environment = plan.inputs.environment === null ? "" : ` (${plan.inputs.environment})`;
  return `${VERDICTS[plan.verdict.level].mark} ${headline(plan)} · ${plan.inputs.entry}${environment}`;
}

function onePlan(page: Page, environment: string | undefined): Html {
  const sections = SECTIONS.flatMap((section) => section(page) ?? []);
  return html`<article aria-labelledby="${page.prefix}top">
${head(page, sections, environment)}${lines(sections.map((s) => renderSection(page, s)))}</article>
`;
}

/** The policy is a second lock: even if something got through unescaped, nothing would run and nothing would be loaded. */
function document(title: string, body: readonly Html[]): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="seatrial">
<title>${title}</title>
<style>
${styleSheet()}</style>
</head>
<body>
<main>
${lines(body)}</main>
</body>
</html>
`.html;
}
