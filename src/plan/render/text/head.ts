/** The verdict in one line, and the counts. */
import { visible, wrap } from "../../../lib/display-width.ts";
import { baseWords, countsLine, headline, podsLine } from "../words.ts";
import { MARKS, type Page } from "./page.ts";

export function head({ plan, paint, columns }: Page): readonly string[] {
  const { level } = plan.verdict;
  const { mark, color } = level === "healthy" ? ({ mark: "✓", color: "green" } as const) : MARKS[level];
  const pods = podsLine(plan);
  const phases = pods.phases.map((p) => (p.bad ? paint("red", p.text) : p.text)).join(", ");
  const base = plan.inputs.base === null ? "" : ` · base ${visible(baseWords(plan.inputs))}`;
  return [
    ...wrap(headline(plan), columns - 2).map((line, i) => paint("bold", paint(color, i === 0 ? `${mark} ${line}` : `  ${line}`))),
    `  ${countsLine(plan)}${plan.counts.unchanged > 0 ? `, ${plan.counts.unchanged} unchanged` : ""} · ${pods.total}${phases === "" ? "" : ` (${phases})`}${base}`,
  ];
}
