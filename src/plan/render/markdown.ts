/**
 * The plan as a comment on a pull request. GitHub takes 65,536 characters: what does not fit is dropped from the end of the order below, never
 * the verdict, and the comment says what was dropped.
 */
import { visible } from "../../lib/display-width.ts";
import type { Amount, FieldChange, Finding, ObjectChange, Plan } from "../schema.ts";
import { exactAmount, shortAmount } from "./amounts.ts";
import { barOf, showBar } from "./bar.ts";
import { findingWords } from "./finding-words.ts";
import { fixesOfSeveral, fixOwner, fixQuota, fixReady, fixSearchWords, fixWords } from "./fix-words.ts";
import { cronJobWords, jobPictures, jobsToShow, jobWords } from "./job-words.ts";
import { changedLines } from "./line-diff.ts";
import { codeSpan, escapeMarkdown, fence, row } from "./markdown-escape.ts";
import {
  eventsToShow,
  findingsToShow,
  mostTelling,
  moved,
  movedForBetter,
  nodeState,
  nodesMatter,
  nodesToShow,
  pendingGroups,
  quotaRowsToShow,
  rolloutsToShow,
  servicesToShow,
} from "./selection.ts";
import { eventObject, rolloutPictures, virtualTime } from "./timeline.ts";
import {
  assumptionWords,
  claimWords,
  countsLine,
  headline,
  type Parts,
  pendingWords,
  plural,
  podsLine,
  rolloutSteps,
  rolloutWords,
  shortageWords,
  showName,
  showPlace,
  showRef,
  showValue,
} from "./words.ts";

/** By which a later run finds its comment again. */
const MARKER = "<!-- seatrial:plan -->";

/** Below GitHub's 65,536 with room to spare; counted in UTF-8 bytes, the strictest way to count. */
const BYTES_MAX = 65_000;
/** Kept for the note about what was dropped. */
const NOTE_BYTES = 600;

/** A part of the comment that may be shortened: its rows are dropped from the end. */
interface Block {
  /** In the note: `changes`. */
  readonly name: string;
  readonly head: string;
  readonly rows: readonly string[];
  /** Closes what `head` opened. */
  readonly tail: string;
  /** Of what is left when its turn comes, in percent. */
  readonly share: number;
}

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

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function clipText(text: string, length: number): string {
  return text.length <= length ? text : `${[...text].slice(0, length - 1).join("")}…`;
}

/** Characters of one user text at most: a longer one says nothing more to a reader. */
const TEXT_MAX = 800;

const quoted = (text: string): string => escapeMarkdown(clipText(visible(text), TEXT_MAX));
const span = (text: string): string => codeSpan(clipText(visible(text), TEXT_MAX));

