/** What comes, changes and goes, as a diff. */
import { visible } from "../../../lib/display-width.ts";
import type { FieldChange, ObjectChange, Plan } from "../../schema.ts";
import { changedLines } from "../line-diff.ts";
import { fence } from "../markdown-escape.ts";
import { mostTelling } from "../selection.ts";
import { plural, showPlace, showRef, showValue } from "../words.ts";
import { type Block, clipText } from "./block.ts";

const SYMBOLS = { add: "+", change: "!", replace: "-", destroy: "-", refused: "-" } as const;
const CHANGES_MAX = 1000;

export function differences(plan: Plan): Block {
  const shown = mostTelling(plan.changes, CHANGES_MAX);
  const rows = shown.map((c) => changeRows(c).join("\n"));
  const marks = fence(rows);
  const unlisted = plan.changes.length - shown.length;
  const head =
    plan.changes.length > 12 ? `<details><summary>${plural(plan.changes.length, "change")}</summary>\n\n${marks}diff` : `${marks}diff`;
  const more = unlisted > 0 ? [`  … and ${unlisted} more`] : [];
  return {
    name: "changes",
    head,
    rows: [...rows, ...more],
    tail: plan.changes.length > 12 ? `${marks}\n\n</details>\n` : `${marks}\n`,
    share: 55,
  };
}

function changeRows(c: ObjectChange): readonly string[] {
  const what = c.action === "replace" ? "-/+ " : c.action === "refused" ? "✗ " : "";
  const first = `${c.action === "change" ? " " : SYMBOLS[c.action]} ${what}${visible(showRef(c.object))}${c.source ? `  ${visible(showPlace(c.source))}` : ""}`;
  return [
    first,
    ...c.fields.slice(0, 40).flatMap(fieldRows),
    ...(c.fields.length > 40 ? [`    … and ${plural(c.fields.length - 40, "more field")}`] : []),
  ];
}

function fieldRows(f: FieldChange): readonly string[] {
  const path = visible(f.path);
  const lines = f.action === "change" ? changedLines(f.before, f.after) : undefined;
  if (lines) return [`    ${path}:`, ...lines.map((l) => `${l.sign}     ${clipText(visible(l.text), 200)}`)];
  return [
    ...(f.action === "add" ? [] : [`-   ${path}: ${visible(showValue(f.before, 200))}`]),
    ...(f.action === "remove" ? [] : [`+   ${path}: ${visible(showValue(f.after, 200))}`]),
  ];
}
