/** The reader's first table. */
import type { Finding, Plan } from "../../schema.ts";
import { findingWords } from "../finding-words.ts";
import { row } from "../markdown-escape.ts";
import { findingsToShow, movedForBetter } from "../selection.ts";
import { rolloutWords, showName, showPlace } from "../words.ts";
import { type Block, rendered, span } from "./block.ts";

const FINDING_MARKS = { error: "❌", warning: "⚠️", info: "ℹ️" } as const;

/** Rollouts that wait, in the first table, at most: the table of rollouts has all. */
const OPEN_MAX = 20;

/** The findings, then what the change makes better or moves: the reader's first table. */
export function findings(plan: Plan): Block {
  const few = findingsToShow(plan);
  const rows = [
    ...few.shown.map(findingRow),
    ...movedForBetter(plan).map(({ what, name, before, after }) => {
      const subject = what === "service" ? `Service ${span(name)} ready endpoints` : `Budget ${span(name)} disruptions allowed`;
      return row(["✅", subject, String(before), String(after)]);
    }),
  ];
  const open = plan.rollouts
    .filter((r) => r.outcome !== "completes")
    .map((r) => row(["⚠️", `rollout of ${span(showName(r.object))}`, "", rendered(rolloutWords(r))]));
  const errors = few.shown.filter((f) => f.severity === "error").length;
  const rest = few.leftOut > 0 ? [row(["", `… and ${few.leftOut} more of these kinds`, "", ""])] : [];
  const all = [...rows.slice(0, errors), ...open.slice(0, OPEN_MAX), ...rows.slice(errors), ...rest];
  return { name: "findings", head: `${row(["", "Finding", "Base", "This change"])}\n|-|-|-|-|`, rows: all, tail: "", share: 45 };
}

function findingRow(f: Finding): string {
  const w = findingWords(f);
  const details = w.details.length > 0 && f.code !== "pods-pending" ? `<br>${w.details.slice(0, 10).map(rendered).join("<br>")}` : "";
  const source = f.source ? ` <sub>${span(showPlace(f.source))}</sub>` : "";
  return row([FINDING_MARKS[f.severity], `${rendered(w.subject)}${source}`, rendered(w.base), `${rendered(w.now)}${details}`]);
}
