/** Why Pods wait, and what would help. */
import type { Plan } from "../../schema.ts";
import { fixesOfSeveral, fixOwner, fixQuota, fixReady, fixSearchWords, fixWords } from "../fix-words.ts";
import { escapeMarkdown, row } from "../markdown-escape.ts";
import { pendingGroups } from "../selection.ts";
import { claimWords, pendingWords, shortageWords } from "../words.ts";
import { type Block, quoted, rendered } from "./block.ts";

export function whyPending(plan: Plan): Block {
  const rows = pendingGroups(plan).map((g) => {
    const { message = "", shortages = [], claims = [] } = g.workloads[0] ?? {};
    const arithmetic = [...shortages.map(shortageWords), ...claims.map(claimWords)].map(rendered).join(" ");
    return `${rendered(pendingWords(g))}. ${arithmetic}\n> ${quoted(message === "" ? "the scheduler has not said why" : message)}\n`;
  });
  return { name: "reasons of Pending pods", head: "**Why Pending**\n", rows, tail: "", share: 40 };
}

export function fixes(plan: Plan): Block {
  const several = fixesOfSeveral(plan.fixes);
  const quota = plan.fixes.some((f) => f.quotaPercent !== null);
  const header = [...(several ? ["Workload"] : []), "Change", "Ready", ...(quota ? ["Quota"] : [])];
  const rows = plan.fixes.map((f) =>
    row([...(several ? [quoted(fixOwner(f))] : []), rendered(fixWords(f)), fixReady(f), ...(quota ? [fixQuota(f)] : [])]),
  );
  const note = fixSearchWords(plan);
  const said = note === "" ? "" : `\n_${escapeMarkdown(note)}_\n`;
  if (rows.length === 0) return { name: "fixes", head: "**Fixes**\n", rows: note === "" ? [] : [said.trim()], tail: "", share: 40 };
  const head = `**Fixes (each re-simulated)**\n\n${row(header)}\n|${header.map(() => "-").join("|")}|`;
  return { name: "fixes", head, rows, tail: said, share: 40 };
}
