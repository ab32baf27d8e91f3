/** The verdict: a reader who stops there is not misled. */
import type { Plan } from "../../schema.ts";
import { baseWords, countsLine, headline, plural, podsLine } from "../words.ts";
import { type Html, html, NOTHING } from "./element.ts";
import { heading, type Page, type Section } from "./page.ts";

export const VERDICTS = {
  healthy: { mark: "✓", word: "Healthy" },
  warning: { mark: "!", word: "Warning" },
  error: { mark: "✗", word: "Error" },
} as const;

export function head(page: Page, sections: readonly Section[], environment: string | undefined): Html {
  const { plan } = page;
  const { mark, word } = VERDICTS[plan.verdict.level];
  const pods = podsLine(plan);
  const phases = pods.phases.map((p, i) => html`${i > 0 ? ", " : ""}${p.bad ? html`<strong class="bad">${p.text}</strong>` : p.text}`);
  const unchanged = plan.counts.unchanged > 0 ? `, ${plan.counts.unchanged} unchanged` : "";
  return html`<header class="verdict ${plan.verdict.level}">
${heading(page, 0, [html`<span class="mark" role="img" aria-label="${word}">${mark}</span> `, environment === undefined ? "" : `${environment}: `, headline(plan)], `${page.prefix}top`)}
<p><strong>${countsLine(plan)}</strong>${unchanged} · ${pods.total}${phases.length > 0 ? html` (${phases})` : NOTHING}</p>
<dl>${inputs(plan).map(([name, value]) => html`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`)}</dl>
</header>
<nav aria-label="${environment === undefined ? "Sections" : `Sections of ${environment}`}"><ul>${sections.map((s) => html`<li><a href="#${page.prefix}${s.id}">${s.title}</a>${s.count === undefined ? NOTHING : html` <span class="soft">${s.count}</span>`}</li>`)}</ul></nav>
`;
}

function inputs({ inputs: i, kubernetes, nodes }: Plan): readonly (readonly [string, string])[] {
  const there = nodes.filter((n) => n.exists).length;
  return [
    ["Entry", i.entry],
    ...(i.environment === null ? [] : [["Environment", i.environment] as const]),
    ...(i.base === null ? [] : [["Base", baseWords(i)] as const]),
    ["Cluster", `${i.cluster} (${plural(there, "node")})`],
    ["Kubernetes", kubernetes],
  ];
}
