/** Why Pods wait, with the arithmetic, and what would help. */
import type { Plan, Shortage } from "../../schema.ts";
import { inOneUnit } from "../amounts.ts";
import { fixesOfSeveral, fixOwner, fixQuota, fixReady, fixSearchWords, fixWords } from "../fix-words.ts";
import { pendingGroups } from "../selection.ts";
import { claimWords, pendingWords, plural, shortageWords } from "../words.ts";
import { clipText, type Html, html, NOTHING } from "./element.ts";
import { fitting, heading, type Page, rendered, row, type Section, table } from "./page.ts";

const ROWS_MAX = 60;
const MESSAGE_MAX = 2000;

export function pending(page: Page): Section | undefined {
  const groups = pendingGroups(page.plan);
  if (groups.length === 0) return undefined;
  const rows = groups.map((g) => {
    const { message = "", shortages = [], claims = [] } = g.workloads[0] ?? {};
    return html`<article class="pending"><p>${rendered(pendingWords(g))}</p>
<blockquote>${message === "" ? "the scheduler has not said why" : clipText(message, MESSAGE_MAX)}</blockquote>
${shortages.map(arithmetic)}${claims.map((c) => html`<p>${rendered(claimWords(c))}</p>`)}</article>
`;
  });
  const { shown, more } = fitting(rows, ROWS_MAX, "reason");
  const count = groups.reduce((n, g) => n + g.pods, 0);
  return { id: "pending", title: "Why Pending", count, body: [...shown, more, fixes(page)] };
}

function arithmetic(s: Shortage): Html {
  if (s.nodes.length === 0 || !s.offered) return html`<p>${rendered(shortageWords(s))}</p>`;
  const [request = "", ...amounts] = inOneUnit([s.request, ...s.nodes.flatMap((n) => [n.free, n.short ?? "0"])]);
  const rows = s.nodes.map((n, i) =>
    row([
      n.node,
      amounts[2 * i],
      n.short === null ? plural(n.fits, "pod") : NOTHING,
      n.short === null ? NOTHING : html`<strong class="bad">short by ${amounts[2 * i + 1]}</strong>`,
    ]),
  );
  const who = s.pods === 1 ? "The pod requests" : `Each of ${s.pods} new pods requests`;
  const rest = s.nodesLeftOut > 0 ? html`<p class="soft">and ${plural(s.nodesLeftOut, "node")} with no more</p>` : NOTHING;
  const resource = s.resource === "pods" ? html`Places for pods` : html`${who} <strong>${request}</strong> <code>${s.resource}</code>`;
  return html`<p>${resource}; free on the nodes in question:</p>${table(`Room for ${s.resource}`, ["Node", "Free", "Room for", "Lacks"], rows)}${rest}`;
}

function fixes(page: Page): Html {
  const { plan } = page;
  const note = fixSearchWords(plan);
  const searched = note === "" ? NOTHING : html`<p class="soft">${note}</p>`;
  if (plan.fixes.length === 0) return searched;
  return html`${heading(page, 2, "Fixes, each tried in the simulation")}
${fixTable(plan)}
${searched}`;
}

function fixTable(plan: Plan): Html {
  const several = fixesOfSeveral(plan.fixes);
  const quota = plan.fixes.some((f) => f.quotaPercent !== null);
  const header = [...(several ? ["Workload"] : []), "Change", "Ready", ...(quota ? ["Quota"] : [])];
  const rows = plan.fixes.map((f) =>
    row([
      ...(several ? [fixOwner(f)] : []),
      rendered(fixWords(f)),
      html`<strong class="ok">${fixReady(f)}</strong>`,
      ...(quota ? [fixQuota(f)] : []),
    ]),
  );
  return table("Fixes", header, rows);
}
