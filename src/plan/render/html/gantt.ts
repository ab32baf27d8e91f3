/** What takes how long beside each other, as SVG: a line for each, from when it begins to when it is done. */
import { virtualTime } from "../timeline.ts";
import { clipText, type Html, html } from "./element.ts";

export interface Span {
  readonly label: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** A bar that ends, ends badly, or goes on. */
  readonly end: "done" | "failed" | "open";
  /** Beside the bar. */
  readonly note: string;
}

const WIDTH = 900;
const LABEL = 300;
const NOTE = 190;
const ROW = 20;
const LABEL_LENGTH_MAX = 44;

/** `title` tells what all of them are. */
export function gantt(title: string, spans: readonly Span[], id: string): Html {
  const end = Math.max(1, ...spans.map((s) => s.toSeconds)) * 1.02;
  const x = (seconds: number): number => Math.round((LABEL + (seconds / end) * (WIDTH - LABEL - NOTE)) * 10) / 10;
  const height = spans.length * ROW + 22;
  const rows = spans.map((s, i) => {
    const y = i * ROW;
    const [from, to] = [x(s.fromSeconds), s.end === "open" ? WIDTH - NOTE : x(s.toSeconds)];
    return html`<text x="0" y="${y + 14}">${clipText(s.label, LABEL_LENGTH_MAX)}</text><path class="${s.end}" d="M${from} ${y + 4} H${Math.max(from + 3, to)} V${y + 16} H${from} Z"/><text x="${WIDTH - NOTE + 8}" y="${y + 14}">${s.note}</text>
`;
  });
  const about = spans.map((s) => `${clipText(s.label, LABEL_LENGTH_MAX)}: from ${virtualTime(s.fromSeconds)}, ${s.note}.`).join(" ");
  return html`<svg class="gantt" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-t ${id}-d"><title id="${id}-t">${title}</title><desc id="${id}-d">${about}</desc>
${rows}<path class="axis" d="M${LABEL} 0 V${spans.length * ROW + 2} H${WIDTH - NOTE}"/><text x="${LABEL}" y="${height - 5}">0 s</text><text x="${WIDTH - NOTE}" y="${height - 5}" text-anchor="end">${virtualTime(Math.round(end * 10) / 10)}</text></svg>`;
}
