/** What the result rests on. */
import { assumptionWords } from "../words.ts";
import { html } from "./element.ts";
import { type Page, rendered, type Section } from "./page.ts";

export function foot({ plan }: Page): Section {
  const accepted = plan.notSimulated.map((kind) => html`<li>accepted, not simulated: <code>${kind}</code></li>\n`);
  return {
    id: "assumptions",
    title: "Assumptions",
    body: [html`<ul>${accepted}${plan.assumptions.map((a) => html`<li>${rendered(assumptionWords(a))}</li>\n`)}</ul>`],
  };
}