function rendered(parts: Parts): string {
  return parts
    .map((p) => {
      if (typeof p === "string") return escapeMarkdown(p);
      if ("code" in p) return span(p.code);
      return "strong" in p ? `**${quoted(p.strong)}**` : quoted(p.quote);
    })
    .join("");
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

const FINDING_MARKS = { error: "❌", warning: "⚠️", info: "ℹ️" } as const;

/** Rollouts that wait, in the first table, at most: the table of rollouts has all. */
const OPEN_MAX = 20;

/** The findings, then what the change makes better or moves: the reader's first table. */
function findings(plan: Plan): Block {
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

const SYMBOLS = { add: "+", change: "!", replace: "-", destroy: "-", refused: "-" } as const;
const CHANGES_MAX = 1000;

function differences(plan: Plan): Block {
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

function whyPending(plan: Plan): Block {
  const rows = pendingGroups(plan).map((g) => {
    const { message = "", shortages = [], claims = [] } = g.workloads[0] ?? {};
    const arithmetic = [...shortages.map(shortageWords), ...claims.map(claimWords)].map(rendered).join(" ");
    return `${rendered(pendingWords(g))}. ${arithmetic}\n> ${quoted(message === "" ? "the scheduler has not said why" : message)}\n`;
  });
  return { name: "reasons of Pending pods", head: "**Why Pending**\n", rows, tail: "", share: 40 };
}

function fixes(plan: Plan): Block {
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

function rollouts(plan: Plan): Block {
  const { shown, complete } = rolloutsToShow(plan);
  const slowest = complete.reduce((most, r) => Math.max(most, r.seconds), 0);
  const rows = shown.map((r) =>
    row([
      span(showRef(r.object)),
      rendered(rolloutWords(r)),
      !r.first && r.steps.length > 1 ? String(r.availableMin) : "",
      !r.first && r.steps.length > 1 ? String(r.podsMax) : "",
      rolloutSteps(r),
    ]),
  );
  const rest = complete.length > 0 ? [row([plural(complete.length, "first rollout"), `complete within ${slowest} s`, "", "", ""])] : [];
  return details(
    "Rollouts",
    "rollouts",
    ["Workload", "Outcome", "Available at least", "Pods at most", "New+old pods on the way"],
    [...rows, ...rest],
    40,
  );
}

function jobs(plan: Plan): Block {
  const { jobs: list, complete, cronJobs, idle } = jobsToShow(plan);
  const slowest = complete.reduce((most, j) => Math.max(most, j.seconds), 0);
  const rows = [
    ...list.map((j) => row([span(showRef(j.object)), rendered(jobWords(j))])),
    ...cronJobs.map((c) => row([span(showRef(c.object)), rendered(cronJobWords(c))])),
    ...(complete.length > 0 ? [row([plural(complete.length, "job"), `complete within ${virtualTime(slowest)}`])] : []),
    ...(idle > 0 ? [row([plural(idle, "more cron job"), "no run failed meanwhile"])] : []),
  ];
  return details("Jobs", "jobs", ["Job", "Outcome"], rows, 40);
}

function quotas(plan: Plan): Block {
  const rows = quotaRowsToShow(plan).shown.map(({ quota, line }) =>
    row([
      span(showName(quota.object)),
      span(line.resource),
      line.percentBefore === null ? "" : `${exactAmount(line.before)} (${line.percentBefore}%)`,
      `${exactAmount(line.after)} (${line.percentAfter}%)`,
      exactAmount(line.hard),
    ]),
  );
  return details("Quotas", "quota lines", ["Quota", "Resource", "Base", "This change", "Hard"], rows, 40);
}

function services(plan: Plan): Block {
  const { shown, ready } = servicesToShow(plan);
  const rows = shown.map((s) =>
    row([
      span(showName(s.object)),
      s.readyBefore === null ? "" : String(s.readyBefore),
      String(s.ready),
      s.selected === null ? "" : String(s.selected),
    ]),
  );
  const rest = ready > 0 ? [row([plural(ready, "other service"), "", "every selected pod is ready", ""])] : [];
  return details("Services (ready endpoints)", "services", ["Service", "Base", "This change", "Pods selected"], [...rows, ...rest], 50);
}

function ingresses(plan: Plan): Block {
  const rows = plan.ingresses.flatMap((i) =>
    i.routes.map((r) => {
      const ready = r.ready === null ? "**no such service or port**" : String(r.ready);
      return row([span(showName(i.object)), span(`${r.host}${r.path}`), span(`${r.service}${r.port === "" ? "" : `:${r.port}`}`), ready]);
    }),
  );
  return details("Ingress routes", "ingress routes", ["Ingress", "Route", "Service", "Ready endpoints"], rows, 40);
}

const NODES_MAX = 200;
const NO_NODES = { shown: [], leftOut: 0, empty: 0 } as const;

function nodes(plan: Plan): Block {
  const { shown, leftOut, empty } = nodesMatter(plan) ? nodesToShow(plan, NODES_MAX) : NO_NODES;
  const use = (a: Amount): string => {
    const change = a.before === a.after ? "" : `${shortAmount(a.before)} → `;
    return `${span(showBar(barOf(a.percentBefore, a.percentAfter, 10)))} ${change}${shortAmount(a.after)} / ${shortAmount(a.allocatable)} (${a.percentAfter}%)`;
  };
  const all =
    shown.length > 0 && plan.nodes.length > 1
      ? [row([`all ${plan.nodes.length}`, "", use(plan.capacity.cpu), use(plan.capacity.memory)])]
      : [];
  const rows = shown.map((n) => {
    const state = nodeState(n);
    return row([
      `${span(n.name)}${state === "" ? "" : ` ${quoted(state)}`}`,
      moved(n.pods.before, n.pods.after),
      use(n.cpu),
      use(n.memory),
    ]);
  });
  const rest = [
    ...(leftOut > 0 ? [row([`${plural(leftOut, "node")} more, none fuller`, "", "", ""])] : []),
    ...(empty > 0 ? [row([`${plural(empty, "node")} without a pod`, "0", "", ""])] : []),
  ];
  return details("Nodes (requested / allocatable)", "nodes", ["Node", "Pods", "CPU", "Memory"], [...all, ...rows, ...rest], 70);
}

/** Columns of a picture, events shown at most. */
const PICTURE_COLUMNS = 40;
const EVENTS_MAX = 60;

function timeline(plan: Plan): Block {
  const { seconds, leftOut } = plan.timeline;
  const { shown: events, passing } = eventsToShow(plan);
  const pictures = rolloutPictures(plan, PICTURE_COLUMNS).map(({ rollout, blocks }) =>
    row(["0 s to end", span(showRef(rollout.object)), `${codeSpan(blocks)} ${rollout.at} of ${rollout.desired} ready`]),
  );
  const jobs = jobPictures(plan, PICTURE_COLUMNS).map(({ job, blocks }) =>
    row(["0 s to end", span(showRef(job.object)), `${codeSpan(blocks)} ${job.succeeded} of ${job.completions ?? 1} done`]),
  );
  const shown = events.slice(0, EVENTS_MAX);
  const rows = shown.map((e) =>
    row([virtualTime(e.atSeconds), span(eventObject(e)), `${e.type === "Warning" ? "⚠️ " : ""}${quoted(e.reason)}: ${quoted(e.message)}`]),
  );
  const missing = events.length - shown.length + leftOut;
  const rest = [
    ...(missing > 0 ? [row(["", "", `… and ${plural(missing, "more event")}`])] : []),
    ...(passing > 0 ? [row(["", "", `${plural(passing, "warning")} on the way, of pods that are well in the end`])] : []),
  ];
  return details(
    `Timeline (virtual, ${virtualTime(seconds)}; a block is the fewest ready pods meanwhile${jobs.length > 0 ? ", ▪ a job at work" : ""})`,
    "timeline entries",
    ["At", "Object", "What"],
    [...pictures, ...jobs, ...rows, ...rest],
    70,
  );
}

function assumptions(plan: Plan): Block {
  const rows = [
    ...plan.notSimulated.map((kind) => `- accepted, not simulated: ${span(kind)}`),
    ...plan.assumptions.map((a) => `- ${rendered(assumptionWords(a))}`),
  ];
  return { name: "assumptions", head: "<details><summary>Assumptions</summary>\n", rows, tail: "\n</details>\n", share: 100 };
}

function details(title: string, name: string, header: readonly string[], rows: readonly string[], share: number): Block {
  const line = `|${header.map(() => "-").join("|")}|`;
  return { name, head: `<details><summary>${title}</summary>\n\n${row(header)}\n${line}`, rows, tail: "\n</details>\n", share };
}
