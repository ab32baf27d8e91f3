/**
 * The plan as a comment on a pull request. GitHub takes 65,536 characters: what does not fit is dropped from the end of the order below, never
 * the verdict, and the comment says what was dropped.
 */
import type { Plan } from "../schema.ts";
import { assumptions } from "./markdown/assumptions.ts";
import { type Block, bytes, clipText, span } from "./markdown/block.ts";
import { differences } from "./markdown/differences.ts";
import { findings } from "./markdown/findings.ts";
import { nodes } from "./markdown/nodes.ts";
import { fixes, whyPending } from "./markdown/pending.ts";
import { jobs, rollouts } from "./markdown/rollouts.ts";
import { ingresses, quotas, services } from "./markdown/services.ts";
import { timeline } from "./markdown/timeline.ts";
import { escapeMarkdown } from "./markdown-escape.ts";
import { countsLine, headline, podsLine } from "./words.ts";

/** By which a later run finds its comment again. */
const MARKER = "<!-- seatrial:plan -->";

/** Below GitHub's 65,536 with room to spare; counted in UTF-8 bytes, the strictest way to count. */
const BYTES_MAX = 65_000;
/** Kept for the note about what was dropped. */
const NOTE_BYTES = 600;

export function renderMarkdown(plan: Plan): string {
  const top = [MARKER, `## ${mark(plan)} ${escapeMarkdown(clipText(headline(plan), 400))}`, `${summary(plan)}`, ""].join("\n");
  const blocks = [
    findings(plan),
    differences(plan),
    whyPending(plan),
    fixes(plan),
    rollouts(plan),
    jobs(plan),
    quotas(plan),
    services(plan),
    ingresses(plan),
    nodes(plan),
    timeline(plan),
    assumptions(plan),
  ];
  let left = BYTES_MAX - NOTE_BYTES - bytes(top);
  const parts = [top];
  const dropped: string[] = [];
  for (const block of blocks) {
    if (block.rows.length === 0) continue;
    const fitted = fit(block, Math.floor((left * block.share) / 100));
    const missing = block.rows.length - fitted.rows;
    if (missing > 0) dropped.push(`${missing} of ${block.rows.length} ${block.name}`);
    if (fitted.text === "") continue;
    parts.push(fitted.text);
    left -= bytes(fitted.text) + 1;
  }
  if (dropped.length > 0) parts.push(`_Left out to fit into a comment: ${dropped.join(", ")}. <code>--format json</code> has all._\n`);
  return parts.join("\n");
}

/** As many rows as fit; nothing when not even one does. */
function fit(block: Block, room: number): { readonly text: string; readonly rows: number } {
  let used = bytes(block.head) + bytes(block.tail) + 2;
  let n = 0;
  for (const line of block.rows) {
    used += bytes(line) + 1;
    if (used > room) break;
    n++;
  }
  if (n === 0) return { text: "", rows: 0 };
  return { text: [block.head, ...block.rows.slice(0, n), block.tail].join("\n"), rows: n };
}

function mark(plan: Plan): string {
  return plan.verdict.level === "error" ? "❌" : plan.verdict.level === "warning" ? "⚠️" : "✅";
}

function summary(plan: Plan): string {
  const pods = podsLine(plan);
  const phases = pods.phases.map((p) => (p.bad ? `**${p.text}**` : p.text)).join(", ");
  const { base: from, head } = plan.inputs;
  const base = from === null ? "" : ` · base ${span(from)}${head === null ? "" : ` → ${span(head)}`}`;
  const unchanged = plan.counts.unchanged > 0 ? ` · ${plan.counts.unchanged} unchanged` : "";
  return `**${countsLine(plan)}**${unchanged} · ${pods.total}${phases === "" ? "" : ` (${phases})`}${base}`;
}
